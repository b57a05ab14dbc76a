/* SPDX-License-Identifier: MIT */
/* What is said of a run, from its derived files alone. Summary, figures and
 * page quote these numbers and no others. */
#ifndef PA_FINDINGS_H
#define PA_FINDINGS_H

#include "phrase.h"
#include "run_tables.h"

#include <stdio.h>

/* --- rows.c: rows of growth.csv, and of slopes.csv beside them ------------ */

/* Whether the row has points of the case, and is along what it varies: whole
 * calls along its axis, or stages along any factor. Only the fds of most
 * points; figures show those. */
int pa_growth_is_of(const struct pa_run_tables *run,
                    const struct pb_growth_row *row,
                    const struct pa_case *asked);

/* Whether the change over the range is one: the whole of its interval is beyond
 * what counts as nothing (PA_CHANGES), within it or O(1) (PA_SAME), or neither
 * (PA_UNSEEN). */
enum pa_outcome { PA_CHANGES, PA_SAME, PA_UNSEEN };
enum pa_outcome pa_growth_outcome(const struct pb_growth_row *row);

/* What counts as no change of that row, in ns. */
double pa_growth_margin_ns(const struct pb_growth_row *row);

/* Whether a row of slopes.csv is along the series of that of growth.csv. */
int pa_slope_is_of(const struct pb_slopes_row *other,
                   const struct pb_growth_row *row);

/* "With 1 ready, poll costs ..., a change of ...; that is 50.5 [49.4, 51.6] ns
 * per fd from 2 to 24, ...; exponent ...", with being its first word; the last
 * two where there is a change. */
void pa_growth_say(FILE *out, const char *with, const struct pa_run_tables *run,
                   const struct pb_growth_row *row);

/* Of a comparison of two values of a factor, whose first row this is, the row
 * with the largest x, of which it is told; NULL of rows that are no first. */
const struct pb_differences_row *
pa_difference_of(const struct pa_run_tables *run,
                 const struct pb_differences_row *first);

/* By how much more the second value costs with each of the variable. As a
 * title, "last instead of first, each fd: poll +59.4 ns", and with intervals.
 */
void pa_difference_say(FILE *title, FILE *sentence,
                       const struct pa_run_tables *run,
                       const struct pb_differences_row *row);

/* --- summary.c: the sentences that answer the question -------------------- */

/* The machine so that another reader knows it, to be freed: "AMD EPYC (family
 * 25, model 17, stepping 1) at 2600 MHz · 2 CPUs · caches 48 KiB / 1 MiB / 384
 * MiB · virtual", as far as host.csv says. */
char *pa_machine_text(const struct pa_run_tables *run);

/* The rows of growth.csv of a backend that are summarised: along what it looks
 * through, then along the other factors; the number ready only of what looks
 * through that, for others it is a small part. Returns how many. */
enum { PA_GROWTHS_MOST = 3 };
size_t pa_summary_growths(const struct pa_run_tables *run,
                          const struct pa_backend *backend,
                          const struct pb_growth_row *rows[PA_GROWTHS_MOST]);

/* "With highest fd 16377 and 1 ready, poll is cheaper than epoll up to 3.07
 * [3.03, 3.11] fds watched, and epoll beyond", or that it cannot be told. */
void pa_crossing_say(FILE *out, const struct pb_crossovers_row *row);

/* Print a verdict for each backend, and then, below a line that ends with a
 * colon, what was measured, as far as growth.csv, slopes.csv and crossovers.csv
 * have it; a line each that begins with "- ", so that it is Markdown, too. A
 * variant follows the one it is a variant of. */
void pa_summary_print(FILE *out, const struct pa_run_tables *run);

/* The same of a folder, whose files must be there. Returns 0, or -1 with
 * *problem set. */
int pa_summary_print_folder(FILE *out, const char *folder,
                            struct pa_problem *problem);

/* --- findings.c: the titles of figures, and the same in sentences --------- */

/* Write folder/findings.csv from the run's other derived files: a row for each
 * figure or panel that they have data for; and one with what is said of a run
 * that is unsettled (claims.h), if that is not "". Returns 0, or -1 with
 * *problem set. */
int pa_findings_write(const char *folder, const char *unsettled,
                      struct pa_problem *problem);

#endif
