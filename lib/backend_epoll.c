/* SPDX-License-Identifier: MIT */
/* epoll(7), level-triggered: the kernel keeps the set. */
#include "epoll_common.h"

const struct pollset_backend pollset__epoll = {
    POLLSET__EPOLL_WAIT_TABLE,
    .summary = "epoll(7), level-triggered: the kernel keeps the set",
};
