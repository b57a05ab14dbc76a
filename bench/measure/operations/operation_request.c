/* SPDX-License-Identifier: MIT */
/* What a request costs a server whose connections are mostly idle. One window
 * tells of it all: who measures sleeps meanwhile. */
#include "operation.h"
#include "proc_file.h"
#include "rules.h"
#include "server_real.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

/* What each metric tells of a window. */
enum told { SERVER_CPU, EVENTS, SPACING, N_TOLD };

/* The last window of a backend: what was seen, or why nothing was, and what of
 * it has not been told yet. */
struct window {
    int error;
    unsigned untold; /* sum of 1 << enum told */
    struct {
        int64_t total, calls;
    } of[N_TOLD];
    char latencies[PB_LATENCIES_BYTES];
};

/* The windows of a scene, by the place of the backend; NULL: no memory. */
static struct window *window_of(struct pb_task *task)
{
    struct pb_scene *scene = task->scene;
    struct pollset_backend_info info;
    unsigned n = 0;

    while (pollset_backend_at(n, &info) == 0)
        n++;
    if (!scene->kept)
        scene->kept = calloc(n + 1, sizeof(struct window));
    pollset_backend_find(task->series->backend, &info);
    return scene->kept ? (struct window *)scene->kept + info.order : NULL;
}

static void keep(struct window *window, const struct pb_load_asked *asked,
                 const struct pb_load_window *seen)
{
    /* Sleeps stand for waits where each wait sleeps. */
    bool is_counted = asked->count || (double)seen->server_cpu_ns <
                                          PB_BUSY_SHARE * (double)seen->wall_ns;

    window->of[SERVER_CPU].total = seen->server_cpu_ns;
    window->of[SERVER_CPU].calls = seen->n_answered;
    window->of[EVENTS].total = seen->n_events;
    window->of[EVENTS].calls = is_counted ? seen->n_waits : 0;
    window->of[SPACING].total = seen->wall_ns;
    window->of[SPACING].calls = seen->n_sent;
    pb_latencies_put(window->latencies, seen->response_ns, seen->service_ns,
                     (uint32_t)seen->n_sent);
}

/* For how long a thread of the server could have run, and others did: the
 * second number; 0 where the kernel does not say. */
static int64_t waited_in(const char *path)
{
    char text[128], *second;

    (void)strtoll(pb_proc_line(path, text, sizeof text), &second, 10);
    return strtoll(second, NULL, 10);
}

static int64_t waited_ns(pid_t server)
{
    return pb_proc_of_threads(server, "schedstat", waited_in);
}

static int play_with(struct window *window, const struct pb_load_asked *asked)
{
    struct pb_load_window seen = {0};
    struct pb_load *load;
    int error = pb_load_start(&load, asked);

    if (error)
        return error;
    int64_t lost_ns = -waited_ns(asked->pid);
    error = pb_load_play(load, &seen);
    lost_ns += waited_ns(asked->pid);
    if (!error) {
        keep(window, asked, &seen);
        bool is_disturbed =
            seen.share < PB_PARTNER_SHARE ||
            (double)lost_ns > PB_STARVED_SHARE * (double)seen.wall_ns;
        error = is_disturbed ? PB_DISTURBED : 0;
    }
    pb_load_stop(load);
    return error;
}

/* Long enough for a 99th percentile. */
static int64_t window_ns(int64_t rate)
{
    int64_t ns = rate ? INT64_C(1000000000) * 110 * PB_BEYOND / rate : 0;
    return ns > PB_WINDOW_NS ? ns : PB_WINDOW_NS;
}

static const struct pb_server_kind *kind_of(const char *name)
{
    const struct pb_server_kind *kind;
    unsigned i = 0;
    while ((kind = pb_server_real_at(i)) && strcmp(kind->name, name) != 0)
        i++;
    return kind ? kind : &pb_server_echo;
}

/* A server of its own for each window, so that none has the luck of another's
 * memory. 0, PB_DISTURBED or -errno. */
static int play(const struct pb_task *task, struct window *window)
{
    const struct pb_factors *got = &task->scene->got;
    struct pb_server server = {
        .kind = kind_of(got->server),
        .asked = {.call = task->series->backend,
                  .cpu = sched_getcpu(),
                  .n_connections = (int)got->fd_count},
    };
    struct pb_load_asked asked = {
        .talk = server.kind->talk,
        .cpu = task->scene->other_cpu,
        .n_idle = (int)(got->fd_count - got->busy_fds),
        .n_busy = (int)got->busy_fds,
        .rate = got->rate,
        .window_ns = window_ns(got->rate),
    };

    if (asked.cpu < 0)
        return -ENXIO;
    int error = server.kind->start(&server);
    if (error)
        return error;
    asked.port = server.port;
    asked.server_clock = server.clock;
    asked.count = server.count;
    asked.pid = server.pid;
    error = play_with(window, &asked);
    if (error < 0 && server.count && server.count->error)
        error = server.count->error; /* it knows better */
    server.kind->stop(&server);
    return error;
}

/* The window, played unless this is still to be told of it. */
static int tell(struct pb_task *task, enum told told)
{
    struct window *window = window_of(task);

    if (!window)
        return -ENOMEM;
    if (!(window->untold & 1u << told)) {
        window->error = play(task, window);
        window->untold = (1u << N_TOLD) - 1;
    }
    window->untold &= ~(1u << told);
    if (window->error < 0)
        return window->error;
    task->counted = window->of[told].total;
    task->calls = (uint32_t)window->of[told].calls;
    if (task->latencies)
        memcpy(task->latencies, window->latencies, PB_LATENCIES_BYTES);
    return task->calls ? window->error : -ENODATA;
}

static int be_ready(struct pb_task *task)
{
    (void)task;
    return 0;
}

#define OPERATION(name, measured, TOLD, latencies_or_not)                      \
    static int run_##name(struct pb_task *task, uint32_t calls)                \
    {                                                                          \
        (void)calls;                                                           \
        return tell(task, TOLD);                                               \
    }                                                                          \
    const struct pb_operation pb_operation_request_##name = {                  \
        .stage = "request",                                                    \
        .metric = PB_METRIC_##measured,                                        \
        .is_once = true,                                                       \
        .has_latencies = (latencies_or_not),                                   \
        .timed =                                                               \
            {                                                                  \
                .calls = 1,                                                    \
                .warm = be_ready,                                              \
                .run = run_##name,                                             \
                .total = pb_task_counted,                                      \
                .made = pb_task_calls,                                         \
            },                                                                 \
    };

OPERATION(cpu, request_cpu, SERVER_CPU, false)
OPERATION(waits, wait_events, EVENTS, false)
OPERATION(spacing, spacing, SPACING, true)
