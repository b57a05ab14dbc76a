/* SPDX-License-Identifier: MIT */
/* How dear the invocations of a run are as a whole, for one decision: whether
 * more of them are worth measuring. No result hangs on it; the analysis
 * computes its own from the rows. */
#ifndef PB_SETTLING_H
#define PB_SETTLING_H

/* Of those so far: their levels, added up. */
struct pb_levels {
    int n;
    double sum, squares;
};

/* What an invocation has measured of one series: the PB_ESTIMATE_SHARE quantile
 * of n > 0 costs, which are sorted for it. */
double pb_level_cost(double *costs, int n);

/* Add an invocation: the mean logarithm of its costs, in reference loops, over
 * those of the first. */
void pb_levels_add(struct pb_levels *levels, double level);

/* Their standard deviation; 0 of fewer than two. */
double pb_levels_spread(const struct pb_levels *levels);

#endif
