/* SPDX-License-Identifier: MIT */
#include "series.h"

#include "need.h"
#include "points.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int compare(const void *a, const void *b, void *context)
{
    const struct pa_point *left = *(const struct pa_point *const *)a;
    const struct pa_point *right = *(const struct pa_point *const *)b;
    enum pb_factor variable = *(const enum pb_factor *)context;
    int64_t gaps[] = {pb_factor_number(&left->factors, variable) -
                          pb_factor_number(&right->factors, variable),
                      left->factors.occupied_words -
                          right->factors.occupied_words,
                      (int64_t)right->n_batches - (int64_t)left->n_batches};

    for (size_t i = 0; i < PA_ARRAY_SIZE(gaps); i++)
        if (gaps[i])
            return gaps[i] > 0 ? 1 : -1;
    return pb_factors_order(&left->factors, &right->factors);
}

void pa_points_sort(const struct pa_point **points, size_t n,
                    enum pb_factor variable)
{
    qsort_r(points, n, sizeof *points, compare, &variable);
}

void pa_series_sort(struct pa_series *series)
{
    size_t n = 0;

    pa_points_sort(series->points, series->n_points, series->variable);
    for (size_t i = 0; i < series->n_points; i++) {
        series->points[n] = series->points[i];
        n += n == 0 || pa_series_x(series, n - 1) < pa_series_x(series, n);
    }
    series->n_points = n;
}

int pa_scans(const struct pa_run *run, const char *backend, const char *factor)
{
    const struct pa_backend *known = pa_backend_of(&run->backends, backend);
    return known && strcmp(known->scans, factor) == 0;
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

/* --- values that are named ------------------------------------------------ */

/* The next name=value of the text, whose place it moves on; PB_N_FACTORS: there
 * is none, or one that is no factor, and then *text is not at its end. */
static enum pb_factor next_held(const char **text, char value[64])
{
    char name[64];
    int n_read = 0;

    if (sscanf(*text, " %63[^= ]=%63s%n", name, value, &n_read) < 2)
        return PB_N_FACTORS;
    enum pb_factor factor = pb_factor_of(name);
    *text += factor == PB_N_FACTORS ? 0 : n_read;
    return factor;
}

int pa_held_is_valid(const char *held)
{
    char value[64];

    while (next_held(&held, value) != PB_N_FACTORS)
        ;
    return held[strspn(held, " ")] == '\0';
}

/* Whether all that is named has its value; in *named what that is. */
static int has_values(const struct pb_factors *factors, const char *held,
                      unsigned *named)
{
    enum pb_factor factor;
    char value[64];

    *named = 0;
    while ((factor = next_held(&held, value)) != PB_N_FACTORS) {
        const char *text = pb_factor_text(factors, factor);
        *named |= 1u << factor;
        if (strcmp(value, "each") != 0 &&
            (text ? strcmp(text, value) != 0
                  : pb_factor_number(factors, factor) != pa_count_of(value)))
            return 0;
    }
    return 1;
}

int pa_held_matches(const struct pa_run *run, const char *held,
                    enum pb_factor varies, const struct pb_factors *factors)
{
    unsigned named;

    if (!has_values(factors, held, &named))
        return 0;
    if (varies != PB_N_FACTORS)
        named |= 1u << varies;
    return !run->usual || !(pb_factors_differ(factors, run->usual) &
                            pb_factors_with(PB_HELD) & ~named);
}

const struct pa_point *pa_held_partner(const struct pa_run *run,
                                       const struct pa_point *point,
                                       const char *held)
{
    unsigned named;

    for (size_t i = 0; i < run->n_points; i++)
        if (has_values(&run->points[i].factors, held, &named) &&
            !(pa_points_differ(point, &run->points[i]) & ~named) &&
            pa_point_is_usable(&run->points[i]))
            return &run->points[i];
    return NULL;
}
