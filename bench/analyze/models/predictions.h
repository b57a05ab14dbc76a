/* SPDX-License-Identifier: MIT */
/* What the law says of a run's own servers, beside what they did. */
#ifndef PA_PREDICTIONS_H
#define PA_PREDICTIONS_H

#include "samples.h"

/* Write predictions.csv, of the points of servers and by models.csv of the
 * folder; no file where one of both is missing. Returns 0, or -1 with *problem
 * set. */
int pa_predictions_write(const struct pa_run *run, const char *folder,
                         struct pa_problem *problem);

#endif
