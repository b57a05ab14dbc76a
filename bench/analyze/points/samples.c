/* SPDX-License-Identifier: MIT */
#include "samples.h"

#include "need.h"
#include "rules.h"
#include "run_tables.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SAMPLE_INDEX(name, type, unit, fallback, meaning) SAMPLE_##name,
enum sample_column { PB_SAMPLES(SAMPLE_INDEX) SAMPLE_COLUMNS };

static const struct pa_column sample_columns[] = {PB_SAMPLES(PA_COLUMN)};

double pa_host_number(const struct pa_table *host, const char *key)
{
    int64_t number = pa_count_of(pa_host_fact(host, key, ""));
    return number == PA_NONE ? (double)NAN : (double)number;
}

size_t pa_host_seams(const struct pa_table *host)
{
    size_t n = 0;

    for (size_t i = 0; i < host->n_rows; i++)
        n += strcmp(pa_table_row(host, i)[0].text, "seam") == 0;
    return n;
}

int pa_host_read(struct pa_table *host, const char *folder,
                 struct pa_problem *problem)
{
    *host = (struct pa_table){0};
    if (pa_file_is_there(folder, "host.csv") &&
        pa_run_file_read(host, folder, PA_HOST, problem) < 0)
        return -1;
    double schema = pa_host_number(host, "schema");
    if (isnan(schema) || (schema >= 1 && schema <= PB_SCHEMA_VERSION))
        return 0;
    pa_table_free(host);
    return pa_problem_set(problem,
                          "%s/host.csv: schema %.0f, but this program reads "
                          "schemas 1 to %d; use the pollbench that made it",
                          folder, schema, PB_SCHEMA_VERSION);
}

double pa_cache_knee_fds(const struct pa_table *host)
{
    double cache_l2 = pa_host_number(host, "cache_l2");

    return isnan(cache_l2) ? PB_KNEE_FDS : floor(cache_l2 / PB_FD_OBJECT_BYTES);
}

static uint32_t *slot_of(struct pa_run *run, const struct pb_factors *factors)
{
    size_t i = pb_factors_hash(factors) & (run->n_slots - 1);
    while (run->slots[i] &&
           pb_factors_differ(&run->points[run->slots[i] - 1].factors, factors))
        i = (i + 1) & (run->n_slots - 1);
    return &run->slots[i];
}

static void grow_slots(struct pa_run *run)
{
    free(run->slots);
    run->n_slots = run->n_slots ? 2 * run->n_slots : 2048;
    run->slots = pa_room(run->n_slots, sizeof *run->slots);
    for (size_t i = 0; i < run->n_points; i++)
        *slot_of(run, &run->points[i].factors) = (uint32_t)i + 1;
}

/* The place of the point with these factors, made if need be. */
static size_t point_of(struct pa_run *run, const struct pb_factors *factors)
{
    if (4 * run->n_points >= run->n_slots)
        grow_slots(run);
    uint32_t *slot = slot_of(run, factors);
    if (!*slot) {
        run->points = pa_grown(run->points, run->n_points, sizeof *run->points);
        run->points[run->n_points] =
            (struct pa_point){.factors = *factors,
                              .number = (uint32_t)run->n_points,
                              .metric = pb_metric_of(factors->metric),
                              .reason = ""};
        *slot = (uint32_t)++run->n_points;
    }
    return *slot - 1;
}

static int64_t invocation_of(struct pa_run *run, int64_t id)
{
    size_t i = run->n_invocations;

    while (i > 0 && run->invocation_ids[i - 1] != id)
        i--;
    if (i > 0)
        return (int64_t)i - 1;
    if (run->n_invocations == PA_INVOCATIONS_MAX)
        return -1;
    i = run->n_invocations++;
    run->invocation_ids[i] = id;
    run->cpus[i] = PA_NONE;
    run->ref1_ns[i] = run->ref0_ns[i] = run->probe_ns[i] = NAN;
    return (int64_t)i;
}

/* Every number is checked here, so that nothing later meets a negative count,
 * an empty factor or a call count of 0. */
static int check_row(const union pa_cell *cells, struct pa_problem *problem)
{
    const struct pb_samples_row *row = (const void *)cells;
    enum pb_metric metric = pb_metric_of(row->metric);

    if (metric == PB_N_METRICS)
        return pa_problem_set(problem,
                              "metric is \"%.60s\", which this program does "
                              "not know: use the one that is of the same "
                              "version as the run",
                              row->metric);
    if (strcmp(row->unit, pb_metric_infos[metric].unit) != 0)
        return pa_problem_set(problem, "unit is \"%.60s\", but %s is in %s",
                              row->unit, row->metric,
                              pb_metric_infos[metric].unit);
    for (int i = 0; i < SAMPLE_COLUMNS; i++) {
        const char *name = sample_columns[i].name;
        int64_t number = cells[i].integer;
        int64_t least = i < PB_N_FACTORS       ? pb_factor_infos[i].least
                        : i == SAMPLE_batch_ns ? pb_metric_infos[metric].least
                                               : 0;
        if (sample_columns[i].type == PB_TEXT || i == SAMPLE_cpu ||
            i == SAMPLE_seed)
            continue;
        /* What comes after these may be empty. */
        if (number == PA_NONE && i <= SAMPLE_sequence)
            return pa_problem_set(problem, "%s is empty", name);
        if (number != PA_NONE && number < least)
            return pa_problem_set(problem, "%s is %lld, less than %lld", name,
                                  (long long)number, (long long)least);
    }
    if (row->round > UINT32_MAX)
        return pa_problem_set(problem, "round is out of range");
    if (row->sequence >= PA_SEQUENCES_MAX)
        return pa_problem_set(problem, "sequence is out of range");
    if (strcmp(row->status, "ok") != 0)
        return 0;
    if (row->calls < 1)
        return pa_problem_set(problem, "status is ok, but calls is not >= 1");
    if (row->batch_ns == PA_NONE)
        return pa_problem_set(problem, "status is ok, but batch_ns is empty");
    return 0;
}

/* Keep a batch of the point with these factors; reason says why it is none, ""
 * where it is. */
static int add_batch(struct pa_run *run, const struct pb_factors *factors,
                     const struct pa_batch *batch, const char *reason,
                     struct pa_problem *problem)
{
    size_t point = point_of(run, factors);
    if (point >= PA_POINTS_MAX)
        return pa_problem_set(problem, "more than %d points", PA_POINTS_MAX);
    if (!*run->points[point].reason)
        run->points[point].reason = reason;
    run->batches = pa_grown(run->batches, run->n_batches, sizeof *run->batches);
    run->batches[run->n_batches] = *batch;
    run->batches[run->n_batches++].point = (uint32_t)point;
    return 0;
}

/* Of a rate that was not reached there are no percentiles: the longer it lasts,
 * the larger they are. "" if it was. */
static const char *overrun_of(struct pa_run *run,
                              const struct pb_factors *factors,
                              double spacing_ns)
{
    double reached = 1e9 / spacing_ns;
    char text[100];

    if (reached >= PB_RATE_SHARE * (double)factors->rate)
        return "";
    int n = snprintf(text, sizeof text, "overrun: %.0f of %.0f events per s",
                     reached, (double)factors->rate);
    return pa_intern(&run->pool, text, (size_t)n);
}

/* What its histograms tell: points like that of the row, of another metric. */
static int keep_percentiles(struct pa_run *run,
                            const struct pb_samples_row *row,
                            struct pb_factors factors,
                            const struct pa_batch *batch,
                            struct pa_problem *problem)
{
    struct pa_percentile percentiles[PA_PERCENTILES_MOST];

    if (!*row->latencies || strcmp(row->latencies, "none") == 0 ||
        isnan(batch->cost_ns))
        return 0;
    const char *reason = overrun_of(run, &factors, batch->cost_ns);
    int n = pa_latencies_read(percentiles, row->latencies, row->calls, problem);
    for (int i = 0; i < n; i++) {
        struct pa_batch of_it = *batch;
        const char *name = pb_metric_infos[percentiles[i].metric].name;
        of_it.cost_ns = *reason ? NAN : percentiles[i].ns;
        factors.metric = pa_intern(&run->pool, name, strlen(name));
        if (add_batch(run, &factors, &of_it, reason, problem) < 0)
            return -1;
    }
    return n < 0 ? -1 : 0;
}

static int on_row(void *context, const union pa_cell *cells,
                  struct pa_problem *problem)
{
    const struct pb_samples_row *row = (const void *)cells;
    const struct pb_factors factors = pa_factors_of(cells);
    struct pa_run *run = context;

    if (check_row(cells, problem) < 0)
        return -1;
    int64_t invocation = invocation_of(run, row->invocation);
    if (invocation < 0)
        return pa_problem_set(problem, "more than %d invocations",
                              PA_INVOCATIONS_MAX);
    if (pa_origin_check(&run->origin, row, (uint64_t)invocation, problem) < 0)
        return -1;
    int is_valid = strcmp(row->status, "ok") == 0;
    run->cpus[invocation] = row->cpu;
    double overhead =
        row->overhead_ns == PA_NONE ? 0 : (double)row->overhead_ns;
    double total = (double)row->batch_ns - overhead;
    struct pa_batch batch = {.cost_ns =
                                 is_valid ? total / (double)row->calls : NAN,
                             .round = (uint32_t)row->round,
                             .sequence = (uint32_t)row->sequence,
                             .invocation = (uint16_t)invocation,
                             .is_clean = row->involuntary_switches == 0};
    const char *reason = is_valid       ? ""
                         : *row->status ? row->status
                                        : "no status";
    if (add_batch(run, &factors, &batch, reason, problem) < 0)
        return -1;
    return keep_percentiles(run, row, factors, &batch, problem);
}

int pa_batch_order(const void *left, const void *right)
{
    const struct pa_batch *a = left, *b = right;

    if (a->point != b->point)
        return a->point < b->point ? -1 : 1;
    if (a->invocation != b->invocation)
        return a->invocation < b->invocation ? -1 : 1;
    if (a->round != b->round)
        return a->round < b->round ? -1 : 1;
    return (a->sequence > b->sequence) - (a->sequence < b->sequence);
}

const struct pa_batch *pa_run_batches(const struct pa_run *run,
                                      const struct pa_point *point,
                                      size_t *n_batches)
{
    int is_last = point == run->points + run->n_points - 1;

    *n_batches =
        (is_last ? run->n_batches : point[1].first_batch) - point->first_batch;
    return run->batches + point->first_batch;
}

static int compare_points(const void *a, const void *b)
{
    const struct pa_point *left = a, *right = b;
    return pb_factors_order(&left->factors, &right->factors);
}

/* They were measured in random order; files are easier to read and to compare
 * in the order of their factors. */
static void sort_points(struct pa_run *run)
{
    PA_FREED uint32_t *places = pa_room(run->n_points, sizeof *places);

    qsort(run->points, run->n_points, sizeof *run->points, compare_points);
    for (uint32_t i = 0; i < run->n_points; i++)
        places[run->points[i].number] = i;
    for (size_t i = 0; i < run->n_batches; i++)
        run->batches[i].point = places[run->batches[i].point];
    free(run->slots); /* it held the old places */
    run->slots = NULL;
}

static int finish(struct pa_run *run, struct pa_problem *problem)
{
    size_t n_cells = run->n_points * run->n_invocations;

    if (run->n_batches == 0)
        return pa_problem_set(problem, "no rows: too little data");
    if (!*run->warning.text && pa_origin_check_end(&run->origin, problem) < 0)
        return -1;
    if (n_cells > PA_CELLS_MAX)
        return pa_problem_set(problem,
                              "%zu points in %zu invocations are more than "
                              "this program takes",
                              run->n_points, run->n_invocations);
    run->costs = pa_room(n_cells, sizeof *run->costs);
    sort_points(run);
    qsort(run->batches, run->n_batches, sizeof *run->batches, pa_batch_order);
    for (size_t i = 0; i < n_cells; i++)
        run->costs[i] = NAN;
    for (size_t i = run->n_batches; i-- > 0;)
        run->points[run->batches[i].point].first_batch = i;
    for (size_t i = 0; i < run->n_points; i++) {
        run->points[i].cost_ns = run->costs + i * run->n_invocations;
        run->points[i].asked =
            pa_case_of(&run->cases, run->points[i].factors.sweep);
    }
    return 0;
}

static int read_samples(struct pa_run *run, const char *folder,
                        struct pa_problem *problem)
{
    PA_FREED char *path = pa_path(folder, "samples.csv");
    struct pa_scan scan = {.path = path,
                           .columns = sample_columns,
                           .n_columns = SAMPLE_COLUMNS,
                           .pool = &run->pool,
                           .row = on_row,
                           .context = run};

    if (access(path, F_OK) != 0 && errno == ENOENT && access(folder, F_OK) == 0)
        return pa_problem_set(problem,
                              "%s: no such file; if there is a "
                              "samples.csv.xz, unpack it: xz -dk "
                              "samples.csv.xz",
                              path);
    if (pa_scan(&scan, problem) < 0)
        return -1;
    run->warning = scan.warning;
    if (finish(run, problem) < 0)
        return pa_problem_at(problem, path, 0);
    return pa_visits_check(run, path, problem);
}

int pa_run_read(struct pa_run *run, const char *folder,
                struct pa_problem *problem)
{
    int error = -1;

    *run = (struct pa_run){0};
    if (pa_host_read(&run->host, folder, problem) == 0 &&
        pa_case_list_read(&run->cases, folder, problem) == 0 &&
        pa_backend_list_read(&run->backends, folder, problem) == 0) {
        pa_origin_begin(&run->origin, &run->host);
        error = read_samples(run, folder, problem);
        pa_origin_end(&run->origin);
    }
    if (error < 0)
        pa_run_free(run);
    return error;
}

void pa_run_free(struct pa_run *run)
{
    pa_table_free(&run->host);
    pa_case_list_free(&run->cases);
    pa_backend_list_free(&run->backends);
    free(run->points);
    free(run->slots);
    free(run->batches);
    free(run->costs);
    pa_intern_free(&run->pool);
    *run = (struct pa_run){0};
}
