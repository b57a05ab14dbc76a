/* SPDX-License-Identifier: MIT */
/* Linear least squares of a few columns on plain rows, by QR decomposition
 * (GSL). Whoever wants relative errors divides each row by its cost. */
#ifndef PA_LEAST_SQUARES_H
#define PA_LEAST_SQUARES_H

#include <gsl/gsl_matrix.h>
#include <gsl/gsl_vector.h>

/* Find the solution that makes |rows x solution - right| least. */
struct pa_system {
    gsl_matrix_view rows; /* scaled to columns of norm 1 when decomposed */
    gsl_vector_view right;
    gsl_vector_view solution;
    gsl_vector_view residual; /* right - rows x solution */
    gsl_vector_view tau;
    gsl_vector_view norms; /* of the columns */
};

/* Doubles of workspace that a system of this size needs. */
#define PA_SYSTEM_ROOM(n_rows, n_columns) (((n_rows) + 3) * ((n_columns) + 2))

/* Lay the system out in the workspace, which must outlive it. Both sizes are
 * above 0; rows and right are for the caller to fill. */
void pa_system_init(struct pa_system *system, double *workspace, size_t n_rows,
                    size_t n_columns);

/* Decompose rows that are filled; at least as many as columns. Returns the
 * index of the first column whose part that is orthogonal to those before it
 * is less than share of it, or n_columns. */
size_t pa_system_decompose(struct pa_system *system, double share);

/* Solve what was decomposed with no column found wanting. Returns 0, or -1. */
int pa_system_solve(struct pa_system *system);

/* Variance of the last coefficient, in units of the variance of one row: the
 * last diagonal element of (rows' rows)^-1. */
double pa_system_last_variance(const struct pa_system *system);

#endif
