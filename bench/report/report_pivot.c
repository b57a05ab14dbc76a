/* SPDX-License-Identifier: MIT */
#include "report_pivot.h"

#include <stdlib.h>
#include <string.h>

void pa_pivot_add(struct pa_pivot *pivot, struct pa_pivot_cell cell)
{
    size_t n = pivot->n_cells;

    if ((n & (n - 1)) == 0) /* full, as it always holds a power of two */
        pivot->cells = pa_need(
            realloc(pivot->cells, (n ? 2 * n : 1) * sizeof *pivot->cells));
    pivot->cells[pivot->n_cells++] = cell;
}

/* Whether cell i is the first of its row, or its column. */
static int is_first_row(const struct pa_pivot *pivot, size_t i)
{
    for (size_t j = 0; j < i; j++)
        if (strcmp(pivot->cells[j].row, pivot->cells[i].row) == 0)
            return 0;
    return 1;
}

static int is_first_column(const struct pa_pivot *pivot, size_t i)
{
    for (size_t j = 0; j < i; j++)
        if (strcmp(pivot->cells[j].column, pivot->cells[i].column) == 0)
            return 0;
    return 1;
}

static const char *text_at(const struct pa_pivot *pivot, const char *row,
                           const char *column)
{
    for (size_t i = 0; i < pivot->n_cells; i++)
        if (strcmp(pivot->cells[i].row, row) == 0 &&
            strcmp(pivot->cells[i].column, column) == 0)
            return pivot->cells[i].text;
    return "";
}

static void add_cell(struct pa_doc *doc, const char *text)
{
    pa_doc_cell(doc);
    pa_doc_text(doc, "%s", text);
}

static void add_row(struct pa_doc *doc, const struct pa_pivot *pivot,
                    const char *row)
{
    pa_doc_row(doc);
    add_cell(doc, row);
    for (size_t i = 0; i < pivot->n_cells; i++)
        if (is_first_column(pivot, i))
            add_cell(doc, text_at(pivot, row, pivot->cells[i].column));
}

void pa_pivot_show(struct pa_pivot *pivot, struct pa_doc *doc,
                   const char *corner)
{
    if (pivot->n_cells > 0) {
        pa_doc_open_table(doc, "lr");
        pa_doc_row(doc);
        add_cell(doc, corner);
        for (size_t i = 0; i < pivot->n_cells; i++)
            if (is_first_column(pivot, i))
                add_cell(doc, pivot->cells[i].column);
        for (size_t i = 0; i < pivot->n_cells; i++)
            if (is_first_row(pivot, i))
                add_row(doc, pivot, pivot->cells[i].row);
        pa_doc_close_table(doc);
    }
    for (size_t i = 0; i < pivot->n_cells; i++) {
        free(pivot->cells[i].row);
        free(pivot->cells[i].column);
        free(pivot->cells[i].text);
    }
    free(pivot->cells);
    *pivot = (struct pa_pivot){0};
}
