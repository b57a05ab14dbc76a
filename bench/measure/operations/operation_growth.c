/* SPDX-License-Identifier: MIT */
/* What is done once per fd, and not once per wait: opening, registering,
 * unregistering and closing. A call is one fd. */
#include "operation_growth.h"

#include <errno.h>
#include <sys/epoll.h>

static const struct pb_share *share_of(const struct pb_task *task)
{
    return task->own;
}

/* There is nothing to warm: these leave a state that they cannot start from. */
static int warm_nothing(struct pb_task *task)
{
    (void)task;
    return 0;
}

static int run_build(struct pb_task *task, uint32_t calls)
{
    (void)calls;
    return task->scene->staging->open(task->scene);
}

static int check_open(struct pb_task *task, uint32_t calls)
{
    (void)calls;
    return pb_farm_check(&task->scene->farm, true);
}

static int run_close(struct pb_task *task, uint32_t calls)
{
    (void)calls;
    task->scene->staging->close(task->scene);
    return 0;
}

static int check_closed(struct pb_task *task, uint32_t calls)
{
    (void)calls;
    return pb_farm_check(&task->scene->farm, false);
}

static int run_register(struct pb_task *task, uint32_t calls)
{
    int *fds = task->scene->fds;
    for (uint32_t i = 0; i < calls; i++) {
        int error = pollset_register(task->set, fds[i], POLLIN, &fds[i]);
        if (error)
            return error;
    }
    return 0;
}

/* Does the set now report just what is ready? */
static int check_registered(struct pb_task *task, uint32_t calls)
{
    const struct pb_scene *scene = task->scene;
    struct pb_answers *answers = task->answers;
    (void)calls;
    int n = pollset_poll(task->set, answers->events, (int)answers->room, 0);
    if (n < 0)
        return n;
    answers->n_events = (size_t)n;
    return pollset_count(task->set) == scene->got.fd_count
               ? pb_answers_check(answers, scene, 1)
               : -EBADMSG;
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
    struct pb_answers *answers = task->answers;
    (void)calls;
    int n = pollset_poll(task->set, answers->events, (int)answers->room, 0);
    if (n < 0)
        return n;
    return n == 0 && pollset_count(task->set) == 0 ? 0 : -EBADMSG;
}

/* A set of fds of several tables cannot go by fd numbers, which are each
 * table's own: what comes back is the table and the place of the fd in it. */
static uint64_t first_cookie(const struct pb_share *share)
{
    return (uint64_t)share->table << 32;
}

static int run_shared_register(struct pb_task *task, uint32_t calls)
{
    const struct pb_share *share = share_of(task);
    for (uint32_t i = 0; i < calls; i++) {
        int fd = task->scene->fds[i];
        struct epoll_event event = {.events = EPOLLIN,
                                    .data.u64 = first_cookie(share) + i};
        if (epoll_ctl(share->epoll_fd, EPOLL_CTL_ADD, fd, &event) < 0)
            return -errno;
    }
    return 0;
}

static int run_shared_unregister(struct pb_task *task, uint32_t calls)
{
    const struct pb_share *share = share_of(task);
    for (uint32_t i = 0; i < calls; i++)
        if (epoll_ctl(share->epoll_fd, EPOLL_CTL_DEL, task->scene->fds[i],
                      NULL) < 0)
            return -errno;
    return 0;
}

/* All answers are kept, and looked at by the check. */
static int run_shared_wait(struct pb_task *task, uint32_t calls)
{
    int epoll_fd = share_of(task)->epoll_fd;
    int ready_count = (int)task->scene->got.ready_count;
    struct epoll_event *events = pb_answers_epoll_events(task->answers);

    for (uint32_t i = 0; i < calls; i++) {
        int n = epoll_wait(epoll_fd, events, ready_count + PB_SPARE_SLOTS, 0);
        if (n != ready_count)
            return n < 0 ? -errno : -EBADMSG;
        events += n;
    }
    return 0;
}

/* The ready fds of the one share that has any, in each call. */
static int check_shared_wait(struct pb_task *task, uint32_t calls)
{
    return pb_answers_check_epoll(task->answers, task->scene,
                                  first_cookie(share_of(task)), calls);
}

/* The share with ready fds is the last to register: until then there is
 * nothing to report, and then just those. */
static int check_shared_registered(struct pb_task *task, uint32_t calls)
{
    (void)calls;
    int error = run_shared_wait(task, 1);
    return error ? error : check_shared_wait(task, 1);
}

/* When it has left again, nothing is reported. */
static int check_shared_unregistered(struct pb_task *task, uint32_t calls)
{
    const struct pb_share *share = share_of(task);
    struct epoll_event event;
    (void)calls;
    if (task->scene->got.ready_count == 0)
        return 0;
    int n = epoll_wait(share->epoll_fd, &event, 1, 0);
    if (n < 0)
        return -errno;
    return n == 0 ? 0 : -EBADMSG;
}

const struct pb_operation pb_operation_build = {
    .stage = "build",
    .timed =
        {
            .warm = warm_nothing,
            .run = run_build,
            .check = check_open,
        },
};

const struct pb_operation pb_operation_close = {
    .stage = "close",
    .timed =
        {
            .warm = warm_nothing,
            .run = run_close,
            .check = check_closed,
        },
};

const struct pb_operation pb_operation_register = {
    .stage = "register",
    .timed =
        {
            .warm = warm_nothing,
            .run = run_register,
            .check = check_registered,
        },
};

const struct pb_operation pb_operation_unregister = {
    .stage = "unregister",
    .timed =
        {
            .warm = warm_nothing,
            .run = run_unregister,
            .check = check_unregistered,
        },
};

const struct pb_operation pb_operation_shared_register = {
    .stage = "register",
    .timed =
        {
            .warm = warm_nothing,
            .run = run_shared_register,
            .check = check_shared_registered,
        },
};

const struct pb_operation pb_operation_shared_unregister = {
    .stage = "unregister",
    .timed =
        {
            .warm = warm_nothing,
            .run = run_shared_unregister,
            .check = check_shared_unregistered,
        },
};

const struct pb_operation pb_operation_shared_wait = {
    .stage = "raw",
    .timed =
        {
            .reserve = pb_answers_reserve_batch,
            .run = run_shared_wait,
            .check = check_shared_wait,
        },
};
