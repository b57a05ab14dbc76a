/* SPDX-License-Identifier: MIT */
/* Which backend is cheaper over the grid of highest fd and fds watched, and
 * above how many fds that turns. */
#include "findings.h"

#include "crossover.h"
#include "finding_row.h"
#include "pairs.h"
#include "points.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Cost of first over second in one layout of the grid. */
struct comparison {
    const char *first, *second, *layout;
    size_t n_ratios;
    struct pa_interval smallest, largest;
    size_t n_crossings; /* over fd_count, by highest fd */
    double low, high;   /* of all their intervals */
    double from, to;    /* of their places */
};

static int is_in(const struct comparison *comparison,
                 const struct pa_point *point)
{
    const struct pb_factors *factors = &point->factors;

    return pa_point_is_shown_by(point, "ratios") &&
           strcmp(factors->stage, "all") == 0 &&
           strcmp(factors->layout, comparison->layout) == 0 &&
           strcmp(factors->backend, comparison->first) == 0;
}

static void take_ratio(struct comparison *comparison, struct pa_interval logs)
{
    struct pa_interval ratio = pa_exp_interval(logs);

    if (isnan(ratio.value))
        return;
    if (comparison->n_ratios == 0 || ratio.value < comparison->smallest.value)
        comparison->smallest = ratio;
    if (comparison->n_ratios == 0 || ratio.value > comparison->largest.value)
        comparison->largest = ratio;
    comparison->n_ratios++;
}

/* Only those that end with first being the dearer one. */
static void take_crossing(struct comparison *comparison,
                          const struct pa_crossover *crossover)
{
    if (crossover->status != PA_CROSSOVER_FOUND ||
        strcmp(crossover->first, comparison->first) != 0)
        return;
    comparison->from = fmin(comparison->from, crossover->place.value);
    comparison->to = fmax(comparison->to, crossover->place.value);
    comparison->low = fmin(comparison->low, crossover->place.low);
    comparison->high = fmax(comparison->high, crossover->place.high);
    comparison->n_crossings++;
}

static int compare_along(struct comparison *comparison,
                         const struct pa_run *run, size_t i)
{
    struct pa_series series;
    struct pa_crossover crossover;

    if (!pa_series_starts(run, i, PB_FACTOR_fd_count))
        return 0;
    if (pa_series_of_point(&series, run, i, PB_FACTOR_fd_count) < 0)
        return -1;
    int error = pa_crossover_find(&crossover, run, &series, comparison->second);
    if (error == 0)
        take_crossing(comparison, &crossover);
    pa_series_free(&series);
    return error < 0 ? -1 : 0;
}

static int compare(struct comparison *comparison, const struct pa_run *run)
{
    double *log_ratios = malloc((run->n_invocations + 1) * sizeof *log_ratios);

    if (!log_ratios)
        return -1;
    comparison->from = comparison->low = INFINITY;
    for (size_t i = 0; i < run->n_points; i++) {
        const struct pa_point *a = &run->points[i];
        if (!is_in(comparison, a) || !pa_point_is_typical(a))
            continue;
        const struct pa_point *b = pa_partner(run, a, comparison->second);
        if (b) {
            pa_log_ratios(a, b, run->n_invocations, log_ratios);
            take_ratio(comparison,
                       pa_t_interval(log_ratios, run->n_invocations));
        }
        if (compare_along(comparison, run, i) < 0) {
            free(log_ratios);
            return -1;
        }
    }
    free(log_ratios);
    return 0;
}

static void print_number(FILE *out, double number)
{
    fprintf(out, number < 99.5 ? "%.3g" : "%.0f", number);
}

static void print_with_interval(FILE *out, struct pa_interval ratio)
{
    print_number(out, ratio.value);
    if (isnan(ratio.low))
        return;
    fputs(" [", out);
    print_number(out, ratio.low);
    fputs(", ", out);
    print_number(out, ratio.high);
    fputs("]", out);
}

/* "3.1", or "2.9 to 3.3". */
static void print_places(FILE *out, const struct comparison *comparison)
{
    print_number(out, comparison->from);
    if (comparison->to < 1.05 * comparison->from)
        return;
    fputs(" to ", out);
    print_number(out, comparison->to);
}

static void print_comparison(struct pa_finding_row *row,
                             const struct comparison *comparison, int is_first)
{
    fprintf(row->title, "%s%s ", is_first ? "" : "; ", comparison->first);
    print_number(row->title, comparison->smallest.value);
    fputs(" to ", row->title);
    print_number(row->title, comparison->largest.value);
    fprintf(row->title, " times %s", comparison->second);
    fprintf(row->sentence, "%s a call with %s costs ", is_first ? "" : ";",
            comparison->first);
    print_with_interval(row->sentence, comparison->smallest);
    fputs(" to ", row->sentence);
    print_with_interval(row->sentence, comparison->largest);
    fprintf(row->sentence, " times one with %s", comparison->second);
    if (comparison->n_crossings == 0)
        return;
    fputs(": dearer above N = ", row->title);
    print_places(row->title, comparison);
    fputs(", more above N = ", row->sentence);
    print_places(row->sentence, comparison);
    fprintf(row->sentence, " [%.3g, %.3g]", comparison->low, comparison->high);
}

/* What the first point of a plane has, or NULL. */
static const struct pb_factors *first_of_plane(const struct pa_run *run)
{
    for (size_t i = 0; i < run->n_points; i++)
        if (pa_point_is_shown_by(&run->points[i], "ratios") &&
            pa_point_is_typical(&run->points[i]))
            return &run->points[i].factors;
    return NULL;
}

int pa_findings_of_ratios(struct pb_csv *csv, const struct pa_run *run)
{
    const char *heads[PA_BACKENDS_MAX];
    size_t n = pa_heads(run, heads, PA_BACKENDS_MAX);
    struct pa_finding_row row;
    const struct pb_factors *first = first_of_plane(run);
    int n_told = 0, error = 0;

    if (!first)
        return 0;
    if (pa_finding_row_open(&row) < 0)
        return -1;
    fprintf(row.sentence,
            "Over highest fd and fds watched, %s:", first->layout);
    for (size_t i = 0; i + 1 < n && error == 0; i++) {
        struct comparison comparison = {
            .first = heads[i], .second = heads[i + 1], .layout = first->layout};
        error = compare(&comparison, run);
        if (error == 0 && comparison.n_ratios > 0)
            print_comparison(&row, &comparison, n_told++ == 0);
    }
    fputs(".", row.sentence);
    return pa_finding_row_close(&row, csv, first->sweep, PA_NONE) < 0 ? -1
                                                                      : error;
}
