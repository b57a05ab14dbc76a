/* SPDX-License-Identifier: MIT */
#include "watched.h"

#include "need.h"

#include <limits.h>
#include <stdlib.h>

void pa_watched_add(struct pa_watched *watched, int fd, uint32_t events)
{
    watched->fds = pa_grown(watched->fds, watched->n, sizeof *watched->fds);
    watched->fds[watched->n++] = (struct pa_watched_fd){fd, events};
}

void pa_watched_add_poll(struct pa_watched *watched, const struct pollfd *fds,
                         size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (fds[i].fd >= 0)
            pa_watched_add(watched, fds[i].fd, (uint16_t)fds[i].events);
}

void pa_watched_add_select(struct pa_watched *watched,
                           const unsigned long *bitmaps, size_t n_words,
                           size_t n_fds)
{
    static const uint32_t events[] = {POLLIN, POLLOUT, POLLPRI};
    const size_t word_bits = CHAR_BIT * sizeof *bitmaps;

    for (size_t fd = 0; fd < n_fds; fd++) {
        uint32_t mask = 0;
        for (size_t i = 0; i < 3; i++)
            if (bitmaps[i * n_words + fd / word_bits] >> fd % word_bits & 1)
                mask |= events[i];
        if (mask)
            pa_watched_add(watched, (int)fd, mask);
    }
}

void pa_watched_free(struct pa_watched *watched)
{
    free(watched->fds);
    *watched = (struct pa_watched){0};
}

int pa_watched_highest(const struct pa_watched *watched)
{
    int highest = -1;

    for (size_t i = 0; i < watched->n; i++)
        if (watched->fds[i].fd > highest)
            highest = watched->fds[i].fd;
    return highest;
}

static int by_number(const void *a, const void *b)
{
    int left = *(const int *)a, right = *(const int *)b;
    return (left > right) - (left < right);
}

/* By sorting: a number may be any, also where there is no such descriptor. */
size_t pa_watched_words(const struct pa_watched *watched)
{
    PA_FREED int *words = pa_room(watched->n, sizeof *words);
    size_t n = 0;

    for (size_t i = 0; i < watched->n; i++)
        words[i] = watched->fds[i].fd / 64;
    qsort(words, watched->n, sizeof *words, by_number);
    for (size_t i = 0; i < watched->n; i++)
        n += i == 0 || words[i] != words[i - 1];
    return n;
}

size_t pa_watched_with(const struct pa_watched *watched, uint32_t flags)
{
    size_t n = 0;

    for (size_t i = 0; i < watched->n; i++)
        n += (watched->fds[i].events & flags) != 0;
    return n;
}
