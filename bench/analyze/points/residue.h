/* SPDX-License-Identifier: MIT */
/* Golang's perf tools call it the residue: what differs between measurements
 * and is accounted for by nothing. */
#ifndef PA_RESIDUE_H
#define PA_RESIDUE_H

#include "samples.h"

/* Whether the points of each case differ only in factors that the case says it
 * varies (occupied words apart, which follow from the others). Returns 0, or -1
 * with *problem naming the factor, the case and two values. */
int pa_residue_check(const struct pa_run *run, struct pa_problem *problem);

#endif
