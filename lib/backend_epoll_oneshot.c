/* SPDX-License-Identifier: MIT */
/* epoll(7), one-shot: an fd that was reported is not reported again until it is
 * modified or registered anew, whatever happens to it: of several threads, only
 * one then has it.
 *
 * So the laws that ask twice what is ready hold only when each fd is modified
 * between; tests/contract/laws_of_triggers.c has what holds in their place.
 * What a wait found and no collect took is lost when the set is changed, and
 * starting over (epoll_common.h) arms all fds again. */
#include "epoll_common.h"

const struct pollset_backend pollset__epoll_oneshot = {
    POLLSET__EPOLL_WAIT_TABLE,
    .summary = "epoll(7), one-shot: reports an fd once, until it is modified",
    .extra_events = EPOLLONESHOT,
    .trigger = "once",
    .opt_in = 1,
};
