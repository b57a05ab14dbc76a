/* SPDX-License-Identifier: MIT */
/* Times one batch. */
#ifndef PB_SAMPLER_H
#define PB_SAMPLER_H

#include <stdbool.h>
#include <stdint.h>

/* All is right, but others took part: as after a switch, the batch is kept, and
 * left out of estimates. */
enum { PB_DISTURBED = 1 };

/* Whose batch it is; the functions below know what is in it. */
struct pb_task;

/* What can be timed: all that the sampler knows of it. */
struct pb_timed {
    uint32_t calls; /* that make a batch; 0: to be calibrated */

    /* Calls that make a batch where the task decides: all that there is to do,
     * once. NULL: see calls. */
    uint32_t (*whole)(const struct pb_task *task);

    /* Read before and after the calls: what they add is the total of the batch.
     * -1: cannot be known here. NULL: the clock. */
    int64_t (*read)(void);

    /* Called after the calls, which count by themselves and may then return
     * PB_DISTURBED: the total of the batch. NULL: see read. */
    int64_t (*total)(const struct pb_task *task);

    /* Of those: how many calls it turned out to be. NULL: as many as asked. */
    uint32_t (*made)(const struct pb_task *task);

    /* Whether other threads do what there is to do, for whom this one waits;
     * NULL: none does. */
    bool (*hands_over)(const struct pb_task *task);

    /* Make room for what so many calls leave; NULL when they leave nothing.
     * 0 or -errno. */
    int (*reserve)(struct pb_task *task, uint32_t calls);

    /* Not part of the batch, before it, and again so long as it gets cheaper:
     * warm the caches and bring the task into the state run() starts from.
     * NULL: run() once. */
    int (*warm)(struct pb_task *task);

    /* Not part of the batch, before each call: then each is timed and checked
     * by itself, and they add up. NULL: they are timed as one. */
    int (*chill)(struct pb_task *task);

    /* The timed part: so many calls. Returns 0; -EDEADLK: others disturbed what
     * read() tells of, and it is to be repeated; or -errno. */
    int (*run)(struct pb_task *task, uint32_t calls);

    /* What run() has to do along with the calls, alone: timed just before it,
     * as the overhead of the batch. NULL when there is none. */
    int (*run_overhead)(struct pb_task *task, uint32_t calls);

    /* After run(): was each answer right? 0; -EBADMSG a wrong answer; -errno.
     * NULL when there is no answer. */
    int (*check)(struct pb_task *task, uint32_t calls);
};

struct pb_sample {
    uint32_t calls;
    int64_t batch_ns; /* or what read() told of */
    int64_t overhead_ns;
    long involuntary_switches; /* and stops, by a signal or a tracer */
    int cpu;                   /* it was on at the end; -1: not known */
    int error; /* 0: valid; -EBADMSG: a wrong answer; else -errno */
};

/* How many calls make a batch of at least target_ns, found by doubling.
 *
 * calls    receives the number, at least 1.
 * Returns  0 or the -errno of what is timed.
 */
int pb_calibrate(const struct pb_timed *timed, struct pb_task *task,
                 int64_t target_ns, uint32_t *calls);

/* One batch: calls that warm the caches, the overhead if there is one, the
 * timed calls, and the check of their answers. clock_cost_ns is what reading
 * the clock costs; it becomes part of the overhead. -1: the clock counts
 * instructions, and a batch of no calls tells exactly what is around them. */
struct pb_sample pb_sample_batch(const struct pb_timed *timed,
                                 struct pb_task *task, uint32_t calls,
                                 int64_t clock_cost_ns);

#endif
