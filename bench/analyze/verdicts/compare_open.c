/* SPDX-License-Identifier: MIT */
/* Where too little can be told to say that nothing changed: docs/method.md,
 * "Comparing runs". */
#include "compare.h"

#include "compare_columns.h"
#include "rules.h"
#include "samples.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Sums over the points of one backend and stage. */
struct tally {
    size_t n;
    size_t n_untold;
    double untold_log_sum; /* of the ratios that cannot be told */
};

static int is_alike(const struct pa_change_row *a,
                    const struct pa_change_row *b)
{
    return !a->is_coefficient && !b->is_coefficient &&
           strcmp(a->point[POINT_backend].text, b->point[POINT_backend].text) ==
               0 &&
           strcmp(a->point[POINT_stage].text, b->point[POINT_stage].text) == 0;
}

static double log_ratio(const struct pa_comparison *by,
                        const struct pa_change_row *row)
{
    return log(by->uses_ref ? row->ratio_ref.value : row->ratio.value);
}

/* Half the width of the interval of a ratio's logarithm. The scatter may be all
 * in one of the runs, whose degrees of freedom then count. */
static double half_width(double scatter, double n)
{
    return pa_t95(n - 1) * sqrt(scatter / n);
}

/* With how many invocations in each run the row could be told: as many as make
 * its interval no wider than the threshold, so that only a ratio near that
 * stays open, or no wider than the ratio's distance from 1 if that is more. */
static double invocations_for(const struct pa_comparison *by,
                              const struct pa_change_row *row)
{
    double scatter = by->uses_ref ? row->scatter_ref : row->scatter;
    double off = fabs(log_ratio(by, row));
    double room = fmax(log1p(by->threshold), off) / 2;
    int low = PB_INVOCATIONS_FEW, high = PA_INVOCATIONS_MAX;

    if (isinf(scatter) || isnan(off))
        return INFINITY;
    if (isnan(scatter)) /* seen once, it may be anything */
        return low;
    while (low < high) {
        int middle = (low + high) / 2;
        if (half_width(scatter, middle) < room)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* Half of what cannot be told must become so; that is enough. */
static double invocations_of(const struct pa_comparison *by, size_t first,
                             double *needed)
{
    size_t n = 0;

    for (size_t i = first; i < by->n_rows; i++)
        if (is_alike(&by->rows[first], &by->rows[i]) &&
            by->rows[i].change == PA_UNDECIDED)
            needed[n++] = invocations_for(by, &by->rows[i]);
    pa_sort(needed, n);
    return needed[(n - 1) / 2];
}

static struct tally tally_of(const struct pa_comparison *by, size_t first)
{
    struct tally tally = {0};

    for (size_t i = first; i < by->n_rows; i++) {
        const struct pa_change_row *row = &by->rows[i];
        if (!is_alike(&by->rows[first], row))
            continue;
        tally.n++;
        if (row->change != PA_UNDECIDED)
            continue;
        tally.n_untold++;
        if (isfinite(log_ratio(by, row)))
            tally.untold_log_sum += log_ratio(by, row);
    }
    return tally;
}

/* Most points can be told as a rule, and those that cannot would, as far as is
 * known of them, not move all of them together by more than the threshold. */
static int is_open(const struct pa_comparison *by, const struct tally *tally)
{
    return (double)tally->n_untold > PB_OPEN_SHARE * (double)tally->n ||
           fabs(tally->untold_log_sum) >
               (double)tally->n * log1p(by->threshold);
}

static int is_first(const struct pa_comparison *by, size_t i)
{
    if (by->rows[i].is_coefficient)
        return 0;
    for (size_t j = 0; j < i; j++)
        if (is_alike(&by->rows[j], &by->rows[i]))
            return 0;
    return 1;
}

static int add(struct pa_comparison *comparison, struct pa_open open)
{
    size_t n_bytes = (comparison->n_open + 1) * sizeof open;
    struct pa_open *more = realloc(comparison->open, n_bytes);

    if (!more)
        return -1;
    comparison->open = more;
    more[comparison->n_open++] = open;
    return 0;
}

int pa_compare_find_open(struct pa_comparison *comparison)
{
    double *needed = malloc((comparison->n_rows + 1) * sizeof *needed);
    int error = needed ? 0 : -1;

    for (size_t i = 0; i < comparison->n_rows && error == 0; i++) {
        const union pa_cell *point = comparison->rows[i].point;
        if (!is_first(comparison, i))
            continue;
        struct tally tally = tally_of(comparison, i);
        if (is_open(comparison, &tally))
            error = add(comparison,
                        (struct pa_open){
                            point[POINT_backend].text, point[POINT_stage].text,
                            invocations_of(comparison, i, needed)});
    }
    free(needed);
    return error;
}

int pa_compare_is_open(const struct pa_comparison *comparison)
{
    return comparison->n_open > 0 && !pa_compare_has_changed(comparison);
}
