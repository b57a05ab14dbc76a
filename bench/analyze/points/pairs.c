/* SPDX-License-Identifier: MIT */
#include "pairs.h"

#include "need.h"
#include "points.h"
#include "rules.h"
#include "run_tables.h"
#include "stats.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct pa_point *find(const struct pa_run *run,
                                   const struct pb_factors *like,
                                   const char *backend, const char *stage)
{
    unsigned timed = pb_factors_with(PB_TIMED);

    for (size_t i = 0; i < run->n_points; i++) {
        const struct pa_point *point = &run->points[i];
        /* Two of them first: this looks at all points for each of them. */
        if (point->factors.sweep == like->sweep &&
            point->factors.fd_count == like->fd_count &&
            !(pb_factors_differ(&point->factors, like) & ~timed) &&
            strcmp(point->factors.backend, backend) == 0 &&
            strcmp(point->factors.stage, stage) == 0 &&
            pa_point_is_usable(point))
            return point;
    }
    return NULL;
}

const struct pa_point *pa_partner(const struct pa_run *run,
                                  const struct pa_point *point,
                                  const char *backend)
{
    return strchr(backend, '=')
               ? pa_held_partner(run, point, backend)
               : find(run, &point->factors, backend, point->factors.stage);
}

struct pa_interval pa_log_ratio(const struct pa_point *a,
                                const struct pa_point *b, size_t n_invocations,
                                size_t *n_used)
{
    double logs[PA_INVOCATIONS_MAX];

    for (size_t k = 0; k < n_invocations; k++)
        logs[k] = a->cost_ns[k] > 0 && b->cost_ns[k] > 0
                      ? log(a->cost_ns[k] / b->cost_ns[k])
                      : NAN;
    pa_mean(logs, n_invocations, n_used);
    return pa_t_interval(logs, n_invocations);
}

static int compare_backends(const void *a, const void *b, void *context)
{
    const char *const *left = a;
    const char *const *right = b;
    size_t i = pa_backend_place(context, *left);
    size_t j = pa_backend_place(context, *right);

    return i != j ? (i > j) - (i < j) : strcmp(*left, *right);
}

size_t pa_backends(const struct pa_run *run, const char **backends, size_t room)
{
    size_t n = 0;

    for (size_t i = 0; i < run->n_points && n < room; i++) {
        const char *backend = run->points[i].factors.backend;
        size_t j = 0;
        if (!pa_point_is_measured(&run->points[i]))
            continue;
        while (j < n && backends[j] != backend)
            j++;
        if (j == n)
            backends[n++] = backend;
    }
    qsort_r(backends, n, sizeof *backends, compare_backends,
            (void *)&run->backends);
    return n;
}

static void write_ratio(struct pb_csv *csv, const struct pa_run *run,
                        const struct pa_point *a, const struct pa_point *b)
{
    const struct pb_factors *factors = &a->factors;
    size_t n_used;
    struct pa_interval ratio =
        pa_exp_interval(pa_log_ratio(a, b, run->n_invocations, &n_used));

    pb_ratios_put(csv, &(struct pb_ratios_row){
                           .first = factors->backend,
                           .second = b->factors.backend,
                           .stage = factors->stage,
                           .layout = factors->layout,
                           .highest_fd = factors->highest_fd,
                           .fd_count = factors->fd_count,
                           .ready_count = factors->ready_count,
                           .occupied_words = factors->occupied_words,
                           PA_INTERVAL(ratio, low, high, ratio),
                           .invocations = (int64_t)n_used,
                           .flags = pa_flags_text(a->flags | b->flags),
                       });
}

void pa_ratios_write(struct pb_csv *csv, const struct pa_run *run)
{
    const char *backends[PA_BACKENDS_MAX] = {0};
    size_t n = pa_backends(run, backends, PA_BACKENDS_MAX);

    PB_CSV_HEADER(csv, PB_RATIOS);
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++)
            for (size_t k = 0; k < run->n_points; k++) {
                const struct pa_point *a = &run->points[k];
                const struct pa_point *b = NULL;
                if (a->factors.backend == backends[i] &&
                    pa_point_is_shown_by(a, "ratios") && pa_point_is_typical(a))
                    b = pa_partner(run, a, backends[j]);
                if (b)
                    write_ratio(csv, run, a, b);
            }
}

static int is_sound(const struct pa_batch *batch)
{
    return batch->is_clean && !isnan(batch->cost_ns);
}

/* Differences with - bare of the pairs of one invocation, each pair taken in
 * one round and clean on both sides. Returns how many. */
static size_t differences(const struct pa_run *run, const struct pa_point *with,
                          const struct pa_point *bare, size_t invocation,
                          double *room)
{
    size_t n_with, n_bare, n = 0;
    const struct pa_batch *a = pa_run_batches(run, with, &n_with);
    const struct pa_batch *b = pa_run_batches(run, bare, &n_bare);

    for (size_t i = 0; i < n_with; i++) {
        size_t j = 0;
        if (a[i].invocation != invocation || !is_sound(&a[i]))
            continue;
        while (j < n_bare && (b[j].invocation != invocation ||
                              b[j].round != a[i].round || !is_sound(&b[j])))
            j++;
        if (j < n_bare)
            room[n++] = a[i].cost_ns - b[j].cost_ns;
    }
    return n;
}

/* What the library adds to the bare call at one point. */
static void write_layer(struct pb_csv *csv, const struct pa_run *run,
                        const struct pa_point *with,
                        const struct pa_point *bare)
{
    const struct pb_factors *factors = &bare->factors;
    double medians[PA_INVOCATIONS_MAX];
    size_t n_pairs = 0, n_used;

    pa_run_batches(run, with, &n_used);
    PA_FREED double *room = pa_room(n_used, sizeof *room);

    for (size_t k = 0; k < run->n_invocations; k++) {
        size_t n = differences(run, with, bare, k, room);
        pa_sort(room, n);
        medians[k] = pa_quantile(room, n, 0.5);
        n_pairs += n;
    }
    double more = with->estimate_ns - bare->estimate_ns;
    struct pa_interval ns = pb_metric_is_exact(with->metric)
                                ? pa_around(more, NAN)
                                : pa_t_interval(medians, run->n_invocations);
    pa_mean(medians, run->n_invocations, &n_used);
    pb_layer_put(csv, &(struct pb_layer_row){
                          .backend = factors->backend,
                          .layout = factors->layout,
                          .highest_fd = factors->highest_fd,
                          .fd_count = factors->fd_count,
                          .ready_count = factors->ready_count,
                          .raw_ns = bare->estimate_ns,
                          PA_INTERVAL(layer_ns, low_ns, high_ns, ns),
                          .layer_percent = 100 * ns.value / bare->estimate_ns,
                          .pairs = (int64_t)n_pairs,
                          .invocations = (int64_t)n_used,
                          .flags = pa_is_few(bare->metric, n_used) ? "few" : "",
                      });
}

void pa_layer_write(struct pb_csv *csv, const struct pa_run *run)
{
    PB_CSV_HEADER(csv, PB_LAYER);
    for (size_t i = 0; i < run->n_points; i++) {
        const struct pa_point *raw = &run->points[i], *all = NULL;
        const struct pb_factors *factors = &raw->factors;
        if (strcmp(factors->stage, "raw") == 0 && pa_point_is_typical(raw))
            all = find(run, factors, factors->backend, "all");
        if (all)
            write_layer(csv, run, all, raw);
    }
}

/* --- differences.csv ------------------------------------------------------ */

static int is_all_ready(const struct pa_point *point)
{
    return point->factors.ready_count == point->factors.fd_count;
}

/* Whether b is further along the x axis of what a is on; where all fds are
 * ready, that is so along it. */
static int is_along(const struct pa_point *a, const struct pa_point *b,
                    enum pb_factor axis)
{
    unsigned differ = pa_points_differ(a, b);

    if (is_all_ready(a) && is_all_ready(b))
        differ &= ~PB_BIT(ready_count);
    return !(differ & ~(1u << axis));
}

static int64_t x_of(const struct pa_point *point)
{
    return pb_factor_number(&point->factors, point->asked->axis);
}

/* "timeout=0/1000": whether these are the values of a and b; "backend": whether
 * b's is the next one or later. */
static int is_asked(const struct pa_run *run, const char *word,
                    enum pb_factor factor, const struct pb_factors *a,
                    const struct pb_factors *b)
{
    const char *name = pb_factor_infos[factor].name;
    size_t n = strcspn(word, "=");
    char left[PA_NUMBER_BYTES], right[PA_NUMBER_BYTES], both[128];

    if (strncmp(word, name, n) != 0 || name[n])
        return 0;
    if (!word[n])
        return pb_factor_infos[factor].type == PB_TEXT &&
               pa_backend_place(&run->backends, pb_factor_text(a, factor)) <
                   pa_backend_place(&run->backends, pb_factor_text(b, factor));
    snprintf(both, sizeof both, "%s/%s", pa_value_text(a, factor, left),
             pa_value_text(b, factor, right));
    return strcmp(word + n + 1, both) == 0;
}

/* The factor that alone differs, if the case compares it; PB_N_FACTORS. */
static enum pb_factor difference_of(const struct pa_run *run,
                                    const struct pa_point *a,
                                    const struct pa_point *b)
{
    unsigned differ = a->asked == b->asked ? pa_points_differ(a, b) : 0;
    enum pb_factor factor = (enum pb_factor)(ffs((int)differ) - 1);
    char words[512], *rest = words;

    if (!differ || differ & (differ - 1) || !pa_point_is_usable(b))
        return PB_N_FACTORS;
    snprintf(words, sizeof words, "%s", a->asked->compares);
    while (rest)
        if (is_asked(run, strsep(&rest, " "), factor, &a->factors, &b->factors))
            return factor;
    return PB_N_FACTORS;
}

/* Two points, and what the second costs more. */
struct pair {
    const struct pa_point *a, *b;
};

/* The pair with the smallest x on the two lines that these points are on. */
static struct pair first_of(const struct pa_run *run, struct pair pair)
{
    const struct pa_case *asked = pair.a->asked;
    struct pair first = pair;

    for (size_t i = 0; i < run->n_points; i++) {
        const struct pa_point *a = &run->points[i];
        if (a->asked != asked || !is_along(pair.a, a, asked->axis) ||
            !pa_point_is_usable(a) || x_of(a) >= x_of(first.a))
            continue;
        for (size_t j = 0; j < run->n_points; j++)
            if (run->points[j].asked == asked &&
                is_along(pair.b, &run->points[j], asked->axis) &&
                pa_point_is_usable(&run->points[j]) &&
                x_of(&run->points[j]) == x_of(a))
                first = (struct pair){a, &run->points[j]};
    }
    return first;
}

static double in_invocation(struct pair pair, size_t k)
{
    return pair.b->cost_ns[k] - pair.a->cost_ns[k];
}

static void write_pair(struct pb_csv *csv, const struct pa_run *run,
                       struct pair pair, enum pb_factor factor)
{
    struct pair first = first_of(run, pair);
    double more[PA_INVOCATIONS_MAX], per[PA_INVOCATIONS_MAX];
    double apart = (double)(x_of(pair.a) - x_of(first.a));
    char other[PA_NUMBER_BYTES];
    size_t n;

    for (size_t k = 0; k < run->n_invocations; k++) {
        more[k] = in_invocation(pair, k);
        per[k] = apart > 0 ? (more[k] - in_invocation(first, k)) / apart : NAN;
    }
    struct pa_interval ns = pa_t_interval(more, run->n_invocations);
    struct pa_interval slope = pa_t_interval(per, run->n_invocations);
    pa_mean(more, run->n_invocations, &n);
    struct pb_differences_row row = {
        .differs = pb_factor_infos[factor].name,
        .other = pa_value_text(&pair.b->factors, factor, other),
        .variable = pb_factor_infos[pair.a->asked->axis].name,
        PA_INTERVAL(difference_ns, low_ns, high_ns, ns),
        .since = x_of(first.a),
        PA_INTERVAL(per_ns, per_low_ns, per_high_ns, slope),
        .invocations = (int64_t)n,
        .flags = pa_flags_text(pair.a->flags | pair.b->flags)};
    PB_FACTORS_TO_ROW(&row, &pair.a->factors);
    pb_differences_put(csv, &row);
}

void pa_differences_write(struct pb_csv *csv, const struct pa_run *run)
{
    PB_CSV_HEADER(csv, PB_DIFFERENCES);
    for (size_t i = 0; i < run->n_points; i++) {
        const struct pa_point *a = &run->points[i];
        if (!a->asked || !pa_point_is_usable(a))
            continue;
        for (size_t j = 0; j < run->n_points; j++) {
            enum pb_factor factor = difference_of(run, a, &run->points[j]);
            if (factor != PB_N_FACTORS)
                write_pair(csv, run, (struct pair){a, &run->points[j]}, factor);
        }
    }
}

/* --- per_instruction.csv -------------------------------------------------- */

/* The factors that matter to its backend, alike in runs whose fds begin at
 * another number: the highest is the same to within a block, and nothing to
 * those that do not scan up to it. */
static struct pb_factors place_of(const struct pa_run *run,
                                  const struct pa_point *point)
{
    struct pb_factors place = point->factors;
    const struct pa_backend *backend =
        pa_backend_of(&run->backends, place.backend);

    place.sweep = place.metric = "";
    place.occupied_words = PA_NONE;
    place.highest_fd = backend && strcmp(backend->scans, "highest_fd") != 0
                           ? PA_NONE
                           : place.highest_fd / PB_FD_BLOCK;
    return place;
}

static const struct pa_point *count_at(const struct pa_run *counted,
                                       const struct pb_factors *place)
{
    for (size_t i = 0; i < counted->n_points; i++) {
        const struct pa_point *point = &counted->points[i];
        const struct pb_factors other = place_of(counted, point);
        if (pb_metric_is_exact(point->metric) && pa_point_is_usable(point) &&
            pb_factors_order(place, &other) == 0)
            return point;
    }
    return NULL;
}

void pa_per_instruction_write(struct pb_csv *csv, const struct pa_run *run,
                              const struct pa_run *counted)
{
    PB_CSV_HEADER(csv, PB_PER_INSTRUCTION);
    for (size_t i = 0; i < run->n_points; i++) {
        const struct pa_point *point = &run->points[i];
        const struct pb_factors place = place_of(run, point);
        const struct pa_point *count = count_at(counted, &place);
        if (!count || !pa_point_is_typical(point) ||
            !pa_point_is_measured(point))
            continue;
        struct pb_per_instruction_row row = {
            .instructions = count->estimate_ns,
            .counted_on =
                pa_host_fact(&counted->host, "kernel", "an unknown kernel"),
            .ns = point->estimate_ns / count->estimate_ns,
            .low = point->low_ns / count->estimate_ns,
            .high = point->high_ns / count->estimate_ns,
            .flags = pa_flags_text(point->flags)};
        PB_FACTORS_TO_ROW(&row, &point->factors);
        pb_per_instruction_put(csv, &row);
    }
}
