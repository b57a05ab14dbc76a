/* SPDX-License-Identifier: MIT */
/* The report of two runs beside each other. */
#ifndef PA_REPORT_COMPARE_H
#define PA_REPORT_COMPARE_H

#include "problem.h"

/* What pollcompare found: texts of lines, as it prints them. */
struct pa_compared {
    const char *folder_a;
    const char *folder_b;
    const char *words;       /* what changed */
    const char *differences; /* in what the hosts differ; may be empty */
};

/* Write report.md, report.html and SHA256SUMS into folder, which holds the
 * comparison.csv of these runs. Returns 0, or -1 with *problem set. */
int pa_compare_report(const char *folder, const struct pa_compared *compared,
                      struct pa_problem *problem);

#endif
