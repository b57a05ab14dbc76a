/* SPDX-License-Identifier: MIT */
/* A process beside the one that measures, on a CPU of its own or the same one:
 * a process, since a thread would share the descriptor table, and each look at
 * an fd would then cost more. */
#ifndef PB_PARTNER_H
#define PB_PARTNER_H

#include <stdatomic.h>
#include <stdint.h>
#include <sys/types.h>

/* In memory that both have. */
struct pb_partner {
    atomic_uint n_asked;    /* events that were asked for */
    atomic_uint n_made;     /* and those that were made */
    atomic_llong period_ns; /* of its schedule */
    pid_t pid;
    void *context; /* of work, in memory that both have */
};

/* Start one on a CPU that runs work(partner, fd) with that one descriptor, and
 * partner->context, and dies with this process.
 *
 * Returns  0, or -errno of mmap(2), fork(2) or, for the CPU,
 *          sched_setaffinity(2); then nothing was started.
 */
int pb_partner_start(struct pb_partner **partner, int cpu, int fd,
                     void (*work)(struct pb_partner *partner, int fd),
                     void *context);

/* End it. NULL is fine. */
void pb_partner_stop(struct pb_partner *partner);

/* Work: at each time of the schedule, look whether an event was asked for
 * before the time before, and write to the eventfd; so the one who asked has
 * had a whole period to fall asleep. Gives up when nothing was asked for in
 * PB_PARTNER_PATIENCE_NS. */
void pb_partner_write_when_asked(struct pb_partner *partner, int fd);

/* Ask for one more event. */
static inline void pb_partner_expect(struct pb_partner *partner)
{
    atomic_fetch_add_explicit(&partner->n_asked, 1, memory_order_relaxed);
}

#endif
