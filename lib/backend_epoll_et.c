/* SPDX-License-Identifier: MIT */
/* epoll(7), edge-triggered: an fd is reported when something has happened to it
 * since it was last reported, registered or modified, and not again because it
 * still is ready. Who gets an event has to read until EAGAIN, or to remember.
 *
 * So the laws that ask twice what is ready hold only when each fd is modified
 * between; tests/contract/laws_of_triggers.c has what holds in their place.
 * What a wait found and no collect took is lost when the set is changed; after
 * starting over (epoll_common.h) what still is ready is reported once more. */
#include "epoll_common.h"

const struct pollset_backend pollset__epoll_et = {
    POLLSET__EPOLL_WAIT_TABLE,
    .summary = "epoll(7), edge-triggered: reports what has changed",
    .extra_events = EPOLLET,
    .trigger = "edge",
    .opt_in = 1,
};
