/* SPDX-License-Identifier: MIT */
/* A run whose invocations differ as a whole: by how much, and what in its rows
 * went with that. */
#ifndef PA_UNSETTLED_H
#define PA_UNSETTLED_H

#include "csv_write.h"
#include "samples.h"

#include <stdio.h>

/* Print the sentence on a run that is unsettled (level.h), between before and
 * after; nothing on another. A cause is named only where its evidence, per
 * invocation, explains PB_CAUSE_SHARE of how the levels vary: two measurements
 * of one invocation that a third thing changed cannot be told from cause and
 * effect, so the sentence says what went with it. Points must have been
 * estimated. Returns 0, or -1 when there is no memory. */
int pa_unsettled_tell(FILE *out, const struct pa_run *run, const char *before,
                      const char *after);

/* The same as a row of findings.csv. */
int pa_findings_of_levels(struct pb_csv *csv, const struct pa_run *run);

#endif
