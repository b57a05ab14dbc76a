/* SPDX-License-Identifier: MIT */
/* Two things measured at the same points in the same invocations: the drift
 * that both saw cancels in their ratio and in their difference. */
#ifndef PA_PAIRS_H
#define PA_PAIRS_H

#include "csv_write.h"
#include "run_tables.h"
#include "series.h"
#include "stats.h"

/* The usable point like this one but of another backend, or with other values
 * of what is held (pa_held_matches()), or NULL. */
const struct pa_point *pa_partner(const struct pa_run *run,
                                  const struct pa_point *point,
                                  const char *backend);

/* Logarithm of the ratio of a's cost to b's over the invocations, and in
 * *n_used how many have both. */
struct pa_interval pa_log_ratio(const struct pa_point *a,
                                const struct pa_point *b, size_t n_invocations,
                                size_t *n_used);

/* The backends of the run, at most room of them: the library's in their order,
 * then others by name. Returns how many. */
size_t pa_backends(const struct pa_run *run, const char **backends,
                   size_t room);

#define PA_BACKENDS_MAX 64

/* Write ratios.csv: every pair of backends at the points of the grid. */
void pa_ratios_write(struct pb_csv *csv, const struct pa_run *run);

/* Write differences.csv: of each case that compares, values of a factor side by
 * side: what another one costs at the same point, and how much more of that
 * with each fd, change or whatever is varied. */
void pa_differences_write(struct pb_csv *csv, const struct pa_run *run);

/* Write layer.csv: stage all against stage raw in the raw sweep, paired round
 * by round. */
void pa_layer_write(struct pb_csv *csv, const struct pa_run *run);

/* Times beside counts: what an instruction takes at each point. Where that is
 * the same along a factor, the cost grows as the work does; where it rises, the
 * memory is waited for. Write per_instruction.csv: every usable point of run's
 * times that counted has too, the latter's estimates being made. */
void pa_per_instruction_write(struct pb_csv *csv, const struct pa_run *run,
                              const struct pa_run *counted);

#endif
