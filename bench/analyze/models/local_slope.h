/* SPDX-License-Identifier: MIT */
/* What one more costs in a window of x that was chosen before the run. Unlike
 * the coefficients of a model whose terms and bends are chosen anew from each
 * run, it means the same in every run. docs/method.md, "Growth classes". */
#ifndef PA_LOCAL_SLOPE_H
#define PA_LOCAL_SLOPE_H

#include "curve.h"
#include "stats.h"

struct pa_local_slope {
    struct pa_interval slope; /* cost per x; its 95 % interval holds what a
                                 line does not describe, too */
    double rms;               /* of relative residuals of the estimates, over
                                 the degrees of freedom */
    size_t n_points;          /* in the window */
};

/* Measure the slope over low <= x <= high. The slope is NAN with fewer than
 * three points in the window (more where the curve has columns), its interval
 * with fewer than two invocations unless the curve is exact. */
void pa_local_slope_measure(struct pa_local_slope *slope,
                            const struct pa_curve *curve, double low,
                            double high);

#endif
