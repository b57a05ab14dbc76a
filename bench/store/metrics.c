/* SPDX-License-Identifier: MIT */
#include "metrics.h"

#include <string.h>

#define INFO(name, unit, estimator, least, meaning)                            \
    {#name, unit, estimator, least, meaning},
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
