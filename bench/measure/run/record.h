/* SPDX-License-Identifier: MIT */
/* Puts samples into samples.csv, a whole round at a time. */
#ifndef PB_RECORD_H
#define PB_RECORD_H

#include "csv_write.h"
#include "plan.h"
#include "sampler.h"

/* Where and when a sample was taken. */
struct pb_occasion {
    int invocation;
    int round;
    int sequence;
    int cpu;
    unsigned seed;         /* of the run */
    const char *latencies; /* of a sample that is valid; NULL: none */
};

/* Add the row of one sample; written at the next flush. */
void pb_record_sample(struct pb_csv *csv, const struct pb_plan *plan,
                      const struct pb_series *series,
                      const struct pb_occasion *occasion,
                      const struct pb_sample *sample);

/* What is measured of a series: as its operation says, but a call's cost as the
 * plan has it. */
enum pb_metric pb_record_metric(const struct pb_plan *plan,
                                const struct pb_series *series);

/* What tells the points of a series from others. */
struct pb_factors pb_record_factors(const struct pb_plan *plan,
                                    const struct pb_series *series);

/* The status column for an error: "ok", or why there is no measurement. */
const char *pb_record_status(int error);

#endif
