/* SPDX-License-Identifier: MIT */
/* A trace of a program, looked at in the place of the program. */
#ifndef PA_TRACE_H
#define PA_TRACE_H

#include "look.h"

/* Read a trace from path. Its threads count, what they watch has no numbers but
 * how many, and what they take in all is not known. Returns 0, or -1 with
 * *problem set and nothing to free. */
int pa_look_trace(struct pa_look *look, const char *path,
                  struct pa_problem *problem);

#endif
