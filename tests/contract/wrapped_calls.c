/* SPDX-License-Identifier: MIT */
#include "wrapped_calls.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/select.h>
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

int __wrap_select(int n, fd_set *read, fd_set *write, fd_set *except,
                  struct timeval *timeout)
{
    calls.n_watched = n;
    calls.is_passed[0] = read;
    calls.is_passed[1] = write;
    calls.is_passed[2] = except;
    int64_t timeout_ns = -1;
    if (timeout &&
        __builtin_add_overflow((int64_t)timeout->tv_sec * 1000000000,
                               timeout->tv_usec * INT64_C(1000), &timeout_ns))
        timeout_ns = INT64_MAX;
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
