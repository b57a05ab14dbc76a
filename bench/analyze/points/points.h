/* SPDX-License-Identifier: MIT */
/* From batches to one estimate a point: docs/method.md, "Estimator". */
#ifndef PA_POINTS_H
#define PA_POINTS_H

#include "csv_write.h"
#include "samples.h"

/* Fill in every point of the run: cost per invocation, estimate, intervals,
 * flags; also the run's ref1_ns and probe_ns. */
void pa_points_estimate(struct pa_run *run);

/* Whether a point may be fitted and judged: a finite positive estimate that is
 * not dirty. */
int pa_point_is_usable(const struct pa_point *point);

/* The same, of cost, and its factors that are held (PB_HELD) are those of most
 * such points of the run: what is said without naming them is said of these. */
int pa_point_is_typical(const struct pa_point *point);

/* Whether these are the held factors that most points of cost have. */
int pa_is_typical(const struct pa_run *run, const struct pb_factors *factors);

/* The factors in which two points differ, but for the numbers that M may have
 * within a block: which of them are watched depends on N and R. And of points
 * of one case, but for the words that follow from N, too. */
unsigned pa_factors_apart(const struct pb_factors *a,
                          const struct pb_factors *b);
unsigned pa_points_differ(const struct pa_point *a, const struct pa_point *b);

/* The value of a factor as a text; a number is printed into the room. */
#define PA_NUMBER_BYTES 32
const char *pa_value_text(const struct pb_factors *factors,
                          enum pb_factor factor, char room[PA_NUMBER_BYTES]);

/* Whether what its calls cost is a time, and no count. */
int pa_is_timed(const struct pa_run *run);

/* Whether so few invocations make an interval wide: a count has none. */
int pa_is_few(enum pb_metric metric, size_t n_invocations);

/* The words for a set of enum pa_flag, in a constant string. */
const char *pa_flags_text(unsigned flags);

/* Whether its case is one that this figure shows. */
int pa_point_is_shown_by(const struct pa_point *point, const char *figure);

/* Whether fds were watched: neither a reference loop nor the harness's own
 * cost. */
int pa_point_is_measured(const struct pa_point *point);

/* How dear each invocation was as a whole. What moves all points together, such
 * as a noisy neighbour, no point's own interval tells from the kernel:
 * docs/method.md, "Comparing runs". Of each invocation, in levels[0 ..
 * run->n_invocations - 1], how many times as much as in the run as a whole its
 * points cost: geometric mean over points, in reference loops where every
 * invocation has its own, so that a clock that changed is not in it; NAN where
 * an invocation has none. Points must have been estimated. Returns the standard
 * deviation of their logarithms, NAN with fewer than two. */
double pa_run_levels(const struct pa_run *run, double *levels);

/* That deviation of levels as a file has them. */
double pa_level_spread(const double *levels, size_t n);

/* Whether it is so large that the run is unsettled; one that is not known is
 * not. */
int pa_is_unsettled(double spread);

/* Write levels.csv. */
void pa_levels_write(struct pb_csv *csv, const struct pa_run *run);

/* Write points.csv. */
void pa_points_write(struct pb_csv *csv, const struct pa_run *run);

#endif
