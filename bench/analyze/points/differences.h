/* SPDX-License-Identifier: MIT */
/* Values of a factor side by side: what another one costs at the same point,
 * and how much more of that with each fd, change or whatever is varied. */
#ifndef PA_DIFFERENCES_H
#define PA_DIFFERENCES_H

#include "csv_write.h"
#include "samples.h"

/* Write differences.csv: of each case that compares. */
void pa_differences_write(struct pb_csv *csv, const struct pa_run *run);

/* The value of a factor as a text; a number is printed into the room. */
#define PA_NUMBER_BYTES 32
const char *pa_value_text(const struct pb_factors *factors,
                          enum pb_factor factor, char room[PA_NUMBER_BYTES]);

#endif
