/* SPDX-License-Identifier: MIT */
/* How dear each invocation was as a whole. What moves all points together, such
 * as a noisy neighbour, no point's own interval tells from the kernel:
 * docs/method.md, "Comparing runs". */
#ifndef PA_LEVEL_H
#define PA_LEVEL_H

#include "csv_write.h"
#include "samples.h"

/* Of each invocation, in levels[0 .. run->n_invocations - 1], how many times as
 * much as in the run as a whole its points cost: geometric mean over points, in
 * reference loops where every invocation has its own, so that a clock that
 * changed is not in it; NAN where an invocation has none. Points must have been
 * estimated. Returns the standard deviation of their logarithms, NAN with fewer
 * than two. */
double pa_run_levels(const struct pa_run *run, double *levels);

/* That deviation of levels as a file has them. */
double pa_level_spread(const double *levels, size_t n);

/* Whether it is so large that the run is unsettled; one that is not known is
 * not. */
int pa_is_unsettled(double spread);

/* Write levels.csv. */
void pa_levels_write(struct pb_csv *csv, const struct pa_run *run);

#endif
