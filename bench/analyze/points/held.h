/* SPDX-License-Identifier: MIT */
/* Values of factors as claims.csv names them: "timeout=1000 ready_place=last".
 */
#ifndef PA_HELD_H
#define PA_HELD_H

#include "samples.h"

/* Whether each part of a text is name=value of a factor that there is. */
int pa_held_is_valid(const char *held);

/* Whether the factors have those values, or any where it says "each", and of
 * those that are held, but not named, what most points of the run have; but for
 * the one that varies, which may have any. */
int pa_held_matches(const struct pa_run *run, const char *held,
                    enum pb_factor varies, const struct pb_factors *factors);

/* The usable point that is like this one but for those values, or NULL. */
const struct pa_point *pa_held_partner(const struct pa_run *run,
                                       const struct pa_point *point,
                                       const char *held);

#endif
