/* SPDX-License-Identifier: MIT */
/* The one clock: CLOCK_MONOTONIC, in integer ns. */
#ifndef PB_CLOCK_H
#define PB_CLOCK_H

#include <stdint.h>
#include <time.h>

static inline int64_t pb_now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

/* What one reading costs: the lower quartile of many, each the mean of a
 * batch. */
int64_t pb_clock_cost_ns(void);

/* Now in UTC as ISO 8601, "2026-01-31T12:00:00Z", for people to read. */
void pb_utc_text(char text[static 32]);

#endif
