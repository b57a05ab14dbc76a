/* SPDX-License-Identifier: MIT */
/* Rows of points.csv chosen for a figure: which, and in what order. */
#ifndef PA_REPORT_ROWS_H
#define PA_REPORT_ROWS_H

#include "report_run.h"

#include <stddef.h>
#include <stdint.h>

/* A column of factors and the value it must have; which fds there are decides
 * how near to an asked-for highest fd a point can be, so up to seven numbers
 * away it counts as the same. */
struct pa_fixed {
    int column; /* POINTS_fd_count, ... */
    int64_t value;
};

/* Rows of one sweep and stage in the layout that comes first, with an
 * estimate. */
struct pa_wanted {
    const char *sweep;
    const char *stage;
    struct pa_fixed fixed;
    int x_column; /* the factor that varies */
};

struct pa_rows {
    size_t n_rows;
    const union pa_cell **rows; /* by backend, then by the factor */
};

/* Collect them; free them with pa_rows_free(). */
void pa_rows_collect(struct pa_rows *rows, const struct pa_run_tables *run,
                     const struct pa_wanted *wanted);
void pa_rows_free(struct pa_rows *rows);

/* The distinct values of a column over the usable rows of a sweep's stage,
 * ascending, at most max of them. Returns how many. */
size_t pa_rows_values(const struct pa_run_tables *run, const char *sweep,
                      const char *stage, int column, int64_t *values,
                      size_t max);

#endif
