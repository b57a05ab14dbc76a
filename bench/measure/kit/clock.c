/* SPDX-License-Identifier: MIT */
#include "clock.h"

#include <stdlib.h>

static int by_size(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

int64_t pb_clock_cost_ns(void)
{
    enum { BATCHES = 41, READINGS = 200 };
    int64_t cost_ns[BATCHES];

    for (int i = 0; i < BATCHES; i++) {
        int64_t start_ns = pb_now_ns(), end_ns = start_ns;
        for (int k = 0; k < READINGS; k++)
            end_ns = pb_now_ns();
        cost_ns[i] = (end_ns - start_ns + READINGS / 2) / READINGS;
    }
    qsort(cost_ns, BATCHES, sizeof cost_ns[0], by_size);
    return cost_ns[BATCHES / 4];
}

/* nop is the one instruction that all machines spell alike. */
#define NOPS(n) __asm__ volatile(".rept " #n "\n\tnop\n\t.endr")

bool pb_clock_counts(void)
{
    enum { TRIES = 5, DIFFERENCE = 8000, GRAIN = 40 };
    int64_t least_ns[2] = {INT64_MAX, INT64_MAX};

    for (int i = 0; i < TRIES; i++) {
        int64_t start_ns = pb_now_ns();
        NOPS(1000);
        int64_t middle_ns = pb_now_ns();
        NOPS(9000);
        int64_t end_ns = pb_now_ns();
        if (middle_ns - start_ns < least_ns[0])
            least_ns[0] = middle_ns - start_ns;
        if (end_ns - middle_ns < least_ns[1])
            least_ns[1] = end_ns - middle_ns;
    }
    return llabs(least_ns[1] - least_ns[0] - DIFFERENCE) <= GRAIN;
}

void pb_utc_text(char text[static 32])
{
    time_t now = time(NULL);
    struct tm utc;
    gmtime_r(&now, &utc);
    strftime(text, 32, "%Y-%m-%dT%H:%M:%SZ", &utc);
}
