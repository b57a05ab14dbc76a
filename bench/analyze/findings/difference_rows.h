/* SPDX-License-Identifier: MIT */
/* What differences.csv says of a case. */
#ifndef PA_DIFFERENCE_ROWS_H
#define PA_DIFFERENCE_ROWS_H

#include "run_tables.h"

#include <stdio.h>

/* The next comparison of the sweep from row *i on, which is left behind it: two
 * values of a factor, by how much more the second costs with each of the
 * variable. As a title, "last instead of first, each fd: poll +59.4 ns", and
 * with intervals. Returns whether there was one. */
int pa_difference_say(FILE *title, FILE *sentence,
                      const struct pa_run_tables *run, const char *sweep,
                      size_t *i);

/* Up to which value of the variable what scans what is ready is cheaper than
 * what scans all fds, with so many fds watched: nothing where it is not told.
 */
void pa_overtaking_say(FILE *title, FILE *sentence,
                       const struct pa_run_tables *run, const char *variable,
                       int64_t fd_count);

#endif
