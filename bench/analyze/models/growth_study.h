/* SPDX-License-Identifier: MIT */
/* The forms that are fitted to a curve to class its growth, and what each of
 * them says: exponent, bend, change. What follows from it is growth_class.h's.
 * docs/method.md, "Growth classes". */
#ifndef PA_GROWTH_STUDY_H
#define PA_GROWTH_STUDY_H

#include "fit.h"
#include "stats.h"

enum pa_form {
    PA_FORM_CONSTANT,
    PA_FORM_LOG,
    PA_FORM_SQRT,
    PA_FORM_LINE,
    PA_FORM_N_LOG_N,
    PA_FORM_SQUARE,
    PA_PURE_FORMS, /* those above are classes, too; those below only speak for
                      or against them */
    PA_FORM_BENT = PA_PURE_FORMS,
    PA_FORM_LINE_AND_N_LOG_N,
    PA_FORM_LINE_AND_SQUARE,
    PA_FORM_LINE_AND_SQRT,
    PA_FORM_POWER,
    PA_FORMS
};

struct pa_study {
    const struct pa_curve *curve;
    double floor_rms;             /* relative errors below this say nothing */
    struct pa_fit fits[PA_FORMS]; /* of the estimates */
    double bic[PA_FORMS];         /* Bayesian criterion, with the floor */
    double exponent;              /* of the power */
    double bend;                  /* of the bent line */
    struct pa_design design;
    double *numbers; /* one per point, or two per invocation */
};

/* Fit all forms. The curve must outlive the study, and have more points than
 * columns. */
void pa_study_init(struct pa_study *study, const struct pa_curve *curve);
void pa_study_free(struct pa_study *study);

double pa_study_least_cost(const struct pa_study *study);

/* Root mean square of the form's relative residuals. */
double pa_study_rms(const struct pa_study *study, enum pa_form form);

/* Exponent with its 95 % interval, which joins the scatter of the invocations
 * with what leaving out any one point does. */
struct pa_interval pa_study_exponent(struct pa_study *study);

/* All places of the bend that a likelihood ratio does not reject. */
struct pa_interval pa_study_bend(const struct pa_study *study);

/* Last slope over first, by a bent or mixed form; of n log n, which has one
 * whatever the costs, without the line. */
double pa_study_rise(const struct pa_study *study, enum pa_form form);

/* Whether a form misses the costs by more than another does in the
 * invocations, too: the t-interval of the logarithm of the ratio of their rms
 * lies above 0. Always for exact counts. */
int pa_study_misses_more(struct pa_study *study, enum pa_form form,
                         enum pa_form other);

/* Change over the range by the last function of a form, signed. */
struct pa_fitted_change {
    double value;
    double variance;
    double degrees; /* of freedom, of the variance */
};

struct pa_fitted_change pa_study_change(struct pa_study *study,
                                        enum pa_form form);

/* What one more costs in a window of x that was chosen before the run. Unlike
 * the coefficients of a model whose terms and bends are chosen anew from each
 * run, it means the same in every run. */
struct pa_local_slope {
    struct pa_interval slope; /* cost per x; its 95 % interval holds what a
                                 line does not describe, too */
    double rms;               /* of relative residuals of the estimates, over
                                 the degrees of freedom */
    size_t n_points;          /* in the window */
};

/* Measure the slope over low <= x <= high. The slope is NAN with fewer than
 * three points in the window (more where the curve has columns), its interval
 * with fewer than two invocations unless the curve is exact. */
void pa_local_slope_measure(struct pa_local_slope *slope,
                            const struct pa_curve *curve, double low,
                            double high);

#endif
