/* SPDX-License-Identifier: MIT */
/* Where one backend becomes cheaper than another: docs/method.md,
 * "Crossovers". */
#ifndef PA_CROSSOVER_H
#define PA_CROSSOVER_H

#include "pairs.h"

/* Compare backend (whose points the series holds) with other, along the
 * series, into a row of crossovers.csv. Differences within PB_NOTHING_SHARE
 * count as none. Returns whether there are PB_LINE_POINTS in common. */
int pa_crossover_find(struct pb_crossovers_row *row, const struct pa_run *run,
                      const struct pa_series *series, const char *other);

/* Write crossovers.csv: every pair of backends along every series. */
void pa_crossovers_write(struct pb_csv *csv, const struct pa_run *run);

#endif
