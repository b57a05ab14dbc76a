/* SPDX-License-Identifier: MIT */
/* The one sentence of each verdict. It is copied and pasted alone, so it says
 * what was found, how sure that is, and at which base point. */
#ifndef PA_CLAIMS_TEXT_H
#define PA_CLAIMS_TEXT_H

#include "claims.h"
#include "crossover.h"

/* Add the sentence to the finding's text, which is empty; the numbers are those
 * of the finding.
 *
 * verb       "grows with", "does not depend on", ...
 * is_change  whether that says that the cost changes */
void pa_claim_say_slope(struct pa_finding *finding,
                        const struct pa_claim *claim, const char *verb,
                        int is_change);

/* What class was found, with the exponent and the change. */
void pa_claim_say_class(struct pa_finding *finding,
                        const struct pa_claim *claim,
                        const struct pa_growth *growth);

/* The class alone, after a sentence. */
void pa_claim_add_class(struct pa_finding *finding,
                        const struct pa_growth *growth);

/* That it is so at n base points, which differ in a factor. */
void pa_claim_say_each(struct pa_finding *finding, const char *factor,
                       size_t n);

/* tolerance: 0.03 if ratios within 3 % count as level. */
void pa_claim_say_ratio(struct pa_finding *finding,
                        const struct pa_claim *claim, double tolerance);

/* expected: the place that the claim names; NAN if it names none. */
void pa_claim_say_crossover(struct pa_finding *finding,
                            const struct pa_claim *claim,
                            const struct pa_crossover *crossover,
                            double expected);

#endif
