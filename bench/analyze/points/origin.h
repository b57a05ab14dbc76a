/* SPDX-License-Identifier: MIT */
/* Whether a row of samples.csv is of the run that host.csv tells of, and there
 * for the first time; whether all of them make one run. Small in memory and
 * fast: there may be millions. */
#ifndef PA_ORIGIN_H
#define PA_ORIGIN_H

#include "problem.h"

#include <stddef.h>
#include <stdint.h>

#define PA_SEQUENCES_MAX (1 << 28) /* in a round; far more than points */

struct pa_host;
struct pa_run;

/* Sets of numbers: 64 of them are one bit each beside the key they share. */
struct pa_seen {
    struct pa_seen_slot *slots; /* hash table; without bits it is free */
    size_t n_slots;
    size_t n_used;
};

/* What host.csv says of the rows. */
struct pa_origin {
    int64_t seed; /* PA_NONE: not known yet */
    /* Each is below; NAN if host.csv does not say. */
    double invocations, rounds, sequences, fds, rows;
    struct pa_seen seen; /* rows so far */
};

/* When a batch was made. */
struct pa_occasion {
    int64_t invocation, round;
    int64_t sequence;   /* below PA_SEQUENCES_MAX */
    int64_t highest_fd; /* of its point */
    int64_t seed;       /* below 0: the row does not say */
    size_t invocation_index;
    size_t n_before; /* rows before this one */
};

void pa_origin_begin(struct pa_origin *origin, const struct pa_host *host);
void pa_origin_end(struct pa_origin *origin);

/* Check the next row. Returns 0, or -1 with *problem set: the row was there
 * before, or is not of this run. */
int pa_origin_check(struct pa_origin *origin,
                    const struct pa_occasion *occasion,
                    struct pa_problem *problem);

/* Check that the n_rows there were are not fewer than there should be. */
int pa_origin_check_end(const struct pa_origin *origin, size_t n_rows,
                        struct pa_problem *problem);

/* Of a run that was read: check that each round visits a point once, what
 * batches it has of it following one another in sequence. path is that of
 * samples.csv. Returns 0, or -1 with *problem set, which names the row. */
int pa_visits_check(struct pa_run *run, const char *path,
                    struct pa_problem *problem);

/* Whether the points of each case differ only in factors that the case says it
 * varies (occupied words apart, which follow from the others); what else
 * differs Golang's perf tools call the residue. Returns 0, or -1 with *problem
 * naming the factor, the case and two values. */
int pa_residue_check(const struct pa_run *run, struct pa_problem *problem);

#endif
