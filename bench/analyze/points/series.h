/* SPDX-License-Identifier: MIT */
/* Points that differ in one factor only: what a line in a plot is. */
#ifndef PA_SERIES_H
#define PA_SERIES_H

#include "term.h"

/* What the points of a series share; NULL and PA_ANY match everything, and
 * highest_fd every number of its block. Factors that are held are those of
 * held, or else those of most points of the run. */
struct pa_filter {
    const char *sweep;
    const char *backend;
    const char *stage;
    const char *layout;
    int64_t highest_fd;
    int64_t fd_count;
    int64_t ready_count;
    int64_t occupied_words; /* 0: any; so is PA_ANY */
    const struct pb_factors *held;
    unsigned released; /* sum of PB_BIT(): of what is held, these are not */
};

struct pa_series {
    enum pb_factor variable;
    size_t n_points;
    const struct pa_point **points; /* ascending, no value twice */
};

int pa_filter_matches(const struct pa_filter *filter,
                      const struct pa_point *point);

/* Sort the points along the series' variable. Where a value occurs more than
 * once, of the points in the fewest words the one with most batches is kept. */
void pa_series_sort(struct pa_series *series);

/* Collect the usable points that match, the variable itself being free, and
 * sort them. */
void pa_series_collect(struct pa_series *series, const struct pa_run *run,
                       struct pa_filter filter, enum pb_factor variable);

/* The series along variable that point i lies on: same sweep, backend, stage,
 * layout and other factors, those that are held among them. */
void pa_series_of_point(struct pa_series *series, const struct pa_run *run,
                        size_t i, enum pb_factor variable);

/* Whether point i is the first in the run of that series. */
int pa_series_starts(const struct pa_run *run, size_t i,
                     enum pb_factor variable);
void pa_series_free(struct pa_series *series);

/* Whether the backend's calls look through a bitmap up to the highest fd. */
int pa_is_bitmap(const struct pa_run *run, const char *backend);

/* The variable at point i. */
double pa_series_x(const struct pa_series *series, size_t i);

#endif
