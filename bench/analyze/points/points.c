/* SPDX-License-Identifier: MIT */
#include "points.h"

#include "need.h"
#include "rules.h"
#include "run_tables.h"
#include "stats.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Batches of one point in one invocation, as costs. */
struct cell {
    double *costs; /* room for all batches of the point */
    size_t n;
    double share;           /* the quantile of them that is the estimate */
    size_t n_clean_wanted;  /* to be estimated from them */
    size_t n_clean_of_cost; /* the same of a cost */
};

static void gather(struct cell *cell, const struct pa_batch *batches, size_t n,
                   int clean_only)
{
    cell->n = 0;
    for (size_t i = 0; i < n; i++)
        if (!isnan(batches[i].cost_ns) && (batches[i].is_clean || !clean_only))
            cell->costs[cell->n++] = batches[i].cost_ns;
    pa_sort(cell->costs, cell->n);
}

/* One pass over the invocations of a point; returns how many count. */
static size_t fill_costs(struct pa_point *point, struct cell *cell,
                         const struct pa_batch *batches, size_t n,
                         int clean_only)
{
    size_t n_used = 0;

    for (size_t i = 0, length; i < n; i += length) {
        for (length = 1; i + length < n && batches[i + length].invocation ==
                                               batches[i].invocation;)
            length++;
        gather(cell, batches + i, length, clean_only);
        /* Older files have one memory probe an invocation. */
        size_t wanted = clean_only && pa_point_is_measured(point)
                            ? cell->n_clean_wanted
                            : 1;
        int is_enough = cell->n >= wanted;
        point->cost_ns[batches[i].invocation] =
            is_enough ? pa_quantile(cell->costs, cell->n, cell->share) : NAN;
        n_used += (size_t)is_enough;
    }
    return n_used;
}

/* A count repeats to the last instruction unless a timer's interrupt fell into
 * a batch: the least is the count, in every invocation. */
static void count_exactly(struct pa_point *point, struct cell *cell,
                          const struct pa_batch *batches, size_t n)
{
    gather(cell, batches, n, 0);
    if (cell->n == 0)
        return;
    for (size_t i = 0; i < cell->n; i++)
        point->n_least +=
            cell->costs[i] - cell->costs[0] <= PB_COUNT_SHARE * cell->costs[0];
    for (size_t i = 0; i < n; i++)
        if (!isnan(point->cost_ns[batches[i].invocation]))
            point->cost_ns[batches[i].invocation] = point->minimum_ns;
}

/* By the estimator of the metric, per invocation. A point for which fewer than
 * half of its invocations have enough clean batches, where those are wanted, is
 * estimated from all of them and called dirty. */
static void estimate_costs(struct pa_point *point, struct cell *cell,
                           const struct pa_batch *batches, size_t n)
{
    enum pb_estimator estimator = pb_metric_infos[point->metric].estimator;
    int clean_only =
        estimator == PB_CLEAN_QUARTILE || estimator == PB_CLEAN_MEDIAN;

    cell->share = estimator == PB_CLEAN_QUARTILE ? PB_ESTIMATE_SHARE
                  : estimator == PB_MINIMUM      ? 0
                                                 : 0.5;
    cell->n_clean_wanted =
        estimator == PB_CLEAN_MEDIAN ? 1 : cell->n_clean_of_cost;
    for (size_t i = 0; i < n; i++) {
        point->n_batches += !isnan(batches[i].cost_ns);
        point->n_clean += !isnan(batches[i].cost_ns) && batches[i].is_clean;
    }
    gather(cell, batches, n, 0);
    point->minimum_ns = cell->n ? cell->costs[0] : NAN;
    point->median_ns = pa_quantile(cell->costs, cell->n, 0.5);
    size_t n_measured = fill_costs(point, cell, batches, n, 0);
    size_t n_used =
        clean_only ? fill_costs(point, cell, batches, n, 1) : n_measured;
    if (n_measured > 0 &&
        (double)n_used < PB_DIRTY_SHARE * (double)n_measured) {
        fill_costs(point, cell, batches, n, 0);
        point->flags |= PA_DIRTY;
    }
    if (n_measured == 0)
        point->flags |= PA_FAILED;
    if (pb_metric_is_exact(point->metric))
        count_exactly(point, cell, batches, n);
}

static size_t clean_wanted(const struct pa_run *run)
{
    double planned = pa_host_number(&run->host, "rounds"), n_rounds = 0;

    for (size_t i = 0; i < run->n_batches; i++)
        n_rounds = fmax(n_rounds, (double)run->batches[i].round + 1);
    if (planned > 0)
        n_rounds = fmin(n_rounds, planned);
    return (size_t)fmin(n_rounds, PB_CLEAN_WANTED);
}

static void estimate_all_costs(struct pa_run *run)
{
    PA_FREED double *costs = pa_room(run->n_batches, sizeof *costs);
    struct cell cell = {.costs = costs, .n_clean_of_cost = clean_wanted(run)};
    size_t n;

    for (size_t i = 0; i < run->n_points; i++) {
        const struct pa_batch *batches =
            pa_run_batches(run, &run->points[i], &n);
        estimate_costs(&run->points[i], &cell, batches, n);
    }
}

static double *reference_of(struct pa_run *run, const char *backend)
{
    if (strcmp(backend, "ref1") == 0)
        return run->ref1_ns;
    if (strcmp(backend, "ref0") == 0)
        return run->ref0_ns;
    return strcmp(backend, "memory-probe") == 0 ? run->probe_ns : NULL;
}

/* The run's reference loops and memory probe, wherever they were measured. A
 * loop that was interrupted, or counted, says nothing of clock or cache. */
static void find_references(struct pa_run *run)
{
    for (size_t i = 0; i < run->n_points; i++) {
        const struct pa_point *point = &run->points[i];
        double *kept = reference_of(run, point->factors.backend);
        if (!kept || point->flags & PA_DIRTY ||
            !pb_metric_is_time(point->metric))
            continue;
        for (size_t k = 0; k < run->n_invocations; k++)
            if (point->cost_ns[k] > 0)
                kept[k] = point->cost_ns[k];
    }
}

/* The share of the batches of each invocation that were interrupted. */
static void count_switched(struct pa_run *run)
{
    size_t n_batches[PA_INVOCATIONS_MAX] = {0};

    for (size_t k = 0; k < run->n_invocations; k++)
        run->switched[k] = 0;
    for (size_t i = 0; i < run->n_batches; i++) {
        n_batches[run->batches[i].invocation]++;
        run->switched[run->batches[i].invocation] += !run->batches[i].is_clean;
    }
    for (size_t k = 0; k < run->n_invocations; k++)
        run->switched[k] /= (double)n_batches[k];
}

/* Whether the dearest invocation but one costs more than `most` times what the
 * cheapest does: in a single one the kernel may have put an object where it is
 * slow, and a few ns are no matter of caches. */
static int disagree(const double *costs, size_t n, double most)
{
    double low = INFINITY, high = 0, second = 0;

    for (size_t k = 0; k < n; k++) {
        if (isnan(costs[k]))
            continue;
        low = fmin(low, costs[k]);
        second = fmax(second, fmin(high, costs[k]));
        high = fmax(high, costs[k]);
    }
    return second > most * low && second - low > PB_NOTHING_NS;
}

/* By how much invocations may differ where sets outgrow the core's own cache.
 * When others used the next one in most of them, agreement has to be closer,
 * and when they did in all, it shows nothing. */
static double spread_allowed(const struct pa_run *run)
{
    size_t n_slow = 0, n_quiet = 0;

    for (size_t k = 0; k < run->n_invocations; k++) {
        n_slow += run->probe_ns[k] > PB_PROBE_SLOW_NS;
        n_quiet += run->probe_ns[k] <= PB_PROBE_SLOW_NS;
    }
    if (n_slow > 0 && n_quiet == 0)
        return 0;
    return n_slow > n_quiet ? PB_SPREAD_SHARED : PB_SPREAD_MOST;
}

/* Cost may there be the neighbours' doing as well; the invocations tell. */
static int is_contended(const struct pa_run *run, const struct pa_point *point)
{
    double most = spread_allowed(run);

    if (!pb_metric_is_time(point->metric) ||
        (double)point->factors.fd_count <= pa_cache_knee_fds(&run->host))
        return 0;
    return most < 1 || disagree(point->cost_ns, run->n_invocations, most);
}

/* Costs near nothing (an empty stage, the harness itself) may come out
 * negative after the overhead is taken off: no logarithm then. */
static struct pa_interval interval_of(const double *costs, size_t n)
{
    double least = INFINITY;

    for (size_t k = 0; k < n; k++)
        least = fmin(least, costs[k]);
    return least > 0 ? pa_log_interval(costs, n) : pa_t_interval(costs, n);
}

/* With the cache taken by others invocations are no sample of one quantity:
 * the range is all that can be said. */
static void widen(struct pa_point *point, size_t n)
{
    point->low_ns = point->high_ns = NAN;
    for (size_t k = 0; k < n; k++) {
        point->low_ns = fmin(point->low_ns, point->cost_ns[k]);
        point->high_ns = fmax(point->high_ns, point->cost_ns[k]);
    }
}

static void summarise(const struct pa_run *run, struct pa_point *point,
                      double *scaled)
{
    size_t n = run->n_invocations;
    struct pa_interval ns = interval_of(point->cost_ns, n);

    for (size_t k = 0; k < n; k++)
        scaled[k] = pb_metric_is_time(point->metric)
                        ? point->cost_ns[k] / run->ref1_ns[k]
                        : NAN;
    struct pa_interval ref = interval_of(scaled, n);
    pa_mean(point->cost_ns, n, &point->n_invocations);
    point->estimate_ns = ns.value;
    point->low_ns = ns.low;
    point->high_ns = ns.high;
    point->estimate_ref = ref.value;
    point->low_ref = ref.low;
    point->high_ref = ref.high;
    if (point->flags & PA_CONTENDED)
        widen(point, n);
    if (pb_metric_is_exact(point->metric)) {
        point->estimate_ns = point->minimum_ns;
        point->low_ns = point->high_ns = point->minimum_ns;
    }
    if (pa_is_few(point->metric, point->n_invocations) &&
        !(point->flags & PA_FAILED))
        point->flags |= PA_FEW;
}

static int is_alike(const struct pb_factors *a, const struct pb_factors *b)
{
    return !(pb_factors_differ(a, b) & pb_factors_with(PB_HELD));
}

static const struct pb_factors *most_frequent(const struct pa_run *run)
{
    const struct pb_factors *best = NULL;
    size_t most = 0, n;

    for (size_t i = 0; i < run->n_points; i++) {
        const struct pb_factors *factors = &run->points[i].factors;
        if (!pa_point_is_measured(&run->points[i]) ||
            !pb_metric_is_cost(run->points[i].metric) ||
            (best && is_alike(factors, best)))
            continue;
        n = 0;
        for (size_t j = 0; j < run->n_points; j++)
            n += pa_point_is_measured(&run->points[j]) &&
                 is_alike(&run->points[j].factors, factors);
        if (n > most) {
            most = n;
            best = factors;
        }
    }
    return best;
}

int pa_is_typical(const struct pa_run *run, const struct pb_factors *factors)
{
    return pb_metric_is_cost(pb_metric_of(factors->metric)) &&
           (!run->usual || is_alike(factors, run->usual));
}

void pa_points_estimate(struct pa_run *run)
{
    double scaled[PA_INVOCATIONS_MAX];

    estimate_all_costs(run);
    find_references(run);
    count_switched(run);
    run->usual = most_frequent(run);
    for (size_t i = 0; i < run->n_points; i++) {
        struct pa_point *point = &run->points[i];
        point->is_unusual = !pa_is_typical(run, &point->factors);
        if (is_contended(run, point))
            point->flags |= PA_CONTENDED;
        summarise(run, point, scaled);
    }
}

unsigned pa_factors_apart(const struct pb_factors *a,
                          const struct pb_factors *b)
{
    int is_one = a->highest_fd / PB_FD_BLOCK == b->highest_fd / PB_FD_BLOCK;

    return pb_factors_differ(a, b) & ~(is_one ? PB_BIT(highest_fd) : 0);
}

unsigned pa_points_differ(const struct pa_point *a, const struct pa_point *b)
{
    return pa_factors_apart(&a->factors, &b->factors) & ~PB_BIT(occupied_words);
}

const char *pa_value_text(const struct pb_factors *factors,
                          enum pb_factor factor, char room[PA_NUMBER_BYTES])
{
    const char *text = pb_factor_text(factors, factor);

    snprintf(room, PA_NUMBER_BYTES, "%" PRId64,
             pb_factor_number(factors, factor));
    return text ? text : room;
}

int pa_is_timed(const struct pa_run *run)
{
    return !run->usual || pb_metric_is_time(pb_metric_of(run->usual->metric));
}

int pa_is_few(enum pb_metric metric, size_t n_invocations)
{
    return n_invocations < PB_INVOCATIONS_FEW && !pb_metric_is_exact(metric);
}

int pa_point_is_usable(const struct pa_point *point)
{
    return !(point->flags & (PA_FAILED | PA_DIRTY)) && point->estimate_ns > 0;
}

int pa_point_is_typical(const struct pa_point *point)
{
    return !point->is_unusual && pa_point_is_usable(point);
}

int pa_point_is_measured(const struct pa_point *point)
{
    return point->factors.fd_count > 0;
}

int pa_point_is_shown_by(const struct pa_point *point, const char *figure)
{
    return point->asked && strcmp(point->asked->figure, figure) == 0;
}

const char *pa_flags_text(unsigned flags)
{
    static const char *const words[] = {
        "",
        "failed",
        "dirty",
        "failed dirty",
        "contended",
        "failed contended",
        "dirty contended",
        "failed dirty contended",
        "few",
        "failed few",
        "dirty few",
        "failed dirty few",
        "contended few",
        "failed contended few",
        "dirty contended few",
        "failed dirty contended few",
    };
    return words[flags & 15];
}

static const char *agreement_of(const struct pa_point *point)
{
    if (!pb_metric_is_exact(point->metric) || point->flags & PA_FAILED)
        return "";
    if (point->n_least < 2)
        return "once";
    return point->n_least == point->n_batches ? "exact" : "minimum";
}

void pa_points_write(struct pb_csv *csv, const struct pa_run *run)
{
    PB_CSV_HEADER(csv, PB_POINTS);
    for (size_t i = 0; i < run->n_points; i++) {
        const struct pa_point *point = &run->points[i];
        int is_exact = pb_metric_is_exact(point->metric);
        struct pb_points_row row = {
            .invocations = (int64_t)point->n_invocations,
            .batches = (int64_t)point->n_batches,
            .clean_batches = (int64_t)point->n_clean,
            .estimate_ns = point->estimate_ns,
            .low_ns = is_exact ? NAN : point->low_ns,
            .high_ns = is_exact ? NAN : point->high_ns,
            .minimum_ns = point->minimum_ns,
            .median_ns = point->median_ns,
            .estimate_ref = point->estimate_ref,
            .low_ref = point->low_ref,
            .high_ref = point->high_ref,
            .flags = pa_flags_text(point->flags),
            .reason = point->reason,
            .unit = pb_metric_infos[point->metric].unit,
            .agreement = agreement_of(point),
        };
        PB_FACTORS_TO_ROW(&row, &point->factors);
        pb_points_put(csv, &row);
    }
}

/* --- levels -------------------------------------------------------------- */

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
