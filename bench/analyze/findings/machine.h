/* SPDX-License-Identifier: MIT */
#ifndef PA_MACHINE_H
#define PA_MACHINE_H

#include "run_tables.h"

#include <stdio.h>

/* Name the machine so that another reader knows it: "AMD EPYC (family 25, model
 * 17, stepping 1) at 2600 MHz · 2 CPUs · caches 48 KiB / 1 MiB / 384 MiB ·
 * virtual", as far as host.csv says. */
void pa_machine_print(FILE *out, const struct pa_run_tables *run);

#endif
