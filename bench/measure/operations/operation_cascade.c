/* SPDX-License-Identifier: MIT */
/* The chain of libevent's benchmark: a byte is written to each of R pairs of a
 * ring, and who is told of one reads it and writes it to the pair after it,
 * until as many have been written as the chain has events. So there are R to be
 * told of at any time, each turn one place further on.
 *
 * A call is an event. The floor is the same chain along the pairs' twins. Both
 * take several times what being told adds, and others can only lengthen them:
 * so a batch is the least of some chains less the least of some floors, each
 * beginning where the one before it ended. It is done twice, and counts then: a
 * round of each has put out of the cache what registering left there of the
 * watched ones alone. */
#include "byte.h"
#include "clock.h"
#include "loop.h"
#include "operation.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Chains in a batch, together once round; and events in one where that is less,
 * or takes too long: what looks through all fds for an event need not come by
 * all of them. */
enum { CHAINS = 3, EVENTS_LEAST = 64 };

struct cascade {
    struct pb_looping *looping; /* NULL: libpollset */
    const int *fds;
    int n, n_active, apart; /* places from one that is active to the next */
    int first;              /* place of the first that is active */
    int to_twin, beside;    /* from an fd to its twin; to what stands for it */
    uint32_t left;          /* events still to be written */
    int error;
};

static void put_at(struct cascade *cascade, int place)
{
    int error = pb_put(cascade->fds[place] + cascade->beside + 1);
    cascade->left--;
    if (error)
        cascade->error = error;
}

/* One that is active may have been written to once more by the one before it.
 */
static void serve_place(struct cascade *cascade, int place)
{
    int error = pb_take_one(cascade->fds[place] + cascade->beside);
    if (error)
        cascade->error = error;
    if (cascade->left > 0)
        put_at(cascade, place + 1 < cascade->n ? place + 1 : 0);
}

static void serve(void *server, const struct pollset_event *event)
{
    struct cascade *cascade = server;
    const int *place = event->cookie;
    serve_place(cascade, (int)(place - cascade->fds));
}

static void begin(struct cascade *cascade, uint32_t calls, int beside)
{
    cascade->beside = beside;
    cascade->left = calls;
    cascade->error = 0;
    for (int i = 0; i < cascade->n_active; i++)
        put_at(cascade, (cascade->first + i * cascade->apart) % cascade->n);
}

static int ask_and_serve(struct pb_task *task)
{
    struct pb_answers *answers = task->answers;
    struct pollset_event *events = answers->events + answers->n_events;
    struct cascade *cascade = task->own;
    int n =
        pollset_poll(task->set, events, cascade->n_active + PB_SPARE_SLOTS, 0);
    for (int i = 0; i < n; i++)
        serve(cascade, &events[i]);
    answers->n_events += n > 0 ? (size_t)n : 0;
    return n < 0 ? n : 0;
}

static int turn(struct pb_task *task)
{
    struct cascade *cascade = task->own;
    size_t before = task->answers->n_events;
    int error = 0;
    if (cascade->looping)
        cascade->looping->loop->turn(cascade->looping);
    else
        error = ask_and_serve(task);
    if (!error)
        error = cascade->error;
    /* One that is lost ends the batch; nothing waits for it. */
    return !error && task->answers->n_events == before ? -EBADMSG : error;
}

/* What is not there when it should be is as wrong as what is not told. */
static int failed(const struct cascade *cascade, int error)
{
    for (int i = 0; i < cascade->n; i++)
        for (int k = 0; k < 2; k++)
            pb_take_all(cascade->fds[i] + k * cascade->to_twin);
    return error == -EAGAIN ? -EBADMSG : error;
}

static int run_chain(struct pb_task *task, uint32_t calls)
{
    int error = 0;
    task->answers->n_events = 0;
    begin(task->own, calls, 0);
    while (!error && task->answers->n_events < calls)
        error = turn(task);
    return error;
}

/* In the order in which they are served by whoever is told of all in a turn. */
static int run_floor(struct pb_task *task, uint32_t calls)
{
    struct cascade *cascade = task->own;
    int turns = (int)calls / cascade->n_active;
    begin(cascade, calls, cascade->to_twin);
    for (int i = 0; i < turns && !cascade->error; i++)
        for (int k = 0; k < cascade->n_active; k++)
            serve_place(cascade,
                        (cascade->first + k * cascade->apart + i) % cascade->n);
    return cascade->error;
}

static int time_least(struct pb_task *task, uint32_t calls,
                      int (*run)(struct pb_task *, uint32_t), int64_t *least_ns)
{
    int64_t start_ns = pb_now_ns();
    int error = run(task, calls);
    int64_t taken_ns = pb_now_ns() - start_ns;
    if (taken_ns < *least_ns)
        *least_ns = taken_ns;
    return error;
}

static int check_chain(struct pb_task *task, uint32_t calls)
{
    const struct cascade *cascade = task->own;
    return pb_answers_check_moving(task->answers, task->scene,
                                   calls / (uint32_t)cascade->n_active,
                                   (uint32_t)cascade->first);
}

static int run_round(struct pb_task *task, uint32_t calls)
{
    struct cascade *cascade = task->own;
    int64_t floor_ns = INT64_MAX, chain_ns = INT64_MAX;
    int error = 0;
    for (int i = 0; i < 2 * CHAINS && !error; i++) {
        error = i < CHAINS ? time_least(task, calls, run_floor, &floor_ns)
                           : time_least(task, calls, run_chain, &chain_ns);
        if (!error && i >= CHAINS)
            error = check_chain(task, calls);
        cascade->first =
            (cascade->first + (int)calls / cascade->n_active) % cascade->n;
    }
    task->counted = chain_ns - floor_ns;
    return error ? failed(cascade, error) : 0;
}

static int run_cascade(struct pb_task *task, uint32_t calls)
{
    int error = run_round(task, calls);
    return error ? error : run_round(task, calls);
}

/* It warms itself. */
static int rest(struct pb_task *task)
{
    (void)task;
    return 0;
}

static bool looks_through_all(const struct pb_task *task)
{
    struct pollset_backend_info info;
    return task->series->operation->needs_set &&
           pollset_backend_find(task->series->backend, &info) == 0 &&
           strcmp(info.scans, "ready_count") != 0;
}

static uint32_t chain_events(const struct pb_task *task)
{
    const struct cascade *cascade = task->own;
    int n = cascade->n_active, least = (EVENTS_LEAST + n - 1) / n;
    int turns = (cascade->apart + CHAINS - 1) / CHAINS;
    return (uint32_t)(n * (turns < least || looks_through_all(task) ? least
                                                                    : turns));
}

static int reserve(struct pb_task *task, uint32_t calls)
{
    return pb_answers_reserve(task->answers, calls,
                              (int)task->scene->got.highest_fd);
}

static void close_cascade(struct pb_task *task)
{
    struct cascade *cascade = task->own;
    if (cascade->looping)
        pb_looping_close(cascade->looping);
    free(cascade);
    task->own = NULL;
}

static int open_cascade(struct pb_task *task)
{
    const struct pb_scene *scene = task->scene;
    struct cascade *cascade = calloc(1, sizeof *cascade);
    if (!cascade)
        return -ENOMEM;
    task->own = cascade;
    cascade->fds = scene->fds;
    cascade->to_twin = pb_chain_to_twin(scene);
    cascade->n = (int)scene->got.fd_count;
    cascade->n_active = (int)scene->got.ready_count;
    cascade->apart = cascade->n / cascade->n_active;
    return 0;
}

/* The libraries have room for 32 events or more, and double it when a turn
 * fills it: once it is enough, a turn reports all that are active. */
static int grow(struct pb_task *task)
{
    const struct cascade *cascade = task->own;
    uint32_t n = (uint32_t)cascade->n_active, turns = 0;
    while (n >> turns > 32)
        turns++;
    int error = reserve(task, turns * n);
    if (!error && turns > 0)
        error = run_chain(task, turns * n);
    return error;
}

static int open_loop(struct pb_task *task)
{
    int error = open_cascade(task);
    struct cascade *cascade = task->own;
    if (error)
        return error;
    error = pb_looping_open(&cascade->looping, task);
    if (!error) {
        cascade->looping->serve = serve;
        cascade->looping->server = cascade;
        error = grow(task);
    }
    if (error)
        close_cascade(task);
    return error;
}

#define CASCADE                                                                \
    .stage = "event-over-floor", .metric = PB_METRIC_excess,                   \
    .close = close_cascade,                                                    \
    .timed = {                                                                 \
        .whole = chain_events,                                                 \
        .total = pb_task_counted,                                              \
        .reserve = reserve,                                                    \
        .warm = rest,                                                          \
        .run = run_cascade,                                                    \
    }

const struct pb_operation pb_operation_cascade = {
    CASCADE,
    .needs_set = 1,
    .open = open_cascade,
};

const struct pb_operation pb_operation_cascade_loop = {
    CASCADE,
    .own_fds = pb_looping_own_fds,
    .open = open_loop,
};
