/* SPDX-License-Identifier: MIT */
#ifndef PA_VISITS_H
#define PA_VISITS_H

#include "samples.h"

/* Check that each round visits a point once: what batches it has of it follow
 * one another in sequence. path is that of samples.csv. Returns 0, or -1 with
 * *problem set, which names the row. */
int pa_visits_check(struct pa_run *run, const char *path,
                    struct pa_problem *problem);

#endif
