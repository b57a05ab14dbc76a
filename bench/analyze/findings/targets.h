/* SPDX-License-Identifier: MIT */
/* The measurement targets of docs/method.md beside what the run reached:
 * targets.csv. */
#ifndef PA_TARGETS_H
#define PA_TARGETS_H

#include "holdout.h"

/* Returns 0, or -1 with *problem set. */
int pa_targets_write(const struct pa_run *run, const struct pa_steps *steps,
                     const struct pa_models *models,
                     const struct pa_holdout *holdout, const char *folder,
                     struct pa_problem *problem);

#endif
