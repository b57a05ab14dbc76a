/* SPDX-License-Identifier: MIT */
/* What a row can measure, declared once: an operation says which it is, a row
 * says it in the columns metric and unit, and the analysis takes the estimator
 * from here. Columns called ..._ns hold the metric's unit in rows of another;
 * what tells points apart, metric among it, is in factors.h. */
#ifndef PB_METRICS_H
#define PB_METRICS_H

#include "rules.h"

#include <stdint.h>

/* What stands for the batches of a point in one invocation. */
enum pb_estimator {
    PB_CLEAN_QUARTILE, /* the PB_ESTIMATE_SHARE quantile of clean batches:
                          others can only add to what is measured */
    PB_MEDIAN,         /* of all valid batches: they err either way */
    PB_CLEAN_MEDIAN,   /* of clean batches, one at least */
    PB_MINIMUM         /* of all batches of the run: counts that repeat to the
                          last one, but for what an interrupt adds */
};

/* X(name, unit, estimator, least, nothing, share, meaning): least is the
 * smallest total that a batch can have (a growth may be below 0); less than
 * nothing, in the unit, and less than a share of it is no difference. The
 * meaning begins with its words, which stand above figures, without a comma;
 * more about it follows in parentheses. */
#define PB_METRICS(X)                                                          \
    X(cost, "ns", PB_CLEAN_QUARTILE, 0, PB_NOTHING_NS, PB_NOTHING_SHARE,       \
      "wall time of a call")                                                   \
    X(cpu, "ns", PB_MEDIAN, 0, PB_NOTHING_NS, PB_NOTHING_SHARE,                \
      "CPU time that a call takes")                                            \
    X(excess, "ns", PB_MEDIAN, INT64_MIN + 1, PB_NOTHING_NS, PB_NOTHING_SHARE, \
      "wall time by which a call is longer than the work that is done at it")  \
    X(count, "events", PB_MEDIAN, 0, PB_NOTHING_NS, PB_NOTHING_SHARE,          \
      "events that a call causes")                                             \
    X(switches, "switches", PB_MEDIAN, 0, 0, PB_NOTHING_SHARE,                 \
      "context switches (times that the threads that wait give up their "      \
      "CPUs, in sum)")                                                         \
    X(returns, "returns", PB_MEDIAN, 0, 0, PB_NOTHING_SHARE,                   \
      "waits that return (beyond one in vain)")                                \
    X(busiest, "share", PB_MEDIAN, 0, 0, PB_NOTHING_SHARE,                     \
      "share of the busiest thread (of the events, what the thread got which " \
      "got most)")                                                             \
    X(request_cpu, "ns", PB_CLEAN_MEDIAN, 0, PB_NOTHING_NS, PB_NOTHING_SHARE,  \
      "CPU time of a request (that the server takes)")                         \
    X(wait_events, "events", PB_CLEAN_MEDIAN, 0, 0, PB_NOTHING_SHARE,          \
      "events of a wait (that returns any)")                                   \
    X(spacing, "ns", PB_CLEAN_MEDIAN, 0, PB_NOTHING_NS, PB_NOTHING_SHARE,      \
      "time from one event to the next (as it was reached)")                   \
    X(response_p10, "ns", PB_CLEAN_MEDIAN, 0, PB_NOTHING_NS, PB_NOTHING_SHARE, \
      "10th percentile of response time")                                      \
    X(response_p50, "ns", PB_CLEAN_MEDIAN, 0, PB_NOTHING_NS, PB_NOTHING_SHARE, \
      "median response time (from when an event is due to the return of a "    \
      "wait, or a request to its answer)")                                     \
    X(response_p90, "ns", PB_CLEAN_MEDIAN, 0, PB_NOTHING_NS, PB_NOTHING_SHARE, \
      "90th percentile of response time")                                      \
    X(response_p98, "ns", PB_CLEAN_MEDIAN, 0, PB_NOTHING_NS, PB_NOTHING_SHARE, \
      "98th percentile of response time")                                      \
    X(response_p99, "ns", PB_CLEAN_MEDIAN, 0, PB_NOTHING_NS, PB_NOTHING_SHARE, \
      "99th percentile of response time")                                      \
    X(response_p999, "ns", PB_CLEAN_MEDIAN, 0, PB_NOTHING_NS,                  \
      PB_NOTHING_SHARE, "99.9th percentile of response time")                  \
    X(service_p10, "ns", PB_CLEAN_MEDIAN, 0, PB_NOTHING_NS, PB_NOTHING_SHARE,  \
      "10th percentile of service time")                                       \
    X(service_p50, "ns", PB_CLEAN_MEDIAN, 0, PB_NOTHING_NS, PB_NOTHING_SHARE,  \
      "median service time (from the write of an event to the return of a "    \
      "wait, or of a request to its answer)")                                  \
    X(service_p90, "ns", PB_CLEAN_MEDIAN, 0, PB_NOTHING_NS, PB_NOTHING_SHARE,  \
      "90th percentile of service time")                                       \
    X(service_p98, "ns", PB_CLEAN_MEDIAN, 0, PB_NOTHING_NS, PB_NOTHING_SHARE,  \
      "98th percentile of service time")                                       \
    X(service_p99, "ns", PB_CLEAN_MEDIAN, 0, PB_NOTHING_NS, PB_NOTHING_SHARE,  \
      "99th percentile of service time")                                       \
    X(service_p999, "ns", PB_CLEAN_MEDIAN, 0, PB_NOTHING_NS, PB_NOTHING_SHARE, \
      "99.9th percentile of service time")                                     \
    X(kernel_bytes, "bytes", PB_MEDIAN, INT64_MIN + 1, PB_NOTHING_NS,          \
      PB_NOTHING_SHARE,                                                        \
      "growth of kernel memory (slab and vmalloc, of the whole system)")       \
    X(process_bytes, "bytes", PB_MEDIAN, INT64_MIN + 1, PB_NOTHING_NS,         \
      PB_NOTHING_SHARE, "growth of process memory (resident and anonymous)")   \
    X(instructions, "instructions", PB_MINIMUM, 0, 0, 0,                       \
      "instructions that a call executes (as an emulator counts them)")

#define PB_METRIC_INDEX(name, ...) PB_METRIC_##name,
enum pb_metric { PB_METRICS(PB_METRIC_INDEX) PB_N_METRICS };

/* The line of a metric in the list. */
struct pb_metric_info {
    const char *name;
    const char *unit;
    enum pb_estimator estimator;
    int64_t least;
    double nothing, share;
    const char *meaning;
};

extern const struct pb_metric_info pb_metric_infos[PB_N_METRICS];

/* The metric called name, or PB_N_METRICS. */
enum pb_metric pb_metric_of(const char *name);

/* Whether it is a time, which a reference loop scales and a cache that others
 * use lengthens. */
int pb_metric_is_time(enum pb_metric metric);

/* Whether it is what a call costs, in whichever unit a run has that: what
 * models, growth and verdicts are about where they do not name a metric. */
int pb_metric_is_cost(enum pb_metric metric);

/* Whether it is a count without noise: of a point one number, no interval. */
int pb_metric_is_exact(enum pb_metric metric);

/* What counts as no difference from a cost, in the metric's unit: the larger of
 * its nothing and a share of the cost. */
double pb_metric_margin(const char *metric, double cost, double share);

/* How many bytes of a metric's meaning are its words. */
int pb_metric_words(const struct pb_metric_info *metric);

/* The line of a metric's name, and its unit; of one not known here, cost's. */
const struct pb_metric_info *pb_metric_info(const char *name);
const char *pb_metric_unit(const char *name);

#endif
