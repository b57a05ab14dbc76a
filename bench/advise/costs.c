/* SPDX-License-Identifier: MIT */
#include "costs.h"

#include "host.h"

#include <math.h>
#include <string.h>

int pa_costs_read(struct pa_costs *costs, const char *folder,
                  struct pa_problem *problem)
{
    if (pa_run_tables_read_some(&costs->run, folder, 1u << PA_HOST, problem) <
        0)
        return -1;
    if (pa_predictor_read(&costs->predictor, folder, problem) == 0)
        return 0;
    pa_run_tables_free(&costs->run);
    return -1;
}

void pa_costs_free(struct pa_costs *costs)
{
    pa_predictor_free(&costs->predictor);
    pa_run_tables_free(&costs->run);
}

/* This machine's facts, as a run would write them. */
static int read_host(struct pa_table *host, struct pa_problem *problem)
{
    static const struct pa_column columns[] = {PB_HOST(PA_COLUMN)};
    struct pb_csv csv;

    pb_csv_init(&csv, -1);
    PB_CSV_HEADER(&csv, PB_HOST);
    pb_host_machine(&csv);
    pb_csv_append(&csv, "", 1);
    int error = csv.error ? pa_problem_set(problem, "%s", strerror(-csv.error))
                          : pa_table_parse(host, csv.rows, columns,
                                           PA_ARRAY_SIZE(columns), problem);
    pb_csv_free(&csv);
    return error;
}

int pa_costs_of_this_machine(const struct pa_costs *costs,
                             struct pa_problem *problem)
{
    static const char *const keys[] = {"kernel", "machine", "cpu_model"};
    struct pa_table host = {0};
    int is_known = read_host(&host, problem);

    for (size_t i = 0; is_known == 0 && i < PA_ARRAY_SIZE(keys); i++) {
        const char *there = pa_run_fact(&costs->run, keys[i], "");
        const char *is = pa_host_fact(&host, keys[i], "");
        if (strcmp(there, is) == 0)
            continue;
        pa_problem_set(problem,
                       "RUN is of another machine or kernel: its %s is "
                       "\"%.60s\", and here \"%.60s\"; " PA_MEASURE_ONE,
                       keys[i], there, is);
        is_known = PA_NOT_KNOWN;
    }
    pa_table_free(&host);
    return is_known;
}

enum { BACKENDS_MOST = 64 };

/* A row of the cold model of a way; NULL: there is none. Times alone are wanted
 * of a run that counts, too. */
static const struct pb_models_row *model_of(const struct pa_costs *costs,
                                            enum pa_way way)
{
    PA_EACH (row, &costs->run, models)
        if (strcmp(row->cache, "cold") == 0 &&
            strcmp(row->backend, pa_way_name(way)) == 0 &&
            strcmp(row->metric, pb_metric_infos[PB_METRIC_cost].name) == 0)
            return row;
    return NULL;
}

static int beyond(struct pa_problem *problem, int64_t fd_count, int64_t most)
{
    pa_problem_set(problem,
                   "%lld fds are beyond RUN's cold models, which end at %lld; "
                   "measure further: pollbench run --sweep cache --fds "
                   "'1:%lld:*2' --output NEW",
                   (long long)fd_count, (long long)most,
                   2 * (long long)fd_count);
    return PA_NOT_KNOWN;
}

/* Both passes, and of them the second. Returns how many, or -1. */
static int fill(struct pa_wait_cost by_way[PA_N_WAYS],
                const struct pa_predictor *predictor,
                const struct pb_factors *at, struct pa_problem *problem)
{
    struct pa_passes passes[BACKENDS_MOST];
    int n = pa_predict_passes(passes, BACKENDS_MOST, predictor, at, problem);

    for (int way = 0; way < PA_N_WAYS; way++)
        by_way[way] = (struct pa_wait_cost){{NAN, NAN, NAN}, NAN, 0};
    for (int i = 0; i < n; i++) {
        enum pa_way way = pa_way_of(passes[i].asleep.backend);
        if (way == PA_NO_WAY)
            continue;
        by_way[way].ns = passes[i].asleep.cost_ns;
        by_way[way].again_ns = pa_passes_ns(&passes[i], 0).value;
    }
    return n;
}

int pa_costs_at(const struct pa_costs *costs,
                struct pa_wait_cost by_way[PA_N_WAYS],
                const struct pa_thread *thread, const char **kind,
                struct pa_problem *problem)
{
    const struct pb_models_row *model = model_of(costs, thread->way);
    struct pb_factors at = {.highest_fd = pa_watched_highest(&thread->watched),
                            .fd_count = (int64_t)thread->watched.n,
                            .occupied_words =
                                (int64_t)pa_watched_words(&thread->watched),
                            .ready_count = 1};

    if (fill(by_way, &costs->predictor, &at, problem) < 0)
        return -1;
    if (!model || isnan(by_way[thread->way].ns.value)) {
        pa_problem_set(problem, "RUN has no cold model of %s; " PA_MEASURE_ONE,
                       pa_way_name(thread->way));
        return PA_NOT_KNOWN;
    }
    *kind = model->fd_kind;
    return at.fd_count > model->to_fd_count
               ? beyond(problem, at.fd_count, model->to_fd_count)
               : PA_KNOWN;
}

/* What counting adds taken off; the interval is over the parts. */
static struct pa_interval counted_ns(const struct pa_thread *thread)
{
    struct pa_slice sum = pa_thread_sum(thread);
    double each[PB_LOOK_SLICES];
    size_t n = 0;

    for (int i = 0; i < thread->n_slices; i++)
        if (thread->slices[i].waits > 0)
            each[n++] = (double)thread->slices[i].waiting_ns /
                        (double)thread->slices[i].waits;
    struct pa_interval found = pa_t_interval(each, n);
    double off = (double)sum.waiting_ns / (double)sum.waits - found.value -
                 thread->clock_ns;
    return (struct pa_interval){found.value + off, found.low + off,
                                found.high + off};
}

/* One that sleeps passes twice. One that does not passes once, and queues up to
 * the first of the fds that are ready, which lie anywhere. */
void pa_costs_counted(struct pa_wait_cost by_way[PA_N_WAYS],
                      const struct pa_thread *thread)
{
    struct pa_slice sum = pa_thread_sum(thread);
    double ready = fmax((double)sum.returned / (double)sum.waits, 1);
    double awake = 1 - fmin((double)sum.sleeps / (double)sum.waits, 1);

    for (enum pa_way way = 0; way < PA_N_WAYS; way++) {
        struct pa_wait_cost *cost = &by_way[way];
        double queued_ns = cost->ns.value - cost->again_ns;
        double less_ns =
            awake * (queued_ns - (queued_ns - cost->again_ns) / (ready + 1));
        if (way == PA_EPOLL)
            less_ns -= PB_READY_NS * (ready - 1);
        cost->ns.value -= less_ns;
        cost->ns.low -= less_ns;
        cost->ns.high -= less_ns;
        if (way == PA_POLL)
            cost->array_ns = PB_ARRAY_NS * (double)thread->watched.n;
    }
    by_way[thread->way].ns = counted_ns(thread);
}
