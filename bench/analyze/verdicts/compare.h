/* SPDX-License-Identifier: MIT */
/* Two analysed runs beside each other: docs/method.md, "Comparing runs". */
#ifndef PA_COMPARE_H
#define PA_COMPARE_H

#include "stats.h"
#include "table.h"

#include <stdio.h>

enum pa_change { PA_SAME, PA_FASTER, PA_SLOWER, PA_UNDECIDED };

/* One quantity in both runs; ratios are B over A. */
struct pa_change_row {
    int is_coefficient;
    const union pa_cell *point; /* of run A's points.csv; NULL if coefficient */
    const union pa_cell *term;  /* of run A's models.csv; NULL if point */
    double a, b;                /* ns */
    struct pa_interval ratio;
    double chance, adjusted;
    struct pa_interval ratio_ref; /* in reference-loop units */
    double chance_ref, adjusted_ref;
    /* Variances of both runs' log cost from invocation to invocation, summed;
     * NAN if a run has one only, INFINITY if more would not help. */
    double scatter, scatter_ref;
    enum pa_change change;
    char flags[64]; /* of either run */
};

/* A backend and stage of which it is open whether anything changed. */
struct pa_open {
    const char *backend, *stage;
    double invocations; /* needed in each run; INFINITY: none would do */
};

/* A run's derived files. */
struct pa_side {
    const char *folder;
    struct pa_table points, models, host;
};

struct pa_comparison {
    struct pa_side a, b;
    double threshold; /* 0.05: 5 % */
    int uses_ref;     /* judged in reference-loop units, not in ns */
    size_t n_rows;
    struct pa_change_row *rows;
    size_t n_only_a, n_only_b; /* points without a partner */
    size_t n_open;
    struct pa_open *open;
};

/* Read both runs and compare them. Returns 0, or -1 with *problem set, also
 * when a run has another schema or they have no point in common. */
int pa_compare(struct pa_comparison *comparison, const char *folder_a,
               const char *folder_b, struct pa_problem *problem);
void pa_comparison_free(struct pa_comparison *comparison);

/* Warn of every fact about host and build in which the runs differ. */
void pa_compare_hosts(const struct pa_comparison *comparison, FILE *out);

/* Say in words what changed. */
void pa_compare_print(const struct pa_comparison *comparison, FILE *out);

/* Whether anything changed by more than the threshold. */
int pa_compare_has_changed(const struct pa_comparison *comparison);

/* Whether nothing changed that could be told, but in some backend and stage too
 * little could. */
int pa_compare_is_open(const struct pa_comparison *comparison);

/* Fill in open and n_open from the rows, which are judged. Returns 0, or -1
 * when there is no memory. */
int pa_compare_find_open(struct pa_comparison *comparison);

/* Write comparison.csv to path. Returns 0, or -1 with *problem set. */
int pa_compare_write(const struct pa_comparison *comparison, const char *path,
                     struct pa_problem *problem);

#endif
