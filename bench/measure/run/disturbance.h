/* SPDX-License-Identifier: MIT */
/* What took a run's time away, or had it run elsewhere than it was put: facts
 * and warnings. Each says what was seen, and names a cause only where that is
 * its evidence. */
#ifndef PB_DISTURBANCE_H
#define PB_DISTURBANCE_H

#include "conditions.h"
#include "folder.h"
#include "invocation.h"
#include "quota.h"

struct pb_disturbance {
    struct pb_quota before; /* what had been taken before the first batch */
    int64_t start_ns;       /* by pb_now_ns(), then */
    int n_stops;            /* times that a measuring process was stopped */
    const struct pb_shared *shared; /* what its processes saw */
    const int *cpus;                /* of the run; n_cpus may be 0: not known */
    int n_cpus;
    char causes[160]; /* what is known to have taken time from batches */
};

/* Note what has been taken so far. */
void pb_disturbance_start(struct pb_disturbance *disturbance);

/* Add what came of it to host, counts together with those that the folder has
 * of earlier parts of the run, and tell of it. */
void pb_disturbance_report(struct pb_disturbance *disturbance,
                           const struct pb_folder *folder, struct pb_csv *host,
                           pb_tell *tell);

#endif
