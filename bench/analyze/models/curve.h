/* SPDX-License-Identifier: MIT */
/* One cost along one variable, and fits of short sums of functions of it: what
 * growth classes and local slopes are made of. Plain numbers only: nothing
 * here knows where they come from. docs/method.md, "Growth classes". */
#ifndef PA_CURVE_H
#define PA_CURVE_H

#include <stddef.h>

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

enum pa_function {
    PA_ONE,
    PA_LOG_X, /* log2 x */
    PA_SQRT_X,
    PA_X,
    PA_X_LOG_X,
    PA_X_SQUARED,
    PA_POWER_X, /* (x^at - 1) / at, ln x at 0 */
    PA_TILT,    /* how PA_POWER_X changes with at */
    PA_BEYOND,  /* (x - at) where that is positive */
    PA_ABOVE    /* 1 where x > at */
};

struct pa_piece {
    enum pa_function function;
    double at;
    int is_signed; /* else it is dropped where its coefficient is negative */
};

#define PA_PIECES_MAX 4

/* cost = sum of coefficients times pieces, and times the curve's columns */
struct pa_sum {
    size_t n_pieces;
    struct pa_piece pieces[PA_PIECES_MAX];
};

struct pa_sum_fit {
    size_t n_points;  /* that have a cost */
    size_t n_columns; /* fitted: pieces and the curve's, without the dropped */
    double squares;   /* sum of squared relative residuals */
    double coefficients[PA_PIECES_MAX]; /* 0: dropped */
    double last_variance; /* of the last coefficient, per relative variance of
                             a cost */
};

/* Fits on one curve, of its estimates or of one invocation's costs. */
struct pa_fitter {
    const struct pa_curve *curve;
    double distinct_share; /* a column of which less is left beside those
                              before it is dropped; first, that of rounding */
    double *costs;         /* [n_points], to be fitted; NAN: left out */
    double *workspace;     /* of a fit, which so never lacks memory */
    int *is_dropped;       /* [n_columns + PA_PIECES_MAX] */
};

double pa_piece_value(const struct pa_piece *piece, double x);

/* The curve must outlive the fitter; its estimates are used first. */
void pa_fitter_init(struct pa_fitter *fitter, const struct pa_curve *curve);
void pa_fitter_free(struct pa_fitter *fitter);

/* Fit the curve's estimates, or invocation k's costs, from now on. */
void pa_fitter_use_estimates(struct pa_fitter *fitter);
void pa_fitter_use_invocation(struct pa_fitter *fitter, size_t k);

/* Relative least squares. What the points cannot tell from what stands before
 * it is dropped. Returns 0, or -1 if there are not more points than columns or
 * nothing can be fitted. */
int pa_sum_fit(const struct pa_fitter *fitter, const struct pa_sum *sum,
               struct pa_sum_fit *fit);

#endif
