/* SPDX-License-Identifier: MIT */
/* How the costs of a run grow: a class, a change and local slopes for each
 * series. Summary, claims and history quote these. docs/method.md, "Growth
 * classes". */
#ifndef PA_GROWTHS_H
#define PA_GROWTHS_H

#include "growth_class.h"
#include "growth_series.h"
#include "run_tables.h"
#include "steps.h"

#define PA_WINDOWS_MAX 3 /* of one variable */

struct pa_window {
    double from, to;             /* of the variable */
    struct pa_local_slope found; /* ns per one of the variable */
};

struct pa_growth {
    struct pb_factors base; /* the variable's value means nothing */
    enum pb_factor variable;
    int is_typical; /* its held factors are those of most points */
    int is_in_words;
    int64_t from, to; /* of the variable, where the class was told */
    double from_ns, to_ns;
    struct pa_growth_class found;
    size_t n_windows;
    struct pa_window windows[PA_WINDOWS_MAX];
    char places[400];     /* of the steps that were allowed for */
    size_t n_points;      /* values within from and to */
    size_t n_invocations; /* that have the first and the last of them */
    size_t n_left_out;
    unsigned flags; /* enum pa_flag */
};

struct pa_growths {
    size_t n_growths;
    struct pa_growth *growths;
};

/* Of every case that is shown as series, as stages or as steps, along the
 * factors that it varies; series of under PB_LINE_POINTS are none. */
void pa_growths_make(struct pa_growths *growths, const struct pa_run *run,
                     const struct pa_steps *steps);
void pa_growths_free(struct pa_growths *growths);

/* Whether one of them is of the series along variable that base lies on. */
int pa_growths_have(const struct pa_growths *growths,
                    const struct pb_factors *base, enum pb_factor variable);

/* Its row of growth.csv, whose texts are in *texts. */
struct pa_growth_texts {
    char left[100];
    char evidence[600];
};
struct pb_growth_row pa_growth_row(const struct pa_growth *growth,
                                   struct pa_growth_texts *texts);

/* Write growth.csv, and slopes.csv. */
void pa_growths_write(struct pb_csv *csv, const struct pa_growths *growths);
void pa_slopes_write(struct pb_csv *csv, const struct pa_growths *growths);

#endif
