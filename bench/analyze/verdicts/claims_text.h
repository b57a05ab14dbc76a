/* SPDX-License-Identifier: MIT */
/* The one sentence of each verdict. It is copied and pasted alone, so it says
 * what was tested and at which base point, what was found and how sure that is,
 * and what it would have taken to go the other way. */
#ifndef PA_CLAIMS_TEXT_H
#define PA_CLAIMS_TEXT_H

#include "claims.h"
#include "crossover.h"

/* Write the sentence into the finding, whose verdict and numbers are there.
 * Each returns 0, or -1 when there is no memory.
 *
 * n_each     at how many values of a factor it is so; 0: at this base point
 * tolerance  0.03: ratios within 3 % are no difference
 * expected   the place that the claim names; NAN if it names none */
int pa_claim_say_growth(struct pa_finding *finding,
                        const struct pa_claim *claim,
                        const struct pa_growth *growth, size_t n_each);
int pa_claim_say_ratio(struct pa_finding *finding, const struct pa_claim *claim,
                       double tolerance);
int pa_claim_say_crossover(struct pa_finding *finding,
                           const struct pa_claim *claim,
                           const struct pa_crossover *crossover,
                           double expected);

#endif
