/* SPDX-License-Identifier: MIT */
/* The bare calls of the C library, as a program without any library around
 * them would make them, on the same fds. */
#include "operation.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <unistd.h>

/* The three kinds keep what they pass to the kernel in here. */
struct raw {
    int (*run)(struct raw *raw, int expected, uint32_t calls);
    int (*run_overhead)(struct raw *raw, uint32_t calls);
    int (*is_right)(const struct raw *raw, const struct pb_watch *watch);
    struct pollfd *pollfds;
    struct epoll_event *events;
    unsigned long *wanted, *result; /* bitmaps; result is what select gets */
    size_t bitmap_bytes;
    int n_fds, n_events, nfds, epoll_fd;
};

enum { WORD_BITS = 8 * sizeof(unsigned long) };

/* An answer that was not expected: an error, or a wrong count. */
static int what_else(int n)
{
    return n < 0 ? -errno : -EBADMSG;
}

static int run_poll(struct raw *raw, int expected, uint32_t calls)
{
    for (uint32_t i = 0; i < calls; i++) {
        int n = poll(raw->pollfds, (nfds_t)raw->n_fds, 0);
        if (n != expected)
            return what_else(n);
    }
    return 0;
}

static int poll_is_right(const struct raw *raw, const struct pb_watch *watch)
{
    for (int i = 0; i < watch->got.fd_count; i++)
        if ((raw->pollfds[i].revents == POLLIN) !=
            pb_farm_is_ready(watch->fds[i]))
            return 0;
    return 1;
}

static int open_poll(struct raw *raw, const struct pb_watch *watch)
{
    raw->pollfds = calloc((size_t)raw->n_fds, sizeof *raw->pollfds);
    if (!raw->pollfds)
        return -ENOMEM;
    for (int i = 0; i < raw->n_fds; i++)
        raw->pollfds[i] =
            (struct pollfd){.fd = watch->fds[i], .events = POLLIN};
    raw->run = run_poll;
    raw->is_right = poll_is_right;
    return 0;
}

static int run_select(struct raw *raw, int expected, uint32_t calls)
{
    for (uint32_t i = 0; i < calls; i++) {
        struct timeval zero = {0};
        memcpy(raw->result, raw->wanted, raw->bitmap_bytes);
        int n = select(raw->nfds, (fd_set *)raw->result, NULL, NULL, &zero);
        if (n != expected)
            return what_else(n);
    }
    return 0;
}

/* select writes over the bitmap; restoring it is not the bare call. */
static int run_select_overhead(struct raw *raw, uint32_t calls)
{
    for (uint32_t i = 0; i < calls; i++) {
        memcpy(raw->result, raw->wanted, raw->bitmap_bytes);
        __asm__ volatile("" : : "r"(raw->result) : "memory");
    }
    return 0;
}

static int select_is_right(const struct raw *raw, const struct pb_watch *watch)
{
    for (int i = 0; i < watch->got.fd_count; i++) {
        int fd = watch->fds[i];
        int is_set = (raw->result[fd / WORD_BITS] >> fd % WORD_BITS) & 1;
        if (is_set != pb_farm_is_ready(fd))
            return 0;
    }
    return 1;
}

static int open_select(struct raw *raw, const struct pb_watch *watch)
{
    size_t n_words = (size_t)watch->got.highest_fd / WORD_BITS + 1;
    /* At least a whole fd_set, which is what the compiler may assume. */
    size_t room = n_words * sizeof(unsigned long);
    if (room < sizeof(fd_set))
        room = sizeof(fd_set);
    raw->bitmap_bytes = n_words * sizeof(unsigned long);
    raw->nfds = watch->got.highest_fd + 1;
    raw->wanted = calloc(1, room);
    raw->result = calloc(1, room);
    if (!raw->wanted || !raw->result)
        return -ENOMEM;
    for (int i = 0; i < watch->got.fd_count; i++)
        raw->wanted[watch->fds[i] / WORD_BITS] |= 1UL
                                                  << watch->fds[i] % WORD_BITS;
    raw->run = run_select;
    raw->run_overhead = run_select_overhead;
    raw->is_right = select_is_right;
    return 0;
}

static int run_epoll(struct raw *raw, int expected, uint32_t calls)
{
    for (uint32_t i = 0; i < calls; i++) {
        int n = epoll_wait(raw->epoll_fd, raw->events, raw->n_events, 0);
        if (n != expected)
            return what_else(n);
    }
    return 0;
}

static int epoll_is_right(const struct raw *raw, const struct pb_watch *watch)
{
    for (int i = 0; i < watch->got.ready_count; i++)
        if (raw->events[i].events != EPOLLIN ||
            !pb_farm_is_ready(raw->events[i].data.fd))
            return 0;
    return 1;
}

static int open_epoll(struct raw *raw, const struct pb_watch *watch)
{
    raw->n_events = raw->n_fds;
    raw->events = calloc((size_t)raw->n_events, sizeof *raw->events);
    raw->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (!raw->events || raw->epoll_fd < 0)
        return raw->events ? -errno : -ENOMEM;
    for (int i = 0; i < raw->n_fds; i++) {
        struct epoll_event event = {.events = EPOLLIN,
                                    .data.fd = watch->fds[i]};
        if (epoll_ctl(raw->epoll_fd, EPOLL_CTL_ADD, watch->fds[i], &event) < 0)
            return -errno;
    }
    raw->run = run_epoll;
    raw->is_right = epoll_is_right;
    return 0;
}

static const struct {
    const char *backend;
    int (*open)(struct raw *raw, const struct pb_watch *watch);
} kinds[] = {
    {"select", open_select},
    {"poll", open_poll},
    {"epoll", open_epoll},
};

static void close_raw(struct pb_task *task)
{
    struct raw *raw = task->own;
    if (!raw)
        return;
    if (raw->epoll_fd >= 0)
        close(raw->epoll_fd);
    free(raw->pollfds);
    free(raw->events);
    free(raw->wanted);
    free(raw->result);
    free(raw);
    task->own = NULL;
}

static int open_raw(struct pb_task *task)
{
    int error = -ENOSYS;
    struct raw *raw = calloc(1, sizeof *raw);
    if (!raw)
        return -ENOMEM;
    raw->n_fds = task->watch->got.fd_count;
    raw->epoll_fd = -1;
    task->own = raw;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(kinds[i].backend, task->series->backend) == 0)
            error = kinds[i].open(raw, task->watch);
    if (error)
        close_raw(task);
    return error;
}

static int own_fds(const char *backend)
{
    return strcmp(backend, "epoll") == 0;
}

static int run_raw(struct pb_task *task, uint32_t calls)
{
    struct raw *raw = task->own;
    return raw->run(raw, task->watch->got.ready_count, calls);
}

static int run_raw_overhead(struct pb_task *task, uint32_t calls)
{
    struct raw *raw = task->own;
    return raw->run_overhead ? raw->run_overhead(raw, calls) : 0;
}

/* run() has counted the answers of each call; this sees which they were. */
static int check_raw(struct pb_task *task, uint32_t calls)
{
    (void)calls;
    struct raw *raw = task->own;
    return raw->is_right(raw, task->watch) ? 0 : -EBADMSG;
}

const struct pb_operation pb_operation_raw = {
    .stage = "raw",
    .own_fds = own_fds,
    .open = open_raw,
    .close = close_raw,
    .run = run_raw,
    .run_overhead = run_raw_overhead,
    .check = check_raw,
};
