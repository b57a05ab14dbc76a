/* SPDX-License-Identifier: MIT */
#include "wrapped_calls.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <time.h>

_Thread_local struct wrapped_calls calls;

int __real_select(int n, fd_set *read, fd_set *write, fd_set *except,
                  struct timeval *timeout);
int __wrap_select(int n, fd_set *read, fd_set *write, fd_set *except,
                  struct timeval *timeout);
int __real_poll(struct pollfd *fds, nfds_t n, int timeout_ms);
int __wrap_poll(struct pollfd *fds, nfds_t n, int timeout_ms);
int __real_epoll_wait(int epfd, struct epoll_event *events, int n,
                      int timeout_ms);
int __wrap_epoll_wait(int epfd, struct epoll_event *events, int n,
                      int timeout_ms);
long __real_syscall(long number, ...);
long __wrap_syscall(long number, ...);
int __real_epoll_create1(int flags);
int __wrap_epoll_create1(int flags);
int __real_epoll_ctl(int epfd, int operation, int fd,
                     struct epoll_event *event);
int __wrap_epoll_ctl(int epfd, int operation, int fd,
                     struct epoll_event *event);
int __real_fcntl(int fd, int command, ...);
int __wrap_fcntl(int fd, int command, ...);
int __real_clock_gettime(clockid_t id, struct timespec *now);
int __wrap_clock_gettime(clockid_t id, struct timespec *now);
void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_realloc(void *old, size_t size);
void __real_free(void *memory);
void __wrap_free(void *memory);

/* Whether this call is to fail: then errno is set. */
static bool fails(int *n_failing, int error)
{
    if (*n_failing == 0)
        return false;
    --*n_failing;
    errno = error;
    return true;
}

static bool wait_fails(int64_t timeout_ns)
{
    calls.n_waits++;
    calls.timeout_ns = timeout_ns;
    return fails(&calls.n_failing_waits, calls.wait_errno);
}

static bool control_fails(void)
{
    calls.n_controls++;
    return fails(&calls.n_failing_controls, calls.control_errno);
}

static void note_bitmaps(int n, const void *read, const void *write,
                         const void *except)
{
    calls.n_watched = n;
    calls.is_passed[0] = read;
    calls.is_passed[1] = write;
    calls.is_passed[2] = except;
}

/* At most INT64_MAX. */
static int64_t ns_of(int64_t seconds, int64_t more_ns)
{
    int64_t ns;
    if (__builtin_mul_overflow(seconds, INT64_C(1000000000), &ns) ||
        __builtin_add_overflow(ns, more_ns, &ns))
        return INT64_MAX;
    return ns;
}

int __wrap_select(int n, fd_set *read, fd_set *write, fd_set *except,
                  struct timeval *timeout)
{
    note_bitmaps(n, read, write, except);
    int64_t timeout_ns =
        timeout ? ns_of(timeout->tv_sec, timeout->tv_usec * INT64_C(1000)) : -1;
    if (wait_fails(timeout_ns))
        return -1;
    return __real_select(n, read, write, except, timeout);
}

int __wrap_poll(struct pollfd *fds, nfds_t n, int timeout_ms)
{
    if (wait_fails((int64_t)timeout_ms * 1000000))
        return -1;
    return __real_poll(fds, n, timeout_ms);
}

int __wrap_epoll_wait(int epfd, struct epoll_event *events, int n,
                      int timeout_ms)
{
    if (wait_fails((int64_t)timeout_ms * 1000000))
        return -1;
    return __real_epoll_wait(epfd, events, n, timeout_ms);
}

/* What an argument points to. */
static const void *at(long argument)
{
    const void *pointer;
    memcpy(&pointer, &argument, sizeof(pointer));
    return pointer;
}

static int64_t by_timespec(const long *arguments, int place)
{
    const struct timespec *timeout = at(arguments[place]);
    return timeout ? ns_of(timeout->tv_sec, timeout->tv_nsec) : -1;
}

static int64_t by_ms(const long *arguments, int place)
{
    return (int64_t)arguments[place] * 1000000;
}

/* The last member of struct io_uring_getevents_arg points to a struct
 * __kernel_timespec, two numbers of 64 bits, by which as many completions are
 * waited for as the argument before says, or none. */
static int64_t by_ring(const long *arguments, int place)
{
    const uint64_t *more = at(arguments[place]);
    const int64_t *timeout = at((long)more[2]);
    if (arguments[2] == 0)
        return 0;
    return timeout ? ns_of(timeout[0], timeout[1]) : -1;
}

/* The waits that a backend may make by their number: which argument is the
 * timeout, and in what form. */
static const struct wait {
    long number;
    int timeout;
    int64_t (*read)(const long *arguments, int place);
} waits[] = {
    {SYS_ppoll, 2, by_timespec},        {SYS_pselect6, 4, by_timespec},
    {SYS_epoll_pwait, 3, by_ms},
#ifdef SYS_epoll_pwait2 /* headers of kernels before 5.11 have none */
    {SYS_epoll_pwait2, 3, by_timespec},
#endif
#ifdef SYS_io_uring_enter
    {SYS_io_uring_enter, 4, by_ring},
#endif
};

/* Any other number counts as a control. */
static bool numbered_fails(long number, const long *arguments)
{
    if (number == SYS_pselect6)
        note_bitmaps((int)arguments[0], at(arguments[1]), at(arguments[2]),
                     at(arguments[3]));
    for (size_t i = 0; i < sizeof(waits) / sizeof(waits[0]); i++)
        if (waits[i].number == number)
            return wait_fails(waits[i].read(arguments, waits[i].timeout));
    return control_fails();
}

long __wrap_syscall(long number, ...)
{
    long a[6];
    va_list arguments;
    va_start(arguments, number);
    for (int i = 0; i < 6; i++)
        a[i] = va_arg(arguments, long);
    va_end(arguments);
    if (numbered_fails(number, a))
        return -1;
    return __real_syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

int __wrap_epoll_create1(int flags)
{
    return control_fails() ? -1 : __real_epoll_create1(flags);
}

int __wrap_epoll_ctl(int epfd, int operation, int fd, struct epoll_event *event)
{
    if (control_fails())
        return -1;
    return __real_epoll_ctl(epfd, operation, fd, event);
}

int __wrap_fcntl(int fd, int command, ...)
{
    va_list arguments;
    va_start(arguments, command);
    int argument = va_arg(arguments, int);
    va_end(arguments);
    calls.n_controls++;
    return __real_fcntl(fd, command, argument);
}

int __wrap_clock_gettime(clockid_t id, struct timespec *now)
{
    calls.n_clock_reads++;
    if (calls.clock_step_ns == 0)
        return __real_clock_gettime(id, now);
    calls.clock_ns += calls.clock_step_ns;
    now->tv_sec = calls.clock_ns / 1000000000;
    now->tv_nsec = calls.clock_ns % 1000000000;
    return 0;
}

static bool allocation_fails(void)
{
    calls.n_allocations++;
    if (calls.failing_allocation == 0 || --calls.failing_allocation > 0)
        return false;
    errno = ENOMEM;
    return true;
}

static void *counted(void *memory)
{
    calls.n_live += memory != NULL;
    return memory;
}

void *__wrap_malloc(size_t size)
{
    return allocation_fails() ? NULL : counted(__real_malloc(size));
}

void *__wrap_calloc(size_t n, size_t size)
{
    return allocation_fails() ? NULL : counted(__real_calloc(n, size));
}

void *__wrap_realloc(void *old, size_t size)
{
    if (allocation_fails())
        return NULL;
    void *memory = __real_realloc(old, size);
    calls.n_live += memory && !old;
    return memory;
}

void __wrap_free(void *memory)
{
    calls.n_live -= memory != NULL;
    __real_free(memory);
}
