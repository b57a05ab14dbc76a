/* SPDX-License-Identifier: MIT */
/* A run whose invocations differ as a whole: by how much, and what in its rows
 * went with that. */
#ifndef PA_UNSETTLED_H
#define PA_UNSETTLED_H

#include "samples.h"

/* The sentence on a run that is unsettled (level.h), without an end; "" on
 * another. A cause is named only where its evidence, per
 * invocation, explains PB_CAUSE_SHARE of how the levels vary: two measurements
 * of one invocation that a third thing changed cannot be told from cause and
 * effect, so the sentence says what went with it. Points must have been
 * estimated. To be freed. */
char *pa_unsettled_text(const struct pa_run *run);

#endif
