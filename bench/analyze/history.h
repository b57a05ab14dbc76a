/* SPDX-License-Identifier: MIT */
/* Figures others have published, brought to one unit beside this run's own:
 * history.csv. */
#ifndef PA_HISTORY_H
#define PA_HISTORY_H

#include "samples.h"

/* Read path (results/published.csv) and write folder/history.csv. Figures that
 * are no cost of one call (throughputs, percentages) are left out. Returns 0,
 * or -1 with *problem set. */
int pa_history_write(const struct pa_run *run, const char *path,
                     const char *folder, struct pa_problem *problem);

#endif
