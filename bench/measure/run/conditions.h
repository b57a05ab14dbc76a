/* SPDX-License-Identifier: MIT */
/* What shapes a run besides the kernel and the machine: how its processes are
 * scheduled, traced, filtered and loaded. */
#ifndef PB_CONDITIONS_H
#define PB_CONDITIONS_H

#include "csv_write.h"

#include <stddef.h>

/* Adds a warning to rows of host.csv, and perhaps says it. */
typedef void pb_tell(struct pb_csv *host, const char *text);

/* Add the facts about this process, and tell of those that shape costs. */
void pb_conditions_describe(struct pb_csv *host, pb_tell *tell);

/* How this process is scheduled, as "SCHED_OTHER, nice 0"; "" when it cannot be
 * known. Source: sched_setattr(2). */
void pb_conditions_scheduling(char *text, size_t n_bytes);

/* The process that traces this one, as "strace (process 123)". Returns 1, or 0
 * when there is none that can be seen. Source: proc(5), TracerPid. */
int pb_conditions_tracer(char *text, size_t n_bytes);

#endif
