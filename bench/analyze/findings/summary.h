/* SPDX-License-Identifier: MIT */
/* The sentences that answer the question, from a run's derived files: the end
 * of run_all.sh, the top of the page, the README. */
#ifndef PA_SUMMARY_H
#define PA_SUMMARY_H

#include "run_tables.h"

#include <stdio.h>

/* The rows of growth.csv of a backend that are summarised: along what it looks
 * through, then along the other factors; the number ready only of what looks
 * through that, for others it is a small part. Returns how many. */
enum { PA_GROWTHS_MOST = 3 };
size_t pa_summary_growths(const struct pa_run_tables *run,
                          const struct pa_backend *backend,
                          const struct pb_growth_row *rows[PA_GROWTHS_MOST]);

/* Print a verdict for each backend, and then, below a line that ends with a
 * colon, what was measured, as far as growth.csv, slopes.csv and crossovers.csv
 * have it; a line each that begins with "- ", so that it is Markdown, too. A
 * variant follows the one it is a variant of. */
void pa_summary_print(FILE *out, const struct pa_run_tables *run);

/* The same of a folder, whose files must be there. Returns 0, or -1 with
 * *problem set. */
int pa_summary_print_folder(FILE *out, const char *folder,
                            struct pa_problem *problem);

#endif
