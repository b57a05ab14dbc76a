/* SPDX-License-Identifier: MIT */
/* What the wrapper library, loaded into a program, keeps in that program's own
 * memory: for each thread and each thing that it waits for, how often and how
 * long. pollbench advise reads it from there; there is no file. */
#ifndef PA_COUNTS_H
#define PA_COUNTS_H

#include <stdint.h>

/* The mapping is called so in /proc/PID/maps; another layout is another name.
 */
#define PA_COUNTS_NAME "pollbench-counts-1"

enum {
    PA_COUNTS_SLOTS = 64,
    PA_COUNTS_SET_BYTES = 1 << 18, /* of a copy: 32,768 fds of poll */
};

/* Of one thread, in one system call; of epoll, on one set. Only that thread
 * writes it. */
struct pa_counts_slot {
    int32_t tid;      /* 0: free */
    uint32_t version; /* odd while the copy is written */
    int64_t number;   /* of the system call */
    int64_t set;      /* of epoll: its descriptor; else -1 */

    uint64_t waits;
    uint64_t returned; /* fds that they reported, all together */
    uint64_t cpu_ns;   /* that the thread took in them, with a clock's cost */

    /* As the call has them, but of a copy of what it waited for last; 0: there
     * is none, since it is too large. */
    uint64_t arguments[4];
};

/* At the beginning of the mapping; behind it the copies, as many. */
struct pa_counts {
    uint32_t n_slots;  /* that were wanted so far: beyond all, none was there */
    uint32_t clock_ns; /* what reading the clock adds to each wait */
    struct pa_counts_slot slots[PA_COUNTS_SLOTS];
};

#endif
