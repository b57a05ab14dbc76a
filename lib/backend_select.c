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

static void cached_destroy(struct pollset *set)
{
    free(((struct cached_set *)set)->runs);
    pollset__select_destroy(set);
}

static int cached_add(struct pollset *set, int fd, uint32_t events)
{
    struct cached_set *self = (struct cached_set *)set;
    struct select_set *select = &self->select;
    size_t most_runs = words_of(fd + 1) / (MAX_GAP + 1) + 1;
    void *runs = self->runs;
    int error = pollset__grow(&runs, &self->n_runs_allocated, most_runs,
                              sizeof(*self->runs));
    self->runs = runs;
    if (!error)
        error = pollset__select_reserve(select, fd);
    if (error)
        return error;
    pollset__select_watch(select, fd, events);
    return 0;
}

static void cached_remove(struct pollset *set, int fd)
{
    pollset__select_unwatch((struct select_set *)set, fd);
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
        self->n_watched = (word + 1) * WORD_BITS - __builtin_clzl(any);
    }
}

POLLSET__COLD static void follow_changes(struct cached_set *self)
{
    struct select_set *select = &self->select;
    if (select->n_in_doubt || select->n_closed)
        pollset__select_doubt(select);
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
    if (select->n_closed > 0) {
        /* They may be anywhere. */
        self->runs[0] = (struct run){0, (int)words_of(select->scan_end)};
        self->n_runs = 1;
    }
}

POLLSET__INLINE int cached_prepare(struct pollset *set)
{
    struct cached_set *self = (struct cached_set *)set;
    struct select_set *select = &self->select;
    if (POLLSET__UNLIKELY(select->changed || select->n_in_doubt))
        follow_changes(self);
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

POLLSET__INLINE void scan_runs(const struct cached_set *self, int n_maps,
                               int begin, int end, struct scan *scan)
{
    for (int r = 0; r < self->n_runs && scan->n_hits > 0; r++) {
        int first = self->runs[r].begin * WORD_BITS;
        int last = self->runs[r].end * WORD_BITS;
        scan_words(&self->select, n_maps, first > begin ? first : begin,
                   last < end ? last : end, scan);
    }
}

/* More is ready than out has room for, or was so the last time: go round the
 * numbers from call to call, so that every ready fd has its turn. */
POLLSET__COLD static int collect_in_turns(struct cached_set *self,
                                          struct pollset_event *out,
                                          int max_events)
{
    struct select_set *select = &self->select;
    struct scan scan = {
        .out = out, .max_events = max_events, .n_hits = select->n_hits};
    int begin = select->cursor < select->scan_end ? select->cursor : 0;
    scan_runs(self, select->n_maps, begin, select->scan_end, &scan);
    scan_runs(self, select->n_maps, 0, begin, &scan);
    select->cursor = scan.n_hits > 0 ? scan.next : 0;
    return scan.n;
}

POLLSET__INLINE int cached_collect(struct pollset *set,
                                   struct pollset_event *out, int max_events)
{
    struct cached_set *self = (struct cached_set *)set;
    struct select_set *select = &self->select;
    if (select->n_hits == 0)
        return 0;
    if (POLLSET__UNLIKELY(select->n_hits > max_events || select->cursor))
        return collect_in_turns(self, out, max_events);
    struct scan scan = {
        .out = out, .max_events = max_events, .n_hits = select->n_hits};
    if (POLLSET__LIKELY(select->n_maps == 1))
        scan_runs(self, 1, 0, select->scan_end, &scan);
    else
        scan_runs(self, select->n_maps, 0, select->scan_end, &scan);
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
    .destroy = cached_destroy,
    .add = cached_add,
    .modify = pollset__select_modify,
    .remove = cached_remove,
    .prepare = cached_prepare,
    .wait = cached_wait,
    .collect = cached_collect,
    .poll = cached_poll,
    .family = "select",
    .scans = "highest_fd",
    .own_fds = 0,
};
