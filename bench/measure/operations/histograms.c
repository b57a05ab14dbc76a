/* SPDX-License-Identifier: MIT */
#include "buckets.h"
#include "operation.h"

#include <stdio.h>
#include <stdlib.h>

static int by_size(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* "response 25088:3 25344:1". Returns how many characters. */
static int put_histogram(char *text, const char *kind, int64_t *latencies,
                         uint32_t n)
{
    int n_chars = sprintf(text, "%s", kind);

    for (uint32_t i = 0; i < n; i++)
        latencies[i] = pb_bucket_low(latencies[i] > 0 ? latencies[i] : 0);
    qsort(latencies, n, sizeof *latencies, by_size);
    for (uint32_t i = 0, next; i < n; i = next) {
        for (next = i; next < n && latencies[next] == latencies[i];)
            next++;
        n_chars += sprintf(text + n_chars, " %lld:%u", (long long)latencies[i],
                           next - i);
    }
    return n_chars;
}

void pb_latencies_put(char *text, int64_t *response_ns, int64_t *service_ns,
                      uint32_t n)
{
    text += put_histogram(text, "response", response_ns, n);
    text += sprintf(text, ";");
    put_histogram(text, "service", service_ns, n);
}
