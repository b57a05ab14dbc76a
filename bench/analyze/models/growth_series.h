/* SPDX-License-Identifier: MIT */
/* From the points of a run to curves: what agrees in all factors but one, each
 * value of that once. docs/method.md, "Growth classes". */
#ifndef PA_GROWTH_SERIES_H
#define PA_GROWTH_SERIES_H

#include "fit.h"
#include "series.h"

struct pa_steps;

struct pa_growth_series {
    enum pb_factor variable;
    struct pb_factors base; /* of one point; the variable's means nothing */
    int is_in_words; /* x counts 64-bit words up to the variable, not numbers */
    struct pa_curve curve; /* all of it; of its columns */
    size_t n_bits;         /* the first are the bit's place in its word: it and
                              its square, of what scans a bitmap; else 0; */
    size_t n_steps;        /* and so many are of steps */
    int64_t *places;       /* [n_steps] */
    int64_t *values;       /* of the variable, ascending */
    double *numbers, *columns; /* the room of the curve's */
    size_t n_left_out;         /* failed, dirty or contended points */
    unsigned flags;            /* enum pa_flag, of all points, those too */
};

/* Its base in the columns of a row; words occupied follow the number of fds. */
#define PA_BASE_TO_ROW(row, of)                                                \
    do {                                                                       \
        struct pb_factors base_ =                                              \
            pb_factors_without((of)->base, (of)->variable);                    \
        (row)->backend = base_.backend;                                        \
        (row)->stage = base_.stage;                                            \
        (row)->layout = base_.layout;                                          \
        (row)->variable = pb_factor_infos[(of)->variable].name;                \
        (row)->highest_fd = base_.highest_fd;                                  \
        (row)->fd_count = base_.fd_count;                                      \
        (row)->ready_count = base_.ready_count;                                \
        PB_HELD_TO_ROW(row, &base_);                                           \
    } while (0)

/* Whether a point lies on the series along variable that another lies on: they
 * agree in all factors that cost, but for the variable; in the highest fd to
 * within a block of PB_FD_BLOCK numbers. Words occupied follow the number of
 * fds where that varies. */
int pa_growth_agrees(const struct pb_factors *a, const struct pb_factors *b,
                     enum pb_factor variable);

/* Collect the points that agree with a base and where the variable is at least
 * 1. Values measured more than once are pooled. */
void pa_growth_series_collect(struct pa_growth_series *series,
                              const struct pa_run *run,
                              const struct pb_factors *base,
                              enum pb_factor variable);

/* Make columns of the steps that the scan of this backend, or of the head of
 * its family, found within the range of a class, in its own stage or the call
 * itself. */
void pa_growth_series_add_steps(struct pa_growth_series *series,
                                const struct pa_run *run,
                                const struct pa_steps *steps);
void pa_growth_series_free(struct pa_growth_series *series);

/* Its points with a value from low to high, as a part of the series, which must
 * outlive it; before columns of steps are added. */
struct pa_growth_series
pa_growth_series_between(const struct pa_growth_series *series, int64_t low,
                         int64_t high);

/* Largest value that a class is told from: of the number of fds, half of what
 * the core's own cache holds; INFINITY for the others. */
double pa_growth_most(const struct pa_run *run, enum pb_factor variable);

#endif
