/* SPDX-License-Identifier: MIT */
/* Relative least squares of sums of terms: the coefficients that make the sum
 * of ((fitted - cost) / cost)^2 least, by QR decomposition (GSL). Of a model,
 * at points; or of growth, along a curve. */
#ifndef PA_FIT_H
#define PA_FIT_H

#include "term.h"

/* One cost along one variable; plain numbers, wherever they come from. */
struct pa_curve {
    size_t n_points;
    size_t n_invocations;
    size_t n_columns;
    const double *x;         /* [n_points]: ascending, at least 1 */
    const double *estimates; /* [n_points]: of the cost, positive */
    const double *costs;     /* [n_points][n_invocations]; NAN: not measured */
    const double *columns;   /* [n_points][n_columns]: what else is known to
                                matter: steps, the bit position */
    int is_exact;            /* counts without noise, such as instructions */
};

/* n of its points; and those of low <= x <= high. */
struct pa_curve pa_curve_part(const struct pa_curve *curve, size_t first,
                              size_t n);
struct pa_curve pa_curve_between(const struct pa_curve *curve, double low,
                                 double high);

/* What is fitted, and a cost for each point of it. */
struct pa_design {
    size_t n_points;
    const struct pa_point **points; /* of one backend and stage; or */
    const struct pa_curve *curve;   /* whose columns are fitted, too */
    double *costs; /* [n_points]: positive; NAN: the point is left out */
    double distinct_share; /* a term of which less is left beside those before
                              it cannot be told from them */
    int is_absolute;       /* ordinary least squares, as other tools do */
    double *workspace;     /* of a fit, which so never lacks memory */
    size_t *kept;          /* likewise: the columns that are not dropped */
};

struct pa_fit {
    size_t n_points;  /* that had a cost */
    size_t n_columns; /* fitted: terms and the curve's, without the dropped */
    double squares;   /* sum of squared relative residuals */
    double coefficients[PA_TERMS_MAX]; /* 0: dropped */
    double rms;           /* of (fitted - cost) / cost, at points */
    double last_variance; /* of the last coefficient, per relative variance of
                             a cost */
};

/* Room for n_points points; or for those of a curve, which must outlive the
 * design, and whose estimates are then used. */
void pa_design_init(struct pa_design *design, size_t n_points,
                    const struct pa_curve *curve);
void pa_design_free(struct pa_design *design);

/* From now on fit the costs of an invocation, or the estimates. */
#define PA_ESTIMATES SIZE_MAX
void pa_design_use(const struct pa_design *design, size_t invocation);

/* Fit. Terms that cannot be told from those before them are an error of a
 * model, and dropped along a curve. Returns 0, or -1 if there are not more
 * points than columns or nothing can be fitted. */
int pa_fit(const struct pa_design *design, const struct pa_model *model,
           struct pa_fit *fit);

/* Drop from model, last first, every term that the points cannot tell from the
 * terms before it. */
void pa_model_reduce(struct pa_model *model, const struct pa_design *design);

#endif
