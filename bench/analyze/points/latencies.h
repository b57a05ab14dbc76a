/* SPDX-License-Identifier: MIT */
/* Percentiles from the histograms of a row of samples.csv. */
#ifndef PA_LATENCIES_H
#define PA_LATENCIES_H

#include "metrics.h"
#include "problem.h"

#include <stddef.h>
#include <stdint.h>

struct pa_percentile {
    enum pb_metric metric;
    double ns;
};

#define PA_PERCENTILES_MOST 12

/* Read the column latencies of a row.
 *
 * calls        events that each histogram has to hold.
 * percentiles  receives those that have PB_BEYOND events beyond them: the
 *              middle of the bucket that holds the event of that rank.
 * Returns      how many, 0 for an empty text; or -1 with *problem set.
 */
int pa_latencies_read(struct pa_percentile percentiles[PA_PERCENTILES_MOST],
                      const char *text, int64_t calls,
                      struct pa_problem *problem);

#endif
