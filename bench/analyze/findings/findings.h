/* SPDX-License-Identifier: MIT */
/* The titles of the figures, and the same in sentences for those who cannot
 * see them: findings.csv. */
#ifndef PA_FINDINGS_H
#define PA_FINDINGS_H

#include "problem.h"

/* Write folder/findings.csv from the run's other derived files: a row for each
 * figure or panel that they have data for; and one with what is said of a run
 * that is unsettled (unsettled.h), if that is not "". Returns 0, or -1 with
 * *problem set. */
int pa_findings_write(const char *folder, const char *unsettled,
                      struct pa_problem *problem);

#endif
