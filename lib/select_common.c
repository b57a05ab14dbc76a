/* SPDX-License-Identifier: MIT */
#include "select_common.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

int pollset__select_probe(void)
{
    struct timeval at_once = {0, 0};
    return select(0, NULL, NULL, NULL, &at_once) < 0 ? -errno : 0;
}

void pollset__select_destroy(struct pollset *set)
{
    free(((struct select_set *)set)->work[0]);
}

/* Forget what prepare and wait have found, because the set changes. */
static void forget(struct select_set *self)
{
    memset(self->passed, 0, sizeof(self->passed));
    self->n_maps = 0;
    self->n_watched = 0;
    self->scan_end = 0;
    self->n_hits = 0;
    self->changed = true;
}

int pollset__select_reserve(struct select_set *self, int fd)
{
    enum { N_BITMAPS = 2 * SELECT_DIRECTIONS + 1 };
    size_t n_words = (size_t)fd / WORD_BITS + 1;
    if (n_words <= self->n_words)
        return 0;
    if (n_words < 2 * self->n_words)
        n_words = 2 * self->n_words;
    unsigned long *words = calloc(n_words, N_BITMAPS * sizeof(*words));
    if (!words)
        return -ENOMEM;
    unsigned long *old = self->work[0];
    for (size_t d = 0; d < SELECT_DIRECTIONS; d++) {
        self->work[d] = words + d * n_words;
        unsigned long *master = words + (SELECT_DIRECTIONS + d) * n_words;
        if (old)
            memcpy(master, self->master[d], self->n_words * sizeof(*words));
        self->master[d] = master;
    }
    self->closed = words + n_words * 2 * SELECT_DIRECTIONS;
    self->n_words = n_words;
    self->n_closed = 0;
    free(old);
    forget(self);
    return 0;
}

static bool is_open(int fd)
{
    return fcntl(fd, F_GETFD) >= 0;
}

static void cover(struct select_set *self, int fd, uint32_t events)
{
    if (self->cover)
        self->cover(self, fd, events);
    self->changed = true;
}

static void set_in_doubt(struct select_set *self, int fd, bool in_doubt)
{
    struct pollset_slot *slot = &self->set.slots[fd];
    self->n_in_doubt += in_doubt - slot->in_doubt;
    slot->in_doubt = in_doubt;
}

void pollset__select_watch(struct select_set *self, int fd, uint32_t events)
{
    bool in_doubt = !(events & ~(uint32_t)POLLNVAL) || !is_open(fd);
    set_in_doubt(self, fd, in_doubt);
    cover(self, fd, in_doubt ? 0 : events);
    forget(self);
}

void pollset__select_unwatch(struct select_set *self, int fd)
{
    set_in_doubt(self, fd, false);
    cover(self, fd, 0);
    forget(self);
}

int pollset__select_modify(struct pollset *set, int fd, uint32_t events)
{
    pollset__select_watch((struct select_set *)set, fd, events);
    return 0;
}

void pollset__select_doubt(struct select_set *self)
{
    memset(self->closed, 0, self->n_words * sizeof(*self->closed));
    self->n_closed = 0;
    int n_left = self->n_in_doubt;
    for (int fd = 0; n_left > 0; fd++) {
        const struct pollset_slot *slot = &self->set.slots[fd];
        if (!slot->in_doubt)
            continue;
        n_left--;
        if (!is_open(fd)) {
            self->closed[fd / WORD_BITS] |= 1UL << fd % WORD_BITS;
            self->n_closed++;
            self->closed_end = fd + 1;
        } else if (slot->events & ~POLLNVAL) {
            set_in_doubt(self, fd, false);
            cover(self, fd, slot->events);
        }
    }
}

void pollset__select_point_closed(struct select_set *self)
{
    self->maps[self->n_maps++] = (struct select_map){self->closed, POLLNVAL};
    if (self->closed_end <= self->n_watched)
        return;
    /* The kernel will not write to these words, but collect looks at them. */
    self->scan_end = self->closed_end;
    size_t begin = words_of(self->n_watched);
    size_t n_words = words_of(self->scan_end) - begin;
    for (int d = 0; d < SELECT_DIRECTIONS; d++)
        memset(self->work[d] + begin, 0, n_words * sizeof(unsigned long));
}

int pollset__select_mend(struct select_set *self)
{
    int n_left = self->set.n_fds;
    for (int fd = 0; n_left > 0; fd++) {
        const struct pollset_slot *slot = &self->set.slots[fd];
        if (!slot->registered)
            continue;
        n_left--;
        if (slot->in_doubt || is_open(fd))
            continue;
        set_in_doubt(self, fd, true);
        cover(self, fd, 0);
    }
    return -EAGAIN;
}
