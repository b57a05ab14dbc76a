/* SPDX-License-Identifier: MIT */
/* The system calls that wait, by their numbers, with and without a mask of
 * signals, on the one fd of a scene, which is ready.
 *
 * What a call costs depends on what the program does next: the first function
 * that is returned from after it was seen to cost 48 to 115 ns (see
 * lib/kernel_call.h), more than there is between the calls. So one loop makes
 * them all, and number and arguments are data. */
#include "operation.h"
#include "wait_call.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { N_ARGUMENTS = 6, WORD_BITS = 8 * sizeof(unsigned long) };

enum family { POLL, SELECT, EPOLL };
enum mask { NO_MASK, NULL_MASK, MASK };

static const struct variant {
    const char *name; /* the backend column */
    const char *call;
    enum family family;
    enum mask mask;
    int has_timespec; /* its timeout is a pointer to one */
} variants[] = {
    {"poll", "poll", POLL, NO_MASK, 0},
    {"ppoll", "ppoll", POLL, NULL_MASK, 1},
    {"ppoll-mask", "ppoll", POLL, MASK, 1},
    {"select", "select", SELECT, NO_MASK, 1},
    {"pselect6", "pselect6", SELECT, NULL_MASK, 1},
    {"pselect6-mask", "pselect6", SELECT, MASK, 1},
    {"epoll_wait", "epoll_wait", EPOLL, NO_MASK, 0},
    {"epoll_pwait", "epoll_pwait", EPOLL, NULL_MASK, 0},
    {"epoll_pwait-mask", "epoll_pwait", EPOLL, MASK, 0},
    {"epoll_pwait2", "epoll_pwait2", EPOLL, NULL_MASK, 1},
    {"epoll_pwait2-mask", "epoll_pwait2", EPOLL, MASK, 1},
};

const char *pb_call_name(unsigned index)
{
    return index < sizeof variants / sizeof variants[0] ? variants[index].name
                                                        : NULL;
}

/* What pselect6 takes as its last argument. */
struct mask_and_size {
    const sigset_t *mask;
    size_t bytes;
};

struct call {
    const struct variant *variant;
    long number;
    long arguments[N_ARGUMENTS];
    int epoll_fd;
    int fd;
    sigset_t mask;
    struct mask_and_size masked;
    long zero[2]; /* a timeout, as struct timeval or timespec */
    struct pollfd pollfd;
    struct epoll_event event;
    unsigned long *bits; /* which select overwrites with what it was */
    size_t bits_bytes;
};

static void set(struct call *call, int place, const void *pointer)
{
    call->arguments[place] = (long)pointer;
}

static int open_poll(struct call *call)
{
    call->pollfd = (struct pollfd){.fd = call->fd, .events = POLLIN};
    set(call, 0, &call->pollfd);
    call->arguments[1] = 1;
    return 0;
}

/* The one fd that is asked about is ready, so that the answer is the question
 * and need not be put anew. */
static int open_select(struct call *call)
{
    size_t n_words = (size_t)call->fd / WORD_BITS + 1;
    call->bits_bytes = n_words * sizeof *call->bits;
    call->bits = calloc(1, call->bits_bytes);
    if (!call->bits)
        return -ENOMEM;
    call->bits[n_words - 1] = 1UL << (unsigned)call->fd % WORD_BITS;
    call->arguments[0] = call->fd + 1;
    set(call, 1, call->bits);
    return 0;
}

static int open_epoll(struct call *call)
{
    struct epoll_event event = {.events = EPOLLIN, .data.fd = call->fd};
    call->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (call->epoll_fd < 0 ||
        epoll_ctl(call->epoll_fd, EPOLL_CTL_ADD, call->fd, &event) < 0)
        return -errno;
    call->arguments[0] = call->epoll_fd;
    set(call, 1, &call->event);
    call->arguments[2] = 1;
    return 0;
}

static const struct {
    int (*open)(struct call *call);
    int timeout, mask; /* which argument */
} families[] = {
    [POLL] = {open_poll, 2, 3},
    [SELECT] = {open_select, 4, 5},
    [EPOLL] = {open_epoll, 3, 4},
};

static void set_timeout_and_mask(struct call *call)
{
    const struct variant *variant = call->variant;
    int place = families[variant->family].mask;
    if (variant->has_timespec)
        set(call, families[variant->family].timeout, call->zero);
    if (variant->mask == NO_MASK)
        return;
    sigfillset(&call->mask); /* nothing that is blocked comes through */
    call->masked = (struct mask_and_size){
        variant->mask == MASK ? &call->mask : NULL, _NSIG / 8};
    if (variant->family == SELECT) {
        set(call, place, &call->masked);
    } else {
        set(call, place, call->masked.mask);
        call->arguments[place + 1] = _NSIG / 8;
    }
}

static void close_call(struct pb_task *task)
{
    struct call *call = task->own;
    if (call->epoll_fd >= 0)
        close(call->epoll_fd);
    free(call->bits);
    free(call);
    task->own = NULL;
}

static int open_call(struct pb_task *task)
{
    struct call *call = calloc(1, sizeof *call);
    const struct variant *variant = variants;
    if (!call)
        return -ENOMEM;
    assert(task->scene->got.fd_count == 1); /* as it was planned */
    while (strcmp(variant->name, task->series->backend) != 0)
        variant++;
    call->variant = variant;
    call->number = pa_call_number(variant->call);
    call->epoll_fd = -1;
    call->fd = task->scene->fds[0];
    task->own = call;
    int error =
        call->number < 0 ? -ENOSYS : families[variant->family].open(call);
    if (error)
        close_call(task);
    else
        set_timeout_and_mask(call);
    return error;
}

static int own_fds(const char *backend)
{
    (void)backend;
    return 1;
}

static int run_call(struct pb_task *task, uint32_t calls)
{
    const struct call *call = task->own;
    const long *a = call->arguments;
    long number = call->number;

    for (uint32_t i = 0; i < calls; i++) {
        long n = syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
        if (n != 1)
            return n < 0 ? -errno : -EBADMSG;
    }
    return 0;
}

static bool is_right(const struct call *call)
{
    unsigned long bit = 1UL << (unsigned)call->fd % WORD_BITS;
    switch (call->variant->family) {
    case POLL:
        return call->pollfd.revents == POLLIN;
    case SELECT:
        return call->bits[call->fd / (int)WORD_BITS] == bit;
    default:
        return call->event.events == EPOLLIN && call->event.data.fd == call->fd;
    }
}

/* Each call has counted one fd, and asked about no other; was it this? Once
 * more, so that what is looked at is no older answer. */
static int check_call(struct pb_task *task, uint32_t calls)
{
    struct call *call = task->own;
    (void)calls;
    call->pollfd.revents = 0;
    call->event = (struct epoll_event){0};
    int error = run_call(task, 1);
    return error ? error : is_right(call) ? 0 : -EBADMSG;
}

const struct pb_operation pb_operation_call = {
    .stage = "call",
    .own_fds = own_fds,
    .open = open_call,
    .close = close_call,
    .timed = {.run = run_call, .check = check_call},
};
