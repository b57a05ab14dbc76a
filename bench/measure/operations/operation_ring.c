/* SPDX-License-Identifier: MIT */
/* Where io_uring and epoll meet, by bare calls: changes of an epoll set that a
 * ring makes in one system call, beside the same by one each; and a ring that
 * an epoll set watches, beside the ring alone. Without liburing there is
 * neither: see pb_ring_ways(). */
#include "flow.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#ifdef POLLSET_HAS_LIBURING

#include <liburing.h>

static const char by_calls[] = "epoll-ctl", by_ring[] = "io_uring-ctl",
                  alone[] = "ring", in_epoll[] = "ring-in-epoll";

static bool is_among(const char *const *names, const char *name)
{
    while (*names && strcmp(*names, name) != 0)
        names++;
    return *names != NULL;
}

const char *const *pb_ring_ways(enum pb_ring_use use, const char *const *asked)
{
    static const char *const changes[] = {by_calls, by_ring, NULL};
    static const char *const waits[] = {alone, in_epoll, NULL};
    struct pollset_backend_info info;
    bool is_had = pollset_backend_find("io_uring", &info) == 0 &&
                  is_among(asked, "epoll");
    return (use == PB_RING_CHANGES ? changes : waits) + (is_had ? 0 : 2);
}

/* A ring, an epoll set, or both. */
struct pair {
    bool has_ring;
    int epoll_fd;
    struct io_uring ring;
    struct epoll_event *interests; /* of each fd, what is changed to */
    int at;                        /* which is changed next */
};

static bool is_way(const struct pb_task *task, const char *way)
{
    return strcmp(task->series->backend, way) == 0;
}

static void close_pair(struct pair *pair)
{
    if (pair->has_ring)
        io_uring_queue_exit(&pair->ring);
    if (pair->epoll_fd >= 0)
        close(pair->epoll_fd);
    free(pair->interests);
    free(pair);
}

/* As the library's backends have theirs. NULL: errno says why. */
static struct pair *open_pair(bool has_ring, bool has_epoll)
{
    enum { ENTRIES = 1024 };
    struct pair *pair = calloc(1, sizeof *pair);
    int error = 0;
    if (!pair)
        return NULL;
    pair->epoll_fd = has_epoll ? epoll_create1(EPOLL_CLOEXEC) : -1;
    if (has_epoll && pair->epoll_fd < 0)
        error = -errno;
    if (has_ring && !error) {
        error = io_uring_queue_init(ENTRIES, &pair->ring,
                                    IORING_SETUP_SINGLE_ISSUER |
                                        IORING_SETUP_DEFER_TASKRUN);
        pair->has_ring = !error;
    }
    if (!error)
        return pair;
    close_pair(pair);
    errno = -error;
    return NULL;
}

/* All that has completed, none of it by an error, is looked at by note(). */
static int reap(struct pb_task *task, struct pair *pair,
                void (*note)(struct pb_task *task, uint64_t what))
{
    const struct io_uring_cqe *cqe;
    unsigned head, n = 0;
    int error = 0;
    io_uring_for_each_cqe(&pair->ring, head, cqe)
    {
        if (cqe->res < 0)
            error = cqe->res;
        else if (note)
            note(task, cqe->user_data);
        n++;
    }
    io_uring_cq_advance(&pair->ring, n);
    return error;
}

/* --- changes of an epoll set ----------------------------------------------
 */

static void close_changes(struct pb_task *task)
{
    close_pair(task->own);
    task->own = NULL;
}

static int watch_all(const struct pb_scene *scene, struct pair *pair)
{
    size_t n = (size_t)scene->got.fd_count;
    pair->interests = calloc(n, sizeof *pair->interests);
    if (!pair->interests)
        return -ENOMEM;
    for (size_t i = 0; i < n; i++) {
        pair->interests[i].events = EPOLLIN;
        pair->interests[i].data.u64 = i;
        if (epoll_ctl(pair->epoll_fd, EPOLL_CTL_ADD, scene->fds[i],
                      &pair->interests[i]) < 0)
            return -errno;
    }
    return 0;
}

static int open_changes(struct pb_task *task)
{
    struct pair *pair = open_pair(is_way(task, by_ring), true);
    if (!pair)
        return -errno;
    task->own = pair;
    int error = watch_all(task->scene, pair);
    if (error)
        close_changes(task);
    return error;
}

static int change_by_calls(const struct pb_scene *scene, struct pair *pair,
                           int n)
{
    int error = 0;
    for (int i = 0; i < n && !error; i++) {
        if (epoll_ctl(pair->epoll_fd, EPOLL_CTL_MOD, scene->fds[pair->at],
                      &pair->interests[pair->at]) < 0)
            error = -errno;
        pair->at = pair->at + 1 < scene->got.fd_count ? pair->at + 1 : 0;
    }
    return error;
}

/* By as many system calls as there are times the ring's size in it. */
static int change_by_ring(struct pb_task *task, struct pair *pair, int n)
{
    const struct pb_scene *scene = task->scene;
    int error = 0;
    while (n > 0 && error >= 0) {
        struct io_uring_sqe *sqe;
        unsigned n_made = 0;
        for (; n > 0 && (sqe = io_uring_get_sqe(&pair->ring)); n--, n_made++) {
            io_uring_prep_epoll_ctl(sqe, pair->epoll_fd, scene->fds[pair->at],
                                    EPOLL_CTL_MOD, &pair->interests[pair->at]);
            pair->at = pair->at + 1 < scene->got.fd_count ? pair->at + 1 : 0;
        }
        error = io_uring_submit_and_wait(&pair->ring, n_made);
        if (error >= 0)
            error = reap(task, pair, NULL);
    }
    return error < 0 ? error : 0;
}

static int run_changes(struct pb_task *task, uint32_t calls)
{
    struct pair *pair = task->own;
    struct epoll_event *out = pb_answers_epoll_events(task->answers);
    int most = (int)task->scene->got.ready_count + 1, error = 0;
    int n_changes = (int)task->scene->got.changes;
    for (uint32_t i = 0; i < calls && !error; i++) {
        error = pair->has_ring ? change_by_ring(task, pair, n_changes)
                               : change_by_calls(task->scene, pair, n_changes);
        int n = error ? 0 : epoll_wait(pair->epoll_fd, out, most, 0);
        if (!error && n != most - 1)
            error = n < 0 ? -errno : -EBADMSG;
        out += n;
    }
    return error;
}

static int check_changes(struct pb_task *task, uint32_t calls)
{
    return pb_answers_check_epoll(task->answers, task->scene, 0, calls);
}

/* --- a ring in an epoll set ------------------------------------------------
 */

static void close_ring(struct pb_task *task)
{
    const struct pb_flow *flow = task->own;
    close_pair(flow->own);
    pb_flow_close(task);
}

/* Polls that stay armed, of all fds. */
static int arm_all(const struct pb_scene *scene, struct pair *pair)
{
    for (int i = 0; i < scene->got.fd_count; i++) {
        struct io_uring_sqe *sqe = io_uring_get_sqe(&pair->ring);
        if (!sqe)
            return -ERANGE;
        io_uring_prep_poll_multishot(sqe, scene->fds[i], POLLIN);
        io_uring_sqe_set_data64(sqe, (uint64_t)i);
    }
    int n = io_uring_submit(&pair->ring);
    return n < 0 ? n : 0;
}

static int open_ring(struct pb_task *task)
{
    struct epoll_event event = {.events = EPOLLIN};
    int error = pb_flow_open(task);
    if (error)
        return error;
    struct pb_flow *flow = task->own;
    struct pair *pair = open_pair(true, is_way(task, in_epoll));
    flow->own = pair;
    error = pair ? arm_all(task->scene, pair) : -errno;
    if (!error && pair && pair->epoll_fd >= 0 &&
        epoll_ctl(pair->epoll_fd, EPOLL_CTL_ADD, pair->ring.ring_fd, &event) <
            0)
        error = -errno;
    if (error && pair)
        close_pair(pair);
    if (error)
        pb_flow_close(task);
    return error;
}

static void note_event(struct pb_task *task, uint64_t place)
{
    struct pb_answers *answers = task->answers;
    int *fd = &task->scene->fds[place];
    if (answers->n_events < answers->room)
        answers->events[answers->n_events++] =
            (struct pollset_event){.cookie = fd, .fd = *fd, .events = POLLIN};
}

/* The kernel works off some twenty completions in one call. */
static int find_events(struct pb_task *task)
{
    const struct pb_flow *flow = task->own;
    struct pair *pair = flow->own;
    struct pb_answers *answers = task->answers;
    size_t n_wanted = answers->n_events + (size_t)flow->n;
    struct epoll_event event;
    int error = 0;

    while (answers->n_events < n_wanted && !error) {
        size_t n_before = answers->n_events;
        if (pair->epoll_fd >= 0 &&
            epoll_wait(pair->epoll_fd, &event, 1, 0) != 1)
            return -EBADMSG;
        error = io_uring_get_events(&pair->ring);
        if (!error)
            error = reap(task, pair, note_event);
        if (!error && answers->n_events == n_before)
            error = -EBADMSG;
    }
    return !error && answers->n_events > n_wanted ? -EBADMSG : error;
}

static int serve(struct pb_task *task)
{
    return pb_flow_serve(task, find_events);
}

static int run_ring(struct pb_task *task, uint32_t calls)
{
    return pb_flow_turns(task, calls, serve);
}

#define RUN_CHANGES                                                            \
    .changes_set = 1, .own_fds = own_fds, .open = open_changes,                \
    .close = close_changes,                                                    \
    .timed = {.reserve = pb_answers_reserve_batch,                             \
              .run = run_changes,                                              \
              .check = check_changes}
#define RUN_RING                                                               \
    .own_fds = own_fds, .open = open_ring, .close = close_ring,                \
    .timed = {.whole = pb_flow_batch,                                          \
              .reserve = pb_flow_reserve,                                      \
              .run = run_ring,                                                 \
              .check = pb_flow_check}

static int own_fds(const char *way)
{
    (void)way;
    return 2;
}

#else

const char *const *pb_ring_ways(enum pb_ring_use use, const char *const *asked)
{
    static const char *const none[] = {NULL};
    (void)use;
    (void)asked;
    return none;
}

#define RUN_CHANGES .own_fds = NULL /* never planned */
#define RUN_RING    .own_fds = NULL

#endif

const struct pb_operation pb_operation_ring_changes = {.stage = "call",
                                                       RUN_CHANGES};

const struct pb_operation pb_operation_ring_served = {.stage = "served-event",
                                                      RUN_RING};
