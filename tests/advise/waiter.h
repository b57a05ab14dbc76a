/* SPDX-License-Identifier: MIT */
/* What waiter watches, as the tests know it. */
#ifndef WAITER_H
#define WAITER_H

#include <poll.h>
#include <stdint.h>

enum { WAITER_FIRST_FD = 100 };

/* The number of descriptor i. */
static inline int waiter_fd(int i, int gap)
{
    return WAITER_FIRST_FD + i * gap;
}

/* What it is watched for. */
static inline uint32_t waiter_events(int i)
{
    return i % 3 == 0 ? POLLIN | POLLPRI : POLLIN;
}

#endif
