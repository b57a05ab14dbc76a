/* SPDX-License-Identifier: MIT */
/* Runs the invocations of a run one after the other, each in a process of its
 * own, and tells how far they are. */
#ifndef PB_RUN_H
#define PB_RUN_H

#include "disturbance.h"
#include "invocation.h"
#include "options.h"

struct pb_run {
    const struct pb_options *options;
    const struct pb_plan *plan;
    struct pb_farm farm; /* the numbers that farms have */
    int keep_sets;
    int64_t clock_cost_ns;
    int first_invocation; /* number of the first to run */
    int n_complete;       /* invocations done by an interrupted run */
    int samples_fd;
    int cpus[PB_CPUS_MOST], n_cpus;
    struct pb_shared *shared;
    int interrupted_by; /* out: a signal, or 0 */
    struct pb_disturbance disturbance;
    int64_t waited_ns; /* out: for neighbours to leave the cache alone */
    int n_added;       /* out: invocations beyond those planned */
};

/* Map what the processes share. Returns 0 or -ENOMEM. */
int pb_run_prepare(struct pb_run *run);
void pb_run_finish(struct pb_run *run);

/* Run all invocations that are not complete yet.
 *
 * Returns  0 when all of them ran, also if points failed (their rows say so)
 *          or a signal interrupted them (interrupted_by); else -errno, with
 *          shared->where saying what was being done.
 */
int pb_run_invocations(struct pb_run *run);

#endif
