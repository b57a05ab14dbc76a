/* SPDX-License-Identifier: MIT */
/* What is done once per fd, and not once per wait: opening, registering,
 * unregistering and closing. A call is one fd. */
#include "operation_growth.h"

#include <errno.h>
#include <fcntl.h>
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
    return pb_farm_build(&share_of(task)->farm);
}

static int is_open(int fd)
{
    return fcntl(fd, F_GETFD) >= 0;
}

static int check_open(struct pb_task *task, uint32_t calls)
{
    const struct pb_farm *farm = &share_of(task)->farm;
    (void)calls;
    return is_open(farm->lowest_fd) && is_open(farm->highest_fd) ? 0 : -EBADMSG;
}

static int run_close(struct pb_task *task, uint32_t calls)
{
    (void)calls;
    pb_farm_tear_down(&share_of(task)->farm);
    return 0;
}

static int check_closed(struct pb_task *task, uint32_t calls)
{
    const struct pb_farm *farm = &share_of(task)->farm;
    (void)calls;
    return is_open(farm->lowest_fd) || is_open(farm->highest_fd) ? -EBADMSG : 0;
}

static int run_register(struct pb_task *task, uint32_t calls)
{
    int *fds = share_of(task)->watch.fds;
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
    const struct pb_watch *watch = &share_of(task)->watch;
    struct pb_answers *answers = task->answers;
    (void)calls;
    int n = pollset_poll(task->set, answers->events, (int)answers->room, 0);
    if (n < 0)
        return n;
    answers->n_events = (size_t)n;
    return pollset_count(task->set) == watch->got.fd_count
               ? pb_answers_check(answers, watch, 1)
               : -EBADMSG;
}

static int run_unregister(struct pb_task *task, uint32_t calls)
{
    const int *fds = share_of(task)->watch.fds;
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
 * table's own: what comes back is the table and the number. */
static int run_shared_register(struct pb_task *task, uint32_t calls)
{
    const struct pb_share *share = share_of(task);
    for (uint32_t i = 0; i < calls; i++) {
        int fd = share->watch.fds[i];
        struct epoll_event event = {.events = EPOLLIN,
                                    .data.u64 = pb_share_cookie(share, fd)};
        if (epoll_ctl(share->epoll_fd, EPOLL_CTL_ADD, fd, &event) < 0)
            return -errno;
    }
    return 0;
}

static int run_shared_unregister(struct pb_task *task, uint32_t calls)
{
    const struct pb_share *share = share_of(task);
    for (uint32_t i = 0; i < calls; i++)
        if (epoll_ctl(share->epoll_fd, EPOLL_CTL_DEL, share->watch.fds[i],
                      NULL) < 0)
            return -errno;
    return 0;
}

enum { SHARED_EVENTS = 64 };

static int run_shared_wait(struct pb_task *task, uint32_t calls)
{
    struct epoll_event events[SHARED_EVENTS];
    const struct pb_share *ready = share_of(task);
    for (uint32_t i = 0; i < calls; i++) {
        int n = epoll_wait(ready->epoll_fd, events, SHARED_EVENTS, 0);
        if (n != ready->watch.got.ready_count)
            return n < 0 ? -errno : -EBADMSG;
    }
    return 0;
}

/* Once more, to see which: the ready fds of the one share that has any. */
static int check_shared_wait(struct pb_task *task, uint32_t calls)
{
    struct epoll_event events[SHARED_EVENTS];
    const struct pb_share *ready = share_of(task);
    (void)calls;
    int n = epoll_wait(ready->epoll_fd, events, SHARED_EVENTS, 0);
    for (int i = 0; i < n; i++) {
        int fd = (int)(uint32_t)events[i].data.u64;
        if (events[i].data.u64 != pb_share_cookie(ready, fd) ||
            !pb_farm_is_ready(fd) || events[i].events != EPOLLIN)
            return -EBADMSG;
    }
    return n == ready->watch.got.ready_count ? 0 : -EBADMSG;
}

const struct pb_operation pb_operation_build = {
    .stage = "build",
    .warm = warm_nothing,
    .run = run_build,
    .check = check_open,
};

const struct pb_operation pb_operation_close = {
    .stage = "close",
    .warm = warm_nothing,
    .run = run_close,
    .check = check_closed,
};

const struct pb_operation pb_operation_register = {
    .stage = "register",
    .warm = warm_nothing,
    .run = run_register,
    .check = check_registered,
};

const struct pb_operation pb_operation_unregister = {
    .stage = "unregister",
    .warm = warm_nothing,
    .run = run_unregister,
    .check = check_unregistered,
};

const struct pb_operation pb_operation_shared_register = {
    .stage = "register",
    .warm = warm_nothing,
    .run = run_shared_register,
};

const struct pb_operation pb_operation_shared_unregister = {
    .stage = "unregister",
    .warm = warm_nothing,
    .run = run_shared_unregister,
};

const struct pb_operation pb_operation_shared_wait = {
    .stage = "raw",
    .run = run_shared_wait,
    .check = check_shared_wait,
};
