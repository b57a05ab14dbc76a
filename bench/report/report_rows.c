/* SPDX-License-Identifier: MIT */
#include "report_rows.h"

#include "report_doc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int is_usable(const union pa_cell *row, const char *sweep,
                     const char *stage)
{
    return strcmp(row[POINTS_sweep].text, sweep) == 0 &&
           strcmp(row[POINTS_stage].text, stage) == 0 &&
           row[POINTS_estimate_ns].real > 0;
}

static int has_value(const union pa_cell *row, const struct pa_fixed *fixed)
{
    int64_t leeway = fixed->column == POINTS_highest_fd ? 7 : 0;

    return llabs(row[fixed->column].integer - fixed->value) <= leeway;
}

static int matches(const union pa_cell *row, const struct pa_wanted *wanted,
                   const char *layout)
{
    return is_usable(row, wanted->sweep, wanted->stage) &&
           strcmp(row[POINTS_layout].text, layout) == 0 &&
           has_value(row, &wanted->fixed);
}

struct order {
    const struct pa_backend_list *backends;
    int column;
};

static int by_backend_and_factor(const void *a, const void *b, void *context)
{
    const union pa_cell *first = *(const union pa_cell *const *)a;
    const union pa_cell *second = *(const union pa_cell *const *)b;
    const struct order *order = context;
    int column = order->column;
    size_t place =
        pa_backend_place(order->backends, first[POINTS_backend].text);
    size_t other =
        pa_backend_place(order->backends, second[POINTS_backend].text);
    int names = strcmp(first[POINTS_backend].text, second[POINTS_backend].text);

    if (place != other)
        return place < other ? -1 : 1;
    if (names)
        return names;
    return (first[column].integer > second[column].integer) -
           (first[column].integer < second[column].integer);
}

void pa_rows_collect(struct pa_rows *rows, const struct pa_run_tables *run,
                     const struct pa_wanted *wanted)
{
    size_t n = pa_run_rows(run, PA_POINTS);
    const char *layout = NULL;
    struct order order = {&run->backends, wanted->x_column};

    *rows = (struct pa_rows){0};
    rows->rows = pa_need(calloc(n + 1, sizeof *rows->rows));
    for (size_t i = 0; i < n; i++) {
        const union pa_cell *row = pa_run_row(run, PA_POINTS, i);
        if (!layout && is_usable(row, wanted->sweep, wanted->stage))
            layout = row[POINTS_layout].text;
        if (layout && matches(row, wanted, layout))
            rows->rows[rows->n_rows++] = row;
    }
    qsort_r(rows->rows, rows->n_rows, sizeof *rows->rows, by_backend_and_factor,
            &order);
}

void pa_rows_free(struct pa_rows *rows)
{
    free(rows->rows);
    *rows = (struct pa_rows){0};
}

/* Put value in its place among n ascending ones, unless it is there; the
 * largest falls off when there are max. */
static size_t insert(int64_t *values, size_t n, size_t max, int64_t value)
{
    size_t place = 0;

    while (place < n && values[place] < value)
        place++;
    if (place == max || (place < n && values[place] == value))
        return n;
    size_t n_after = n - place - (n == max);
    memmove(values + place + 1, values + place, n_after * sizeof *values);
    values[place] = value;
    return n == max ? n : n + 1;
}

size_t pa_rows_values(const struct pa_run_tables *run, const char *sweep,
                      const char *stage, int column, int64_t *values,
                      size_t max)
{
    size_t n_values = 0;

    for (size_t i = 0; i < pa_run_rows(run, PA_POINTS); i++) {
        const union pa_cell *row = pa_run_row(run, PA_POINTS, i);
        if (is_usable(row, sweep, stage))
            n_values = insert(values, n_values, max, row[column].integer);
    }
    return n_values;
}
