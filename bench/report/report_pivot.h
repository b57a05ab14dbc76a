/* SPDX-License-Identifier: MIT */
/* A table whose rows and columns are named by what is in them. */
#ifndef PA_REPORT_PIVOT_H
#define PA_REPORT_PIVOT_H

#include "report_doc.h"

struct pa_pivot_cell {
    char *row, *column, *text;
};

struct pa_pivot {
    size_t n_cells;
    struct pa_pivot_cell *cells;
};

/* Take a cell, whose texts it will free; one that is there already stays. */
void pa_pivot_add(struct pa_pivot *pivot, struct pa_pivot_cell cell);

/* Write the table, rows and columns in the order of their first cells, corner
 * above the names of the rows; nothing if there are no cells. Frees them. */
void pa_pivot_show(struct pa_pivot *pivot, struct pa_doc *doc,
                   const char *corner);

#endif
