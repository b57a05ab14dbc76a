/* SPDX-License-Identifier: MIT */
#include "series.h"

#include "need.h"
#include "points.h"
#include "rules.h"

#include <stdlib.h>
#include <string.h>

static int text_matches(const char *wanted, const char *text)
{
    return !wanted || strcmp(wanted, text) == 0;
}

/* Which of the numbers in a block are watched depends on N and R, so that M
 * differs a little between points that asked for the same. */
static int number_matches(int64_t wanted, int64_t number, int64_t block)
{
    return wanted == PA_ANY || wanted / block == number / block;
}

static int held_match(const struct pa_filter *filter,
                      const struct pa_point *point)
{
    return filter->held ? !(pb_factors_differ(filter->held, &point->factors) &
                            pb_factors_with(PB_HELD) & ~filter->released)
                        : !point->is_unusual;
}

int pa_filter_matches(const struct pa_filter *filter,
                      const struct pa_point *point)
{
    const struct pb_factors *factors = &point->factors;

    return text_matches(filter->sweep, factors->sweep) &&
           text_matches(filter->backend, factors->backend) &&
           text_matches(filter->stage, factors->stage) &&
           text_matches(filter->layout, factors->layout) &&
           number_matches(filter->highest_fd, factors->highest_fd,
                          PB_FD_BLOCK) &&
           number_matches(filter->fd_count, factors->fd_count, 1) &&
           number_matches(filter->ready_count, factors->ready_count, 1) &&
           (filter->occupied_words == 0 ||
            number_matches(filter->occupied_words, factors->occupied_words,
                           1)) &&
           held_match(filter, point);
}

static int compare(const void *a, const void *b, void *context)
{
    const struct pa_point *const *left = a;
    const struct pa_point *const *right = b;
    const enum pb_factor *variable = context;
    int64_t x = pb_factor_number(&(*left)->factors, *variable);
    int64_t y = pb_factor_number(&(*right)->factors, *variable);

    if (x == y) {
        x = (*left)->factors.occupied_words;
        y = (*right)->factors.occupied_words;
    }
    if (x != y)
        return x < y ? -1 : 1;
    if ((*left)->n_batches != (*right)->n_batches)
        return (*left)->n_batches > (*right)->n_batches ? -1 : 1;
    return pb_factors_order(&(*left)->factors, &(*right)->factors);
}

static void drop_repeated(struct pa_series *series)
{
    size_t n = 0;

    for (size_t i = 0; i < series->n_points; i++)
        if (n == 0 ||
            pb_factor_number(&series->points[n - 1]->factors,
                             series->variable) !=
                pb_factor_number(&series->points[i]->factors, series->variable))
            series->points[n++] = series->points[i];
    series->n_points = n;
}

void pa_series_sort(struct pa_series *series)
{
    qsort_r(series->points, series->n_points, sizeof *series->points, compare,
            &series->variable);
    drop_repeated(series);
}

/* Let points differ in the variable, whatever the filter asked of it. */
static void release(struct pa_filter *filter, const struct pa_run *run,
                    enum pb_factor variable)
{
    filter->released |= 1u << variable;
    if (pb_factor_infos[variable].role == PB_HELD && !filter->held)
        filter->held = run->usual;
    if (variable == PB_FACTOR_highest_fd)
        filter->highest_fd = PA_ANY;
    else if (variable == PB_FACTOR_fd_count)
        filter->fd_count = PA_ANY;
    else if (variable == PB_FACTOR_ready_count)
        filter->ready_count = PA_ANY;
}

int pa_is_bitmap(const struct pa_run *run, const char *backend)
{
    const struct pa_backend *known = pa_backend_of(&run->backends, backend);
    return known && strcmp(known->scans, "highest_fd") == 0;
}

void pa_series_collect(struct pa_series *series, const struct pa_run *run,
                       struct pa_filter filter, enum pb_factor variable)
{
    *series = (struct pa_series){
        .variable = variable,
        .points = pa_room(run->n_points, sizeof *series->points)};
    release(&filter, run, variable);
    for (size_t i = 0; i < run->n_points; i++)
        if (pa_filter_matches(&filter, &run->points[i]) &&
            pa_point_is_usable(&run->points[i]))
            series->points[series->n_points++] = &run->points[i];
    pa_series_sort(series);
}

static struct pa_filter filter_of(const struct pa_run *run, size_t i,
                                  enum pb_factor variable)
{
    const struct pb_factors *base = &run->points[i].factors;

    struct pa_filter filter = {.sweep = base->sweep,
                               .backend = base->backend,
                               .stage = base->stage,
                               .layout = base->layout,
                               .highest_fd = base->highest_fd,
                               .fd_count = base->fd_count,
                               .ready_count = base->ready_count,
                               .held = base};
    release(&filter, run, variable);
    return filter;
}

void pa_series_of_point(struct pa_series *series, const struct pa_run *run,
                        size_t i, enum pb_factor variable)
{
    pa_series_collect(series, run, filter_of(run, i, variable), variable);
}

int pa_series_starts(const struct pa_run *run, size_t i,
                     enum pb_factor variable)
{
    struct pa_filter filter = filter_of(run, i, variable);
    size_t j = 0;

    while (j < i && !pa_filter_matches(&filter, &run->points[j]))
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
