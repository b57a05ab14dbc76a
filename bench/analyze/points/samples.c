/* SPDX-License-Identifier: MIT */
#include "samples.h"

#include "latencies.h"
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

static int64_t number_of(const struct pa_host *host, const char *key)
{
    return pa_count_of(pa_host_fact(&host->facts, key, ""));
}

double pa_host_number(const struct pa_host *host, const char *key)
{
    int64_t number = number_of(host, key);
    return number == PA_NONE ? (double)NAN : (double)number;
}

static void take_facts(struct pa_host *host)
{
    const char *most = pa_host_fact(&host->facts, "invocations_most", "");
    const char *complete = pa_host_fact(&host->facts, "complete", "");

    host->schema = number_of(host, "schema");
    host->cache_l2 = number_of(host, "cache_l2");
    host->rounds = number_of(host, "rounds");
    host->invocations =
        *most ? pa_count_of(most) : number_of(host, "invocations");
    host->series = number_of(host, "series");
    host->top_fd = number_of(host, "highest_fd_possible");
    host->seed = number_of(host, "seed");
    host->rows = number_of(host, "rows");
    host->is_complete = strcmp(complete, "yes") == 0;
    host->run_id = pa_host_fact(&host->facts, "run_id", "");
    host->kernel = pa_host_fact(&host->facts, "kernel", "");
    host->started = pa_host_fact(&host->facts, "started", "");
    host->ended = pa_host_fact(&host->facts, "ended", "");
    for (size_t i = 0; i < host->facts.n_rows; i++)
        host->n_seams +=
            strcmp(pa_table_row(&host->facts, i)[0].text, "seam") == 0;
}

int pa_host_read(struct pa_host *host, const char *folder,
                 struct pa_problem *problem)
{
    *host = (struct pa_host){0};
    if (pa_file_is_there(folder, "host.csv") &&
        pa_run_file_read(&host->facts, folder, PA_HOST, problem) < 0)
        return -1;
    take_facts(host);
    if (host->schema == PA_NONE ||
        (host->schema >= 1 && host->schema <= PB_SCHEMA_VERSION))
        return 0;
    pa_table_free(&host->facts);
    return pa_problem_set(problem,
                          "%s/host.csv: schema %lld, but this program reads "
                          "schemas 1 to %d; use the pollbench that made it",
                          folder, (long long)host->schema, PB_SCHEMA_VERSION);
}

int64_t pa_cache_knee_fds(const struct pa_host *host)
{
    return host->cache_l2 == PA_NONE ? PB_KNEE_FDS
                                     : host->cache_l2 / PB_FD_OBJECT_BYTES;
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

/* Returns the metric of the row, or PB_N_METRICS with *problem set. */
static enum pb_metric check_metric(const union pa_cell *row,
                                   struct pa_problem *problem)
{
    const char *name = row[SAMPLE_metric].text, *unit = row[SAMPLE_unit].text;
    enum pb_metric metric = pb_metric_of(name);

    if (metric == PB_N_METRICS) {
        pa_problem_set(problem,
                       "metric is \"%.60s\", which this program does not "
                       "know: use the one that is of the same version as the "
                       "run",
                       name);
    } else if (strcmp(unit, pb_metric_infos[metric].unit) != 0) {
        pa_problem_set(problem, "unit is \"%.60s\", but %s is in %s", unit,
                       name, pb_metric_infos[metric].unit);
        return PB_N_METRICS;
    }
    return metric;
}

/* Every number is checked here, so that nothing later meets a negative count,
 * an empty factor or a call count of 0. */
static int check_row(const union pa_cell *row, struct pa_problem *problem)
{
    static const struct {
        enum sample_column column;
        int64_t least;
        int may_be_empty;
    } rules[] = {
#define FACTOR_RULE(X, name, type, unit, least, older, role, letter, option,   \
                    words, per, meaning)                                       \
    {SAMPLE_##name, least, (type) == PB_TEXT},
        PB_FACTOR_LIST(FACTOR_RULE, ){SAMPLE_invocation, 0, 0},
        {SAMPLE_round, 0, 0},
        {SAMPLE_sequence, 0, 0},
        {SAMPLE_calls, 0, 1},
        {SAMPLE_batch_ns, 0, 1},
        {SAMPLE_overhead_ns, 0, 1},
        {SAMPLE_involuntary_switches, 0, 1},
    };

    enum pb_metric metric = check_metric(row, problem);
    if (metric == PB_N_METRICS)
        return -1;
    for (size_t i = 0; i < PA_ARRAY_SIZE(rules); i++) {
        int64_t number = row[rules[i].column].integer;
        int64_t least = rules[i].column == SAMPLE_batch_ns
                            ? pb_metric_infos[metric].least
                            : rules[i].least;
        const char *name = sample_columns[rules[i].column].name;
        if (sample_columns[rules[i].column].type == PB_TEXT)
            continue;
        if (number == PA_NONE && !rules[i].may_be_empty)
            return pa_problem_set(problem, "%s is empty", name);
        if (number != PA_NONE && number < least)
            return pa_problem_set(problem, "%s is %lld, less than %lld", name,
                                  (long long)number, (long long)least);
    }
    if (row[SAMPLE_round].integer > UINT32_MAX)
        return pa_problem_set(problem, "round is out of range");
    if (row[SAMPLE_sequence].integer >= PA_SEQUENCES_MAX)
        return pa_problem_set(problem, "sequence is out of range");
    return 0;
}

static int check_valid(const union pa_cell *row, struct pa_problem *problem)
{
    if (row[SAMPLE_calls].integer == PA_NONE || row[SAMPLE_calls].integer < 1)
        return pa_problem_set(problem, "status is ok, but calls is not >= 1");
    if (row[SAMPLE_batch_ns].integer == PA_NONE)
        return pa_problem_set(problem, "status is ok, but batch_ns is empty");
    return 0;
}

static int check_origin(struct pa_run *run, const union pa_cell *row,
                        size_t invocation, struct pa_problem *problem)
{
    const struct pa_occasion occasion = {
        .invocation = row[SAMPLE_invocation].integer,
        .round = row[SAMPLE_round].integer,
        .sequence = row[SAMPLE_sequence].integer,
        .highest_fd = row[SAMPLE_highest_fd].integer,
        .seed = row[SAMPLE_seed].integer,
        .invocation_index = invocation,
        .n_before = run->n_rows};

    return pa_origin_check(&run->origin, &occasion, problem);
}

static double cost_of(const union pa_cell *row)
{
    int64_t overhead = row[SAMPLE_overhead_ns].integer;

    return ((double)row[SAMPLE_batch_ns].integer -
            (double)(overhead == PA_NONE ? 0 : overhead)) /
           (double)row[SAMPLE_calls].integer;
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
static int keep_percentiles(struct pa_run *run, const union pa_cell *row,
                            const struct pa_batch *batch,
                            struct pa_problem *problem)
{
    struct pa_percentile percentiles[PA_PERCENTILES_MOST];
    struct pb_factors factors = pa_factors_of(row);
    const char *text = row[SAMPLE_latencies].text;

    if (!*text || strcmp(text, "none") == 0 || isnan(batch->cost_ns))
        return 0;
    const char *reason = overrun_of(run, &factors, batch->cost_ns);
    int n = pa_latencies_read(percentiles, text, row[SAMPLE_calls].integer,
                              problem);
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

static int keep_batch(struct pa_run *run, const union pa_cell *row,
                      struct pa_problem *problem)
{
    const char *status = row[SAMPLE_status].text;
    int is_valid = strcmp(status, "ok") == 0;
    struct pb_factors factors = pa_factors_of(row);

    if (is_valid && check_valid(row, problem) < 0)
        return -1;
    int64_t invocation = invocation_of(run, row[SAMPLE_invocation].integer);
    if (invocation < 0)
        return pa_problem_set(problem, "more than %d invocations",
                              PA_INVOCATIONS_MAX);
    if (check_origin(run, row, (size_t)invocation, problem) < 0)
        return -1;
    run->n_rows++;
    run->cpus[invocation] = row[SAMPLE_cpu].integer;
    struct pa_batch batch = {.cost_ns = is_valid ? cost_of(row) : NAN,
                             .round = (uint32_t)row[SAMPLE_round].integer,
                             .sequence = (uint32_t)row[SAMPLE_sequence].integer,
                             .invocation = (uint16_t)invocation,
                             .is_clean =
                                 row[SAMPLE_involuntary_switches].integer == 0};
    const char *reason = is_valid ? "" : *status ? status : "no status";
    if (add_batch(run, &factors, &batch, reason, problem) < 0)
        return -1;
    return keep_percentiles(run, row, &batch, problem);
}

static int on_row(void *context, const union pa_cell *row,
                  struct pa_problem *problem)
{
    if (check_row(row, problem) < 0)
        return -1;
    return keep_batch(context, row, problem);
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

const struct pa_batch *pa_run_batches(const struct pa_run *run, size_t point,
                                      size_t *n_batches)
{
    size_t low = 0;
    size_t high = run->n_batches;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (run->batches[middle].point < point)
            low = middle + 1;
        else
            high = middle;
    }
    size_t end = low;
    while (end < run->n_batches && run->batches[end].point == point)
        end++;
    *n_batches = end - low;
    return run->batches + low;
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
    if (!*run->warning.text &&
        pa_origin_check_end(&run->origin, run->n_rows, problem) < 0)
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
    *run = (struct pa_run){0};
    int error = pa_host_read(&run->host, folder, problem);
    if (error == 0)
        error = pa_case_list_read(&run->cases, folder, problem);
    if (error == 0)
        error = pa_backend_list_read(&run->backends, folder, problem);
    pa_origin_begin(&run->origin, &run->host);
    if (error == 0)
        error = read_samples(run, folder, problem);
    pa_origin_end(&run->origin);
    if (error < 0)
        pa_run_free(run);
    return error;
}

void pa_run_free(struct pa_run *run)
{
    pa_table_free(&run->host.facts);
    pa_case_list_free(&run->cases);
    pa_backend_list_free(&run->backends);
    free(run->points);
    free(run->slots);
    free(run->batches);
    free(run->costs);
    pa_intern_free(&run->pool);
    *run = (struct pa_run){0};
}
