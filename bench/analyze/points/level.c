/* SPDX-License-Identifier: MIT */
#include "level.h"

#include "points.h"
#include "rules.h"
#include "run_tables.h"
#include "stats.h"

#include <math.h>

/* Add to sums how far each invocation is from the point's mean, on logarithms.
 */
static void add_point(const struct pa_point *point, size_t n, double *sums,
                      size_t *n_points)
{
    double mean = pa_log_interval(point->cost_ns, n).value;

    for (size_t k = 0; k < n; k++)
        if (point->cost_ns[k] > 0) {
            sums[k] += log(point->cost_ns[k] / mean);
            n_points[k]++;
        }
}

double pa_run_levels(const struct pa_run *run, double *levels)
{
    size_t n = run->n_invocations, n_points[PA_INVOCATIONS_MAX] = {0}, n_loops;

    pa_mean(run->ref1_ns, n, &n_loops);
    for (size_t k = 0; k < n; k++)
        levels[k] = 0;
    /* Where neighbours hold the cache that a set needs, its cost is no matter
     * of the whole run. */
    for (size_t i = 0; i < run->n_points; i++) {
        const struct pa_point *point = &run->points[i];
        if (pa_point_is_measured(point) && pa_point_is_usable(point) &&
            point->metric == PB_METRIC_cost && !(point->flags & PA_CONTENDED))
            add_point(point, n, levels, n_points);
    }
    for (size_t k = 0; k < n; k++)
        levels[k] = n_points[k] ? exp(levels[k] / (double)n_points[k]) /
                                      (n_loops == n ? run->ref1_ns[k] : 1)
                                : (double)NAN;
    double mean = pa_log_interval(levels, n).value;
    for (size_t k = 0; k < n; k++)
        levels[k] /= mean;
    return pa_level_spread(levels, n);
}

double pa_level_spread(const double *levels, size_t n)
{
    double squares = 0;
    size_t n_known = 0;

    for (size_t k = 0; k < n; k++)
        if (levels[k] > 0) {
            squares += log(levels[k]) * log(levels[k]); /* their mean is 0 */
            n_known++;
        }
    return n_known > 1 ? sqrt(squares / (double)(n_known - 1)) : (double)NAN;
}

int pa_is_unsettled(double spread)
{
    return spread > PB_LEVEL_SPREAD;
}

void pa_levels_write(struct pb_csv *csv, const struct pa_run *run)
{
    double levels[PA_INVOCATIONS_MAX];

    pa_run_levels(run, levels);
    PB_CSV_HEADER(csv, PB_LEVELS);
    for (size_t k = 0; k < run->n_invocations; k++)
        pb_levels_put(
            csv, &(struct pb_levels_row){.invocation = run->invocation_ids[k],
                                         .level = levels[k],
                                         .ref1_ns = run->ref1_ns[k]});
}
