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

void pb_utc_text(char text[static 32])
{
    time_t now = time(NULL);
    struct tm utc;
    gmtime_r(&now, &utc);
    strftime(text, 32, "%Y-%m-%dT%H:%M:%SZ", &utc);
}
