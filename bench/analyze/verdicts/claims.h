/* SPDX-License-Identifier: MIT */
/* What is said of a run's points and growths: docs/method.md, "Verdicts" and
 * "Crossovers". */
#ifndef PA_CLAIMS_H
#define PA_CLAIMS_H

#include "growths.h"

enum pa_verdict { PA_SUPPORTED, PA_REFUTED, PA_CANNOT_TELL };

/* One row of results/claims.csv. Texts belong to the table. */
struct pa_claim {
    PB_CLAIMS(PB_MEMBER)
};

struct pa_finding {
    const struct pa_claim *claim;
    int is_exact;             /* of counts, which have no interval */
    double expected;          /* a ratio, place or value; NAN: any place */
    double tolerance;         /* 0.03: within 3 % of that */
    size_t n_each;            /* base points that were tested */
    struct pb_claims_row row; /* but for the texts of what is below */
    enum pa_verdict verdict;
    char text[900]; /* one sentence that can stand alone */
    unsigned flags;
};

struct pa_claims {
    struct pa_table table;
    size_t n_claims;
    struct pa_claim *claims;
};

/* Read a file like results/claims.csv. Returns 0, or -1 with *problem set,
 * also where a row makes no sense. */
int pa_claims_read(struct pa_claims *claims, const char *path,
                   struct pa_problem *problem);
void pa_claims_free(struct pa_claims *claims);

/* Test one claim. Too little data is a finding (cannot tell), not an error.
 */
void pa_claim_test(struct pa_finding *finding, const struct pa_claim *claim,
                   const struct pa_run *run, const struct pa_growths *growths);

/* supported, refuted or cannot-tell. */
const char *pa_verdict_text(enum pa_verdict verdict);

/* Test all and write the run's claims.csv. */
void pa_claims_write(struct pb_csv *csv, const struct pa_claims *claims,
                     const struct pa_run *run,
                     const struct pa_growths *growths);

/* Where one backend becomes cheaper than another: compare backend (whose points
 * the series holds) with other, along the series, into a row of crossovers.csv.
 * Differences within PB_NOTHING_SHARE count as none. Returns whether there are
 * PB_LINE_POINTS in common. */
int pa_crossover_find(struct pb_crossovers_row *row, const struct pa_run *run,
                      const struct pa_series *series, const char *other);

/* Write crossovers.csv: every pair of backends along every series. */
void pa_crossovers_write(struct pb_csv *csv, const struct pa_run *run);

/* Read published (results/published.csv), figures that others have published,
 * and write them, brought to one unit beside this run's own, to
 * folder/history.csv. Returns 0, or -1 with *problem set. */
int pa_history_write(const struct pa_run *run, const struct pa_growths *growths,
                     const char *published, const char *folder,
                     struct pa_problem *problem);

/* The sentence on a run whose invocations differ as a whole
 * (pa_is_unsettled()), by how much, without an end; "" on another. A cause is
 * named only where its evidence, per invocation, explains PB_CAUSE_SHARE of how
 * the levels vary: two measurements of one invocation that a third thing
 * changed cannot be told from cause and effect, so the sentence says what went
 * with it. Points must have been estimated. To be freed. */
char *pa_unsettled_text(const struct pa_run *run);

#endif
