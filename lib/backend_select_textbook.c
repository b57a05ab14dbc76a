/* SPDX-License-Identifier: MIT */
/* select(2) exactly as the Python documentation describes it: "builds a
 * bitmap, turns on bits for the fds of interest, and then afterward the whole
 * bitmap has to be linearly scanned again". Anew in each call, and one number
 * after the other up to the highest: this is the program whose cost is said to
 * be O(highest file descriptor). */
#include "select_common.h"

#include <string.h>

struct textbook_set {
    struct select_set select;
    int n_built;                      /* highest bit that was turned on + 1 */
    bool is_built[SELECT_DIRECTIONS]; /* and in which bitmaps */
};

/* The bitmaps are built from the list of fds: only room is to be had. */
static int textbook_cover(struct select_set *select, int fd, uint32_t events)
{
    return events ? pollset__select_reserve(select, fd) : 0;
}

/* Turn on the bits of the fds of interest. Returns the highest + 1, and any of
 * the events that are watched for. */
static int build(const struct select_set *self, unsigned *any)
{
    const struct pollset *set = &self->set;
    int n_watched = 0;
    *any = 0;
    for (int i = 0; i < set->n_fds; i++) {
        struct pollfd wanted = set->fds[i];
        if (self->n_in_doubt && pollset__slot(set, wanted.fd)->in_doubt)
            continue;
        if (wanted.events & POLLIN)
            turn_on(self->work[SELECT_READ], (unsigned)wanted.fd);
        if (wanted.events & POLLOUT)
            turn_on(self->work[SELECT_WRITE], (unsigned)wanted.fd);
        if (wanted.events & POLLPRI)
            turn_on(self->work[SELECT_EXCEPT], (unsigned)wanted.fd);
        *any |= (unsigned short)wanted.events;
        if (wanted.fd >= n_watched)
            n_watched = wanted.fd + 1;
    }
    return n_watched;
}

POLLSET__INLINE int textbook_prepare(struct pollset *set)
{
    struct textbook_set *self = (struct textbook_set *)set;
    struct select_set *select = &self->select;
    int error = POLLSET__UNLIKELY(select->n_in_doubt)
                    ? pollset__select_doubt(select)
                    : 0;
    if (error)
        return error;
    for (int d = 0; d < SELECT_DIRECTIONS; d++) {
        if (self->is_built[d])
            memset(select->work[d], 0,
                   words_of(self->n_built) * sizeof(unsigned long));
    }
    unsigned any;
    self->n_built = build(select, &any);
    self->is_built[SELECT_READ] = any & POLLIN;
    self->is_built[SELECT_WRITE] = any & POLLOUT;
    self->is_built[SELECT_EXCEPT] = any & POLLPRI;
    select_point(select, self->n_built, self->is_built);
    return 0;
}

POLLSET__INLINE int textbook_wait(struct pollset *set, int max_events,
                                  int64_t timeout_ns)
{
    return select_wait(set, max_events, timeout_ns);
}

/* Test the numbers from begin up to end in the first n_maps maps. */
POLLSET__INLINE void test_in_maps(const struct select_set *self, int n_maps,
                                  int begin, int end, struct select_scan *scan)
{
    for (int fd = begin; fd < end; fd++) {
        int n_hits = scan->n_hits;
        uint32_t events = events_in(self, n_maps, (unsigned)fd, &n_hits);
        if (!events)
            continue;
        if (scan->n == scan->max_events)
            return;
        scan->n_hits = n_hits;
        report(self, scan, fd, events);
    }
}

static void textbook_scan(const struct select_set *self, int begin, int end,
                          struct select_scan *scan)
{
    test_in_maps(self, self->n_maps, begin, end, scan);
}

/* A program that only reads tests one bit a number, and so does this. */
static void test_each(const struct select_set *self, struct select_scan *scan)
{
    switch (self->n_maps) {
    case 1:
        test_in_maps(self, 1, 0, self->n_watched, scan);
        break;
    case 2:
        test_in_maps(self, 2, 0, self->n_watched, scan);
        break;
    default:
        test_in_maps(self, SELECT_DIRECTIONS, 0, self->n_watched, scan);
    }
}

POLLSET__INLINE int textbook_collect(struct pollset *set,
                                     struct pollset_event *out, int max_events)
{
    struct select_set *self = (struct select_set *)set;
    if (self->n_hits == 0)
        return 0;
    if (!select_fits(self, max_events))
        return pollset__select_collect_in_turns(self, out, max_events);
    struct select_scan scan = {
        .out = out, .max_events = max_events, .n_hits = self->n_hits};
    test_each(self, &scan);
    return select_collected(self, &scan);
}

static int textbook_create(struct pollset *set)
{
    struct select_set *self = (struct select_set *)set;
    self->cover = textbook_cover;
    self->scan = textbook_scan;
    return 0;
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
    .summary = "the loop of the documentation: builds its bitmap for each "
               "call and tests every number",
    .events = SELECT_EVENTS,
    .wait_consumes = true,
    .set_size = sizeof(struct textbook_set),
    .probe = pollset__select_probe,
    .create = textbook_create,
    .destroy = pollset__select_destroy,
    .add = pollset__select_watch,
    .modify = pollset__select_watch,
    .remove = pollset__select_unwatch,
    .prepare = textbook_prepare,
    .wait = textbook_wait,
    .collect = textbook_collect,
    .poll = textbook_poll,
    .family = "select",
    .scans = "highest_fd",
    .own_fds = 0,
};
