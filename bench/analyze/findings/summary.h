/* SPDX-License-Identifier: MIT */
/* The sentences that answer the question, from a run's derived files. */
#ifndef PA_SUMMARY_H
#define PA_SUMMARY_H

#include "problem.h"

#include <stdio.h>

/* Print a sentence on each backend of folder's backends.csv that is no variant
 * of another, as far as growth.csv, slopes.csv and crossovers.csv have it.
 * Returns 0, or -1 with *problem set. */
int pa_summary_print(FILE *out, const char *folder, struct pa_problem *problem);

#endif
