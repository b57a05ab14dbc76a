/* SPDX-License-Identifier: MIT */
#include "record.h"

#include "operation.h"
#include "row.h"

#include <errno.h>
#include <string.h>

const char *pb_record_status(int error)
{
    if (error == 0)
        return "ok";
    if (error == -EBADMSG)
        return "wrong answer";
    if (error == -ETIME)
        return "the clock stood still or jumped";
    if (error == -EDEADLK)
        return "disturbed, however often it was repeated";
    if (error == -ENXIO)
        return "there is no second CPU";
    if (error == -ETIMEDOUT)
        return "not woken, or not done, in time";
    if (error == -EUSERS)
        return "the system allows no more of this kind of fd, or others have "
               "them";
    if (error == -EADDRINUSE)
        return "no port is left (net.ipv4.ip_local_port_range)";
    return strerror(-error);
}

enum pb_metric pb_record_metric(const struct pb_plan *plan,
                                const struct pb_series *series)
{
    enum pb_metric metric = series->operation->metric;
    return metric == PB_METRIC_cost ? plan->cost : metric;
}

struct pb_factors pb_record_factors(const struct pb_plan *plan,
                                    const struct pb_series *series)
{
    struct pb_factors factors = pb_point_complete(
        (struct pb_factors){.layout = pb_layout_name(PB_PACKED), .tables = 1});

    if (series->point >= 0)
        factors = *plan->points[series->point].got;
    factors.sweep = series->sweep;
    factors.backend = series->backend;
    factors.stage = series->operation->stage;
    factors.metric = pb_metric_infos[pb_record_metric(plan, series)].name;
    return factors;
}

PB_ROW(sample, PB_SAMPLES)

void pb_record_sample(struct pb_csv *csv, const struct pb_plan *plan,
                      const struct pb_series *series,
                      const struct pb_occasion *occasion,
                      const struct pb_sample *sample)
{
    struct pb_factors factors = pb_record_factors(plan, series);
    struct pb_sample_row row = {
        .invocation = occasion->invocation,
        .round = occasion->round,
        .sequence = occasion->sequence,
        .cpu = occasion->cpu,
        .calls = sample->calls,
        .batch_ns = sample->error ? PA_NONE : sample->batch_ns,
        .overhead_ns = sample->error ? PA_NONE : sample->overhead_ns,
        .involuntary_switches = sample->involuntary_switches,
        .latencies =
            occasion->latencies && !sample->error ? occasion->latencies : "",
        .seed = occasion->seed,
        .status = pb_record_status(sample->error),
        .unit = pb_metric_infos[pb_record_metric(plan, series)].unit,
    };

    PB_FACTORS_TO_ROW(&row, &factors);
    pb_sample_put(csv, &row);
}
