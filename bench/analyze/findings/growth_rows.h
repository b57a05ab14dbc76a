/* SPDX-License-Identifier: MIT */
/* The rows of growth.csv, and of slopes.csv beside them: which belong to what
 * a case asks, and what is said of one. Summary, figures and page quote these
 * numbers and no others for how a cost grows. */
#ifndef PA_GROWTH_ROWS_H
#define PA_GROWTH_ROWS_H

#include "phrase.h"
#include "run_tables.h"

#include <stdio.h>

/* Whether the row has points of the case, and is along what it varies: whole
 * calls along its axis, or stages along any factor. Only the fds of most
 * points; figures show those. */
int pa_growth_is_of(const struct pa_run_tables *run,
                    const struct pb_growth_row *row,
                    const struct pa_case *asked);

/* Whether the change over the range is one: the whole of its interval is beyond
 * what counts as nothing (PA_RISES, PA_FALLS), within it or O(1) (PA_SAME), or
 * neither (PA_UNSEEN). */
enum pa_outcome { PA_RISES_BY, PA_FALLS_BY, PA_SAME, PA_UNSEEN };
enum pa_outcome pa_growth_outcome(const struct pb_growth_row *row);

/* What counts as no change of that row, in ns. */
double pa_growth_margin_ns(const struct pb_growth_row *row);

/* Whether a row of slopes.csv is along the series of that of growth.csv. */
int pa_slope_is_of(const struct pb_slopes_row *other,
                   const struct pb_growth_row *row);

/* "50.5 [49.4, 51.6] ns per fd from 2 to 24, 54.4 [53.6, 55.2] ns from 64 to
 * 512", with before in front; nothing if no slope is other than 0. */
void pa_growth_slopes(FILE *out, const struct pa_run_tables *run,
                      const struct pb_growth_row *row, const char *before);

#endif
