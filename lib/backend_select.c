/* SPDX-License-Identifier: MIT */
/* select(2) as a careful program uses it: the bitmaps are kept from call to
 * call, prepare only copies them, and collect looks at whole words and stops
 * when all that the kernel counted has been found. Both keep to the words that
 * have fds in them; the others are zero before and after the call. */
#include "select_common.h"

#include <stdlib.h>
#include <string.h>

/* Words from begin up to end, which have fds, but for gaps of at most
 * MAX_GAP words: to begin another run costs more than to pass over that. */
struct run {
    int begin;
    int end;
};

enum { MAX_GAP = 16 };

/* A select_set whose master bitmaps hold what the kernel is to see. */
struct cached_set {
    struct select_set select;
    int n_fds[SELECT_DIRECTIONS]; /* bits set in each master */
    int n_watched;                /* no master has a bit at or after this one */
    struct run *runs;             /* as of the last prepare, ascending */
    size_t n_runs_allocated;
    int n_runs;
};

/* Room for fd in the bitmaps and for the runs that they may have. */
static int reserve(struct cached_set *self, int fd)
{
    size_t most_runs = words_of(fd + 1) / (MAX_GAP + 1) + 1;
    void *runs = self->runs;
    int error = pollset__grow(&runs, &self->n_runs_allocated, most_runs,
                              sizeof(*self->runs));
    self->runs = runs;
    return error ? error : pollset__select_reserve(&self->select, fd);
}

static int cached_cover(struct select_set *select, int fd, uint32_t events)
{
    struct cached_set *self = (struct cached_set *)select;
    int error = events ? reserve(self, fd) : 0;
    if (error || (unsigned)fd / WORD_BITS >= select->n_words)
        return error;
    const bool wanted[SELECT_DIRECTIONS] = {events & POLLIN, events & POLLOUT,
                                            events & POLLPRI};
    unsigned long bit = 1UL << (unsigned)fd % WORD_BITS;
    for (int d = 0; d < SELECT_DIRECTIONS; d++) {
        unsigned long *word = &select->master[d][(unsigned)fd / WORD_BITS];
        self->n_fds[d] += wanted[d] - !!(*word & bit);
        *word = wanted[d] ? *word | bit : *word & ~bit;
    }
    if (events && fd >= self->n_watched)
        self->n_watched = fd + 1;
    return 0;
}

/* Find the runs and the highest bit. This goes over all words, but only after
 * a change, and before a call that does so, too. */
static void find_runs(struct cached_set *self)
{
    unsigned long *const *master = self->select.master;
    int n_words = (int)words_of(self->n_watched);
    struct run *run = self->runs;
    self->n_watched = 0;
    self->n_runs = 0;
    for (int word = 0; word < n_words; word++) {
        unsigned long any = master[SELECT_READ][word] |
                            master[SELECT_WRITE][word] |
                            master[SELECT_EXCEPT][word];
        if (!any)
            continue;
        if (self->n_runs == 0 || word - run->end > MAX_GAP) {
            run = &self->runs[self->n_runs++];
            run->begin = word;
        }
        run->end = word + 1;
        self->n_watched = (word + 1) * (int)WORD_BITS - __builtin_clzl(any);
    }
}

POLLSET__COLD static int follow_changes(struct cached_set *self)
{
    struct select_set *select = &self->select;
    int error = pollset__select_doubt(select);
    if (error || !select->changed)
        return error;
    for (int r = 0; r < self->n_runs; r++) {
        const struct run *run = &self->runs[r];
        for (int d = 0; d < SELECT_DIRECTIONS; d++)
            memset(select->work[d] + run->begin, 0,
                   (size_t)(run->end - run->begin) * sizeof(unsigned long));
    }
    find_runs(self);
    bool has_fds[SELECT_DIRECTIONS];
    for (int d = 0; d < SELECT_DIRECTIONS; d++)
        has_fds[d] = self->n_fds[d] > 0;
    select_point(select, self->n_watched, has_fds);
    return 0;
}

POLLSET__INLINE int cached_prepare(struct pollset *set)
{
    struct cached_set *self = (struct cached_set *)set;
    struct select_set *select = &self->select;
    if (POLLSET__UNLIKELY(select->changed || select->n_in_doubt)) {
        int error = follow_changes(self);
        if (error)
            return error;
    }
    for (int d = 0; d < SELECT_DIRECTIONS; d++) {
        for (int r = 0; select->passed[d] && r < self->n_runs; r++) {
            const struct run *run = &self->runs[r];
            memcpy(select->work[d] + run->begin, select->master[d] + run->begin,
                   (size_t)(run->end - run->begin) * sizeof(unsigned long));
        }
    }
    return 0;
}

POLLSET__INLINE int cached_wait(struct pollset *set, int max_events,
                                int64_t timeout_ns)
{
    return select_wait(set, max_events, timeout_ns);
}

/* Report the fds from begin up to end that have a bit in one of the first
 * n_maps maps, until all are found or out is full. */
POLLSET__INLINE void scan_words(const struct select_set *self, int n_maps,
                                int begin, int end, struct select_scan *scan)
{
    const int word_bits = (int)WORD_BITS;
    unsigned long wanted = ~0UL << (unsigned)begin % WORD_BITS;
    for (int word = begin / word_bits; word * word_bits < end; word++) {
        unsigned long any = 0;
        for (int m = 0; m < n_maps; m++)
            any |= self->maps[m].bits[word];
        for (any &= wanted; any; any &= any - 1) {
            int fd = word * word_bits + __builtin_ctzl(any);
            if (fd >= end || scan->n == scan->max_events)
                return;
            uint32_t events =
                events_in(self, n_maps, (unsigned)fd, &scan->n_hits);
            report(self, scan, fd, events);
            if (scan->n_hits == 0)
                return;
        }
        wanted = ~0UL;
    }
}

POLLSET__INLINE void scan_runs(const struct cached_set *self, int n_maps,
                               int begin, int end, struct select_scan *scan)
{
    for (int r = 0; r < self->n_runs && scan->n_hits > 0; r++) {
        int first = self->runs[r].begin * (int)WORD_BITS;
        int last = self->runs[r].end * (int)WORD_BITS;
        scan_words(&self->select, n_maps, first > begin ? first : begin,
                   last < end ? last : end, scan);
    }
}

static void cached_scan(const struct select_set *select, int begin, int end,
                        struct select_scan *scan)
{
    scan_runs((const struct cached_set *)select, select->n_maps, begin, end,
              scan);
}

POLLSET__INLINE int cached_collect(struct pollset *set,
                                   struct pollset_event *out, int max_events)
{
    struct cached_set *self = (struct cached_set *)set;
    struct select_set *select = &self->select;
    if (select->n_hits == 0)
        return 0;
    if (!select_fits(select, max_events))
        return pollset__select_collect_in_turns(select, out, max_events);
    struct select_scan scan = {
        .out = out, .max_events = max_events, .n_hits = select->n_hits};
    if (POLLSET__LIKELY(select->n_maps == 1))
        scan_runs(self, 1, 0, select->n_watched, &scan);
    else
        scan_runs(self, select->n_maps, 0, select->n_watched, &scan);
    return select_collected(select, &scan);
}

static int cached_create(struct pollset *set)
{
    struct select_set *select = (struct select_set *)set;
    select->cover = cached_cover;
    select->scan = cached_scan;
    return 0;
}

static void cached_destroy(struct pollset *set)
{
    free(((struct cached_set *)set)->runs);
    pollset__select_destroy(set);
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
    .destroy = cached_destroy,
    .add = pollset__select_watch,
    .modify = pollset__select_watch,
    .remove = pollset__select_unwatch,
    .prepare = cached_prepare,
    .wait = cached_wait,
    .collect = cached_collect,
    .poll = cached_poll,
    .family = "select",
    .scans = "highest_fd",
    .own_fds = 0,
};
