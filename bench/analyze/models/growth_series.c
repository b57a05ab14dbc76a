/* SPDX-License-Identifier: MIT */
#include "growth_series.h"

#include "need.h"
#include "points.h"
#include "rules.h"
#include "steps.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

double pa_growth_most(const struct pa_run *run, enum pb_factor variable)
{
    return variable == PB_FACTOR_fd_count && pa_is_timed(run)
               ? pa_cache_knee_fds(&run->host) * PB_CLASS_KNEE_SHARE
               : INFINITY;
}

int pa_growth_agrees(const struct pb_factors *a, const struct pb_factors *b,
                     enum pb_factor variable)
{
    unsigned follows =
        variable == PB_FACTOR_fd_count ? PB_BIT(occupied_words) : 0;

    return !(pa_factors_apart(a, b) & ~(1u << variable) & ~follows &
             ~pb_factors_with(PB_ASKED));
}

static int64_t value_of(const struct pa_point *point, enum pb_factor variable)
{
    return pb_factor_number(&point->factors, variable);
}

/* The usable points that agree, sorted; in *n their number. To be freed. */
static const struct pa_point **collect(struct pa_growth_series *series,
                                       const struct pa_run *run, size_t *n)
{
    const struct pa_point **points = pa_room(run->n_points, sizeof *points);

    *n = 0;
    for (size_t i = 0; i < run->n_points; i++) {
        const struct pa_point *point = &run->points[i];
        if (!pa_growth_agrees(&point->factors, &series->base,
                              series->variable) ||
            value_of(point, series->variable) < 1)
            continue;
        series->flags |= point->flags;
        if (pa_point_is_usable(point) && !(point->flags & PA_CONTENDED))
            points[(*n)++] = point;
        else
            series->n_left_out++;
    }
    pa_points_sort(points, *n, series->variable);
    return points;
}

/* Geometric mean of the costs of n points in invocation k, or of their
 * estimates for k = n_invocations; the least of counts, which need no more. NAN
 * where none was measured. */
static double pool(const struct pa_point *const *points, size_t n, size_t k,
                   size_t n_invocations)
{
    PA_FREED double *costs = pa_room(n, sizeof *costs);
    double least = INFINITY;

    for (size_t i = 0; i < n; i++) {
        double cost =
            k == n_invocations ? points[i]->estimate_ns : points[i]->cost_ns[k];
        costs[i] = cost > 0 ? cost : NAN;
        least = fmin(least, costs[i]);
    }
    return pb_metric_is_exact(points[0]->metric) && isfinite(least)
               ? least
               : pa_log_interval(costs, n).value;
}

/* Add one value, at which n points were measured; there is room for so many. */
static void add_value(struct pa_growth_series *series,
                      const struct pa_point *const *points, size_t n,
                      size_t room)
{
    size_t at = series->curve.n_points++;
    size_t n_invocations = series->curve.n_invocations;
    int64_t value = value_of(points[0], series->variable);
    double *costs = series->numbers + 2 * room + at * n_invocations;

    series->values[at] = value;
    series->numbers[at] =
        (double)(series->is_in_words ? value / PA_WORD_BITS + 1 : value);
    series->numbers[room + at] = pool(points, n, n_invocations, n_invocations);
    for (size_t k = 0; k < n_invocations; k++)
        costs[k] = pool(points, n, k, n_invocations);
}

static int is_step_of(const struct pa_step *step,
                      const struct pa_growth_series *series,
                      const struct pa_run *run)
{
    int is_of_call = strcmp(step->base.stage, series->base.stage) == 0 ||
                     strcmp(series->base.stage, "wait") == 0;

    return step->variable == series->variable && is_of_call &&
           pa_step_is_of(step, run, &series->base) &&
           series->values[0] < step->place &&
           series->values[series->curve.n_points - 1] >= step->place &&
           (double)step->place <= pa_growth_most(run, series->variable);
}

/* What is in each word is looked at bit by bit, the last ones for less. */
static void fill_columns(struct pa_growth_series *series)
{
    struct pa_curve *curve = &series->curve;

    curve->n_columns = series->n_bits + series->n_steps;
    free(series->columns);
    double *cell = pa_room(curve->n_points * curve->n_columns, sizeof *cell);
    curve->columns = series->columns = cell;
    for (size_t i = 0; i < curve->n_points; i++) {
        double bit = (double)(series->values[i] % PA_WORD_BITS) / PA_WORD_BITS;
        for (size_t j = 0; j < series->n_bits; j++)
            *cell++ = j ? bit * bit : bit;
        for (size_t j = 0; j < series->n_steps; j++)
            *cell++ = series->values[i] >= series->places[j];
    }
}

void pa_growth_series_add_steps(struct pa_growth_series *series,
                                const struct pa_run *run,
                                const struct pa_steps *steps)
{
    series->places = pa_room(steps->n_steps, sizeof *series->places);
    for (size_t j = 0; series->curve.n_points && j < steps->n_steps; j++)
        if (is_step_of(&steps->steps[j], series, run))
            series->places[series->n_steps++] = steps->steps[j].place;
    fill_columns(series);
}

void pa_growth_series_collect(struct pa_growth_series *series,
                              const struct pa_run *run,
                              const struct pb_factors *base,
                              enum pb_factor variable)
{
    int is_in_words = variable == PB_FACTOR_highest_fd &&
                      pa_scans(run, base->backend, "highest_fd");
    size_t n;

    *series = (struct pa_growth_series){
        .variable = variable,
        .base = *base,
        .is_in_words = is_in_words,
        .n_bits = is_in_words ? 2 : 0,
        .curve = {.n_invocations = run->n_invocations,
                  .is_exact = pb_metric_is_exact(pb_metric_of(base->metric))}};
    PA_FREED const struct pa_point **points = collect(series, run, &n);
    series->values = pa_room(n, sizeof *series->values);
    series->numbers =
        pa_room(n * (2 + run->n_invocations), sizeof *series->numbers);
    series->curve.x = series->numbers;
    series->curve.estimates = series->numbers + n;
    series->curve.costs = series->numbers + 2 * n;
    for (size_t i = 0, next; i < n; i = next) {
        int64_t value = value_of(points[i], variable);
        size_t n_alike = 0;
        /* Sets with more words than need be are another layout by the same
         * name. */
        for (next = i; next < n && value_of(points[next], variable) == value;
             next++)
            n_alike += points[next]->factors.occupied_words ==
                       points[i]->factors.occupied_words;
        add_value(series, points + i, n_alike, n);
    }
    fill_columns(series);
}

void pa_growth_series_free(struct pa_growth_series *series)
{
    free(series->values);
    free(series->numbers);
    free(series->places);
    free(series->columns);
    *series = (struct pa_growth_series){0};
}

struct pa_growth_series
pa_growth_series_between(const struct pa_growth_series *series, int64_t low,
                         int64_t high)
{
    struct pa_growth_series part = *series;
    size_t first = 0, end = series->curve.n_points;

    while (end > 0 && series->values[end - 1] > high)
        end--;
    while (first < end && series->values[first] < low)
        first++;
    part.curve = pa_curve_part(&series->curve, first, end - first);
    part.values += first;
    return part;
}
