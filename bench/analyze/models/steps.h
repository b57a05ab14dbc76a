/* SPDX-License-Identifier: MIT */
/* Finds the places where cost jumps, without being told where to look:
 * docs/method.md, "Steps". */
#ifndef PA_STEPS_H
#define PA_STEPS_H

#include "csv_write.h"
#include "growth_series.h"
#include "stats.h"

struct pa_step {
    struct pb_factors base; /* of the first point of the scan */
    enum pb_factor variable;
    int64_t before;          /* last scanned value below the jump */
    int64_t place;           /* first scanned value above it */
    struct pa_interval size; /* ns */
    double share;            /* of the cost just below */
    double chance;           /* of so high a step without one */
    size_t n_invocations;
    int is_edge;
    int is_minor;
};

struct pa_steps {
    size_t n_steps;
    struct pa_step *steps;
};

/* Look through one series (its columns of bits allowed for) for steps, and
 * append them to *steps, which must be initialised (zeroes will do). A series
 * of under PB_SCAN_POINTS has none. */
void pa_steps_scan(struct pa_steps *steps,
                   const struct pa_growth_series *series);

/* All series of the cases that are shown as steps, within the range that these
 * look through. */
void pa_steps_find(struct pa_steps *steps, const struct pa_run *run);
void pa_steps_free(struct pa_steps *steps);

/* Whether it is one of these factors' backend, or of the head of its family, at
 * the same held factors. */
int pa_step_is_of(const struct pa_step *step, const struct pa_run *run,
                  const struct pb_factors *factors);

/* Write steps.csv. */
void pa_steps_write(struct pb_csv *csv, const struct pa_steps *steps,
                    const struct pa_run *run);

#endif
