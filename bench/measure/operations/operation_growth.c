/* SPDX-License-Identifier: MIT */
/* What is done once per fd, and not once per wait: opening, registering,
 * unregistering and closing. A call is one fd, a batch all of a scene's, which
 * are its own. Each starts from the state it needs, whichever went before. */
#include "memory.h"
#include "operation.h"

#include <errno.h>
#include <malloc.h>

/* --- what batches count ----------------------------------------------------
 */

int64_t pb_task_counted(const struct pb_task *task)
{
    return task->counted;
}

uint32_t pb_task_calls(const struct pb_task *task)
{
    return task->calls;
}

int pb_task_count_memory(struct pb_task *task, uint32_t calls,
                         int (*run)(struct pb_task *task, uint32_t calls))
{
    struct pb_kernel_memory before, after;
    int error = pb_kernel_memory_read(&before);

    if (!error)
        error = run(task, calls);
    if (!error)
        error = pb_kernel_memory_read(&after);
    if (!error)
        task->counted = pb_kernel_memory_growth(&before, &after, calls);
    return error;
}

/* --- opening and closing -------------------------------------------------- */

static uint32_t opened_fds(const struct pb_task *task)
{
    return (uint32_t)task->scene->n_open;
}

static int be_closed(struct pb_task *task)
{
    pb_scene_close(task->scene);
    return 0;
}

/* Much of what is closed is freed only after a while. */
static int be_closed_for_long(struct pb_task *task)
{
    pb_scene_close(task->scene);
    pb_memory_settle();
    return 0;
}

static int run_build(struct pb_task *task, uint32_t calls)
{
    (void)calls;
    return pb_scene_open(task->scene);
}

static int run_build_counted(struct pb_task *task, uint32_t calls)
{
    return pb_task_count_memory(task, calls, run_build);
}

static int check_built(struct pb_task *task, uint32_t calls)
{
    (void)calls;
    return task->scene->staging->check(task->scene, true);
}

static int be_open(struct pb_task *task)
{
    return pb_scene_open(task->scene);
}

static int run_close(struct pb_task *task, uint32_t calls)
{
    (void)calls;
    pb_scene_close(task->scene);
    return 0;
}

/* And open again, for whatever comes next. */
static int check_closed(struct pb_task *task, uint32_t calls)
{
    (void)calls;
    int error = task->scene->staging->check(task->scene, false);
    int reopened = pb_scene_open(task->scene);
    return error ? error : reopened;
}

const struct pb_operation pb_operation_build = {
    .stage = "build",
    .timed =
        {
            .whole = opened_fds,
            .warm = be_closed,
            .hands_over = pb_task_is_in_tables,
            .run = run_build,
            .check = check_built,
        },
};

const struct pb_operation pb_operation_build_kernel_bytes = {
    .stage = "build",
    .metric = PB_METRIC_kernel_bytes,
    .is_once = true,
    .timed =
        {
            .whole = opened_fds,
            .warm = be_closed_for_long,
            .run = run_build_counted,
            .total = pb_task_counted,
            .check = check_built,
        },
};

const struct pb_operation pb_operation_close = {
    .stage = "close",
    .timed =
        {
            .whole = opened_fds,
            .warm = be_open,
            .hands_over = pb_task_is_in_tables,
            .run = run_close,
            .check = check_closed,
        },
};

/* --- registering and unregistering ---------------------------------------- */

static uint32_t watched_fds(const struct pb_task *task)
{
    return (uint32_t)task->scene->got.fd_count;
}

static int set_fds(const char *backend)
{
    struct pollset_backend_info info;
    return pollset_backend_find(backend, &info) < 0 ? 0 : info.own_fds;
}

/* For one answer. */
static int reserve(struct pb_task *task, uint32_t calls)
{
    (void)calls;
    return pb_answers_reserve_batch(task, 1);
}

static void drop_set(struct pb_task *task)
{
    pollset_destroy(task->own);
    task->own = NULL;
}

static int have_empty_set(struct pb_task *task)
{
    struct pollset *set = NULL;
    drop_set(task);
    int error = pollset_create(&set, task->series->backend);
    task->own = set;
    return error;
}

static int have_empty_set_for_long(struct pb_task *task)
{
    int error = have_empty_set(task);
    pb_memory_settle();
    return error;
}

/* What was freed is not to be there for the next set. */
static int have_empty_set_and_heap(struct pb_task *task)
{
    int error = have_empty_set(task);
    malloc_trim(0);
    return error;
}

/* Those that come next. */
static int run_register(struct pb_task *task, uint32_t calls)
{
    int *fds = task->scene->fds + pollset_count(task->own);
    for (uint32_t i = 0; i < calls; i++) {
        int error = pollset_register(task->own, fds[i], POLLIN, &fds[i]);
        if (error)
            return error;
    }
    return 0;
}

static int ask(struct pollset *set, struct pb_answers *answers)
{
    int n = pollset_poll(set, answers->events, (int)answers->room, 0);
    answers->n_events = n < 0 ? 0 : (size_t)n;
    return n;
}

/* And what the kernel is told of by the next wait. */
static int run_watch(struct pb_task *task, uint32_t calls)
{
    int error = run_register(task, calls);
    int n = error ? error : ask(task->own, task->answers);
    return n < 0 ? n : 0;
}

/* Free objects that the CPU has at hand count as used; so the first half, which
 * uses them up, is not counted. */
static int run_watch_counted(struct pb_task *task, uint32_t calls)
{
    uint32_t n_counted = calls - calls / 2;
    int error = run_watch(task, calls - n_counted);
    if (!error)
        error = pb_task_count_memory(task, n_counted, run_watch);
    task->counted = task->counted * calls / n_counted;
    return error;
}

/* Does the set now report just what is ready? */
static int check_registered(struct pb_task *task, uint32_t calls)
{
    const struct pb_scene *scene = task->scene;
    (void)calls;
    int n = ask(task->own, task->answers);
    if (n < 0)
        return n;
    return pollset_count(task->own) == scene->got.fd_count
               ? pb_answers_check(task->answers, scene, 1)
               : -EBADMSG;
}

/* The set is made full for the batch. */
static int be_full(struct pb_task *task)
{
    (void)task;
    return 0;
}

static int run_unregister(struct pb_task *task, uint32_t calls)
{
    const int *fds = task->scene->fds;
    for (uint32_t i = 0; i < calls; i++) {
        int error = pollset_unregister(task->set, fds[i]);
        if (error)
            return error;
    }
    return 0;
}

static int check_unregistered(struct pb_task *task, uint32_t calls)
{
    (void)calls;
    int n = ask(task->set, task->answers);
    if (n < 0)
        return n;
    return n == 0 && pollset_count(task->set) == 0 ? 0 : -EBADMSG;
}

const struct pb_operation pb_operation_register = {
    .stage = "register",
    .own_fds = set_fds,
    .close = drop_set,
    .timed =
        {
            .whole = watched_fds,
            .reserve = reserve,
            .warm = have_empty_set,
            .run = run_register,
            .check = check_registered,
        },
};

const struct pb_operation pb_operation_register_kernel_bytes = {
    .stage = "register",
    .metric = PB_METRIC_kernel_bytes,
    .is_once = true,
    .own_fds = set_fds,
    .close = drop_set,
    .timed =
        {
            .whole = watched_fds,
            .reserve = reserve,
            .warm = have_empty_set_for_long,
            .run = run_watch_counted,
            .total = pb_task_counted,
            .check = check_registered,
        },
};

const struct pb_operation pb_operation_register_process_bytes = {
    .stage = "register",
    .metric = PB_METRIC_process_bytes,
    .is_once = true,
    .own_fds = set_fds,
    .close = drop_set,
    .timed =
        {
            .whole = watched_fds,
            .read = pb_memory_of_process,
            .reserve = reserve,
            .warm = have_empty_set_and_heap,
            .run = run_register,
            .check = check_registered,
        },
};

const struct pb_operation pb_operation_unregister = {
    .stage = "unregister",
    .needs_set = 1,
    .timed =
        {
            .whole = watched_fds,
            .reserve = reserve,
            .warm = be_full,
            .run = run_unregister,
            .check = check_unregistered,
        },
};
