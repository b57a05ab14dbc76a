/* SPDX-License-Identifier: MIT */
#include "series.h"

#include "need.h"
#include "points.h"

#include <stdlib.h>
#include <string.h>

int pa_along(const struct pa_point *a, const struct pa_point *b,
             enum pb_factor variable)
{
    int64_t gap = pb_factor_number(&a->factors, variable) -
                  pb_factor_number(&b->factors, variable);

    if (!gap)
        gap = a->factors.occupied_words - b->factors.occupied_words;
    return (gap > 0) - (gap < 0);
}

static int compare(const void *a, const void *b, void *context)
{
    const struct pa_point *left = *(const struct pa_point *const *)a;
    const struct pa_point *right = *(const struct pa_point *const *)b;
    int order = pa_along(left, right, *(const enum pb_factor *)context);

    if (!order)
        order = (left->n_batches < right->n_batches) -
                (left->n_batches > right->n_batches);
    return order ? order : pb_factors_order(&left->factors, &right->factors);
}

void pa_series_sort(struct pa_series *series)
{
    size_t n = 0;

    qsort_r(series->points, series->n_points, sizeof *series->points, compare,
            &series->variable);
    for (size_t i = 0; i < series->n_points; i++) {
        series->points[n] = series->points[i];
        n += n == 0 || pa_series_x(series, n - 1) < pa_series_x(series, n);
    }
    series->n_points = n;
}

int pa_is_bitmap(const struct pa_run *run, const char *backend)
{
    const struct pa_backend *known = pa_backend_of(&run->backends, backend);
    return known && strcmp(known->scans, "highest_fd") == 0;
}

static int is_on(const struct pa_run *run, size_t i, size_t j,
                 enum pb_factor variable)
{
    return !(pa_points_differ(&run->points[i], &run->points[j]) &
             ~(1u << variable));
}

void pa_series_of_point(struct pa_series *series, const struct pa_run *run,
                        size_t i, enum pb_factor variable)
{
    *series = (struct pa_series){
        .variable = variable,
        .points = pa_room(run->n_points, sizeof *series->points)};
    for (size_t j = 0; j < run->n_points; j++)
        if (is_on(run, i, j, variable) && pa_point_is_usable(&run->points[j]))
            series->points[series->n_points++] = &run->points[j];
    pa_series_sort(series);
}

int pa_series_starts(const struct pa_run *run, size_t i,
                     enum pb_factor variable)
{
    size_t j = 0;

    while (j < i && !is_on(run, i, j, variable))
        j++;
    return j == i;
}

void pa_series_free(struct pa_series *series)
{
    free(series->points);
    *series = (struct pa_series){0};
}

double pa_series_x(const struct pa_series *series, size_t i)
{
    return (double)pb_factor_number(&series->points[i]->factors,
                                    series->variable);
}
