/* SPDX-License-Identifier: MIT */
/* Where one backend becomes cheaper than another: docs/method.md,
 * "Crossovers". */
#ifndef PA_CROSSOVER_H
#define PA_CROSSOVER_H

#include "pairs.h"
#include "run_tables.h"

enum pa_crossover_status {
    PA_CROSSOVER_FOUND,
    PA_CROSSOVER_ALWAYS,     /* first is cheaper in the whole range */
    PA_CROSSOVER_LEVEL,      /* neither is cheaper anywhere */
    PA_CROSSOVER_CANNOT_TELL /* see reason */
};

/* A row of crossovers.csv. Of ready fds, places are shares R / N. */
struct pa_crossover {
    struct pb_crossovers_row row; /* but for status, place, low and high */
    enum pa_crossover_status status;
    struct pa_interval place;
};

/* Compare backend (whose points the series holds) with other, along the
 * series. Differences within PB_NOTHING_SHARE count as none. Returns
 * whether there are PB_LINE_POINTS in common. */
int pa_crossover_find(struct pa_crossover *crossover, const struct pa_run *run,
                      const struct pa_series *series, const char *other);

/* Write crossovers.csv: every pair of backends along every series. */
void pa_crossovers_write(struct pb_csv *csv, const struct pa_run *run);

#endif
