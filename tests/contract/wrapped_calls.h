/* SPDX-License-Identifier: MIT */
/* The calls that the library makes, counted, looked at, and made to fail.
 * Linked with --wrap for each __wrap_ function that wrapped_calls.c has, so
 * only for the library as a static archive. */
#ifndef CONTRACT_WRAPPED_CALLS_H
#define CONTRACT_WRAPPED_CALLS_H

#include <stdbool.h>
#include <stdint.h>

struct wrapped_calls {
    int n_waits;    /* select, poll, epoll_wait, and by their number others */
    int n_controls; /* epoll_ctl, epoll_create1, fcntl, and other numbers */
    int n_clock_reads;
    int n_allocations;
    int n_live; /* allocations that have not been freed */

    /* Of the last wait: */
    int n_watched;      /* first argument of select, pselect6 */
    bool is_passed[3];  /* select: read, write, except is not NULL */
    int64_t timeout_ns; /* negative: for ever */

    /* The next so many waits fail with wait_errno; likewise the others. */
    int n_failing_waits;
    int wait_errno;
    int n_failing_controls; /* not fcntl */
    int control_errno;
    int failing_allocation; /* 1: the next one, 2: the one after; 0: none */

    /* Not 0: a clock of our own, which goes on by this at each reading. */
    int64_t clock_step_ns;
    int64_t clock_ns;
};

/* Each thread has its own, as each of its sets is its own. */
extern _Thread_local struct wrapped_calls calls;

#endif
