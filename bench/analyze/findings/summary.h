/* SPDX-License-Identifier: MIT */
/* The sentences that answer the question, from a run's derived files. */
#ifndef PA_SUMMARY_H
#define PA_SUMMARY_H

#include "problem.h"

#include <stdio.h>

/* Print one sentence each on select, poll and epoll, as far as folder's
 * models.csv and crossovers.csv have them. Returns 0, or -1 with *problem
 * set. */
int pa_summary_print(FILE *out, const char *folder, struct pa_problem *problem);

#endif
