/* SPDX-License-Identifier: MIT */
/* Bare calls over fds in many descriptor tables, from table to table in the
 * thread that has it: with one epoll instance that all of them share, or with
 * each table's own fds in turn, which adds up. Handing over to a thread takes
 * some microseconds: of a wait they are taken off, as overhead, and beside
 * registering a table's fds they are nothing. */
#include "memory.h"
#include "operation.h"
#include "tables.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>

static int run_tables(const struct pb_task *task,
                      int (*run)(int table, void *context), void *context)
{
    return pb_tables_run(task->scene->tables, run, context);
}

bool pb_task_is_in_tables(const struct pb_task *task)
{
    return task->scene->n_parts > 0;
}

/* --- one set for all ------------------------------------------------------ */

/* task->own while the instance has the fds of all tables registered. */
static char is_full;

/* fd numbers are each table's own: what comes back is the table, and the place
 * of the fd in it. */
static uint64_t first_cookie(int table)
{
    return (uint64_t)table << 32;
}

static int register_table(int table, void *context)
{
    const struct pb_scene *scene = context, *part = scene->parts[table];
    for (int i = 0; i < part->got.fd_count; i++) {
        struct epoll_event event = {
            .events = EPOLLIN, .data.u64 = first_cookie(table) + (uint64_t)i};
        if (epoll_ctl(scene->shared_fd, EPOLL_CTL_ADD, part->fds[i], &event) <
            0)
            return -errno;
    }
    return 0;
}

static int unregister_table(int table, void *context)
{
    const struct pb_scene *scene = context, *part = scene->parts[table];
    for (int i = 0; i < part->got.fd_count; i++)
        if (epoll_ctl(scene->shared_fd, EPOLL_CTL_DEL, part->fds[i], NULL) < 0)
            return -errno;
    return 0;
}

static int run_register(struct pb_task *task, uint32_t calls)
{
    (void)calls;
    task->own = &is_full;
    return run_tables(task, register_table, task->scene);
}

static int run_register_counted(struct pb_task *task, uint32_t calls)
{
    return pb_task_count_memory(task, calls, run_register);
}

static int run_unregister(struct pb_task *task, uint32_t calls)
{
    (void)calls;
    task->own = NULL;
    return run_tables(task, unregister_table, task->scene);
}

static int be_full(struct pb_task *task)
{
    return task->own ? 0 : run_register(task, 0);
}

static int be_empty(struct pb_task *task)
{
    return task->own ? run_unregister(task, 0) : 0;
}

static int be_empty_for_long(struct pb_task *task)
{
    int error = be_empty(task);
    pb_memory_settle();
    return error;
}

static void end_empty(struct pb_task *task)
{
    be_empty(task);
}

/* All answers are kept, and looked at by the check. */
static int run_wait(struct pb_task *task, uint32_t calls)
{
    const struct pb_scene *scene = task->scene;
    int ready_count = (int)scene->got.ready_count;
    struct epoll_event *events = pb_answers_epoll_events(task->answers);

    for (uint32_t i = 0; i < calls; i++) {
        int n = epoll_wait(scene->shared_fd, events,
                           ready_count + PB_SPARE_SLOTS, 0);
        if (n != ready_count)
            return n < 0 ? -errno : -EBADMSG;
        events += n;
    }
    return 0;
}

static int warm_wait(struct pb_task *task)
{
    int error = be_full(task);
    return error ? error : run_wait(task, 1);
}

/* The ready fds, which are all of the last table, in each call. */
static int check_wait(struct pb_task *task, uint32_t calls)
{
    int last = task->scene->n_parts - 1;
    return pb_answers_check_epoll(task->answers, task->scene->parts[last],
                                  first_cookie(last), calls);
}

static int check_full(struct pb_task *task, uint32_t calls)
{
    (void)calls;
    int error = run_wait(task, 1);
    return error ? error : check_wait(task, 1);
}

static int check_empty(struct pb_task *task, uint32_t calls)
{
    struct epoll_event event;
    (void)calls;
    int n = epoll_wait(task->scene->shared_fd, &event, 1, 0);
    if (n < 0)
        return -errno;
    return n == 0 ? 0 : -EBADMSG;
}

static uint32_t watched_fds(const struct pb_task *task)
{
    return (uint32_t)task->scene->got.fd_count;
}

static int reserve(struct pb_task *task, uint32_t calls)
{
    (void)calls;
    return pb_answers_reserve_batch(task, 1);
}

const struct pb_operation pb_operation_shared_register = {
    .stage = "register",
    .close = end_empty,
    .timed =
        {
            .whole = watched_fds,
            .reserve = reserve,
            .warm = be_empty,
            .hands_over = pb_task_is_in_tables,
            .run = run_register,
            .check = check_full,
        },
};

const struct pb_operation pb_operation_shared_register_kernel_bytes = {
    .stage = "register",
    .metric = PB_METRIC_kernel_bytes,
    .is_once = true,
    .close = end_empty,
    .timed =
        {
            .whole = watched_fds,
            .reserve = reserve,
            .warm = be_empty_for_long,
            .run = run_register_counted,
            .total = pb_task_counted,
            .check = check_full,
        },
};

const struct pb_operation pb_operation_shared_unregister = {
    .stage = "unregister",
    .close = end_empty,
    .timed =
        {
            .whole = watched_fds,
            .warm = be_full,
            .hands_over = pb_task_is_in_tables,
            .run = run_unregister,
            .check = check_empty,
        },
};

const struct pb_operation pb_operation_shared_wait = {
    .stage = "raw",
    .close = end_empty,
    .timed =
        {
            .reserve = pb_answers_reserve_batch,
            .warm = warm_wait,
            .run = run_wait,
            .check = check_wait,
        },
};

/* --- each table in turn --------------------------------------------------- */

/* task->own: the bare call in each table, and what to do with it. */
struct turns {
    struct pb_task *parts;
    int (*run)(struct pb_task *part, uint32_t calls);
    uint32_t calls;
};

static int take_turn(int table, void *context)
{
    const struct turns *turns = context;
    return turns->run(&turns->parts[table], turns->calls);
}

static int take_turns(struct pb_task *task,
                      int (*run)(struct pb_task *part, uint32_t calls),
                      uint32_t calls)
{
    struct turns *turns = task->own;
    turns->run = run;
    turns->calls = calls;
    return run_tables(task, take_turn, turns);
}

static void close_turns(struct pb_task *task)
{
    struct turns *turns = task->own;
    for (int i = 0; turns->parts && i < task->scene->n_parts; i++)
        pb_operation_raw.close(&turns->parts[i]);
    free(turns->parts);
    free(turns);
    task->own = NULL;
}

static int open_turns(struct pb_task *task)
{
    const struct pb_scene *scene = task->scene;
    struct turns *turns = calloc(1, sizeof *turns);
    if (!turns)
        return -ENOMEM;
    task->own = turns;
    turns->parts = calloc((size_t)scene->n_parts, sizeof *turns->parts);
    int error = turns->parts ? 0 : -ENOMEM;
    for (int i = 0; i < scene->n_parts && !error; i++) {
        turns->parts[i] = (struct pb_task){.series = task->series,
                                           .scene = scene->parts[i],
                                           .answers = task->answers};
        error = pb_operation_raw.open(&turns->parts[i]);
    }
    if (error)
        close_turns(task);
    return error;
}

static int run_turns(struct pb_task *task, uint32_t calls)
{
    return take_turns(task, pb_operation_raw.timed.run, calls);
}

static int run_turns_overhead(struct pb_task *task, uint32_t calls)
{
    return take_turns(task, pb_operation_raw.timed.run_overhead, calls);
}

static int check_turns(struct pb_task *task, uint32_t calls)
{
    return take_turns(task, pb_operation_raw.timed.check, calls);
}

const struct pb_operation pb_operation_raw_in_turns = {
    .stage = "raw",
    .open = open_turns,
    .close = close_turns,
    .timed =
        {
            .reserve = pb_answers_reserve_batch,
            .hands_over = pb_task_is_in_tables,
            .run = run_turns,
            .run_overhead = run_turns_overhead,
            .check = check_turns,
        },
};
