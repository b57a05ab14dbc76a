/* SPDX-License-Identifier: MIT */
/* From a claim's base point, in words, to a series or a point of the run. */
#ifndef PA_BASE_POINT_H
#define PA_BASE_POINT_H

#include "growths.h"

/* The words of claims.csv: a number, max, lowest, any, each (here as any), all;
 * "" for the variable itself. */
struct pa_base {
    const char *backend, *stage, *layout;
    const char *other; /* must have been measured at the same points; or "" */
    const char *highest_fd, *fd_count, *ready_count;
    const char *held;         /* name=value of other factors; "": of none */
    const struct pa_run *run; /* needed for that */
    enum pb_factor variable;  /* PB_N_FACTORS: none, a single point */
};

/* Whether a growth is at a base point that the words can mean. */
int pa_base_has(const struct pa_base *base, const struct pa_growth *growth);

/* The growth that the words mean, or NULL. */
const struct pa_growth *pa_base_growth(const struct pa_growths *growths,
                                       const struct pa_base *base);

/* Whether a word is one that claims.csv may hold. */
int pa_base_word_is_valid(const char *word);

/* The series that the words mean; contended points are left out. Empty if
 * there is none. With no variable: the one point, as a series of fd_count.
 */
void pa_base_series(struct pa_series *series, const struct pa_run *run,
                    const struct pa_base *base);

#endif
