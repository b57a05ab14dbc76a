/* SPDX-License-Identifier: MIT */
/* Percentiles from the histograms of a row of samples.csv. */
#include "buckets.h"
#include "rules.h"
#include "samples.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What is asked of each histogram. */
static const struct {
    double share;
    enum pb_metric metrics[2]; /* of response, and of service */
} wanted[] = {{0.1, {PB_METRIC_response_p10, PB_METRIC_service_p10}},
              {0.5, {PB_METRIC_response_p50, PB_METRIC_service_p50}},
              {0.9, {PB_METRIC_response_p90, PB_METRIC_service_p90}},
              {0.98, {PB_METRIC_response_p98, PB_METRIC_service_p98}},
              {0.99, {PB_METRIC_response_p99, PB_METRIC_service_p99}},
              {0.999, {PB_METRIC_response_p999, PB_METRIC_service_p999}}};
enum { N_WANTED = sizeof wanted / sizeof wanted[0] };

/* A number of digits alone, which *text is moved behind; -1: there is none. */
static int64_t take_number(const char **text)
{
    char *end;

    errno = 0;
    long long number = **text >= '0' && **text <= '9'
                           ? strtoll(*text, &end, 10)
                           : (end = (char *)*text, -1);
    *text = end;
    return errno ? -1 : number;
}

/* The next " value:count", if there is one: 1, 0, or -1 if it is no bucket. */
static int take_bucket(const char **text, int64_t *ns, int64_t *count)
{
    int64_t before = *ns;

    if (**text != ' ')
        return 0;
    ++*text;
    *ns = take_number(text);
    if (*ns <= before || *ns != pb_bucket_low(*ns) || **text != ':')
        return -1;
    ++*text;
    *count = take_number(text);
    return *count > 0 ? 1 : -1;
}

/* Its buckets, ascending, with all events in them: fills the percentiles, NAN
 * of those of which it holds too few. 0 or -1. */
static int read_histogram(const char **text, int64_t calls,
                          double at_ns[N_WANTED])
{
    int64_t ns = -1, count = 0, n = 0;
    int taken;

    for (int i = 0; i < N_WANTED; i++)
        at_ns[i] = NAN;
    while ((taken = take_bucket(text, &ns, &count)) > 0 && count <= calls - n) {
        for (int i = 0; i < N_WANTED; i++) {
            double rank = ceil(wanted[i].share * (double)calls);
            if ((double)n < rank && (double)(n + count) >= rank &&
                (double)calls - rank >= PB_BEYOND)
                at_ns[i] = (double)ns + (double)(pb_bucket_width(ns) - 1) / 2;
        }
        n += count;
    }
    return taken == 0 && n == calls ? 0 : -1;
}

int pa_latencies_read(struct pa_percentile percentiles[PA_PERCENTILES_MOST],
                      const char *text, int64_t calls,
                      struct pa_problem *problem)
{
    static const char *const kinds[] = {"response", "service"};
    int n = 0;

    if (!*text)
        return 0;
    for (int kind = 0; kind < 2; kind++) {
        double at_ns[N_WANTED];
        size_t length = strlen(kinds[kind]);
        int is_it = strncmp(text, kinds[kind], length) == 0;
        text += is_it ? length : 0;
        if (!is_it || read_histogram(&text, calls, at_ns) < 0 ||
            *text != (kind == 0 ? ';' : '\0'))
            return pa_problem_set(problem,
                                  "latencies is no histogram of %s with %lld "
                                  "events",
                                  kinds[kind], (long long)calls);
        text += *text == ';';
        for (int i = 0; i < N_WANTED; i++)
            if (!isnan(at_ns[i]))
                percentiles[n++] =
                    (struct pa_percentile){wanted[i].metrics[kind], at_ns[i]};
    }
    return n;
}
