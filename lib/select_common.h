/* SPDX-License-Identifier: MIT */
/* What the two select(2) backends share: bitmaps of any length, the system
 * call, and fds that select cannot watch.
 *
 * Fds in doubt. For a closed fd select(2) only says EBADF, for the whole set;
 * it says nothing at all of bits past the end of the process's descriptor
 * table (see select_asks_still()); and an fd that is watched for no event is in
 * no bitmap. An fd that was not open or had no events when it was registered,
 * or was found closed afterwards, is therefore "in doubt": it is in no bitmap,
 * and each prepare asks fcntl(2) about it. If it is closed it is reported as
 * POLLNVAL, as poll(2) does, and the wait does not block. A number that is not
 * open so takes no room, however high it is. */
#ifndef POLLSET_SELECT_COMMON_H
#define POLLSET_SELECT_COMMON_H

#include "kernel_call.h"

/* Unsigned, so that a number is divided by it with a shift. */
#define WORD_BITS ((unsigned)(CHAR_BIT * sizeof(unsigned long)))

enum { SELECT_READ, SELECT_WRITE, SELECT_EXCEPT, SELECT_DIRECTIONS };

/* What a select backend can report. POLLERR and POLLHUP are not among it:
 * select says "readable" (hang-up, error) or "writable" (error) for them. */
#define SELECT_EVENTS (POLLIN | POLLOUT | POLLPRI | POLLNVAL)

/* One bitmap that collect looks at, and what a bit in it means. */
struct select_map {
    const unsigned long *bits;
    uint32_t event;
};

/* Where a scan is. */
struct select_scan {
    struct pollset_event *out;
    int n;          /* slots of out that are filled */
    int max_events; /* slots it has */
    int n_hits;     /* bits and closed fds that have not been found yet */
    int64_t next;   /* place to go on from; see collect_in_turns() */
};

struct select_set {
    struct pollset set;

    /* Bitmaps of n_words words each, in one allocation that work[0] is the
     * start of; see pollset__select_reserve(). */
    size_t n_words;
    unsigned long *work[SELECT_DIRECTIONS];   /* the kernel overwrites them */
    unsigned long *master[SELECT_DIRECTIONS]; /* the backend's, if it wants */

    /* What prepare says to wait and collect. */
    fd_set *passed[SELECT_DIRECTIONS]; /* work, or NULL if it has no fds */
    struct select_map maps[SELECT_DIRECTIONS]; /* those that have fds */
    int n_maps;
    int n_watched; /* highest fd in work + 1, the argument of select(2) */
    int n_hits;    /* what wait says to collect: bits in maps, closed fds */

    int n_in_doubt;
    int n_closed;   /* of those in doubt, by the last prepare */
    int64_t cursor; /* place to collect from first; not 0 after a full out */
    bool changed;   /* since the last prepare; until then there is no hit */

    /* The backend's: from now on the kernel is to see exactly these events of
     * fd, for which there may not be room yet: 0 or -ENOMEM. No events: 0. */
    int (*cover)(struct select_set *self, int fd, uint32_t events);

    /* The backend's: report the fds from begin up to end that have a bit in
     * one of the maps, until all hits are found or out is full. */
    void (*scan)(const struct select_set *self, int begin, int end,
                 struct select_scan *scan);
};

/* These are the backend table's functions; both use them as they are.
 * watch is both add and modify. */
int pollset__select_probe(void);
void pollset__select_destroy(struct pollset *set);
int pollset__select_watch(struct pollset *set, int fd, uint32_t events);
void pollset__select_unwatch(struct pollset *set, int fd);

/* For cover: room for fd in all bitmaps: 0 or -ENOMEM. Clears work. */
int pollset__select_reserve(struct select_set *self, int fd);

/* For prepare, if there are fds in doubt: ask about each. Those that are open
 * are watched again, for which there may be no room: 0 or -ENOMEM. */
int pollset__select_doubt(struct select_set *self);

/* After an EBADF: put what is closed in doubt. Returns -EAGAIN. */
int pollset__select_mend(struct select_set *self);

/* The same if the highest fd that the kernel watches is closed; else 0. */
int pollset__select_check_highest(struct select_set *self);

/* For collect: more is ready than out has room for, or was so the last time,
 * or fds are closed. Goes round the fds from call to call, so that each has
 * its turn. */
int pollset__select_collect_in_turns(struct select_set *self,
                                     struct pollset_event *out, int max_events);

/* Words of a bitmap with n_bits bits. */
POLLSET__INLINE size_t words_of(int n_bits)
{
    return ((size_t)n_bits + WORD_BITS - 1) / WORD_BITS;
}

POLLSET__INLINE void turn_on(unsigned long *bits, unsigned fd)
{
    bits[fd / WORD_BITS] |= 1UL << fd % WORD_BITS;
}

POLLSET__INLINE bool is_on(const unsigned long *bits, unsigned fd)
{
    return bits[fd / WORD_BITS] >> fd % WORD_BITS & 1;
}

/* The events of fd in the first n_maps maps; counts the bits as found. */
POLLSET__INLINE uint32_t events_in(const struct select_set *self, int n_maps,
                                   unsigned fd, int *n_hits)
{
    uint32_t events = 0;
    for (int m = 0; m < n_maps; m++) {
        if (is_on(self->maps[m].bits, fd)) {
            events |= self->maps[m].event;
            --*n_hits;
        }
    }
    return events;
}

POLLSET__INLINE void report(const struct select_set *self,
                            struct select_scan *scan, int fd, uint32_t events)
{
    scan->out[scan->n++] = (struct pollset_event){
        .cookie = pollset__slot(&self->set, fd)->cookie,
        .fd = fd,
        .events = events,
    };
    scan->next = (int64_t)fd + 1;
}

/* The end of prepare: n_watched is the highest fd in work + 1, has_fds says
 * which directions have any. */
POLLSET__INLINE void select_point(struct select_set *self, int n_watched,
                                  const bool has_fds[SELECT_DIRECTIONS])
{
    static const uint32_t event_of[SELECT_DIRECTIONS] = {POLLIN, POLLOUT,
                                                         POLLPRI};
    int n_maps = 0;
    for (int d = 0; d < SELECT_DIRECTIONS; d++) {
        self->passed[d] = has_fds[d] ? (fd_set *)self->work[d] : NULL;
        if (has_fds[d])
            self->maps[n_maps++] =
                (struct select_map){self->work[d], event_of[d]};
    }
    self->n_maps = n_maps;
    self->n_watched = n_watched;
    self->changed = false;
}

/* Whether the highest fd that is watched has a bit in the maps. After a wait
 * that means: it is ready, or the kernel has not looked at it. Past the end of
 * the process's descriptor table it neither looks nor clears, and the table can
 * get shorter: fork(2), unshare(2) and close_range(2) make one that is as long
 * as what is open needs. While the highest is open the table reaches that far.
 */
POLLSET__INLINE bool select_asks_still(const struct select_set *self)
{
    bool is_asked = false;
    for (int m = 0; m < self->n_maps; m++)
        is_asked |= is_on(self->maps[m].bits, (unsigned)self->n_watched - 1);
    return is_asked;
}

/* timeout_ns > 0, rounded up; else zero. */
POLLSET__INLINE struct timeval select_timeout(int64_t timeout_ns)
{
    if (timeout_ns <= 0)
        return (struct timeval){0, 0};
    int64_t timeout_us = (timeout_ns - 1) / 1000 + 1;
    int64_t timeout_s = timeout_us / 1000000;
    return (struct timeval){
        /* A time_t may have no more; the core waits again for the rest. */
        .tv_sec = timeout_s < INT_MAX ? (int)timeout_s : INT_MAX,
        .tv_usec = timeout_us % 1000000,
    };
}

/* The wait of both. It counts bits, not fds, as select(2) does. */
POLLSET__INLINE int select_wait(struct pollset *set, int max_events,
                                int64_t timeout_ns)
{
    struct select_set *self = (struct select_set *)set;
    (void)max_events;
    if (self->n_closed > 0)
        timeout_ns = 0;
    /* What is not looked at does not end a wait, so ask first. */
    if (timeout_ns != 0 && pollset__select_check_highest(self) < 0)
        return -EAGAIN;
    struct timeval timeout = select_timeout(timeout_ns);
    int n = pollset__call_select(self->n_watched, self->passed,
                                 timeout_ns < 0 ? NULL : &timeout);
    if (POLLSET__UNLIKELY(n < 0)) {
        self->n_hits = 0;
        return n == -EBADF ? pollset__select_mend(self) : n;
    }
    if (POLLSET__UNLIKELY(n == 0 && select_asks_still(self)) &&
        pollset__select_check_highest(self) < 0)
        return -EAGAIN;
    self->n_hits = n + self->n_closed;
    return self->n_hits;
}

/* Whether collect may begin at 0, and will find what there is: not in turns. */
POLLSET__INLINE bool select_fits(const struct select_set *self, int max_events)
{
    return POLLSET__LIKELY(
        (self->cursor | self->n_closed) == 0 &&
        (self->n_hits <= max_events || self->set.n_fds <= max_events));
}

/* The end of such a collect: what there was, unless the kernel cannot have
 * looked at all that is on, since there is more than it counted. */
POLLSET__INLINE int select_collected(struct select_set *self,
                                     const struct select_scan *scan)
{
    bool is_more = scan->n_hits < 0 ||
                   (scan->next < self->n_watched && select_asks_still(self));
    if (POLLSET__UNLIKELY(is_more) && pollset__select_check_highest(self) < 0)
        return -EAGAIN;
    return scan->n;
}

#endif
