/* SPDX-License-Identifier: MIT */
/* The formats that a run is exported in, each of which another program reads;
 * docs/export.md. What is not UTF-8 in a run is replaced. */
#ifndef PA_EXPORT_H
#define PA_EXPORT_H

#include "csv_write.h"
#include "problem.h"

/* Add the whole of what is exported of the run in folder to out, as bytes.
 * Each returns 0, or -1 with *problem set; out may then hold part of it. */
typedef int pa_export(struct pb_csv *out, const char *folder,
                      struct pa_problem *problem);

pa_export pa_export_datapackage; /* Frictionless Data Package descriptor */
pa_export pa_export_gbench;      /* google-benchmark's JSON */
pa_export pa_export_bmf;         /* Bencher Metric Format */
pa_export pa_export_tsv;         /* lines with tabs: headlines */

#endif
