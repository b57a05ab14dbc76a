/* SPDX-License-Identifier: MIT */
/* Events as a program meets them. Of a standing flow R fds stay ready: a turn
 * asks until all have been reported, and arms again what has to be. Of a served
 * one a turn writes a byte to each of R fds, asks, and reads each that was
 * reported: once, or as the manual wants it, which of an edge is until there is
 * nothing left. The scene's fds are pairs, and its own.
 *
 * A call is an event here, and a batch is whole turns. An event that is lost
 * ends the batch, which then has failed; nothing waits for it. */
#include "byte.h"
#include "flow.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { EVENTS_LEAST = 128 }; /* in a batch */

/* The other end: a farm's pairs begin at even numbers. */
static struct pb_served served_of(int fd)
{
    return (struct pb_served){fd, fd ^ 1};
}

/* The farm's other pairs with a byte in them lie below the watched fds. */
static int find_twins(struct pb_flow *flow, const struct pb_scene *scene)
{
    flow->twins = calloc((size_t)flow->n + 1, sizeof *flow->twins);
    if (!flow->twins)
        return -ENOMEM;
    for (int fd = scene->farm.lowest_fd;
         fd < scene->fds[0] && flow->n_twins < flow->n; fd++)
        if (pb_farm_is_ready(fd))
            flow->twins[flow->n_twins++] = served_of(fd);
    return 0;
}

static int find_fds(struct pb_flow *flow, const struct pb_scene *scene)
{
    flow->fds = calloc((size_t)scene->got.ready_count + 1, sizeof *flow->fds);
    if (!flow->fds)
        return -ENOMEM;
    for (int i = 0; i < scene->got.fd_count; i++)
        if (scene->staging->expects(scene, i))
            flow->fds[flow->n++] = served_of(scene->fds[i]);
    return find_twins(flow, scene);
}

static void close_flow(struct pb_task *task)
{
    struct pb_flow *flow = task->own;
    free(flow->fds);
    free(flow->twins);
    free(flow);
    task->own = NULL;
}

static int open_flow(struct pb_task *task)
{
    struct pb_flow *flow = calloc(1, sizeof *flow);
    struct pollset_backend_info info;
    if (!flow)
        return -ENOMEM;
    task->own = flow;
    int error = pollset_backend_find(task->series->backend, &info);
    flow->trigger = error ? "" : info.trigger;
    flow->arms_again = strcmp(flow->trigger, "once") == 0;
    int most = (int)task->scene->got.max_events;
    error = find_fds(flow, task->scene);
    flow->is_limited = most > 0;
    flow->most = most ? most : flow->n + PB_SPARE_SLOTS;
    if (error)
        close_flow(task);
    return error;
}

/* An edge that stays is not reported again either. */
static int open_standing(struct pb_task *task)
{
    int error = open_flow(task);
    struct pb_flow *flow = task->own;
    if (!error)
        flow->arms_again = strcmp(flow->trigger, "level") != 0;
    return error;
}

/* Whatever a batch that failed may have left. */
static void drain(const struct pb_served *fds, int n)
{
    for (int i = 0; i < n; i++)
        pb_take_all(fds[i].fd);
}

/* All are ready when the farm is opened, and when it is left. */
static void fill(const struct pb_served *fds, int n)
{
    drain(fds, n);
    for (int i = 0; i < n; i++)
        pb_put(fds[i].from); /* missing, it is missed by the next batch */
}

int pb_flow_open(struct pb_task *task)
{
    int error = open_flow(task);
    struct pb_flow *flow = task->own;
    if (error)
        return error;
    drain(flow->fds, flow->n);
    drain(flow->twins, flow->n_twins);
    return 0;
}

static int open_by_manual(struct pb_task *task)
{
    int error = pb_flow_open(task);
    struct pb_flow *flow = task->own;
    if (!error)
        flow->reads_again = strcmp(flow->trigger, "edge") == 0;
    return error;
}

void pb_flow_close(struct pb_task *task)
{
    struct pb_flow *flow = task->own;
    fill(flow->fds, flow->n);
    fill(flow->twins, flow->n_twins);
    close_flow(task);
}

uint32_t pb_flow_batch(const struct pb_task *task)
{
    const struct pb_flow *flow = task->own;
    uint32_t n = (uint32_t)flow->n;
    return n * ((EVENTS_LEAST + n - 1) / n);
}

int pb_flow_reserve(struct pb_task *task, uint32_t calls)
{
    return pb_answers_reserve(task->answers, calls,
                              (int)task->scene->got.highest_fd);
}

/* Ask for the events of one turn, behind those that there are. */
static int ask(struct pb_task *task)
{
    const struct pb_flow *flow = task->own;
    struct pb_answers *answers = task->answers;
    struct pollset_event *out = answers->events + answers->n_events;
    int n = 0;
    while (n < flow->n) {
        int left = flow->n - n;
        int slots = flow->is_limited && left < flow->most ? left : flow->most;
        int found = pollset_poll(task->set, out + n, slots, 0);
        if (found <= 0)
            return found < 0 ? found : -EBADMSG;
        n += found;
    }
    answers->n_events += (size_t)n;
    return n == flow->n ? 0 : -EBADMSG;
}

static int arm_again(const struct pb_task *task,
                     const struct pollset_event *event)
{
    return pollset_modify(task->set, event->fd, POLLIN, event->cookie);
}

static int stand(struct pb_task *task)
{
    const struct pb_flow *flow = task->own;
    int error = ask(task);
    const struct pollset_event *end =
        task->answers->events + task->answers->n_events;
    for (int i = flow->arms_again ? flow->n : 0; i > 0 && !error; i--)
        error = arm_again(task, end - i);
    return error;
}

static int serve_one(const struct pb_task *task,
                     const struct pollset_event *event)
{
    const struct pb_flow *flow = task->own;
    int error = pb_take(event->fd) == 0 ? 0 : -EBADMSG;
    if (!error && flow->reads_again && pb_take(event->fd) != -EAGAIN)
        error = -EBADMSG;
    return !error && flow->arms_again ? arm_again(task, event) : error;
}

int pb_flow_serve(struct pb_task *task, int (*finds)(struct pb_task *task))
{
    const struct pb_flow *flow = task->own;
    int error = 0;
    for (int i = 0; i < flow->n && !error; i++)
        error = pb_put(flow->fds[i].from);
    if (!error)
        error = finds(task);
    const struct pollset_event *end =
        task->answers->events + task->answers->n_events;
    for (int i = flow->n; i > 0 && !error; i--)
        error = serve_one(task, end - i);
    return error;
}

static int serve(struct pb_task *task)
{
    return pb_flow_serve(task, ask);
}

int pb_flow_turns(struct pb_task *task, uint32_t calls,
                  int (*turn)(struct pb_task *task))
{
    const struct pb_flow *flow = task->own;
    int error = 0;
    task->answers->n_events = 0;
    for (uint32_t i = 0; i < calls && !error; i += (uint32_t)flow->n)
        error = turn(task);
    return error;
}

static int run_standing(struct pb_task *task, uint32_t calls)
{
    return pb_flow_turns(task, calls, stand);
}

static int run_served(struct pb_task *task, uint32_t calls)
{
    return pb_flow_turns(task, calls, serve);
}

/* The same reads and writes without anybody to tell of them. */
static int run_floor_of(const struct pb_served *fds, int n, uint32_t calls)
{
    int error = 0;
    for (uint32_t done = 0; done < calls && !error; done += (uint32_t)n) {
        for (int i = 0; i < n && !error; i++)
            error = pb_put(fds[i].from);
        for (int i = 0; i < n && !error; i++)
            error = pb_take(fds[i].fd);
    }
    return error;
}

static int run_floor(struct pb_task *task, uint32_t calls)
{
    const struct pb_flow *flow = task->own;
    return run_floor_of(flow->fds, flow->n, calls);
}

/* As many turns, of fds beside those that are watched: a watcher costs the one
 * who writes, too. */
static int run_beside(struct pb_task *task, uint32_t calls)
{
    const struct pb_flow *flow = task->own;
    return flow->n_twins == flow->n ? run_floor_of(flow->twins, flow->n, calls)
                                    : -ERANGE;
}

int pb_flow_check(struct pb_task *task, uint32_t calls)
{
    const struct pb_flow *flow = task->own;
    return pb_answers_check(task->answers, task->scene,
                            calls / (uint32_t)flow->n);
}

#define SERVED(opens) .needs_set = 1, .open = (opens), .close = pb_flow_close

#define TURNS(runs)                                                            \
    .whole = pb_flow_batch, .reserve = pb_flow_reserve, .run = (runs),         \
    .check = pb_flow_check

const struct pb_operation pb_operation_standing = {
    .stage = "standing-event",
    .needs_set = 1,
    .open = open_standing,
    .close = close_flow,
    .timed = {TURNS(run_standing)},
};

const struct pb_operation pb_operation_served = {
    .stage = "served-event",
    SERVED(pb_flow_open),
    .timed = {TURNS(run_served)},
};

const struct pb_operation pb_operation_served_by_manual = {
    .stage = "manual-event",
    SERVED(open_by_manual),
    .timed = {TURNS(run_served)},
};

const struct pb_operation pb_operation_over_floor = {
    .stage = "event-over-floor",
    SERVED(pb_flow_open),
    .timed = {TURNS(run_served), .run_overhead = run_beside},
};

const struct pb_operation pb_operation_floor = {
    .stage = "served-event",
    .open = pb_flow_open,
    .close = pb_flow_close,
    .timed = {.whole = pb_flow_batch, .run = run_floor},
};
