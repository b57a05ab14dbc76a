/* SPDX-License-Identifier: MIT */
#include "metrics.h"

#include <math.h>
#include <string.h>

#define INFO(name, ...) {#name, __VA_ARGS__},
const struct pb_metric_info pb_metric_infos[] = {PB_METRICS(INFO)};

enum pb_metric pb_metric_of(const char *name)
{
    int i = 0;
    while (i < PB_N_METRICS && strcmp(name, pb_metric_infos[i].name) != 0)
        i++;
    return (enum pb_metric)i;
}

int pb_metric_is_time(enum pb_metric metric)
{
    return strcmp(pb_metric_infos[metric].unit, "ns") == 0;
}

int pb_metric_is_cost(enum pb_metric metric)
{
    return metric == PB_METRIC_cost || metric == PB_METRIC_instructions;
}

int pb_metric_is_exact(enum pb_metric metric)
{
    return pb_metric_infos[metric].estimator == PB_MINIMUM;
}

const struct pb_metric_info *pb_metric_info(const char *name)
{
    enum pb_metric metric = pb_metric_of(name);

    return &pb_metric_infos[metric == PB_N_METRICS ? PB_METRIC_cost : metric];
}

const char *pb_metric_unit(const char *name)
{
    return pb_metric_info(name)->unit;
}

double pb_metric_margin(const char *metric, double cost, double share)
{
    return fmax(pb_metric_info(metric)->nothing, share * cost);
}

int pb_metric_words(const struct pb_metric_info *metric)
{
    const char *more = strstr(metric->meaning, " (");

    return more ? (int)(more - metric->meaning) : (int)strlen(metric->meaning);
}
