/* SPDX-License-Identifier: MIT */
#include "costs.h"

#include "host.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What is held in models, of which a run may be of another version and know
 * more: the waits that are asked for here. */
static size_t list_held(struct pa_column *columns)
{
    static const struct pa_column of_waits[] = {
        {"cache", PB_TEXT, "warm"},
        {"timeout", PB_TEXT, "0"},
        {"ready_place", PB_TEXT, "spread"}};
    size_t n = 0;

    for (enum pb_factor i = 0; i < PB_N_FACTORS; i++)
        if (pb_factor_infos[i].role == PB_HELD)
            columns[n++] = (struct pa_column){pb_factor_infos[i].name, PB_TEXT,
                                              pb_factor_infos[i].older};
    for (size_t i = 0; i < PA_ARRAY_SIZE(of_waits); i++)
        if (pb_factor_of(of_waits[i].name) == PB_N_FACTORS)
            columns[n++] = of_waits[i];
    return n;
}

static int read_models(struct pa_costs *costs, const char *folder,
                       struct pa_problem *problem)
{
    char *path = pa_path(folder, pa_run_file_name(PA_MODELS));
    size_t n = list_held(costs->columns);
    int error =
        path ? pa_table_read(&costs->held, path, costs->columns, n, problem)
             : pa_problem_set(problem, "out of memory");

    free(path);
    if (error == 0)
        error = pa_predictor_read(&costs->predictor, folder, problem);
    if (error < 0)
        return -1;
    costs->is_wanted = calloc(costs->held.n_rows + 1, 1);
    return costs->is_wanted ? 0 : pa_problem_set(problem, "out of memory");
}

int pa_costs_read(struct pa_costs *costs, const char *folder,
                  struct pa_problem *problem)
{
    *costs = (struct pa_costs){0};
    if (pa_run_tables_read_some(&costs->run, folder,
                                1u << PA_HOST | 1u << PA_MODELS, problem) < 0)
        return -1;
    if (read_models(costs, folder, problem) == 0)
        return 0;
    pa_costs_free(costs);
    return -1;
}

void pa_costs_free(struct pa_costs *costs)
{
    free(costs->is_wanted);
    pa_table_free(&costs->held);
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

/* The models of waits whose fds have left the core's own cache, as a program's
 * have that reads and writes between two waits: of one that only looks, or of
 * one that may sleep and queues on every fd before the ready one, the last.
 * What a run calls them is said here and nowhere else. */
static void choose_models(struct pa_costs *costs, int may_sleep,
                          const char *fd_kind)
{
    const struct {
        const char *factor, *value; /* NULL: any but that of older runs */
    } wanted[] = {{"cache", "cold"},
                  {"ready_place", "last"},
                  {"timeout", may_sleep ? NULL : "0"},
                  {"fd_kind", fd_kind}};

    for (size_t i = 0; i < costs->held.n_rows; i++) {
        const union pa_cell *row = pa_table_row(&costs->held, i);
        costs->is_wanted[i] = 1;
        for (size_t j = 0; j < costs->held.n_columns; j++) {
            const char *older = costs->columns[j].fallback, *value = older;
            for (size_t k = 0; k < PA_ARRAY_SIZE(wanted); k++)
                if (strcmp(costs->columns[j].name, wanted[k].factor) == 0)
                    value = wanted[k].value;
            costs->is_wanted[i] &= value ? strcmp(row[j].text, value) == 0
                                         : strcmp(row[j].text, older) != 0;
        }
    }
    costs->predictor.is_wanted = costs->is_wanted;
}

/* Of each way the look of a wait that may sleep, or else the one after it has
 * slept. Returns as pa_costs_at(). */
static int look(struct pa_costs *costs, struct pa_interval by_way[PA_N_WAYS],
                int may_sleep, const struct pb_factors *at,
                struct pa_problem *problem)
{
    struct pa_prediction found[BACKENDS_MOST];
    choose_models(costs, may_sleep, at->fd_kind);
    int n = pa_predict(found, BACKENDS_MOST, &costs->predictor, at, problem);

    for (int i = 0; i < PA_N_WAYS; i++)
        by_way[i] = (struct pa_interval){NAN, NAN, NAN};
    for (int i = 0; i < n; i++) {
        enum pa_way way = pa_way_of(found[i].backend);
        if (way == PA_NO_WAY)
            continue;
        if (at->fd_count > found[i].most_fds) {
            pa_problem_set(problem,
                           "%lld fds are beyond RUN's cold models, which end "
                           "at %lld; measure further: pollbench run --sweep "
                           "cache --fds '1:%lld:*2' --output NEW",
                           (long long)at->fd_count,
                           (long long)found[i].most_fds,
                           2 * (long long)at->fd_count);
            return PA_NOT_KNOWN;
        }
        by_way[way] = found[i].cost_ns;
    }
    return n < 0 ? -1 : PA_KNOWN;
}

/* What looks through the fds that are ready alone looks once: the first look
 * has nothing to find. The others' intervals are over the same invocations, so
 * that their ends add up. */
static void add_up(const struct pa_costs *costs,
                   struct pa_wait_cost by_way[PA_N_WAYS],
                   const struct pa_interval *first,
                   const struct pa_interval *again)
{
    const char *const ready = pb_factor_infos[PB_FACTOR_ready_count].name;

    for (enum pa_way way = 0; way < PA_N_WAYS; way++) {
        const struct pa_backend *backend =
            pa_backend_of(&costs->run.backends, pa_way_name(way));
        by_way[way] = (struct pa_wait_cost){first[way], 0};
        if (backend && strcmp(backend->scans, ready) == 0)
            continue;
        by_way[way].again_ns = again[way].value;
        by_way[way].ns.value += again[way].value;
        by_way[way].ns.low += again[way].low;
        by_way[way].ns.high += again[way].high;
    }
}

int pa_costs_at(struct pa_costs *costs, struct pa_wait_cost by_way[PA_N_WAYS],
                const struct pa_thread *thread, const char **kind,
                struct pa_problem *problem)
{
    const char *const kinds[] = {pa_thread_fd_kind(thread),
                                 pb_factor_infos[PB_FACTOR_fd_kind].older};
    struct pa_interval first[PA_N_WAYS], again[PA_N_WAYS];
    struct pb_factors at = {.highest_fd = pa_watched_highest(&thread->watched),
                            .fd_count = (int64_t)thread->watched.n,
                            .occupied_words =
                                (int64_t)pa_watched_words(&thread->watched),
                            .ready_count = 1};

    for (size_t i = 0; i < PA_ARRAY_SIZE(kinds); i++) {
        at.fd_kind = *kind = kinds[i];
        int error = look(costs, first, 1, &at, problem);
        if (error == PA_KNOWN)
            error = look(costs, again, 0, &at, problem);
        if (error != PA_KNOWN)
            return error;
        add_up(costs, by_way, first, again);
        if (!isnan(by_way[thread->way].ns.value))
            return PA_KNOWN;
    }
    pa_problem_set(problem, "RUN has no cold model of %s; " PA_MEASURE_ONE,
                   pa_way_name(thread->way));
    return PA_NOT_KNOWN;
}
