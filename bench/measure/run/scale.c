/* SPDX-License-Identifier: MIT */
#include "scale.h"

#include "memory.h"
#include "operation_growth.h"
#include "record.h"
#include "row.h"
#include "rules.h"
#include "sampler.h"
#include "tables.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

enum {
    SPARE_FDS = 4,     /* above a farm: an epoll set, and what opening takes */
    ANSWER_SLOTS = 64, /* far more than right answers need */
    WAIT_BATCHES = 5,  /* one that is interrupted shall not be all there is */
};

/* What one descriptor table has of the point. */
struct part {
    struct pb_share share;
    struct pb_scene *scene;
};

/* A point while it is measured. */
struct state {
    const struct pb_scale *scale;
    struct part *parts; /* one a table; the last has the ready fd */
    int n_parts;
    struct pb_factors whole; /* of all of them together */
    struct pb_plan plan;     /* holds the point, for the record */
    struct pb_point point;
    struct pb_answers answers;
    int sequence;
};

const char *pb_scale_sweep(const struct pb_scale *scale)
{
    return scale->beyond_limit ? "beyond_limit" : "scale";
}

/* The idle fds of a farm; one of the others is watched too, at most. */
int pb_scale_room(int table_fds)
{
    const struct pb_farm farm = pb_farm_below(NULL, table_fds - SPARE_FDS);
    return pb_farm_count(&farm, false);
}

static int count_parts(const struct pb_scale *scale)
{
    int room = pb_scale_room(scale->table_fds);
    assert(room > 0); /* or no N would have been planned */
    return (scale->fd_count - 1) / room + 1;
}

static int farm_fds(const struct pb_farm *farm)
{
    return farm->highest_fd - farm->lowest_fd + 1;
}

/* Choose the fds of one table: the n lowest there are, and a farm for them. */
static int choose_part(const struct pb_scale *scale, int n, int ready_count,
                       struct pb_scene **scene)
{
    const struct pb_farm farm =
        pb_farm_below(scale->fd_kind, scale->table_fds - SPARE_FDS);
    const struct pb_factors wanted = {
        .highest_fd = pb_farm_lowest_m(&farm, n, ready_count),
        .fd_count = n,
        .ready_count = ready_count,
    };
    return pb_scene_choose(&pb_own_farm, &farm, &wanted, 0, scene);
}

static void add_factors(struct pb_factors *whole, const struct pb_factors *got)
{
    if (got->highest_fd > whole->highest_fd)
        whole->highest_fd = got->highest_fd;
    whole->fd_count += got->fd_count;
    whole->ready_count += got->ready_count;
    whole->occupied_words += got->occupied_words;
    whole->layout = got->layout;
    whole->fd_kind = got->fd_kind;
    whole->tables++;
}

static int choose_parts(struct state *state)
{
    const struct pb_scale *scale = state->scale;
    int n = count_parts(scale), error = 0;

    state->parts = calloc((size_t)n, sizeof *state->parts);
    if (!state->parts)
        return -ENOMEM;
    for (int i = 0; i < n && !error; i++) {
        int64_t before = (int64_t)scale->fd_count * i / n;
        int64_t with = (int64_t)scale->fd_count * (i + 1) / n;
        struct part *part = &state->parts[i];
        *part = (struct part){.share = {.table = i}};
        state->n_parts++;
        error =
            choose_part(scale, (int)(with - before), i == n - 1, &part->scene);
        if (!error)
            add_factors(&state->whole, &part->scene->got);
    }
    return error;
}

/* --- rows --------------------------------------------------------------- */

static struct pb_series series_of(const struct state *state,
                                  const char *backend,
                                  const struct pb_operation *operation)
{
    return (struct pb_series){.sweep = pb_scale_sweep(state->scale),
                              .backend = backend,
                              .operation = operation,
                              .point = 0,
                              .set = -1};
}

static void record(struct state *state, const struct pb_series *series,
                   const struct pb_sample *sample)
{
    struct pb_occasion occasion = {
        .invocation = state->scale->invocation,
        .round = state->scale->round,
        .sequence = state->sequence++,
        .cpu = sample->error ? state->scale->cpu : sample->cpu,
        .seed = state->scale->seed,
    };
    pb_record_sample(state->scale->samples, &state->plan, series, &occasion,
                     sample);
}

static int64_t growth_of(int64_t before, int64_t after)
{
    return before < 0 || after < 0 ? PA_NONE : after - before;
}

PB_ROW(memory, PB_MEMORY)

static void record_memory(struct state *state, const struct pb_series *series,
                          int64_t n_fds, const struct pb_memory *before)
{
    struct pb_memory after = pb_memory_now();
    struct pb_factors factors = pb_record_factors(&state->plan, series);
    struct pb_memory_row row = {
        .invocation = state->scale->invocation,
        .fds = n_fds,
        .kernel_bytes = growth_of(before->kernel_bytes, after.kernel_bytes),
        .process_bytes = growth_of(before->process_bytes, after.process_bytes),
    };

    PB_FACTORS_TO_ROW(&row, &factors);
    pb_memory_put(state->scale->memory, &row);
}

/* --- one table, the library's backends ----------------------------------- */

/* One batch of an operation in the only table. Returns its error. */
static int sample_one(struct state *state, struct pb_task *task,
                      const struct pb_series *series, uint32_t calls)
{
    const struct pb_timed *timed = &series->operation->timed;
    struct pb_sample sample = {.calls = calls};
    task->series = series;
    if (!calls)
        sample.error = pb_calibrate(timed, task, PB_BATCH_NS, &calls);
    if (!sample.error)
        sample =
            pb_sample_batch(timed, task, calls, state->scale->clock_cost_ns);
    record(state, series, &sample);
    return sample.error;
}

static int sample_waits(struct state *state, struct pb_task *task,
                        const struct pb_series *series)
{
    int error = 0;
    for (int i = 0; i < WAIT_BATCHES && !error; i++)
        error = sample_one(state, task, series, 0);
    return error;
}

/* The same with the memory that it takes. */
static int sample_growth(struct state *state, struct pb_task *task,
                         const struct pb_series *series, uint32_t calls)
{
    struct pb_memory before = pb_memory_now();
    int error = sample_one(state, task, series, calls);
    if (!error)
        record_memory(state, series, calls, &before);
    return error;
}

static void measure_backend(struct state *state, const char *backend)
{
    struct pb_scene *scene = state->parts->scene;
    struct pb_task task = {.answers = &state->answers, .scene = scene};
    struct pb_series enter = series_of(state, backend, &pb_operation_register);
    struct pb_series wait = series_of(state, backend, &pb_operation_all);
    struct pb_series leave =
        series_of(state, backend, &pb_operation_unregister);
    uint32_t n = (uint32_t)scene->got.fd_count;

    struct pb_sample failed = {.error = pollset_create(&task.set, backend)};
    if (failed.error) {
        record(state, &enter, &failed);
        return;
    }
    int error = sample_growth(state, &task, &enter, n);
    if (!error)
        error = sample_waits(state, &task, &wait);
    if (!error)
        sample_one(state, &task, &leave, n);
    pollset_destroy(task.set);
}

static int measure_one_table(struct state *state)
{
    struct pb_scene *scene = state->parts->scene;
    struct pb_task task = {.answers = &state->answers, .scene = scene};
    struct pb_series build = series_of(state, "none", &pb_operation_build);
    struct pb_series end = series_of(state, "none", &pb_operation_close);
    uint32_t n_fds = (uint32_t)farm_fds(&scene->farm);

    if (sample_growth(state, &task, &build, n_fds) < 0)
        return 0; /* the row says why */
    for (int i = 0; state->scale->backends[i]; i++)
        measure_backend(state, state->scale->backends[i]);
    sample_one(state, &task, &end, n_fds);
    return 0;
}

/* --- many tables, bare calls ---------------------------------------------- */

enum unit { PER_FARM_FD, PER_WATCHED_FD, PER_WAIT };

/* An operation that goes from table to table. */
struct tour {
    struct state *state;
    const struct pb_series *series;
    enum unit unit;
    uint32_t waits; /* calls in each table, when they are waits; 0: not yet
                       calibrated */
    struct pb_sample sum;
};

static uint32_t calls_of(const struct tour *tour, const struct pb_scene *scene)
{
    switch (tour->unit) {
    case PER_FARM_FD:
        return (uint32_t)farm_fds(&scene->farm);
    case PER_WATCHED_FD:
        return (uint32_t)scene->got.fd_count;
    default:
        return tour->waits;
    }
}

static void add_sample(struct tour *tour, const struct pb_sample *sample)
{
    struct pb_sample *sum = &tour->sum;
    sum->calls =
        tour->unit == PER_WAIT ? sample->calls : sum->calls + sample->calls;
    sum->batch_ns += sample->batch_ns;
    sum->overhead_ns += sample->overhead_ns;
    sum->involuntary_switches += sample->involuntary_switches;
    sum->cpu = sample->cpu;
    sum->error = sample->error;
}

/* In the thread of the table. */
static int visit(int table, void *context)
{
    struct tour *tour = context;
    struct state *state = tour->state;
    struct part *part = &state->parts[table];
    const struct pb_operation *operation = tour->series->operation;
    struct pb_task task = {.series = tour->series,
                           .answers = &state->answers,
                           .scene = part->scene,
                           .own = operation->open ? NULL : &part->share};
    struct pb_sample sample = {0};

    if (operation->open)
        sample.error = operation->open(&task);
    if (!sample.error && tour->unit == PER_WAIT && !tour->waits)
        sample.error = pb_calibrate(&operation->timed, &task,
                                    PB_BATCH_NS / state->n_parts, &tour->waits);
    if (!sample.error)
        sample = pb_sample_batch(&operation->timed, &task,
                                 calls_of(tour, part->scene),
                                 state->scale->clock_cost_ns);
    if (task.own && operation->close)
        operation->close(&task);
    add_sample(tour, &sample);
    return sample.error;
}

/* One row, with its memory if it is to grow. Returns the error in the row. */
static int take_tour(struct state *state, struct pb_tables *tables,
                     const struct pb_series *series, enum unit unit, bool grows)
{
    struct tour tour = {.state = state, .series = series, .unit = unit};
    struct pb_memory before = pb_memory_now();
    int error = pb_tables_run(tables, visit, &tour);
    record(state, series, &tour.sum);
    if (!error && grows)
        record_memory(state, series, tour.sum.calls, &before);
    return error;
}

/* A set in the kernel: all tables register with one, and one wait serves all.
 */
static void measure_shared(struct state *state, struct pb_tables *tables,
                           const char *backend)
{
    struct pb_series enter =
        series_of(state, backend, &pb_operation_shared_register);
    struct pb_series wait =
        series_of(state, backend, &pb_operation_shared_wait);
    struct pb_series leave =
        series_of(state, backend, &pb_operation_shared_unregister);
    struct part *ready = &state->parts[state->n_parts - 1];
    struct pb_task task = {.answers = &state->answers,
                           .scene = ready->scene,
                           .own = &ready->share};

    if (take_tour(state, tables, &enter, PER_WATCHED_FD, true) < 0)
        return;
    if (sample_waits(state, &task, &wait) == 0)
        take_tour(state, tables, &leave, PER_WATCHED_FD, false);
}

/* Each table's own fds in turn, which adds up. */
static void measure_in_turns(struct state *state, struct pb_tables *tables,
                             const char *backend)
{
    struct pb_series wait = series_of(state, backend, &pb_operation_raw);
    int error = 0;

    for (int k = 0; k < WAIT_BATCHES && !error; k++)
        error = take_tour(state, tables, &wait, PER_WAIT, false);
}

static bool is_head(const char *backend)
{
    struct pollset_backend_info info;

    pollset_backend_find(backend, &info);
    return strcmp(info.family, backend) == 0;
}

static void measure_bare_calls(struct state *state, struct pb_tables *tables)
{
    const char *backend;

    for (unsigned i = 0; (backend = pb_raw_backend(i)); i++)
        if (!is_head(backend))
            continue; /* a program's own loop costs the same in any table */
        else if (pb_operation_raw.own_fds(backend) > 0)
            measure_shared(state, tables, backend);
        else
            measure_in_turns(state, tables, backend);
}

static int measure_many_tables(struct state *state)
{
    struct pb_tables *tables = NULL;
    struct pb_series build = series_of(state, "none", &pb_operation_build);
    struct pb_series end = series_of(state, "none", &pb_operation_close);
    int epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    struct pb_sample failed = {.error = epoll_fd < 0 ? -errno : 0};

    for (int i = 0; i < state->n_parts; i++)
        state->parts[i].share.epoll_fd = epoll_fd;
    if (!failed.error)
        failed.error = pb_tables_start(&tables, state->n_parts);
    if (failed.error) {
        record(state, &build, &failed);
        if (epoll_fd >= 0)
            close(epoll_fd);
        return 0;
    }
    if (take_tour(state, tables, &build, PER_FARM_FD, true) == 0) {
        measure_bare_calls(state, tables);
        take_tour(state, tables, &end, PER_FARM_FD, false);
    }
    pb_tables_stop(tables);
    close(epoll_fd);
    return 0;
}

/* ------------------------------------------------------------------------ */

/* The core's clock meanwhile, as pollbench records it. */
static void record_reference(struct state *state)
{
    static const struct pb_series series = {.sweep = "reference",
                                            .backend = "ref1",
                                            .operation = &pb_operation_ref1,
                                            .point = -1,
                                            .set = -1};
    struct pb_task task = {.answers = &state->answers};
    sample_one(state, &task, &series, 0);
}

int pb_scale_series(const struct pb_scale *scale)
{
    int n = 0;
    while (scale->backends[n])
        n++;
    return scale->beyond_limit ? 7 : 2 + 3 * n;
}

int pb_scale_measure(const struct pb_scale *scale)
{
    struct state state = {.scale = scale};

    int error = choose_parts(&state);
    state.point.got = &state.whole;
    state.plan = (struct pb_plan){.points = &state.point, .n_points = 1};
    if (!error)
        error = pb_answers_reserve(&state.answers, ANSWER_SLOTS,
                                   state.whole.highest_fd);
    pb_memory_settle();
    if (!error)
        error = scale->beyond_limit ? measure_many_tables(&state)
                                    : measure_one_table(&state);
    if (!error)
        record_reference(&state);
    for (int i = 0; i < state.n_parts; i++)
        pb_scene_free(state.parts[i].scene);
    free(state.parts);
    pb_answers_free(&state.answers);
    return error;
}
