/* SPDX-License-Identifier: MIT */
/* What a backend is made of, and what the core keeps for all of them.
 * Internal: not installed. docs/adding-a-backend.md goes through it. */
#ifndef POLLSET_BACKEND_H
#define POLLSET_BACKEND_H

#include "pollset.h"

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define POLLSET__LIKELY(x)   __builtin_expect(!!(x), 1)
#define POLLSET__UNLIKELY(x) __builtin_expect(!!(x), 0)
#define POLLSET__COLD        __attribute__((cold, noinline))
#define POLLSET__INLINE      static inline __attribute__((always_inline))

/* What the core knows of one descriptor number. Zeroed: never registered. */
struct pollset_slot {
    void *cookie;        /* the caller's; handed back with each event */
    uint32_t generation; /* the backend's: tells this registration from older */
    int place;           /* where the fd is in the list of the registered */
    bool registered;
    bool in_doubt; /* the backend's: see select_common.h */
    bool closed;   /* likewise */
    bool armed;    /* likewise: see backend_io_uring.c */
};

/* The slots are in pages of so many neighbouring numbers, made when the first
 * of them is registered: a number alone costs a page and not what is below. */
#define POLLSET__PAGE_SLOTS 512u

/* The part of a set that every backend has. A backend's own structure begins
 * with one, so that a pointer to the one is a pointer to the other. */
struct pollset {
    const struct pollset_backend *backend;
    struct pollset_slot **pages; /* NULL where no fd was ever registered */
    size_t n_pages;              /* that pages has room for */

    /* The registered fds and what they are watched for, in any order: what
     * poll(2) takes. Room for n_allocated; a slot's place leads here. */
    struct pollfd *fds;
    size_t n_allocated;
    int n_fds; /* how many are registered */

    int descriptor; /* of its own, which the backend opens; or -1 */

    int (*stop)(void *); /* asked after each signal, or NULL */
    void *stop_arg;
    int n_stops; /* calls of stop that have not returned */
};

/* The slot of fd, which is or was registered. */
POLLSET__INLINE struct pollset_slot *pollset__slot(const struct pollset *set,
                                                   int fd)
{
    unsigned number = (unsigned)fd;
    return &set->pages[number / POLLSET__PAGE_SLOTS]
                      [number % POLLSET__PAGE_SLOTS];
}

/* Likewise of any number; NULL if there is none. */
POLLSET__INLINE struct pollset_slot *
pollset__find_slot(const struct pollset *set, unsigned number)
{
    size_t page = number / POLLSET__PAGE_SLOTS;
    if (page >= set->n_pages || !set->pages[page])
        return NULL;
    return &set->pages[page][number % POLLSET__PAGE_SLOTS];
}

/* One way to ask the kernel. All functions return 0 (or a count) or a negative
 * errno; none of them changes the set when it fails. The core has checked the
 * arguments: fd >= 0 has a slot, events are among those of the table,
 * max_events >= 1. */
struct pollset_backend {
    const char *summary; /* one line for lists: what it does */
    uint32_t events;     /* what it can report, hence be asked for */
    bool wait_consumes;  /* wait overwrites what prepare built */
    size_t set_size;     /* of its structure, which starts with the set */

    /* Try the system call once and undo it: 0, or why it cannot be used. */
    int (*probe)(void);

    /* Set up what is not zero; the core frees the structure itself. destroy
     * also gets sets whose create failed. NULL: nothing to do. */
    int (*create)(struct pollset *set);
    void (*destroy)(struct pollset *set);

    /* Start, change and stop watching one fd. The list of fds and the slot's
     * cookie, place and registered change after the call, in the core: add
     * puts the fd at its end, remove the last one in its place. remove cannot
     * fail. All forget what the last wait found. */
    int (*add)(struct pollset *set, int fd, uint32_t events);
    int (*modify)(struct pollset *set, int fd, uint32_t events);
    void (*remove)(struct pollset *set, int fd);

    /* The three stages of a poll, as pollset.h describes them. None of them
     * allocates. -EAGAIN from wait or collect: go through all three again. */
    int (*prepare)(struct pollset *set); /* NULL: nothing to build */
    int (*wait)(struct pollset *set, int max_events, int64_t timeout_ns);
    int (*collect)(struct pollset *set, struct pollset_event *out,
                   int max_events);

    /* The three in a row for timeout_ns <= 0, tried again after signals, by
     * pollset__stages(): one indirect call a poll. */
    int (*poll)(struct pollset *set, struct pollset_event *out, int max_events,
                int64_t timeout_ns);

    /* What else is known of it, as in struct pollset_backend_info. */
    const char *family;
    const char *scans;
    int own_fds;
    const char *trigger; /* NULL: "level" */
    int opt_in;

    /* The backend's own: bits that go to the kernel with each registration. */
    uint32_t extra_events;
};

/* In the core: what a poll with timeout_ns <= 0 whose first try ended with an
 * error does next. */
POLLSET__COLD int pollset__poll_again(struct pollset *set,
                                      struct pollset_event *out, int max_events,
                                      int64_t timeout_ns, int error);

/* A poll from its stages, for timeout_ns <= 0. They are constants where this
 * is used, so that the compiler can inline all of them; and nothing is left to
 * do after it but to return, since each return costs (see kernel_call.h). */
POLLSET__INLINE int pollset__stages(const struct pollset_backend *stages,
                                    struct pollset *set,
                                    struct pollset_event *out, int max_events,
                                    int64_t timeout_ns)
{
    int n = stages->prepare ? stages->prepare(set) : 0;
    if (POLLSET__LIKELY(n == 0))
        n = stages->wait(set, max_events, timeout_ns);
    if (POLLSET__LIKELY(n > 0))
        n = stages->collect(set, out, max_events);
    if (POLLSET__UNLIKELY(n < 0))
        return pollset__poll_again(set, out, max_events, timeout_ns, n);
    return n;
}

/* timeout_ns in whole milliseconds, as poll(2) and epoll_wait(2) take them:
 * rounded up, -1 for ever. What does not fit is cut to INT_MAX ms; the core
 * waits again until its deadline has passed. */
static inline int pollset__timeout_ms(int64_t timeout_ns)
{
    if (timeout_ns <= 0)
        return timeout_ns < 0 ? -1 : 0;
    int64_t timeout_ms = (timeout_ns - 1) / 1000000 + 1;
    return timeout_ms < INT_MAX ? (int)timeout_ms : INT_MAX;
}

/* Room for n items in an array of capacity items of item_size bytes: moved to
 * a longer one when it is full, with zeros behind the old items.
 *
 * Returns  0, or -ENOMEM; then array and capacity are as they were.
 */
int pollset__grow(void **array, size_t *capacity, size_t n, size_t item_size);

#endif
