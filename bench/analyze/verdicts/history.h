/* SPDX-License-Identifier: MIT */
/* Figures others have published, brought to one unit beside this run's own:
 * history.csv. */
#ifndef PA_HISTORY_H
#define PA_HISTORY_H

#include "growths.h"
#include "problem.h"
#include "samples.h"

/* Read published (results/published.csv) and write folder/history.csv. Returns
 * 0, or -1 with *problem set. */
int pa_history_write(const struct pa_run *run, const struct pa_growths *growths,
                     const char *published, const char *folder,
                     struct pa_problem *problem);

#endif
