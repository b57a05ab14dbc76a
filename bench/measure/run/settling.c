/* SPDX-License-Identifier: MIT */
#include "settling.h"

#include "rules.h"

#include <math.h>
#include <stdlib.h>

static int by_size(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

double pb_level_cost(double *costs, int n)
{
    qsort(costs, (size_t)n, sizeof *costs, by_size);
    return costs[(int)(PB_ESTIMATE_SHARE * (n - 1))];
}

void pb_levels_add(struct pb_levels *levels, double level)
{
    levels->n++;
    levels->sum += level;
    levels->squares += level * level;
}

double pb_levels_spread(const struct pb_levels *levels)
{
    if (levels->n < 2)
        return 0;
    double excess = levels->squares - levels->sum * levels->sum / levels->n;
    return excess > 0 ? sqrt(excess / (levels->n - 1)) : 0;
}
