/* SPDX-License-Identifier: MIT */
/* Whether a row of samples.csv is of the run that host.csv tells of, and there
 * for the first time; whether all of them make one run. Small in memory and
 * fast: there may be millions. */
#ifndef PA_ORIGIN_H
#define PA_ORIGIN_H

#include "problem.h"
#include "row.h"
#include "table.h"

#include <stddef.h>
#include <stdint.h>

#define PA_SEQUENCES_MAX (1 << 28) /* in a round; far more than points */

PB_ROW(samples, PB_SAMPLES)

struct pa_run;

/* What host.csv says of the rows. */
struct pa_origin {
    int64_t seed; /* PA_NONE: not known yet */
    /* Each is below; NAN if host.csv does not say. */
    double invocations, rounds, sequences, fds, rows;
    size_t n_rows;        /* so far */
    void *seen;           /* which they were, as a tree */
    struct pa_seen *last; /* the part of it where the last one is */
};

void pa_origin_begin(struct pa_origin *origin, const struct pa_table *host);
void pa_origin_end(struct pa_origin *origin);

/* Check the next row, whose sequence is below PA_SEQUENCES_MAX, of the
 * invocation of that index. Returns 0, or -1 with *problem set: the row was
 * there before, or is not of this run. */
int pa_origin_check(struct pa_origin *origin, const struct pb_samples_row *row,
                    uint64_t invocation, struct pa_problem *problem);

/* Check that there were not fewer rows than there should be. */
int pa_origin_check_end(const struct pa_origin *origin,
                        struct pa_problem *problem);

/* Of a run that was read: check that each round visits a point once, what
 * batches it has of it following one another in sequence. path is that of
 * samples.csv. Returns 0, or -1 with *problem set, which names the row. */
int pa_visits_check(const struct pa_run *run, const char *path,
                    struct pa_problem *problem);

/* Whether the points of each case differ only in factors that the case says it
 * varies (occupied words apart, which follow from the others); what else
 * differs Golang's perf tools call the residue. Returns 0, or -1 with *problem
 * naming the factor, the case and two values. */
int pa_residue_check(const struct pa_run *run, struct pa_problem *problem);

#endif
