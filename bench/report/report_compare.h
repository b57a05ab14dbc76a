/* SPDX-License-Identifier: MIT */
/* The report of runs beside each other. */
#ifndef PA_REPORT_COMPARE_H
#define PA_REPORT_COMPARE_H

#include "problem.h"

#include <stddef.h>

/* What pollbench compare found: texts of lines, as it prints them. */
struct pa_compared {
    char *const *folders; /* of the runs */
    size_t n_folders;
    int is_counted;    /* they count: what each costs comes first, drawn */
    const char *words; /* what differs */
    const char *differences; /* in what the hosts do; may be empty */
};

/* Write report.md, report.html and SHA256SUMS into folder, which holds the
 * comparison.csv of these runs. Returns 0, or -1 with *problem set. */
int pa_compare_report(const char *folder, const struct pa_compared *compared,
                      struct pa_problem *problem);

#endif
