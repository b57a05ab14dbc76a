/* SPDX-License-Identifier: MIT */
/* Times one batch of one task. */
#ifndef PB_SAMPLER_H
#define PB_SAMPLER_H

#include "operation.h"

#include <stdint.h>

struct pb_sample {
    uint32_t calls;
    int64_t batch_ns;
    int64_t overhead_ns;
    long involuntary_switches;
    int error; /* 0: valid; -EBADMSG: a wrong answer; else -errno */
};

/* How many calls make a batch of at least target_ns, found by doubling.
 *
 * calls    receives the number, at least 1.
 * Returns  0 or the -errno of the operation.
 */
int pb_calibrate(struct pb_task *task, int64_t target_ns, uint32_t *calls);

/* One batch: calls that warm the caches, the overhead if there is one, the
 * timed calls, and the check of their answers. clock_cost_ns is what reading
 * the clock costs; it becomes part of the overhead. */
struct pb_sample pb_sample_batch(struct pb_task *task, uint32_t calls,
                                 int64_t clock_cost_ns);

#endif
