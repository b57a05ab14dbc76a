/* SPDX-License-Identifier: MIT */
/* What the rows of findings.csv have in common: how costs are compared and
 * put into words. */
#ifndef PA_FINDING_ROW_H
#define PA_FINDING_ROW_H

#include "csv_write.h"
#include "samples.h"
#include "stats.h"

#include <stdio.h>

/* What became of a cost from one end of a range to the other. */
struct pa_change {
    struct pa_interval more_ns; /* cost at the far end minus the near end */
    double margin_ns;           /* less than this is no change */
    enum pa_change_verdict verdict;
};

/* A cost made of one or two points, timed apart; the second may be NULL. */
struct pa_cost {
    const struct pa_point *parts[2];
};

/* Compare two costs of the same run: within each invocation, with a
 * t-interval over invocations, judged by the equivalence rule of
 * docs/method.md. Returns 0, or -1 when there is no memory. */
int pa_change_measure(struct pa_change *change, const struct pa_run *run,
                      struct pa_cost near, struct pa_cost far);

/* "+863 ns", "-4.41 µs", "level" or "cannot tell". */
void pa_print_change(FILE *out, const struct pa_change *change);

/* "863 ns more [855 ns, 871 ns]", or less; for one that rises or falls. */
void pa_print_change_interval(FILE *out, const struct pa_change *change);

/* "863 ns", "4.41 µs", ... */
void pa_print_cost(FILE *out, double cost_ns);

/* "a", "a and b", "a, b and c": what goes before item i of n. */
const char *pa_before_item(size_t i, size_t n);

/* A row while it is written: its two texts. */
struct pa_finding_row {
    FILE *title, *sentence;
    char *title_text, *sentence_text;
    size_t title_bytes, sentence_bytes;
};

/* Returns 0, or -1 when there is no memory (and nothing is to be closed). */
int pa_finding_row_open(struct pa_finding_row *row);

/* Add the row to csv, unless nothing was written to the title, and free it. In
 * the title a blank takes the place of each comma: gnuplot would end the field
 * there. fd_count may be PA_NONE. Returns 0, or -1 when there is no memory. */
int pa_finding_row_close(struct pa_finding_row *row, struct pb_csv *csv,
                         const char *sweep, int64_t fd_count);

#endif
