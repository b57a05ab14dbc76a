/* SPDX-License-Identifier: MIT */
/* Analysed runs beside each other: docs/method.md, "Comparing runs". Runs of
 * one label are its repeats; a column is what is compared with others: a label,
 * a value of a label's key, or all runs. */
#ifndef PA_COMPARE_H
#define PA_COMPARE_H

#include "digest.h"
#include "intern.h"
#include "problem.h"
#include "run_tables.h"
#include "stats.h"

#include <stdio.h>

#define PA_RUNS_MAX      500
#define PA_SUBJECT_BYTES 400
#define PA_LETTERS_BYTES 28
#define PA_LABELS_MAX    12 /* columns; more cannot be told apart by letters */

enum pa_kind {
    PA_CLASS,     /* of growth: a text, and the exponent */
    PA_MEAN,      /* geometric mean over points that all runs have */
    PA_CHANGE,    /* of the cost from one end of a series to the other */
    PA_SLOPE,     /* in a fixed window */
    PA_CROSSOVER, /* a text, and its place */
    PA_COST,      /* of a point */
};

enum pa_verdict { PA_SAME, PA_LESS, PA_MORE, PA_OTHER, PA_ODD, PA_UNTOLD };

/* A quantity in a run, or in a column. */
struct pa_value {
    int is_known;
    int is_sound; /* its interval is one of a mean */
    struct pa_interval number;
    size_t n;         /* invocations it rests on */
    const char *text; /* "": none */
    unsigned set;     /* what the text may be, a bit each; 0: not known */
};

/* A quantity in two columns; or, within one, in a run against all. */
struct pa_difference {
    struct pa_quantity *quantity;
    size_t a, b;
    int is_run;                /* b is a run, of column a */
    struct pa_interval effect; /* b / a, or b - a if it is not is_log */
    double chance;             /* p-value, adjusted for how many there are */
    enum pa_verdict verdict;
};

struct pa_quantity {
    enum pa_kind kind;
    const char *backend, *stage, *metric;
    const char *where; /* what varies, what is held */
    const char *unit;
    double nothing; /* less is no difference, in its unit */
    int is_time;
    int is_headline; /* as column headline has it */
    int is_log;      /* compared by ratios */
    struct pa_value *in_run;
    struct pa_value in[PA_LABELS_MAX]; /* columns: value and 95 % interval */
    struct pa_moments of[PA_LABELS_MAX];
    /* Columns that share one cannot be told apart; "" without repeats. */
    char letters[PA_LABELS_MAX][PA_LETTERS_BYTES];
    double scatter; /* variance of a run or, without repeats, of an invocation
                       of each of two columns, summed */
    size_t n_differences;
    struct pa_difference *differences;
    int is_changed, is_untold; /* some of them */
    /* Of the first of a backend, stage and metric of which it is open whether
     * anything changed: how many invocations or repeats would tell, INFINITY
     * if none would. Else 0. */
    double needed;
    double most; /* the largest change among them, on logarithms */
};

struct pa_compared_run {
    const char *folder;
    const char *label;
    char id[PA_RUN_ID_HEX]; /* "": not read yet */
    size_t column;
    double ref1_ns; /* NAN: it has no reference loop */
    double spread;  /* of its invocations' levels */
    int is_settled; /* it is judged */
    size_t n_invocations;
    struct pa_table host;
};

struct pa_comparison {
    double threshold; /* 0.05: 5 %; NAN: PB_CHANGE_PERCENT, of counts 0 */
    int uses_ref;     /* in reference loops, not in ns */
    int has_points;   /* points are judged, too; of counts they always are */
    const char *by;   /* key of a label, or NULL */

    struct pa_intern pool;
    int is_counted; /* runs of counts: what differs has changed */
    size_t n_runs;
    struct pa_compared_run *runs;
    size_t n_columns;
    struct {
        const char *name;
        size_t n_runs, n_settled;
    } columns[PA_LABELS_MAX];
    int is_pooled;   /* some column has repeats, and they are what is judged by
                      */
    int has_members; /* columns are of runs that are looked at one by one */
    size_t n_quantities;
    struct pa_quantity **quantities; /* in the order of their kinds */
    void *index;                     /* of quantities by all that names them */
    size_t n_differences;
    struct pa_difference *differences; /* those of a quantity together */
    int has_changed;                   /* some quantity has */
    size_t n_unshared;                 /* quantities of one column alone */
    int is_open;                       /* of some backend and stage it is */
};

/* Read the runs and compare them; uses_ref becomes 0 where a run has no
 * reference loop. Returns 0, or -1 with *problem set, also when a run has
 * another schema or unit, labels are too many or too few, or nothing is in
 * common. Free it either way. */
int pa_compare(struct pa_comparison *by, char *const *folders, size_t n_folders,
               struct pa_problem *problem);
void pa_comparison_free(struct pa_comparison *by);

/* compare_read.c: the runs, their columns and quantities, which are sorted. */
int pa_compare_read(struct pa_comparison *by, char *const *folders,
                    size_t n_folders, struct pa_problem *problem);

/* compare_write.c */

/* "class", "mean", ...; "same", "faster", ...: as comparison.csv has them. */
const char *pa_compare_kind(enum pa_kind kind);
const char *pa_compare_word(const struct pa_quantity *quantity,
                            enum pa_verdict verdict);

/* Warn of every fact about host and build in which the runs differ. */
void pa_compare_hosts(const struct pa_comparison *by, FILE *out);

/* Say in words what changed. */
void pa_compare_print(const struct pa_comparison *by, FILE *out);

/* Write comparison.csv to path. Returns 0, or -1 with *problem set. */
int pa_compare_write(const struct pa_comparison *by, const char *path,
                     struct pa_problem *problem);

#endif
