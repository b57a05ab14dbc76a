/* SPDX-License-Identifier: MIT */
/* System calls, with their results as the kernel gives them: a count, or a
 * negative errno. pollset__syscall() makes any; select, poll and epoll_wait
 * have functions, since not every architecture has a number for them.
 *
 * On x86-64 they are made right here and not by the C library's functions.
 * The reason is a measured one, and the processor's: where the kernel guards
 * against attacks on return predictions, a system call leaves the processor
 * without any, and the first function that is returned from after it costs
 * most. On Zen 5 with SRSO safe-ret that was 48 to 115 ns for the first return
 * and 5 for the second; on a Xeon that needs no such guard each return costs
 * 0.7 ns (poll(2) of one fd: made in place 124.7 ns, inside one function of
 * ours 125.5, two 126.2, three 127.1; by the C library 126.3). What is lost is
 * that these calls are no cancellation points of pthread_cancel(3).
 *
 * Elsewhere, and with POLLSET_LIBC_CALLS defined (the tests do so, to see and
 * fail the calls), they are the C library's. */
#ifndef POLLSET_KERNEL_CALL_H
#define POLLSET_KERNEL_CALL_H

#include "backend.h"

#include <errno.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { POLLSET__ARGUMENTS = 6 }; /* the most that a system call takes */

#if defined(__x86_64__) && !defined(__ILP32__) && !defined(POLLSET_LIBC_CALLS)

/* Source: syscall(2), "Architecture calling conventions": number in rax,
 * arguments in rdi, rsi, rdx, r10, r8, r9; rcx and r11 are lost. */
POLLSET__INLINE int pollset__syscall(long number,
                                     const long arguments[POLLSET__ARGUMENTS])
{
    register long r10 __asm__("r10") = arguments[3];
    register long r8 __asm__("r8") = arguments[4];
    register long r9 __asm__("r9") = arguments[5];
    long result;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "0"(number), "D"(arguments[0]), "S"(arguments[1]),
                       "d"(arguments[2]), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return (int)result;
}

POLLSET__INLINE int pollset__call_poll(struct pollfd *fds, int n_fds,
                                       int timeout_ms)
{
    const long arguments[POLLSET__ARGUMENTS] = {(long)fds, n_fds, timeout_ms};
    return pollset__syscall(SYS_poll, arguments);
}

POLLSET__INLINE int pollset__call_select(int n_watched, fd_set *const sets[3],
                                         struct timeval *timeout)
{
    const long arguments[POLLSET__ARGUMENTS] = {
        n_watched, (long)sets[0], (long)sets[1], (long)sets[2], (long)timeout};
    return pollset__syscall(SYS_select, arguments);
}

POLLSET__INLINE int pollset__call_epoll_wait(int epfd,
                                             struct epoll_event *events,
                                             int max_events, int timeout_ms)
{
    const long arguments[POLLSET__ARGUMENTS] = {epfd, (long)events, max_events,
                                                timeout_ms};
    return pollset__syscall(SYS_epoll_wait, arguments);
}

#else

POLLSET__INLINE int pollset__syscall(long number,
                                     const long arguments[POLLSET__ARGUMENTS])
{
    long n = syscall(number, arguments[0], arguments[1], arguments[2],
                     arguments[3], arguments[4], arguments[5]);
    return n < 0 ? -errno : (int)n;
}

POLLSET__INLINE int pollset__call_poll(struct pollfd *fds, int n_fds,
                                       int timeout_ms)
{
    int n = poll(fds, (nfds_t)n_fds, timeout_ms);
    return n < 0 ? -errno : n;
}

POLLSET__INLINE int pollset__call_select(int n_watched, fd_set *const sets[3],
                                         struct timeval *timeout)
{
    int n = select(n_watched, sets[0], sets[1], sets[2], timeout);
    return n < 0 ? -errno : n;
}

POLLSET__INLINE int pollset__call_epoll_wait(int epfd,
                                             struct epoll_event *events,
                                             int max_events, int timeout_ms)
{
    int n = epoll_wait(epfd, events, max_events, timeout_ms);
    return n < 0 ? -errno : n;
}

#endif

#endif
