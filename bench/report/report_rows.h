/* SPDX-License-Identifier: MIT */
/* Rows of points.csv chosen for a figure: which, and in what order. */
#ifndef PA_REPORT_ROWS_H
#define PA_REPORT_ROWS_H

#include "run_tables.h"

#include <stddef.h>
#include <stdint.h>

/* Factors come first in points.csv, so that one is a column there. */
_Static_assert((int)POINTS_fd_kind == (int)PB_FACTOR_fd_kind,
               "points.csv begins with the factors");

struct pa_rows {
    size_t n_rows;
    const union pa_cell **rows; /* by backend, then by the case's axis */
};

/* Collect the rows of whole calls of a case that have an estimate and differ
 * in its axis and the backend alone; with that many fds watched, unless the
 * axis is that. What else varies is held: numbers at the least, texts at what
 * comes first, as plots/series.gp does. Free them with pa_rows_free(). */
void pa_rows_collect(struct pa_rows *rows, const struct pa_run_tables *run,
                     const struct pa_case *asked, int64_t fd_count);
void pa_rows_free(struct pa_rows *rows);

/* The distinct numbers of fds watched in such rows of a sweep, ascending, at
 * most max of them. Returns how many. */
size_t pa_rows_fd_counts(const struct pa_run_tables *run, const char *sweep,
                         int64_t *counts, size_t max);

#endif
