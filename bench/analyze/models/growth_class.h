/* SPDX-License-Identifier: MIT */
/* How a cost grows along one variable: its class, the exponent of the range,
 * and what speaks against the other classes. docs/method.md, "Growth
 * classes". */
#ifndef PA_GROWTH_CLASS_H
#define PA_GROWTH_CLASS_H

#include "growth_study.h"

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

#endif
