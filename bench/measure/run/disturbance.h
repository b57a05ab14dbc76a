/* SPDX-License-Identifier: MIT */
/* What took a run's time away, or had it run elsewhere than it was put: facts
 * and warnings that name the cause. */
#ifndef PB_DISTURBANCE_H
#define PB_DISTURBANCE_H

#include "conditions.h"
#include "folder.h"
#include "quota.h"

struct pb_disturbance {
    struct pb_quota before; /* what had been taken before the first batch */
    int64_t start_ns;       /* by pb_now_ns(), then */
    int n_traced, n_looked; /* rounds with a tracer, of so many */
    const char *tracer;
    int n_stops; /* times that a measuring process was stopped */
    int n_moved; /* batches on another CPU than the one chosen */
    const char *scheduling, *rescheduled; /* at the start, and if it changed */
    char causes[160]; /* out: what took time from batches; "" when nothing */
};

/* Note what has been taken so far. */
void pb_disturbance_start(struct pb_disturbance *disturbance);

/* Add what came of it to host, counts together with those that the folder has
 * of earlier parts of the run, and tell of it; sets causes. */
void pb_disturbance_report(struct pb_disturbance *disturbance,
                           const struct pb_folder *folder, struct pb_csv *host,
                           pb_tell *tell);

#endif
