/* SPDX-License-Identifier: MIT */
/* What the two select(2) backends share: bitmaps of any length, the system
 * call, and fds that select cannot watch.
 *
 * Fds in doubt. For a closed fd select(2) only says EBADF, for the whole set;
 * it says nothing at all of bits past the end of the process's descriptor
 * table; and an fd that is watched for no event is in no bitmap. An fd that
 * was not open or had no events when it was registered, or was found closed
 * after an EBADF, is therefore "in doubt": it is left out of what the kernel
 * reads, and each prepare asks fcntl(2) about it. If it is closed it is
 * reported as POLLNVAL, as poll(2) does, and the wait does not block. */
#ifndef POLLSET_SELECT_COMMON_H
#define POLLSET_SELECT_COMMON_H

#include "kernel_call.h"

#define WORD_BITS ((int)(CHAR_BIT * sizeof(unsigned long)))

enum { SELECT_READ, SELECT_WRITE, SELECT_EXCEPT, SELECT_DIRECTIONS };

/* What a select backend can report. POLLERR and POLLHUP are not among it:
 * select says "readable" (hang-up, error) or "writable" (error) for them. */
#define SELECT_EVENTS (POLLIN | POLLOUT | POLLPRI | POLLNVAL)

/* One bitmap that collect looks at, and what a bit in it means. */
struct select_map {
    const unsigned long *bits;
    uint32_t event;
};

struct select_set {
    struct pollset set;

    /* Bitmaps of n_words words each, in one allocation that work[0] is the
     * start of; see pollset__select_reserve(). */
    size_t n_words;
    unsigned long *work[SELECT_DIRECTIONS];   /* the kernel overwrites them */
    unsigned long *master[SELECT_DIRECTIONS]; /* the backend's, if it wants */
    unsigned long *closed;                    /* as the last prepare found */

    /* What prepare says to wait and collect. */
    fd_set *passed[SELECT_DIRECTIONS]; /* work, or NULL if it has no fds */
    struct select_map maps[SELECT_DIRECTIONS + 1]; /* those that have fds */
    int n_maps;
    int n_watched; /* highest fd in work + 1, the argument of select(2) */
    int scan_end;  /* the same, with the closed fds */
    int n_closed;
    int closed_end; /* highest of them + 1 */
    int n_hits;     /* what wait says to collect: bits set in maps */

    int n_in_doubt;
    int cursor;   /* fd to collect from first; not 0 after a full out */
    bool changed; /* since the last prepare; until then there is no hit */

    /* The backend's: let the kernel see exactly these events of fd from now
     * on. NULL if its prepare goes by the slots. */
    void (*cover)(struct select_set *self, int fd, uint32_t events);
};

/* These are the backend table's functions; both use them as they are. */
int pollset__select_probe(void);
void pollset__select_destroy(struct pollset *set);
int pollset__select_modify(struct pollset *set, int fd, uint32_t events);

/* Room for fd in all bitmaps: 0 or -ENOMEM. Clears all but master. */
int pollset__select_reserve(struct select_set *self, int fd);

/* The part of add and remove that both have; fd has room. */
void pollset__select_watch(struct select_set *self, int fd, uint32_t events);
void pollset__select_unwatch(struct select_set *self, int fd);

/* For prepare: ask about each fd in doubt, and make closed, n_closed and
 * closed_end from those that are closed. */
void pollset__select_doubt(struct select_set *self);

/* The part of select_point() for the closed fds, if there are any. */
void pollset__select_point_closed(struct select_set *self);

/* After an EBADF: put what is closed in doubt. Returns -EAGAIN. */
int pollset__select_mend(struct select_set *self);

/* Words of a bitmap with n_bits bits. */
POLLSET__INLINE size_t words_of(int n_bits)
{
    return ((size_t)n_bits + WORD_BITS - 1) / WORD_BITS;
}

/* The end of prepare: n_watched is the highest fd in work + 1, has_fds says
 * which directions have any. Keeps the closed fds that were found. */
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
    self->scan_end = n_watched;
    self->changed = false;
    if (POLLSET__UNLIKELY(self->n_closed > 0))
        pollset__select_point_closed(self);
}

/* The wait of both. It counts bits, not fds, as select(2) does. */
POLLSET__INLINE int select_wait(struct pollset *set, int max_events,
                                int64_t timeout_ns)
{
    struct select_set *self = (struct select_set *)set;
    (void)max_events;
    struct timeval timeout = {0, 0};
    if (timeout_ns > 0 && self->n_closed == 0) {
        int64_t timeout_us = (timeout_ns - 1) / 1000 + 1;
        timeout.tv_sec = timeout_us / 1000000;
        timeout.tv_usec = timeout_us % 1000000;
    }
    bool forever = timeout_ns < 0 && self->n_closed == 0;
    int n = pollset__call_select(self->n_watched, self->passed,
                                 forever ? NULL : &timeout);
    if (POLLSET__UNLIKELY(n < 0)) {
        self->n_hits = 0;
        return n == -EBADF ? pollset__select_mend(self) : n;
    }
    self->n_hits = n + self->n_closed;
    return self->n_hits;
}

#endif
