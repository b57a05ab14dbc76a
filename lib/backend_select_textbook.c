/* SPDX-License-Identifier: MIT */
/* select(2) exactly as the Python documentation describes it: "builds a
 * bitmap, turns on bits for the fds of interest, and then afterward the whole
 * bitmap has to be linearly scanned again". Anew in each call, and one number
 * after the other up to the highest: this is the program whose cost is said to
 * be O(highest file descriptor). */
#include "select_common.h"

#include <stdlib.h>
#include <string.h>

struct textbook_set {
    struct select_set select;
    int *fds; /* the first set.n_fds are registered, in any order */
    size_t n_allocated;
};

static void textbook_destroy(struct pollset *set)
{
    free(((struct textbook_set *)set)->fds);
    pollset__select_destroy(set);
}

static int textbook_add(struct pollset *set, int fd, uint32_t events)
{
    struct textbook_set *self = (struct textbook_set *)set;
    void *fds = self->fds;
    int error = pollset__grow(&fds, &self->n_allocated, (size_t)set->n_fds + 1,
                              sizeof(*self->fds));
    self->fds = fds;
    if (!error)
        error = pollset__select_reserve(&self->select, fd);
    if (error)
        return error;
    self->fds[set->n_fds] = fd;
    set->slots[fd].index = set->n_fds;
    pollset__select_watch(&self->select, fd, events);
    return 0;
}

static void textbook_remove(struct pollset *set, int fd)
{
    struct textbook_set *self = (struct textbook_set *)set;
    int last_fd = self->fds[set->n_fds - 1];
    int index = set->slots[fd].index;
    self->fds[index] = last_fd;
    set->slots[last_fd].index = index;
    pollset__select_unwatch(&self->select, fd);
}

POLLSET__INLINE void turn_on(unsigned long *bits, int fd)
{
    bits[fd / WORD_BITS] |= 1UL << fd % WORD_BITS;
}

/* Highest fd to watch + 1, and any of the events that are watched for. */
static int survey(const struct textbook_set *self, uint32_t *any)
{
    const struct pollset *set = &self->select.set;
    int n_watched = 0;
    *any = 0;
    for (int i = 0; i < set->n_fds; i++) {
        int fd = self->fds[i];
        if (set->slots[fd].in_doubt)
            continue;
        *any |= set->slots[fd].events;
        if (fd >= n_watched)
            n_watched = fd + 1;
    }
    return n_watched;
}

static void build(const struct textbook_set *self)
{
    unsigned long *const *work = self->select.work;
    for (int i = 0; i < self->select.set.n_fds; i++) {
        int fd = self->fds[i];
        const struct pollset_slot *slot = &self->select.set.slots[fd];
        if (slot->in_doubt)
            continue;
        if (slot->events & POLLIN)
            turn_on(work[SELECT_READ], fd);
        if (slot->events & POLLOUT)
            turn_on(work[SELECT_WRITE], fd);
        if (slot->events & POLLPRI)
            turn_on(work[SELECT_EXCEPT], fd);
    }
}

POLLSET__INLINE int textbook_prepare(struct pollset *set)
{
    struct textbook_set *self = (struct textbook_set *)set;
    struct select_set *select = &self->select;
    if (POLLSET__UNLIKELY(select->n_in_doubt || select->n_closed))
        pollset__select_doubt(select);
    uint32_t any;
    int n_watched = survey(self, &any);
    const bool has_fds[SELECT_DIRECTIONS] = {any & POLLIN, any & POLLOUT,
                                             any & POLLPRI};
    for (int d = 0; d < SELECT_DIRECTIONS; d++) {
        if (has_fds[d])
            memset(select->work[d], 0,
                   words_of(n_watched) * sizeof(unsigned long));
    }
    build(self);
    select_point(select, n_watched, has_fds);
    return 0;
}

POLLSET__INLINE int textbook_wait(struct pollset *set, int max_events,
                                  int64_t timeout_ns)
{
    return select_wait(set, max_events, timeout_ns);
}

/* Test the numbers from begin up to end in the first n_maps maps; returns how
 * many were reported, and in next where it left off because out was full. */
POLLSET__INLINE int test_in_maps(const struct select_set *self, int n_maps,
                                 int begin, int end, struct pollset_event *out,
                                 int max_events, int *next)
{
    int n = 0;
    int fd = begin;
    for (; fd < end && n < max_events; fd++) {
        uint32_t events = 0;
        for (int m = 0; m < n_maps; m++) {
            const struct select_map *map = &self->maps[m];
            if (map->bits[fd / WORD_BITS] >> fd % WORD_BITS & 1)
                events |= map->event;
        }
        if (events)
            out[n++] = (struct pollset_event){
                .cookie = self->set.slots[fd].cookie,
                .fd = fd,
                .events = events,
            };
    }
    *next = fd;
    return n;
}

/* A program that only reads tests one bit a number, and so does this. */
static int test_each(const struct select_set *self, int begin, int end,
                     struct pollset_event *out, int max_events, int *next)
{
    if (POLLSET__LIKELY(self->n_maps == 1))
        return test_in_maps(self, 1, begin, end, out, max_events, next);
    return test_in_maps(self, self->n_maps, begin, end, out, max_events, next);
}

POLLSET__INLINE int textbook_collect(struct pollset *set,
                                     struct pollset_event *out, int max_events)
{
    struct select_set *self = (struct select_set *)set;
    if (self->n_hits == 0)
        return 0;
    /* Where out was full the last time, so that every ready fd has its turn;
     * else 0. */
    int begin = self->cursor < self->scan_end ? self->cursor : 0;
    int n =
        test_each(self, begin, self->scan_end, out, max_events, &self->cursor);
    if (n < max_events)
        n += test_each(self, 0, begin, out + n, max_events - n, &self->cursor);
    if (n < max_events)
        self->cursor = 0;
    return n;
}

static int textbook_poll(struct pollset *set, struct pollset_event *out,
                         int max_events, int64_t timeout_ns)
{
    static const struct pollset_backend stages = {.prepare = textbook_prepare,
                                                  .wait = textbook_wait,
                                                  .collect = textbook_collect};
    return pollset__stages(&stages, set, out, max_events, timeout_ns);
}

const struct pollset_backend pollset__select_textbook = {
    .summary = "select(2) as textbooks have it: bitmap anew, test each number",
    .events = SELECT_EVENTS,
    .wait_consumes = true,
    .set_size = sizeof(struct textbook_set),
    .probe = pollset__select_probe,
    .create = NULL,
    .destroy = textbook_destroy,
    .add = textbook_add,
    .modify = pollset__select_modify,
    .remove = textbook_remove,
    .prepare = textbook_prepare,
    .wait = textbook_wait,
    .collect = textbook_collect,
    .poll = textbook_poll,
    .family = "select",
    .scans = "highest_fd",
    .own_fds = 0,
};
