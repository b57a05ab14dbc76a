/* SPDX-License-Identifier: MIT */
/* What the files that test claims share. */
#ifndef PA_CLAIMS_PARTS_H
#define PA_CLAIMS_PARTS_H

#include "claims.h"
#include "pairs.h"

/* A claim, what it is tested on, and along which factor; PB_N_FACTORS: along
 * none, at a single point. */
struct pa_trial {
    const struct pa_claim *claim;
    const struct pa_run *run;
    const struct pa_growths *growths;
    enum pb_factor variable;
};

/* Whether the claim expects one of these words. */
int pa_claim_expects(const struct pa_claim *claim, const char *words);

/* The class of growth that it expects; PA_CLASSES: none. */
enum pa_class pa_claim_class(const struct pa_claim *claim);

/* One that holds what the claim says, and cannot tell. */
struct pa_finding pa_finding_of(const struct pa_trial *trial);

/* Note the base point, empty for the variable, what a call costs there and what
 * is no difference from that; and what was seen. */
void pa_finding_set_base(struct pa_finding *finding,
                         const struct pb_factors *base, enum pb_factor variable,
                         double base_ns);
void pa_finding_set_effect(struct pa_finding *finding,
                           struct pa_interval effect, const char *unit);

/* Too little data, and why. */
void pa_finding_too_little(struct pa_finding *finding, const char *why);

/* Test a claim that names a class, or says whether the cost changes along the
 * variable: on the growth at its base point and, where such a one says each, at
 * every such. */
void pa_claim_test_growth(struct pa_finding *finding,
                          const struct pa_trial *trial);

/* base_point.c: from a claim's base point, in words, to a series or a point of
 * the run. The words are a number, max, lowest, any, each (here as any), all;
 * "" for the variable itself. Whether a growth is at a base point that the
 * words can mean. */
int pa_base_has(const struct pa_trial *trial, const struct pa_growth *growth);

/* The growth that the words mean, or NULL. */
const struct pa_growth *pa_base_growth(const struct pa_trial *trial);

/* Whether a word is one that claims.csv may hold. */
int pa_base_word_is_valid(const char *word);

/* The series that the words mean; contended points are left out. Empty if
 * there is none. With no variable: the one point, as a series of fd_count.
 */
void pa_base_series(struct pa_series *series, const struct pa_trial *trial);

/* claims_text.c: the one sentence of each verdict. It is copied and pasted
 * alone, so it says what was tested and at which base point, what was found and
 * how sure that is, and what it would have taken to go the other way: written
 * into the finding, whose verdict and numbers are there; of a growth, or of a
 * crossover, or else NULL. What is too long is cut. */
void pa_claim_say(struct pa_finding *finding, const struct pa_growth *growth,
                  const struct pb_crossovers_row *crossover);

#endif
