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
    self->n_hits = 0;
    self->changed = true;
}

int pollset__select_reserve(struct select_set *self, int fd)
{
    enum { N_BITMAPS = 2 * SELECT_DIRECTIONS };
    size_t n_words = (unsigned)fd / WORD_BITS + 1;
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
    self->n_words = n_words;
    free(old);
    forget(self);
    return 0;
}

/* To poll(2) a descriptor that only names a file is closed; select(2) says that
 * it is ready. */
static bool is_open(int fd)
{
    int flags = fcntl(fd, F_GETFL);
    return flags >= 0 && !(flags & O_PATH);
}

static void set_closed(struct select_set *self, struct pollset_slot *slot,
                       bool closed)
{
    self->n_closed += closed - slot->closed;
    slot->closed = closed;
}

static void set_in_doubt(struct select_set *self, int fd, bool in_doubt)
{
    struct pollset_slot *slot = pollset__slot(&self->set, fd);
    self->n_in_doubt += in_doubt - slot->in_doubt;
    slot->in_doubt = in_doubt;
    set_closed(self, slot, false);
}

int pollset__select_watch(struct pollset *set, int fd, uint32_t events)
{
    struct select_set *self = (struct select_set *)set;
    bool in_doubt = !(events & ~(uint32_t)POLLNVAL) || !is_open(fd);
    int error = self->cover(self, fd, in_doubt ? 0 : events);
    if (error)
        return error;
    set_in_doubt(self, fd, in_doubt);
    forget(self);
    return 0;
}

void pollset__select_unwatch(struct pollset *set, int fd)
{
    struct select_set *self = (struct select_set *)set;
    set_in_doubt(self, fd, false);
    self->cover(self, fd, 0);
    forget(self);
}

int pollset__select_doubt(struct select_set *self)
{
    int n_left = self->n_in_doubt;
    for (int i = 0; n_left > 0; i++) {
        int fd = self->set.fds[i].fd;
        struct pollset_slot *slot = pollset__slot(&self->set, fd);
        if (!slot->in_doubt)
            continue;
        n_left--;
        uint32_t events = (unsigned short)self->set.fds[i].events;
        set_closed(self, slot, !is_open(fd));
        if (slot->closed || !(events & ~(uint32_t)POLLNVAL))
            continue;
        int error = self->cover(self, fd, events);
        if (error)
            return error;
        set_in_doubt(self, fd, false);
        self->changed = true;
    }
    return 0;
}

int pollset__select_mend(struct select_set *self)
{
    for (int i = 0; i < self->set.n_fds; i++) {
        int fd = self->set.fds[i].fd;
        if (pollset__slot(&self->set, fd)->in_doubt || is_open(fd))
            continue;
        set_in_doubt(self, fd, true);
        self->cover(self, fd, 0);
        self->changed = true;
    }
    self->n_hits = 0;
    return -EAGAIN;
}

int pollset__select_check_highest(struct select_set *self)
{
    if (self->n_watched == 0 || is_open(self->n_watched - 1))
        return 0;
    return pollset__select_mend(self);
}

/* Report the closed fds from begin up to end in the list of all. */
static void scan_closed(const struct select_set *self, int64_t begin,
                        int64_t end, struct select_scan *scan)
{
    const struct pollset *set = &self->set;
    for (int64_t i = begin; i < end && scan->n_hits > 0; i++) {
        int fd = set->fds[i].fd;
        if (!pollset__slot(set, fd)->closed)
            continue;
        if (scan->n == scan->max_events)
            return;
        scan->n_hits--;
        report(self, scan, fd, POLLNVAL);
        scan->next = self->n_watched + i + 1;
    }
}

/* A turn goes over the numbers that the kernel watches, and then over the list
 * of fds for those that are closed: a place is one or, from n_watched on, the
 * other. */
static void scan_places(const struct select_set *self, int64_t begin,
                        int64_t end, struct select_scan *scan)
{
    int64_t n_numbers = self->n_watched;
    if (begin < n_numbers)
        self->scan(self, (int)begin, (int)(end < n_numbers ? end : n_numbers),
                   scan);
    if (end > n_numbers && self->n_closed > 0)
        scan_closed(self, begin > n_numbers ? begin - n_numbers : 0,
                    end - n_numbers, scan);
}

int pollset__select_collect_in_turns(struct select_set *self,
                                     struct pollset_event *out, int max_events)
{
    if (select_asks_still(self) && pollset__select_check_highest(self) < 0)
        return -EAGAIN;
    struct select_scan scan = {
        .out = out, .max_events = max_events, .n_hits = self->n_hits};
    int64_t n_places = (int64_t)self->n_watched + self->set.n_fds;
    int64_t begin = self->cursor < n_places ? self->cursor : 0;
    scan_places(self, begin, n_places, &scan);
    scan_places(self, 0, begin, &scan);
    self->cursor = scan.n_hits > 0 ? scan.next : 0;
    return scan.n;
}
