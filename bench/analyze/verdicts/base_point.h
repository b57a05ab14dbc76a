/* SPDX-License-Identifier: MIT */
/* From a claim's base point, in words, to a series or a point of the run. The
 * words are a number, max, lowest, any, each (here as any), all; "" for the
 * variable itself. */
#ifndef PA_BASE_POINT_H
#define PA_BASE_POINT_H

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

/* Whether a growth is at a base point that the words can mean. */
int pa_base_has(const struct pa_trial *trial, const struct pa_growth *growth);

/* The growth that the words mean, or NULL. */
const struct pa_growth *pa_base_growth(const struct pa_trial *trial);

/* Whether a word is one that claims.csv may hold. */
int pa_base_word_is_valid(const char *word);

/* The series that the words mean; contended points are left out. Empty if
 * there is none. With no variable: the one point, as a series of fd_count.
 */
void pa_base_series(struct pa_series *series, const struct pa_trial *trial);

#endif
