/* SPDX-License-Identifier: MIT */
/* Times beside counts: what an instruction takes at each point. Where that is
 * the same along a factor, the cost grows as the work does; where it rises, the
 * memory is waited for. */
#ifndef PA_PER_INSTRUCTION_H
#define PA_PER_INSTRUCTION_H

#include "csv_write.h"
#include "samples.h"

/* Write per_instruction.csv: every usable point of run's times that counted has
 * too, the latter's estimates being made. */
void pa_per_instruction_write(struct pb_csv *csv, const struct pa_run *run,
                              const struct pa_run *counted);

#endif
