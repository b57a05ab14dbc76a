/* SPDX-License-Identifier: MIT */
#include "least_squares.h"

#include <gsl/gsl_blas.h>
#include <gsl/gsl_linalg.h>
#include <math.h>

void pa_system_init(struct pa_system *system, double *workspace, size_t n_rows,
                    size_t n_columns)
{
    double *right = workspace + n_rows * n_columns;
    double *residual = right + n_rows;
    double *tau = residual + n_rows;

    *system = (struct pa_system){
        .rows = gsl_matrix_view_array(workspace, n_rows, n_columns),
        .right = gsl_vector_view_array(right, n_rows),
        .residual = gsl_vector_view_array(residual, n_rows),
        .tau = gsl_vector_view_array(tau, n_columns),
        .solution = gsl_vector_view_array(tau + n_columns, n_columns),
        .norms = gsl_vector_view_array(tau + 2 * n_columns, n_columns)};
}

static void scale_columns(struct pa_system *system)
{
    for (size_t j = 0; j < system->rows.matrix.size2; j++) {
        gsl_vector_view column = gsl_matrix_column(&system->rows.matrix, j);
        double norm = gsl_blas_dnrm2(&column.vector);
        gsl_vector_set(&system->norms.vector, j, norm);
        if (norm > 0)
            gsl_vector_scale(&column.vector, 1 / norm);
    }
}

/* After the decomposition, the diagonal of R is what is left of each column of
 * norm 1. */
size_t pa_system_decompose(struct pa_system *system, double share)
{
    const gsl_matrix *rows = &system->rows.matrix;
    size_t j = 0;

    scale_columns(system);
    gsl_linalg_QR_decomp(&system->rows.matrix, &system->tau.vector);
    while (j < rows->size2 && gsl_vector_get(&system->norms.vector, j) > 0 &&
           fabs(gsl_matrix_get(rows, j, j)) >= share)
        j++;
    return j;
}

int pa_system_solve(struct pa_system *system)
{
    gsl_vector *solution = &system->solution.vector;

    if (gsl_linalg_QR_lssolve(&system->rows.matrix, &system->tau.vector,
                              &system->right.vector, solution,
                              &system->residual.vector) != 0)
        return -1;
    gsl_vector_div(solution, &system->norms.vector);
    return 0;
}

double pa_system_last_variance(const struct pa_system *system)
{
    size_t last = system->rows.matrix.size2 - 1;
    double left = gsl_matrix_get(&system->rows.matrix, last, last) *
                  gsl_vector_get(&system->norms.vector, last);

    return 1 / (left * left);
}
