/* SPDX-License-Identifier: MIT */
/* How well the models predict what they have not seen: fitted on a quarter of
 * the range, tested on the rest. docs/method.md, "Hold-out". */
#ifndef PA_HOLDOUT_H
#define PA_HOLDOUT_H

#include "model.h"

/* Hold out, and write holdout.csv. */
void pa_holdout_write(struct pb_csv *csv, const struct pa_models *models,
                      const struct pa_run *run, const struct pa_steps *steps);

#endif
