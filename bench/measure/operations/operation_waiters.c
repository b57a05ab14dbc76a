/* SPDX-License-Identifier: MIT */
/* Threads that wait for the same fd: which of them one event wakes, and which
 * gets it. One event at a time, the next when all sleep again; what is told are
 * counts, so that it is no matter who else uses the machine. */
#include "operation.h"
#include "threads.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum {
    EVENTS = 64,      /* of a window */
    GIVE_UP_MS = 2000 /* a thread that nobody wakes is a failure, no hang */
};

/* How they wait. Each set has the fd, or a set that they all share. */
struct way {
    const char *name;
    const char *family; /* the backend of the library that it is a way of */
    bool has_set_each;
    bool has_shared_set;
    uint32_t flags; /* of the fd, or of the shared set in that of each */
};

static const struct way ways[] = {
    {"epoll-one-set", "epoll", false, true, 0},
    {"epoll-one-set-et", "epoll", false, true, EPOLLET},
    {"epoll-set-each", "epoll", true, false, 0},
    {"epoll-set-each-exclusive", "epoll", true, false, EPOLLEXCLUSIVE},
    {"epoll-nested", "epoll", true, true, 0},
    {"poll-each", "poll", false, false, 0},
};
enum { N_WAYS = sizeof ways / sizeof ways[0] };

const char *pb_waiters_way(unsigned index, const char **family)
{
    *family = index < N_WAYS ? ways[index].family : NULL;
    return index < N_WAYS ? ways[index].name : NULL;
}

static unsigned way_of(const struct pb_task *task)
{
    unsigned i = 0;
    while (strcmp(ways[i].name, task->series->backend) != 0)
        i++; /* planned from the same list */
    return i;
}

struct crowd;

struct waiter {
    struct crowd *crowd;
    int set_fd; /* that it waits for; -1: it calls poll */
    int64_t n_returns, n_got;
    uint64_t last; /* event that it got */
};

/* All that wait for one fd, and for another that ends them. */
struct crowd {
    const struct way *way;
    int n;    /* waiters that there are to be */
    int n_up; /* whose sets are there */
    int event_fd, end_fd, shared_fd;
    struct waiter *waiters;
    struct pb_thread *threads;
};

/* --- a waiter ------------------------------------------------------------- */

/* Whether there is more to wait for. */
static bool wait_once(struct waiter *waiter)
{
    const struct crowd *crowd = waiter->crowd;
    struct pollfd fds[] = {{crowd->event_fd, POLLIN, 0},
                           {crowd->end_fd, POLLIN, 0}};
    struct epoll_event event = {.data.fd = -1};
    int n = waiter->set_fd < 0
                ? poll(fds, 2, GIVE_UP_MS)
                : epoll_wait(waiter->set_fd, &event, 1, GIVE_UP_MS);
    bool has_ended = waiter->set_fd < 0 ? fds[1].revents != 0
                                        : event.data.fd == crowd->end_fd;
    return n > 0 && !has_ended;
}

static void serve(void *context)
{
    struct waiter *waiter = context;
    uint64_t number;

    while (wait_once(waiter)) {
        waiter->n_returns++;
        if (read(waiter->crowd->event_fd, &number, sizeof number) < 0)
            continue;
        waiter->n_got++;
        waiter->last = number;
    }
}

/* --- all of them ---------------------------------------------------------- */

static int watch(int set_fd, int fd, uint32_t flags)
{
    struct epoll_event event = {.events = EPOLLIN | flags, .data.fd = fd};
    return epoll_ctl(set_fd, EPOLL_CTL_ADD, fd, &event) < 0 ? -errno : 0;
}

/* A set with the fd, and with what ends a wait for it. */
static int make_set(const struct crowd *crowd, int fd, int *set_fd)
{
    *set_fd = epoll_create1(EPOLL_CLOEXEC);
    if (*set_fd < 0)
        return -errno;
    int error = watch(*set_fd, fd, crowd->way->flags);
    return error ? error : watch(*set_fd, crowd->end_fd, 0);
}

static int start_waiter(struct crowd *crowd, int cpu)
{
    struct waiter *waiter = &crowd->waiters[crowd->n_up];
    int watched = crowd->shared_fd < 0 ? crowd->event_fd : crowd->shared_fd;
    int error = 0;

    *waiter = (struct waiter){.crowd = crowd, .set_fd = crowd->shared_fd};
    if (crowd->way->has_set_each)
        error = make_set(crowd, watched, &waiter->set_fd);
    crowd->n_up++;
    return error ? error
                 : pb_thread_start(&crowd->threads[crowd->n_up - 1], cpu, serve,
                                   waiter);
}

static int start_all(struct crowd *crowd, int cpu)
{
    crowd->end_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    int error = crowd->end_fd < 0 ? -errno : 0;
    if (!error && fcntl(crowd->event_fd, F_SETFL, O_NONBLOCK) < 0)
        error = -errno;
    if (!error && crowd->way->has_shared_set)
        error = make_set(crowd, crowd->event_fd, &crowd->shared_fd);
    while (!error && crowd->n_up < crowd->n)
        error = start_waiter(crowd, cpu);
    return error;
}

static void close_fd(int fd)
{
    if (fd >= 0)
        close(fd);
}

static void close_crowd(struct pb_task *task)
{
    struct crowd *crowd = task->own;
    const uint64_t end = 1;

    if (crowd->n_up > 0 && write(crowd->end_fd, &end, sizeof end) < 0)
        crowd->n = 0; /* they give up by themselves */
    for (int i = 0; i < crowd->n_up; i++) {
        pb_thread_join(&crowd->threads[i]);
        if (crowd->way->has_set_each)
            close_fd(crowd->waiters[i].set_fd);
    }
    close_fd(crowd->shared_fd);
    close_fd(crowd->end_fd);
    free(crowd->waiters);
    free(crowd->threads);
    free(crowd);
    task->own = NULL;
}

static int open_crowd(struct pb_task *task)
{
    struct crowd *crowd = malloc(sizeof *crowd);
    size_t n = (size_t)task->scene->got.waiters;

    if (!crowd)
        return -ENOMEM;
    task->own = crowd;
    *crowd = (struct crowd){.way = &ways[way_of(task)],
                            .n = (int)n,
                            .event_fd = task->scene->fds[0],
                            .end_fd = -1,
                            .shared_fd = -1,
                            .waiters = calloc(n, sizeof *crowd->waiters),
                            .threads = calloc(n, sizeof *crowd->threads)};
    int error = crowd->waiters && crowd->threads
                    ? start_all(crowd, task->scene->other_cpu)
                    : -ENOMEM;
    if (error)
        close_crowd(task);
    return error;
}

/* --- a window ------------------------------------------------------------- */

/* What each metric counts. */
enum counted { SWITCHES, RETURNS, BUSIEST, N_COUNTED };

/* Of the last window with each way: what was counted, or why it was not, and
 * which counts have not been told yet. All are of one window. */
struct window {
    int error;
    unsigned untold; /* sum of 1 << enum counted */
    int64_t counts[N_COUNTED];
};

/* Exactly one of them got this event, and no other is on its way. */
static int check_event(const struct crowd *crowd, uint64_t number)
{
    int64_t n_got = 0;
    int n_last = 0;

    for (int i = 0; i < crowd->n; i++) {
        n_got += crowd->waiters[i].n_got;
        n_last += crowd->waiters[i].last == number;
    }
    return n_got == (int64_t)number && n_last == 1 ? 0 : -EBADMSG;
}

static int play(struct crowd *crowd, struct window *window)
{
    int64_t before = 0, after = 0;
    int error = pb_threads_settle(crowd->threads, crowd->n, &before);

    for (uint64_t number = 1; number <= EVENTS && !error; number++) {
        if (write(crowd->event_fd, &number, sizeof number) < 0)
            return -errno;
        error = pb_threads_settle(crowd->threads, crowd->n, &after);
        if (!error)
            error = check_event(crowd, number);
    }
    memset(window->counts, 0, sizeof window->counts);
    window->counts[SWITCHES] = after - before;
    for (int i = 0; i < crowd->n; i++) {
        const struct waiter *waiter = &crowd->waiters[i];
        window->counts[RETURNS] += waiter->n_returns;
        if (waiter->n_got > window->counts[BUSIEST])
            window->counts[BUSIEST] = waiter->n_got;
    }
    return error;
}

/* The windows of a scene; NULL: no memory. */
static struct window *windows_of(struct pb_scene *scene)
{
    if (!scene->kept)
        scene->kept = calloc(N_WAYS, sizeof(struct window));
    return scene->kept;
}

/* The window, played unless this count of it is still to be told. */
static int count(struct pb_task *task, enum counted counted)
{
    struct window *windows = windows_of(task->scene);
    struct window *window = &windows[way_of(task)];

    if (!windows)
        return -ENOMEM;
    if (!(window->untold & 1u << counted)) {
        window->error = play(task->own, window);
        window->untold = (1u << N_COUNTED) - 1;
    }
    window->untold &= ~(1u << counted);
    task->counted = window->counts[counted];
    return window->error;
}

static int be_asleep(struct pb_task *task)
{
    const struct crowd *crowd = task->own;
    int64_t n_switches;
    return pb_threads_settle(crowd->threads, crowd->n, &n_switches);
}

#define OPERATION(name, COUNTED)                                               \
    static int run_##name(struct pb_task *task, uint32_t calls)                \
    {                                                                          \
        (void)calls;                                                           \
        return count(task, COUNTED);                                           \
    }                                                                          \
    const struct pb_operation pb_operation_waiters_##name = {                  \
        .stage = "wakeup",                                                     \
        .metric = PB_METRIC_##name,                                            \
        .is_once = true,                                                       \
        .open = open_crowd,                                                    \
        .close = close_crowd,                                                  \
        .timed =                                                               \
            {                                                                  \
                .calls = EVENTS,                                               \
                .warm = be_asleep,                                             \
                .run = run_##name,                                             \
                .total = pb_task_counted,                                      \
            },                                                                 \
    };

OPERATION(switches, SWITCHES)
OPERATION(returns, RETURNS)
OPERATION(busiest, BUSIEST)
