/* SPDX-License-Identifier: MIT */
#include "report_rows.h"

#include "report_doc.h"
#include "rules.h"

#include <stdlib.h>
#include <string.h>

static int is_usable(const union pa_cell *row, const char *sweep)
{
    return strcmp(row[POINTS_sweep].text, sweep) == 0 &&
           strcmp(row[POINTS_stage].text, "all") == 0 &&
           row[POINTS_estimate_ns].real > 0;
}

static int is_text(int factor)
{
    return pb_factor_infos[factor].type == PB_TEXT;
}

static int has_value(const union pa_cell *row, int factor,
                     const union pa_cell *as)
{
    /* Which fds there are decides how near to an asked-for number M can be. */
    int64_t leeway = factor == PB_FACTOR_highest_fd ? PB_FD_BLOCK - 1 : 0;

    return is_text(factor)
               ? strcmp(row[factor].text, as[factor].text) == 0
               : llabs(row[factor].integer - as[factor].integer) <= leeway;
}

/* The row whose value is kept. */
static const union pa_cell *first_of(const struct pa_rows *rows, int factor)
{
    const union pa_cell *first = rows->rows[0];

    for (size_t i = 1; i < rows->n_rows && !is_text(factor); i++)
        if (rows->rows[i][factor].integer < first[factor].integer)
            first = rows->rows[i];
    return first;
}

static void hold(struct pa_rows *rows, int factor)
{
    size_t n_kept = 0;

    if (rows->n_rows == 0)
        return;
    const union pa_cell *as = first_of(rows, factor);
    for (size_t i = 0; i < rows->n_rows; i++)
        if (has_value(rows->rows[i], factor, as))
            rows->rows[n_kept++] = rows->rows[i];
    rows->n_rows = n_kept;
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
                     const struct pa_case *asked, int64_t fd_count)
{
    /* These differ, or follow from what does. */
    unsigned free = PB_BIT(sweep) | PB_BIT(backend) | PB_BIT(stage) |
                    PB_BIT(occupied_words) | 1u << asked->axis;
    size_t n = pa_run_rows(run, PA_POINTS);
    struct order order = {&run->backends, asked->axis};

    *rows =
        (struct pa_rows){.rows = pa_need(calloc(n + 1, sizeof *rows->rows))};
    for (size_t i = 0; i < n; i++) {
        const union pa_cell *row = pa_run_row(run, PA_POINTS, i);
        if (is_usable(row, asked->sweep) &&
            (asked->axis == PB_FACTOR_fd_count ||
             row[POINTS_fd_count].integer == fd_count))
            rows->rows[rows->n_rows++] = row;
    }
    for (int factor = 0; factor < PB_N_FACTORS; factor++)
        if (!(free & 1u << factor))
            hold(rows, factor);
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

size_t pa_rows_fd_counts(const struct pa_run_tables *run, const char *sweep,
                         int64_t *counts, size_t max)
{
    size_t n_counts = 0;

    for (size_t i = 0; i < pa_run_rows(run, PA_POINTS); i++) {
        const union pa_cell *row = pa_run_row(run, PA_POINTS, i);
        if (is_usable(row, sweep))
            n_counts =
                insert(counts, n_counts, max, row[POINTS_fd_count].integer);
    }
    return n_counts;
}
