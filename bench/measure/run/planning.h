/* SPDX-License-Identifier: MIT */
/* From options and the descriptor limit to a plan. */
#ifndef PB_PLANNING_H
#define PB_PLANNING_H

#include "options.h"

/* Size the farm and let each chosen case add its points.
 *
 * usable_fds  descriptors the measuring process may have.
 * farm        receives the numbers that farms have.
 * keep_sets   receives whether there are enough of them to have every set
 *             open at once; else sets are made for one batch at a time.
 * Returns     0; -ENOMEM; -EMFILE when there is no room for any farm;
 *             -ERANGE when no point fits.
 */
int pb_plan_make(struct pb_plan *plan, const struct pb_options *options,
                 int usable_fds, struct pb_farm *farm, int *keep_sets);

#endif
