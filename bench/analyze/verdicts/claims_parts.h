/* SPDX-License-Identifier: MIT */
/* What the files that test claims share. */
#ifndef PA_CLAIMS_PARTS_H
#define PA_CLAIMS_PARTS_H

#include "base_point.h"
#include "claims.h"

/* One with every number empty, that cannot tell. */
struct pa_finding pa_finding_none(void);

/* What its effect is in. */
void pa_finding_set_unit(struct pa_finding *finding, const char *unit);

/* Note the base point, range, margin and flags of a series; its variable is
 * emptied by the other. */
void pa_finding_describe(struct pa_finding *finding,
                         const struct pa_series *series,
                         const struct pa_claim *claim);
void pa_finding_blank(struct pa_finding *finding, enum pb_factor variable);

/* Too little data, and why. */
void pa_finding_too_little(struct pa_finding *finding,
                           const struct pa_claim *claim, const char *why);

/* The class of growth that a claim expects; PA_CLASSES: none. */
enum pa_class pa_claim_class(const struct pa_claim *claim);

/* Test a claim that names a class on the growth at its base point (NULL: there
 * is none), or whether the cost changes along the variable: at the base point
 * and, where the claim says each, at every such. Return 0, or -1 when there is
 * no memory. */
int pa_claim_test_class(struct pa_finding *finding,
                        const struct pa_claim *claim,
                        const struct pa_growth *growth);
int pa_claim_test_change(struct pa_finding *finding,
                         const struct pa_claim *claim, const struct pa_run *run,
                         const struct pa_growths *growths,
                         const struct pa_base *base);

#endif
