/* SPDX-License-Identifier: MIT */
/* select(2) as a careful program uses it: the bitmaps are kept from call to
 * call, prepare only copies them, and collect looks at whole words and stops
 * when all that the kernel counted has been found. */
#include "select_common.h"

#include <string.h>

/* A select_set whose master bitmaps hold what the kernel is to see. */
struct cached_set {
    struct select_set select;
    int n_fds[SELECT_DIRECTIONS]; /* bits set in each master */
    int n_watched;                /* no master has a bit at or after this one */
};

static void cached_cover(struct select_set *select, int fd, uint32_t events)
{
    struct cached_set *self = (struct cached_set *)select;
    const bool wanted[SELECT_DIRECTIONS] = {events & POLLIN, events & POLLOUT,
                                            events & POLLPRI};
    unsigned long bit = 1UL << fd % WORD_BITS;
    for (int d = 0; d < SELECT_DIRECTIONS; d++) {
        unsigned long *word = &select->master[d][fd / WORD_BITS];
        self->n_fds[d] += wanted[d] - !!(*word & bit);
        *word = wanted[d] ? *word | bit : *word & ~bit;
    }
    if (events && fd >= self->n_watched)
        self->n_watched = fd + 1;
}

static int cached_create(struct pollset *set)
{
    ((struct select_set *)set)->cover = cached_cover;
    return 0;
}

static int cached_add(struct pollset *set, int fd, uint32_t events)
{
    struct select_set *select = (struct select_set *)set;
    int error = pollset__select_reserve(select, fd);
    if (error)
        return error;
    pollset__select_watch(select, fd, events);
    return 0;
}

static void cached_remove(struct pollset *set, int fd)
{
    pollset__select_unwatch((struct select_set *)set, fd);
}

/* Highest bit in any master + 1. The words that are passed over here are paid
 * for by the registrations that made n_watched that high. */
static int find_n_watched(const struct cached_set *self)
{
    unsigned long *const *master = self->select.master;
    int word = (int)words_of(self->n_watched);
    while (word-- > 0) {
        unsigned long any = master[SELECT_READ][word] |
                            master[SELECT_WRITE][word] |
                            master[SELECT_EXCEPT][word];
        if (any)
            return (word + 1) * WORD_BITS - __builtin_clzl(any);
    }
    return 0;
}

POLLSET__COLD static void follow_changes(struct cached_set *self)
{
    struct select_set *select = &self->select;
    if (select->n_in_doubt || select->n_closed)
        pollset__select_doubt(select);
    self->n_watched = find_n_watched(self);
    bool has_fds[SELECT_DIRECTIONS];
    for (int d = 0; d < SELECT_DIRECTIONS; d++)
        has_fds[d] = self->n_fds[d] > 0;
    select_point(select, self->n_watched, has_fds);
}

static int cached_prepare(struct pollset *set)
{
    struct cached_set *self = (struct cached_set *)set;
    struct select_set *select = &self->select;
    if (POLLSET__UNLIKELY(select->changed || select->n_in_doubt))
        follow_changes(self);
    size_t n_words = words_of(select->n_watched);
    for (int d = 0; d < SELECT_DIRECTIONS; d++) {
        if (select->passed[d])
            memcpy(select->work[d], select->master[d],
                   n_words * sizeof(unsigned long));
    }
    return 0;
}

static int cached_wait(struct pollset *set, int max_events, int64_t timeout_ns)
{
    return select_wait(set, max_events, timeout_ns);
}

/* Where a scan is. */
struct scan {
    struct pollset_event *out;
    int n;          /* slots of out that are filled */
    int max_events; /* slots it has */
    int n_hits;     /* bits that have not been found yet */
    int next;       /* the fd after the last one that was reported */
};

POLLSET__INLINE void report(const struct select_set *self, int n_maps, int fd,
                            struct scan *scan)
{
    uint32_t events = 0;
    for (int m = 0; m < n_maps; m++) {
        if (self->maps[m].bits[fd / WORD_BITS] >> fd % WORD_BITS & 1) {
            events |= self->maps[m].event;
            scan->n_hits--;
        }
    }
    scan->out[scan->n++] = (struct pollset_event){
        .cookie = self->set.slots[fd].cookie, .fd = fd, .events = events};
    scan->next = fd + 1;
}

/* Report the fds from begin up to end that have a bit in one of the first
 * n_maps maps, until all are found or out is full. */
POLLSET__INLINE void scan_words(const struct select_set *self, int n_maps,
                                int begin, int end, struct scan *scan)
{
    unsigned long wanted = ~0UL << begin % WORD_BITS;
    for (int word = begin / WORD_BITS; word * WORD_BITS < end; word++) {
        unsigned long any = 0;
        for (int m = 0; m < n_maps; m++)
            any |= self->maps[m].bits[word];
        for (any &= wanted; any; any &= any - 1) {
            int fd = word * WORD_BITS + __builtin_ctzl(any);
            if (fd >= end || scan->n == scan->max_events)
                return;
            report(self, n_maps, fd, scan);
            if (scan->n_hits == 0)
                return;
        }
        wanted = ~0UL;
    }
}

/* More is ready than out has room for, or was so the last time: go round the
 * numbers from call to call, so that every ready fd has its turn. */
POLLSET__COLD static int collect_in_turns(struct select_set *self,
                                          struct pollset_event *out,
                                          int max_events)
{
    struct scan scan = {
        .out = out, .max_events = max_events, .n_hits = self->n_hits};
    int begin = self->cursor < self->scan_end ? self->cursor : 0;
    scan_words(self, self->n_maps, begin, self->scan_end, &scan);
    if (scan.n_hits > 0)
        scan_words(self, self->n_maps, 0, begin, &scan);
    self->cursor = scan.n_hits > 0 ? scan.next : 0;
    return scan.n;
}

static int cached_collect(struct pollset *set, struct pollset_event *out,
                          int max_events)
{
    struct select_set *self = (struct select_set *)set;
    if (self->n_hits == 0)
        return 0;
    if (POLLSET__UNLIKELY(self->n_hits > max_events || self->cursor))
        return collect_in_turns(self, out, max_events);
    struct scan scan = {
        .out = out, .max_events = max_events, .n_hits = self->n_hits};
    if (POLLSET__LIKELY(self->n_maps == 1))
        scan_words(self, 1, 0, self->scan_end, &scan);
    else
        scan_words(self, self->n_maps, 0, self->scan_end, &scan);
    return scan.n;
}

static int cached_poll(struct pollset *set, struct pollset_event *out,
                       int max_events, int64_t timeout_ns)
{
    static const struct pollset_backend stages = {.prepare = cached_prepare,
                                                  .wait = cached_wait,
                                                  .collect = cached_collect};
    return pollset__stages(&stages, set, out, max_events, timeout_ns);
}

const struct pollset_backend pollset__select = {
    .summary = "select(2): cached bitmaps, scanned by words up to the last hit",
    .events = SELECT_EVENTS,
    .wait_consumes = true,
    .set_size = sizeof(struct cached_set),
    .probe = pollset__select_probe,
    .create = cached_create,
    .destroy = pollset__select_destroy,
    .add = cached_add,
    .modify = pollset__select_modify,
    .remove = cached_remove,
    .prepare = cached_prepare,
    .wait = cached_wait,
    .collect = cached_collect,
    .poll = cached_poll,
};
