/* SPDX-License-Identifier: MIT */
/* The few numbers of a run to follow over time: of each series that pollbench
 * show speaks of, the change from one end to the other and the slopes. */
#ifndef PA_HEADLINE_H
#define PA_HEADLINE_H

#include "problem.h"

struct pa_headline {
    const char *name; /* UTF-8; of runs with the same plan the same */
    const char *unit;
    double value, low, high; /* NAN: not known */
    int is_cost;             /* a difference of costs, else a slope */
};

/* Hand each to take, which returns 0, or -1 for no memory. Returns 0, or -1
 * with *problem set. */
int pa_headlines(const char *folder,
                 int (*take)(void *context, const struct pa_headline *headline),
                 void *context, struct pa_problem *problem);

#endif
