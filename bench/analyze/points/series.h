/* SPDX-License-Identifier: MIT */
/* Points that differ in one factor only: what a line in a plot is. */
#ifndef PA_SERIES_H
#define PA_SERIES_H

#include "term.h"

struct pa_series {
    enum pb_factor variable;
    size_t n_points;
    const struct pa_point **points; /* ascending, no value twice */
};

/* Sort along the variable, so that there are no ties: then those in the fewest
 * words first, then those with most batches. */
void pa_points_sort(const struct pa_point **points, size_t n,
                    enum pb_factor variable);

/* The same; where a value occurs more than once, the first point is kept. */
void pa_series_sort(struct pa_series *series);

/* The usable points on the series along variable that point i lies on: same
 * sweep, backend, stage, layout and other factors; sorted. */
void pa_series_of_point(struct pa_series *series, const struct pa_run *run,
                        size_t i, enum pb_factor variable);

/* Whether point i is the first in the run of that series. */
int pa_series_starts(const struct pa_run *run, size_t i,
                     enum pb_factor variable);
void pa_series_free(struct pa_series *series);

/* Whether the backend's calls look through what this factor counts: those that
 * do up to the highest fd scan a bitmap. */
int pa_scans(const struct pa_run *run, const char *backend, const char *factor);

/* The variable at point i. */
double pa_series_x(const struct pa_series *series, size_t i);

/* Values of factors as claims.csv names them: "timeout=1000 ready_place=last".
 * Whether each part of such a text is name=value of a factor that there is. */
int pa_held_is_valid(const char *held);

/* Whether the factors have those values, or any where it says "each", and of
 * those that are held, but not named, what most points of the run have; but for
 * the one that varies, which may have any. */
int pa_held_matches(const struct pa_run *run, const char *held,
                    enum pb_factor varies, const struct pb_factors *factors);

/* The usable point that is like this one but for those values, or NULL. */
const struct pa_point *pa_held_partner(const struct pa_run *run,
                                       const struct pa_point *point,
                                       const char *held);

#endif
