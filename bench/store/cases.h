/* SPDX-License-Identifier: MIT */
/* What each case of a run asks: cases.csv, as the measuring program declared
 * it. A run from before there was that file gets what its cases were. */
#ifndef PA_CASES_H
#define PA_CASES_H

#include "csv_write.h"
#include "factors.h"
#include "table.h"

struct pa_case {
    const char *sweep;
    const char *question, *held_fixed, *not_for;
    const char *compares; /* what is set side by side: see cases.csv */
    const char *figure;   /* "" if a table shows it */
    unsigned varies;      /* sum of PB_BIT() */
    enum pb_factor axis;  /* the first of these; PB_N_FACTORS: none */
};

struct pa_case_list {
    struct pa_table table; /* owns the texts */
    size_t n;
    struct pa_case *cases; /* in the order of the file */
};

/* Read folder/cases.csv, or the declarations of older runs if it is not there.
 * Returns 0, or -1 with *problem set and nothing to free. */
int pa_case_list_read(struct pa_case_list *list, const char *folder,
                      struct pa_problem *problem);
void pa_case_list_free(struct pa_case_list *list);

/* The case that asked for the points of this sweep, or NULL. */
const struct pa_case *pa_case_of(const struct pa_case_list *list,
                                 const char *sweep);

/* What a folder without cases.csv gets. */
void pa_cases_write(struct pb_csv *csv);

#endif
