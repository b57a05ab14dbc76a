/* SPDX-License-Identifier: MIT */
/* How a cost grows along one variable: its class, the exponent of the range,
 * and what speaks against the other classes. docs/method.md, "Growth
 * classes". */
#ifndef PA_GROWTH_CLASS_H
#define PA_GROWTH_CLASS_H

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

/* Those of one form have its number. */
enum pa_class {
    PA_CLASS_CONSTANT = PA_FORM_CONSTANT,
    PA_CLASS_LOG = PA_FORM_LOG,
    PA_CLASS_SQRT = PA_FORM_SQRT,
    PA_CLASS_LINE = PA_FORM_LINE,
    PA_CLASS_N_LOG_N = PA_FORM_N_LOG_N,
    PA_CLASS_SQUARE = PA_FORM_SQUARE,
    PA_CLASS_BENT = PA_PURE_FORMS, /* a line, steeper or less so from a place */
    PA_CLASS_BETWEEN,              /* O(n) to O(n log n) */
    PA_CLASS_UNKNOWN,
    PA_CLASSES
};

struct pa_evidence {
    double rms;      /* of relative residuals of the estimates */
    double bic;      /* above that of the best pure form */
    int is_excluded; /* by that form */
};

struct pa_growth_class {
    enum pa_class class;
    enum pa_form best;           /* of the pure forms, by squares */
    unsigned left;               /* bit 1 << form: a class not excluded */
    struct pa_interval exponent; /* of the range; NAN for O(1) */
    struct pa_interval change;   /* cost at the last x less that at the first,
                                    paired within invocations */
    struct pa_interval ratio;    /* of the two, likewise */
    size_t n_invocations;        /* that have both */
    double slope_rise;       /* last slope over first, by the best bent or mixed
                                form; NAN if none is better than a line */
    double bend_factor;      /* slope beyond the bend over that before */
    struct pa_interval bend; /* where it is, and where it may be */
    struct pa_evidence evidence[PA_PURE_FORMS];
    double bent_bic; /* of a bent line, above the best form's */
};

/* "O(1)", "O(log n)", ..., "cannot-tell": as growth.csv has it. */
const char *pa_class_name(enum pa_class class);

/* The class called name, or PA_CLASSES. */
enum pa_class pa_class_of(const char *name);

/* Class the curve. Under PB_CLASS_POINTS points (or 4 more than it has
 * columns), a range of under PB_CLASS_RANGE or, unless it is exact, fewer than
 * two invocations tell nothing, and all but change and ratio is NAN then. */
void pa_growth_classify(struct pa_growth_class *growth,
                        const struct pa_curve *curve);

/* From a few figures alone, y at n ascending, positive x: one of flat, linear,
 * bent, n-log-n, quadratic, cannot-tell. Unlike a fit of single Big-O terms:
 * there is an intercept, errors are relative, and no form is named that misses
 * the figures by more than 10 % (root mean square) or that they are too few to
 * tell from the others. A constant string. */
const char *pa_growth(const double *x, const double *y, size_t n);

/* --- growth_study.c: the forms that are fitted, and what each says ------- */

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
