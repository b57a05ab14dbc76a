/* SPDX-License-Identifier: MIT */
/* The three system calls, with their results as the kernel gives them: a
 * count, or a negative errno.
 *
 * On x86-64 they are made right here and not by the C library's functions.
 * The reason is a measured one: after a system call, each function that is
 * returned from costs about 10 ns (Zen 5 with SRSO safe-ret: poll(2) 171 ns;
 * inside one function of ours 181, two 191, three 200; made in place 165).
 * Likely, not counted: the kernel's guards against return prediction attacks
 * leave the processor without its return predictions. What is
 * lost is that these calls are no cancellation points of pthread_cancel(3).
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

#if defined(__x86_64__) && !defined(__ILP32__) && !defined(POLLSET_LIBC_CALLS)

/* Source: syscall(2), "Architecture calling conventions": number in rax,
 * arguments in rdi, rsi, rdx, r10, r8; rcx and r11 are lost. */
POLLSET__INLINE int pollset__syscall(long number, long a, long b, long c,
                                     long d, long e)
{
    register long r10 __asm__("r10") = d;
    register long r8 __asm__("r8") = e;
    long result;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "0"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8)
                     : "rcx", "r11", "memory");
    return (int)result;
}

POLLSET__INLINE int pollset__call_poll(struct pollfd *fds, int n_fds,
                                       int timeout_ms)
{
    return pollset__syscall(SYS_poll, (long)fds, n_fds, timeout_ms, 0, 0);
}

POLLSET__INLINE int pollset__call_select(int n_watched, fd_set *const sets[3],
                                         struct timeval *timeout)
{
    return pollset__syscall(SYS_select, n_watched, (long)sets[0], (long)sets[1],
                            (long)sets[2], (long)timeout);
}

POLLSET__INLINE int pollset__call_epoll_wait(int epfd,
                                             struct epoll_event *events,
                                             int max_events, int timeout_ms)
{
    return pollset__syscall(SYS_epoll_wait, epfd, (long)events, max_events,
                            timeout_ms, 0);
}

#else

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
