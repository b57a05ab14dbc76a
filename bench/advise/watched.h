/* SPDX-License-Identifier: MIT */
/* What a thread waits for: descriptor numbers and what they are watched for,
 * and nothing else of its memory. */
#ifndef PA_WATCHED_H
#define PA_WATCHED_H

#include <poll.h>
#include <stddef.h>
#include <stdint.h>

struct pa_watched_fd {
    int fd;
    uint32_t events; /* as poll(2) has them, and epoll's flags */
};

struct pa_watched {
    struct pa_watched_fd *fds; /* in the order of the set */
    size_t n;
};

void pa_watched_add(struct pa_watched *watched, int fd, uint32_t events);

/* Add those of poll(2), but not the ones that it skips, with fd < 0. */
void pa_watched_add_poll(struct pa_watched *watched, const struct pollfd *fds,
                         size_t n);

/* Add those of select(2): three bitmaps of the same length in words, for
 * reading, writing and exceptions, up to number n_fds - 1. */
void pa_watched_add_select(struct pa_watched *watched,
                           const unsigned long *bitmaps, size_t n_words,
                           size_t n_fds);

void pa_watched_free(struct pa_watched *watched);

/* The highest descriptor; -1 of none. */
int pa_watched_highest(const struct pa_watched *watched);

/* 64-bit words of select's bitmap that hold one. */
size_t pa_watched_words(const struct pa_watched *watched);

/* How many have one of these flags. */
size_t pa_watched_with(const struct pa_watched *watched, uint32_t flags);

#endif
