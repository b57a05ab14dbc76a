/* SPDX-License-Identifier: MIT */
/* The library's poll, whole, warm and cold, and stage by stage. */
#include "operation.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { NS_PER_MS = 1000000 };

static int run_all(struct pb_task *task, uint32_t calls)
{
    struct pb_answers *answers = task->answers;
    struct pollset *set = task->set;
    struct pollset_event *out = answers->events;
    struct pollset_event *last = out + answers->room;
    int64_t timeout_ns = task->scene->got.timeout * NS_PER_MS;

    for (uint32_t i = 0; i < calls && out < last; i++) {
        int n = pollset_poll(set, out, (int)(last - out), timeout_ns);
        if (n < 0)
            return n;
        out += n;
    }
    answers->n_events = (size_t)(out - answers->events);
    return 0;
}

static int check_events(struct pb_task *task, uint32_t calls)
{
    return pb_answers_check(task->answers, task->scene, calls);
}

static int have_other_memory(struct pb_answers *answers)
{
    enum { SMALL_CACHE_BYTES = 1 << 20 };
    long cache = sysconf(_SC_LEVEL2_CACHE_SIZE);
    size_t n = 2 * (size_t)(cache > 0 ? cache : SMALL_CACHE_BYTES);

    if (answers->other)
        return 0;
    answers->other = malloc(n);
    if (!answers->other)
        return -ENOMEM;
    memset(answers->other, 1, n); /* pages of its own */
    answers->n_other = n;
    return 0;
}

static int read_other_memory(struct pb_task *task)
{
    enum { LINE_BYTES = 64 };
    struct pb_answers *answers = task->answers;
    int error = have_other_memory(answers);
    unsigned sum = 0;

    for (size_t i = 0; i < answers->n_other && !error; i += LINE_BYTES)
        sum += answers->other[i];
    __asm__ volatile("" : : "r"(sum) : "memory");
    return error;
}

static int run_prepare(struct pb_task *task, uint32_t calls)
{
    struct pollset *set = task->set;
    for (uint32_t i = 0; i < calls; i++) {
        int error = pollset_prepare(set);
        if (error)
            return error;
    }
    return 0;
}

static int slots(const struct pb_task *task)
{
    return (int)task->answers->room;
}

/* Which fds did the last wait find? */
static int collect_and_check(struct pb_task *task, uint32_t calls)
{
    (void)calls;
    struct pb_answers *answers = task->answers;
    int n = pollset_collect(task->set, answers->events, slots(task));
    if (n < 0)
        return n;
    answers->n_events = (size_t)n;
    return pb_answers_check(answers, task->scene, 1);
}

/* What was prepared is right if what follows on it is. */
static int wait_and_check(struct pb_task *task, uint32_t calls)
{
    int n = pollset_wait(task->set, slots(task), 0);
    return n < 0 ? n : collect_and_check(task, calls);
}

static int run_prepare_wait(struct pb_task *task, uint32_t calls)
{
    struct pollset *set = task->set;
    int n_slots = slots(task), expected = task->scene->got.ready_count;

    for (uint32_t i = 0; i < calls; i++) {
        int n = pollset_prepare(set);
        if (n == 0)
            n = pollset_wait(set, n_slots, 0);
        if (n != expected)
            return n < 0 ? n : -EBADMSG;
    }
    return 0;
}

static int run_wait(struct pb_task *task, uint32_t calls)
{
    struct pollset *set = task->set;
    int n_slots = slots(task), expected = task->scene->got.ready_count;

    if (task->wait_consumes)
        return run_prepare_wait(task, calls);
    for (uint32_t i = 0; i < calls; i++) {
        int n = pollset_wait(set, n_slots, 0);
        if (n != expected)
            return n < 0 ? n : -EBADMSG;
    }
    return 0;
}

static int run_wait_overhead(struct pb_task *task, uint32_t calls)
{
    return task->wait_consumes ? run_prepare(task, calls) : 0;
}

static int run_collect(struct pb_task *task, uint32_t calls)
{
    struct pb_answers *answers = task->answers;
    struct pollset_event *out = answers->events;
    struct pollset_event *last = out + answers->room;

    for (uint32_t i = 0; i < calls && out < last; i++) {
        int n = pollset_collect(task->set, out, (int)(last - out));
        if (n < 0)
            return n;
        out += n;
    }
    answers->n_events = (size_t)(out - answers->events);
    return 0;
}

/* The set is shared with other series, which leave it in any state. */
static int warm_stages(struct pb_task *task)
{
    return run_prepare_wait(task, 1);
}

const struct pb_operation pb_operation_all = {
    .stage = "all",
    .needs_set = 1,
    .timed =
        {
            .reserve = pb_answers_reserve_batch,
            .run = run_all,
            .check = check_events,
        },
};

/* One at a visit: reading the other memory takes longer than most calls. */
const struct pb_operation pb_operation_cold = {
    .stage = "all",
    .needs_set = 1,
    .timed =
        {
            .calls = 1,
            .reserve = pb_answers_reserve_batch,
            .chill = read_other_memory,
            .run = run_all,
            .check = check_events,
        },
};

const struct pb_operation pb_operation_prepare = {
    .stage = "prepare",
    .needs_set = 1,
    .timed =
        {
            .reserve = pb_answers_reserve_batch,
            .run = run_prepare,
            .check = wait_and_check,
        },
};

const struct pb_operation pb_operation_wait = {
    .stage = "wait",
    .needs_set = 1,
    .timed =
        {
            .reserve = pb_answers_reserve_batch,
            .warm = warm_stages,
            .run = run_wait,
            .run_overhead = run_wait_overhead,
            .check = collect_and_check,
        },
};

const struct pb_operation pb_operation_collect = {
    .stage = "collect",
    .needs_set = 1,
    .timed =
        {
            .reserve = pb_answers_reserve_batch,
            .warm = warm_stages,
            .run = run_collect,
            .check = check_events,
        },
};
