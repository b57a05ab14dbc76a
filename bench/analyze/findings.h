/* SPDX-License-Identifier: MIT */
/* The titles of the figures, and the same in sentences for those who cannot
 * see them: what a call costs more at the far end of a sweep than at its near
 * end. */
#ifndef PA_FINDINGS_H
#define PA_FINDINGS_H

#include "samples.h"

/* Write folder/findings.csv. The change from one end to the other is taken
 * within each invocation, with a t-interval over invocations, and judged by
 * the equivalence rule of docs/method.md. Returns 0, or -1 with *problem set.
 */
int pa_findings_write(const struct pa_run *run, const char *folder,
                      struct pa_problem *problem);

#endif
