/* SPDX-License-Identifier: MIT */
#include "fit.h"

#include "rules.h"

#include <gsl/gsl_blas.h>
#include <gsl/gsl_linalg.h>
#include <math.h>
#include <stdlib.h>

/* Views of a design's workspace. */
struct system {
    gsl_matrix_view rows; /* points by terms, columns scaled to norm 1 */
    gsl_vector_view right;
    gsl_vector_view tau;
    gsl_vector_view solution;
    gsl_vector_view residual;
    double norms[PA_TERMS_MAX];
};

int pa_design_init(struct pa_design *design, size_t n_points)
{
    *design = (struct pa_design){.n_points = n_points};
    design->points = calloc(n_points + 1, sizeof *design->points);
    design->costs = calloc(n_points + 1, sizeof *design->costs);
    design->workspace =
        calloc((n_points + 3) * (PA_TERMS_MAX + 2), sizeof *design->workspace);
    if (design->points && design->costs && design->workspace)
        return 0;
    pa_design_free(design);
    return -1;
}

void pa_design_free(struct pa_design *design)
{
    free(design->points);
    free(design->costs);
    free(design->workspace);
    *design = (struct pa_design){0};
}

void pa_design_use_estimates(struct pa_design *design)
{
    for (size_t i = 0; i < design->n_points; i++)
        design->costs[i] = design->points[i]->estimate_ns;
}

void pa_design_use_invocation(struct pa_design *design, size_t k)
{
    for (size_t i = 0; i < design->n_points; i++)
        design->costs[i] = design->points[i]->cost_ns[k];
}

static size_t count_costs(const struct pa_design *design)
{
    size_t n = 0;
    for (size_t i = 0; i < design->n_points; i++)
        n += design->costs[i] > 0;
    return n;
}

/* n_rows > 0, n_columns > 0, at most as many as the design has room for. */
static void system_init(struct system *system, const struct pa_design *design,
                        size_t n_rows, size_t n_columns)
{
    double *right = design->workspace + n_rows * n_columns;
    double *residual = right + n_rows;
    double *tau = residual + n_rows;

    *system = (struct system){
        .rows = gsl_matrix_view_array(design->workspace, n_rows, n_columns),
        .right = gsl_vector_view_array(right, n_rows),
        .residual = gsl_vector_view_array(residual, n_rows),
        .tau = gsl_vector_view_array(tau, n_columns),
        .solution = gsl_vector_view_array(tau + n_columns, n_columns)};
}

static void fill(struct system *system, const struct pa_design *design,
                 const struct pa_model *model, int is_absolute)
{
    size_t row = 0;

    for (size_t i = 0; i < design->n_points; i++) {
        double cost = design->costs[i];
        if (!(cost > 0))
            continue;
        double weight = is_absolute ? 1 : 1 / cost;
        for (size_t j = 0; j < model->n_terms; j++)
            gsl_matrix_set(&system->rows.matrix, row, j,
                           weight * pa_term_value(&model->terms[j],
                                                  &design->points[i]->factors));
        gsl_vector_set(&system->right.vector, row++, weight * cost);
    }
    for (size_t j = 0; j < model->n_terms; j++) {
        gsl_vector_view column = gsl_matrix_column(&system->rows.matrix, j);
        system->norms[j] = gsl_blas_dnrm2(&column.vector);
        if (system->norms[j] > 0)
            gsl_vector_scale(&column.vector, 1 / system->norms[j]);
    }
}

/* Index of the first term that is not told apart from those before it, or
 * n_terms. After gsl_linalg_QR_decomp(), the diagonal of R is what is left of
 * each column of norm 1. */
static size_t first_redundant(const struct system *system, size_t n_terms)
{
    size_t j = 0;
    while (j < n_terms && system->norms[j] > 0 &&
           fabs(gsl_matrix_get(&system->rows.matrix, j, j)) >=
               PB_DISTINCT_SHARE)
        j++;
    return j;
}

static double relative_rms(const struct pa_design *design,
                           const struct pa_model *model,
                           const double *coefficients)
{
    double squares = 0;
    size_t n = 0;

    for (size_t i = 0; i < design->n_points; i++) {
        double cost = design->costs[i];
        if (!(cost > 0))
            continue;
        double fitted =
            pa_model_cost(model, coefficients, &design->points[i]->factors);
        squares += (fitted / cost - 1) * (fitted / cost - 1);
        n++;
    }
    return sqrt(squares / (double)n);
}

int pa_fit(const struct pa_design *design, const struct pa_model *model,
           int is_absolute, struct pa_fit *fit)
{
    struct system system;
    size_t n = count_costs(design);
    int error = -1;

    if (n <= model->n_terms || model->n_terms == 0)
        return -1;
    system_init(&system, design, n, model->n_terms);
    fill(&system, design, model, is_absolute);
    if (gsl_linalg_QR_decomp(&system.rows.matrix, &system.tau.vector) == 0 &&
        first_redundant(&system, model->n_terms) == model->n_terms &&
        gsl_linalg_QR_lssolve(&system.rows.matrix, &system.tau.vector,
                              &system.right.vector, &system.solution.vector,
                              &system.residual.vector) == 0) {
        for (size_t j = 0; j < model->n_terms; j++)
            fit->coefficients[j] =
                gsl_vector_get(&system.solution.vector, j) / system.norms[j];
        fit->n_points = n;
        fit->rms = relative_rms(design, model, fit->coefficients);
        error = isfinite(fit->rms) ? 0 : -1;
    }
    return error;
}

void pa_model_reduce(struct pa_model *model, const struct pa_design *design)
{
    struct system system;
    size_t n = count_costs(design);
    size_t redundant = 0;

    while (model->n_terms > 0 && redundant < model->n_terms) {
        if (n < model->n_terms) {
            model->n_terms--;
            continue;
        }
        system_init(&system, design, n, model->n_terms);
        fill(&system, design, model, 0);
        gsl_linalg_QR_decomp(&system.rows.matrix, &system.tau.vector);
        redundant = first_redundant(&system, model->n_terms);
        if (redundant < model->n_terms)
            *model = pa_model_without(model, redundant);
    }
}
