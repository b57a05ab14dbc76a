/* SPDX-License-Identifier: MIT */
/* The bare calls of the C library, as a program without any library around
 * them would make them, on the same fds; and the loop of a textbook around
 * select(2), which is what the backend select-textbook stands for. */
#include "operation.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <unistd.h>

/* The kinds keep what they pass to the kernel in here. */
struct raw {
    int (*run)(struct raw *raw, struct pb_answers *answers, uint32_t calls);
    int (*run_overhead)(struct raw *raw, uint32_t calls);
    int (*is_right)(const struct raw *raw, const struct pb_scene *scene);
    struct pollfd *pollfds;
    unsigned long *wanted, *result; /* bitmaps; result is what select gets */
    size_t bitmap_bytes;
    int n_fds, nfds, epoll_fd;
    /* The fds to be found: places in pollfds, or bits of result. */
    int *ready, ready_count;
    const int *fds; /* textbook: those of interest, */
    int *found;     /* and those that the last call has found, all in order */
};

enum { WORD_BITS = 8 * sizeof(unsigned long) };

/* An answer that was not expected: an error, or a wrong count. */
static int what_else(int n)
{
    return n < 0 ? -errno : -EBADMSG;
}

static bool expects(const struct pb_scene *scene, int place)
{
    return scene->staging->expects(scene, place);
}

/* poll and select write each answer over the last one: so each call's own is
 * looked at before the next, and the time for that is not the bare call's. The
 * kernel counts what it reports, so R of them, and each of the R ready fds
 * among them, is the whole answer. */
static int poll_found(const struct raw *raw)
{
    for (int i = 0; i < raw->ready_count; i++)
        if (raw->pollfds[raw->ready[i]].revents != POLLIN)
            return 0;
    return 1;
}

static int run_poll(struct raw *raw, struct pb_answers *answers, uint32_t calls)
{
    (void)answers;
    for (uint32_t i = 0; i < calls; i++) {
        int n = poll(raw->pollfds, (nfds_t)raw->n_fds, 0);
        if (n != raw->ready_count || !poll_found(raw))
            return what_else(n);
    }
    return 0;
}

static int run_poll_overhead(struct raw *raw, uint32_t calls)
{
    int n_found = 0;
    for (uint32_t i = 0; i < calls; i++) {
        n_found += poll_found(raw);
        __asm__ volatile("" : : "r"(raw->pollfds) : "memory");
    }
    return n_found == (int)calls ? 0 : -EBADMSG;
}

static int poll_is_right(const struct raw *raw, const struct pb_scene *scene)
{
    for (int i = 0; i < scene->got.fd_count; i++)
        if ((raw->pollfds[i].revents == POLLIN) != expects(scene, i))
            return 0;
    return 1;
}

static int open_poll(struct raw *raw, const struct pb_scene *scene)
{
    raw->pollfds = calloc((size_t)raw->n_fds, sizeof *raw->pollfds);
    if (!raw->pollfds)
        return -ENOMEM;
    for (int i = 0; i < raw->n_fds; i++) {
        raw->pollfds[i] =
            (struct pollfd){.fd = scene->fds[i], .events = POLLIN};
        if (expects(scene, i))
            raw->ready[raw->ready_count++] = i;
    }
    raw->run = run_poll;
    raw->run_overhead = run_poll_overhead;
    raw->is_right = poll_is_right;
    return 0;
}

static int bit(const unsigned long *bitmap, int fd)
{
    return (bitmap[fd / WORD_BITS] >> fd % WORD_BITS) & 1;
}

static int select_found(const struct raw *raw)
{
    for (int i = 0; i < raw->ready_count; i++)
        if (!bit(raw->result, raw->ready[i]))
            return 0;
    return 1;
}

static int run_select(struct raw *raw, struct pb_answers *answers,
                      uint32_t calls)
{
    (void)answers;
    for (uint32_t i = 0; i < calls; i++) {
        struct timeval zero = {0};
        memcpy(raw->result, raw->wanted, raw->bitmap_bytes);
        int n = select(raw->nfds, (fd_set *)raw->result, NULL, NULL, &zero);
        if (n != raw->ready_count || !select_found(raw))
            return what_else(n);
    }
    return 0;
}

/* select writes over the bitmap; restoring it is not the bare call. */
static int run_select_overhead(struct raw *raw, uint32_t calls)
{
    int n_found = 0;
    for (uint32_t i = 0; i < calls; i++) {
        memcpy(raw->result, raw->wanted, raw->bitmap_bytes);
        __asm__ volatile("" : : "r"(raw->result) : "memory");
        n_found += select_found(raw); /* all that were asked for are set */
    }
    return n_found == (int)calls ? 0 : -EBADMSG;
}

/* Every bit, also those that were not asked for. */
static int select_is_right(const struct raw *raw, const struct pb_scene *scene)
{
    int n_set = 0;
    for (int fd = 0; fd < raw->nfds; fd++)
        n_set += bit(raw->result, fd);
    for (int i = 0; i < scene->got.fd_count; i++)
        if (bit(raw->result, scene->fds[i]) != expects(scene, i))
            return 0;
    return n_set == scene->got.ready_count;
}

static int open_select(struct raw *raw, const struct pb_scene *scene)
{
    size_t n_words = (size_t)scene->got.highest_fd / WORD_BITS + 1;
    /* At least a whole fd_set, which is what the compiler may assume. */
    size_t room = n_words * sizeof(unsigned long);
    if (room < sizeof(fd_set))
        room = sizeof(fd_set);
    raw->bitmap_bytes = n_words * sizeof(unsigned long);
    raw->nfds = scene->got.highest_fd + 1;
    raw->wanted = calloc(1, room);
    raw->result = calloc(1, room);
    if (!raw->wanted || !raw->result)
        return -ENOMEM;
    for (int i = 0; i < scene->got.fd_count; i++) {
        int fd = scene->fds[i];
        raw->wanted[fd / WORD_BITS] |= 1UL << fd % WORD_BITS;
        if (expects(scene, i))
            raw->ready[raw->ready_count++] = fd;
    }
    raw->run = run_select;
    raw->run_overhead = run_select_overhead;
    raw->is_right = select_is_right;
    return 0;
}

/* As FD_SET and FD_ISSET do it, which stop at FD_SETSIZE. */
static void set_bit(unsigned long *bits, int fd)
{
    bits[fd / WORD_BITS] |= 1UL << fd % WORD_BITS;
}

static int is_set(const unsigned long *bits, int fd)
{
    return (bits[fd / WORD_BITS] & 1UL << fd % WORD_BITS) != 0;
}

/* One turn: clear the bitmap, turn on the bits of the fds of interest, ask, and
 * test each number up to the highest. Returns how many were found. */
static int take_textbook_turn(struct raw *raw)
{
    struct timeval zero = {0};
    memset(raw->result, 0, raw->bitmap_bytes);
    for (int i = 0; i < raw->n_fds; i++)
        set_bit(raw->result, raw->fds[i]);
    int n = select(raw->nfds, (fd_set *)raw->result, NULL, NULL, &zero);
    if (n != raw->ready_count)
        return what_else(n);
    int n_found = 0;
    for (int fd = 0; fd < raw->nfds; fd++) {
        if (is_set(raw->result, fd))
            raw->found[n_found++] = fd;
    }
    return n_found;
}

static int run_textbook(struct raw *raw, struct pb_answers *answers,
                        uint32_t calls)
{
    (void)answers;
    for (uint32_t i = 0; i < calls; i++) {
        int n = take_textbook_turn(raw);
        if (n != raw->ready_count || !select_found(raw))
            return n < 0 ? n : -EBADMSG;
    }
    return 0;
}

/* Only looking at each answer is not the textbook's. */
static int run_textbook_overhead(struct raw *raw, uint32_t calls)
{
    for (int i = 0; i < raw->ready_count; i++)
        set_bit(raw->result, raw->ready[i]);
    int n_found = 0;
    for (uint32_t i = 0; i < calls; i++) {
        __asm__ volatile("" : : "r"(raw->result) : "memory");
        n_found += select_found(raw);
    }
    return n_found == (int)calls ? 0 : -EBADMSG;
}

/* The bits, and that what was found is what they say. */
static int textbook_is_right(const struct raw *raw,
                             const struct pb_scene *scene)
{
    for (int i = 0; i < raw->ready_count; i++)
        if (!bit(raw->result, raw->found[i]) ||
            (i > 0 && raw->found[i] <= raw->found[i - 1]))
            return 0;
    return select_is_right(raw, scene);
}

static int open_textbook(struct raw *raw, const struct pb_scene *scene)
{
    raw->found = calloc((size_t)raw->n_fds + 1, sizeof *raw->found);
    int error = raw->found ? open_select(raw, scene) : -ENOMEM;
    raw->fds = scene->fds;
    raw->run = run_textbook;
    raw->run_overhead = run_textbook_overhead;
    raw->is_right = textbook_is_right;
    return error;
}

/* All answers are kept, and looked at by the check. */
static int run_epoll(struct raw *raw, struct pb_answers *answers,
                     uint32_t calls)
{
    struct epoll_event *events = pb_answers_epoll_events(answers);
    for (uint32_t i = 0; i < calls; i++) {
        int n = epoll_wait(raw->epoll_fd, events,
                           raw->ready_count + PB_SPARE_SLOTS, 0);
        if (n != raw->ready_count)
            return what_else(n);
        events += n;
    }
    return 0;
}

static int open_epoll(struct raw *raw, const struct pb_scene *scene)
{
    raw->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (raw->epoll_fd < 0)
        return -errno;
    raw->ready_count = scene->got.ready_count;
    for (int i = 0; i < raw->n_fds; i++) {
        struct epoll_event event = {.events = EPOLLIN, .data.u64 = (uint64_t)i};
        if (epoll_ctl(raw->epoll_fd, EPOLL_CTL_ADD, scene->fds[i], &event) < 0)
            return -errno;
    }
    raw->run = run_epoll;
    return 0;
}

static const struct {
    const char *backend;
    int (*open)(struct raw *raw, const struct pb_scene *scene);
} kinds[] = {
    {"epoll", open_epoll},
    {"poll", open_poll},
    {"select", open_select},
    {"select-textbook", open_textbook},
};

const char *pb_raw_backend(unsigned index)
{
    return index < sizeof kinds / sizeof kinds[0] ? kinds[index].backend : NULL;
}

static void close_raw(struct pb_task *task)
{
    struct raw *raw = task->own;
    if (!raw)
        return;
    if (raw->epoll_fd >= 0)
        close(raw->epoll_fd);
    free(raw->pollfds);
    free(raw->ready);
    free(raw->found);
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
    raw->ready =
        calloc((size_t)task->scene->got.ready_count + 1, sizeof *raw->ready);
    raw->n_fds = task->scene->got.fd_count;
    raw->epoll_fd = -1;
    task->own = raw;
    if (!raw->ready)
        error = -ENOMEM;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0] && raw->ready; i++)
        if (strcmp(kinds[i].backend, task->series->backend) == 0)
            error = kinds[i].open(raw, task->scene);
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
    return raw->run(raw, task->answers, calls);
}

static int run_raw_overhead(struct pb_task *task, uint32_t calls)
{
    struct raw *raw = task->own;
    return raw->run_overhead ? raw->run_overhead(raw, calls) : 0;
}

static int check_raw(struct pb_task *task, uint32_t calls)
{
    struct raw *raw = task->own;
    if (!raw->is_right)
        return pb_answers_check_epoll(task->answers, task->scene, 0, calls);
    return raw->is_right(raw, task->scene) ? 0 : -EBADMSG;
}

const struct pb_operation pb_operation_raw = {
    .stage = "raw",
    .own_fds = own_fds,
    .open = open_raw,
    .close = close_raw,
    .timed =
        {
            .reserve = pb_answers_reserve_batch,
            .run = run_raw,
            .run_overhead = run_raw_overhead,
            .check = check_raw,
        },
};
