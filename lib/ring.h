/* SPDX-License-Identifier: MIT */
/* What the backends that wait through an io_uring share. liburing sets rings up
 * and keeps their ends; the system call of a wait is made here, as all are (see
 * kernel_call.h). Without liburing the backends are there and say so.
 *
 * Rings are of one thread, and what completes is worked off in its waits only
 * (IORING_SETUP_DEFER_TASKRUN, Linux 6.1): what a wait finds was so during that
 * wait, and nothing interrupts the thread otherwise. Another thread, or a child
 * of fork(2), is refused with -EEXIST, and gets a ring of its own. */
#ifndef POLLSET_RING_H
#define POLLSET_RING_H

#include "kernel_call.h"

/* io_uring's bits are poll's on all architectures. */
#define POLLSET__RING_EVENTS                                                   \
    (POLLIN | POLLPRI | POLLOUT | POLLRDHUP | POLLRDNORM | POLLRDBAND |        \
     POLLWRNORM | POLLWRBAND | POLLERR | POLLHUP)

#ifdef POLLSET_HAS_LIBURING

#include <liburing.h>

struct pollset__ring {
    struct io_uring io;
    char *mark; /* 0 in a child of fork(2), with which the memory is shared */
};

/* user_data of what nobody waits for: no fd has this number. */
#define POLLSET__RING_IGNORED UINT64_MAX

/* A ring with room for n_entries submissions at a time, and as many completions
 * as rings of this size get; what has no room the kernel keeps. -errno. */
int pollset__ring_open(struct pollset__ring *ring, unsigned n_entries);
void pollset__ring_close(struct pollset__ring *ring);

/* Whether a ring can be had: 0 or -errno. */
int pollset__ring_probe(void);

/* Whether it is that of a parent, which nothing may be written to. */
POLLSET__INLINE bool
pollset__ring_is_inherited(const struct pollset__ring *ring)
{
    return POLLSET__UNLIKELY(*ring->mark == 0);
}

/* Submit what has been prepared, work off what has completed, and wait for
 * n_wanted completions or until the timeout, NULL: for ever.
 *
 * Returns  how many submissions the kernel has taken, also if the wait ended
 *          before it brought anything; with none to take, 0, -EINTR or -ETIME.
 */
POLLSET__INLINE int pollset__ring_enter(struct pollset__ring *ring,
                                        unsigned n_wanted,
                                        const struct __kernel_timespec *timeout)
{
    struct io_uring_getevents_arg more = {.ts = (uintptr_t)timeout};
    struct io_uring_sq *sq = &ring->io.sq;
    sq->sqe_head = sq->sqe_tail;
    io_uring_smp_store_release(sq->ktail, sq->sqe_tail);
    const long arguments[POLLSET__ARGUMENTS] = {
        ring->io.ring_fd, (long)io_uring_sq_ready(&ring->io),
        (long)n_wanted,   IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG,
        (long)&more,      sizeof(more)};
    return pollset__syscall(SYS_io_uring_enter, arguments);
}

/* Whether another enter would bring more: the kernel works off some twenty
 * completions in one, and keeps those that have no room in the ring. */
POLLSET__INLINE bool pollset__ring_has_more(const struct pollset__ring *ring)
{
    return IO_URING_READ_ONCE(*ring->io.sq.kflags) &
           (IORING_SQ_TASKRUN | IORING_SQ_CQ_OVERFLOW);
}

/* Sleep until something completes: timeout_ns < 0 for ever. Nothing is to be
 * submitted, or a signal would pass unnoticed. Returns 0 or -errno; 0 also when
 * the time is over. */
POLLSET__INLINE int pollset__ring_sleep(struct pollset__ring *ring,
                                        int64_t timeout_ns)
{
    int64_t timeout_s = timeout_ns / 1000000000;
    const struct __kernel_timespec timeout = {
        .tv_sec = timeout_s < INT_MAX ? timeout_s : INT_MAX,
        .tv_nsec = timeout_ns % 1000000000};
    int n = pollset__ring_enter(ring, 1, timeout_ns < 0 ? NULL : &timeout);
    return n < 0 && n != -ETIME ? n : 0;
}

/* A submission, prepared as nothing; room for it is made if there is none.
 * NULL: the kernel does not take what is there. */
struct io_uring_sqe *pollset__ring_submission(struct pollset__ring *ring);

#else

static inline int pollset__ring_probe(void)
{
    return -ENOTSUP;
}

static inline int pollset__ring_cannot_create(struct pollset *set)
{
    (void)set;
    return -ENOTSUP;
}

/* The table of a backend that is not there. */
#define POLLSET__RING_TABLE                                                    \
    .events = POLLSET__RING_EVENTS, .set_size = sizeof(struct pollset),        \
    .probe = pollset__ring_probe, .create = pollset__ring_cannot_create

#endif

#endif
