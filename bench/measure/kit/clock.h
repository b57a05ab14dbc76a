/* SPDX-License-Identifier: MIT */
/* The clock of all timing: CLOCK_MONOTONIC, in integer ns; and a witness. */
#ifndef PB_CLOCK_H
#define PB_CLOCK_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

static inline int64_t pb_clock_ns(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static inline int64_t pb_now_ns(void)
{
    return pb_clock_ns(CLOCK_MONOTONIC);
}

/* The clock that nothing adjusts: nothing is timed with it, but it tells when
 * the other one stands still or jumps. */
static inline int64_t pb_raw_ns(void)
{
    return pb_clock_ns(CLOCK_MONOTONIC_RAW);
}

/* What one reading costs: the lower quartile of many, each the mean of a
 * batch. */
int64_t pb_clock_cost_ns(void);

/* Whether the clock goes on by 1 ns with each instruction that is executed, to
 * within its grain, as in an emulator that counts them. */
bool pb_clock_counts(void);

/* Now in UTC as ISO 8601, "2026-01-31T12:00:00Z", for people to read. */
void pb_utc_text(char text[static 32]);

#endif
