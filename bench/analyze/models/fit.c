/* SPDX-License-Identifier: MIT */
#include "fit.h"

#include "need.h"
#include "rules.h"

#include <gsl/gsl_blas.h>
#include <gsl/gsl_linalg.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Find the solution that makes |rows x solution - right| least. */
struct system {
    gsl_matrix_view rows; /* scaled to columns of norm 1 when decomposed */
    gsl_vector_view right, residual;
    gsl_vector_view tau, solution, norms; /* of the columns */
};

struct pa_curve pa_curve_part(const struct pa_curve *curve, size_t first,
                              size_t n)
{
    struct pa_curve part = *curve;

    part.n_points = n;
    part.x += first;
    part.estimates += first;
    if (curve->costs)
        part.costs += first * curve->n_invocations;
    if (curve->columns)
        part.columns += first * curve->n_columns;
    return part;
}

struct pa_curve pa_curve_between(const struct pa_curve *curve, double low,
                                 double high)
{
    size_t first = 0, end = curve->n_points;

    while (first < end && curve->x[first] < low)
        first++;
    while (end > first && curve->x[end - 1] > high)
        end--;
    return pa_curve_part(curve, first, end - first);
}

void pa_design_init(struct pa_design *design, size_t n_points,
                    const struct pa_curve *curve)
{
    size_t n_columns = PA_TERMS_MAX + (curve ? curve->n_columns : 0);
    size_t n_doubles = (n_points + 3) * (n_columns + 2);

    *design = (struct pa_design){
        .n_points = n_points,
        .points = curve ? NULL : pa_room(n_points, sizeof *design->points),
        .curve = curve,
        .costs = pa_room(n_points, sizeof *design->costs),
        .distinct_share = curve ? PB_ROUNDING_SHARE : PB_DISTINCT_SHARE,
        .workspace = pa_room(n_doubles, sizeof *design->workspace),
        .kept = pa_room(n_columns, sizeof *design->kept)};
    if (curve)
        pa_design_use(design, PA_ESTIMATES);
}

void pa_design_free(struct pa_design *design)
{
    free(design->points);
    free(design->costs);
    free(design->workspace);
    free(design->kept);
    *design = (struct pa_design){0};
}

void pa_design_use(const struct pa_design *design, size_t invocation)
{
    const struct pa_curve *curve = design->curve;

    for (size_t i = 0; i < design->n_points; i++)
        if (invocation == PA_ESTIMATES)
            design->costs[i] =
                curve ? curve->estimates[i] : design->points[i]->estimate_ns;
        else
            design->costs[i] =
                curve ? curve->costs[i * curve->n_invocations + invocation]
                      : design->points[i]->cost_ns[invocation];
}

static size_t count_costs(const struct pa_design *design)
{
    size_t n = 0;
    for (size_t i = 0; i < design->n_points; i++)
        n += design->costs[i] > 0;
    return n;
}

static size_t count_columns(const struct pa_design *design,
                            const struct pa_model *model)
{
    return model->n_terms + (design->curve ? design->curve->n_columns : 0);
}

/* The term of column j, or NULL if that is one of the curve's: all terms but
 * the last, the curve's columns, and the last term, whose variance the
 * decomposition gives. */
static const struct pa_term *term_of(const struct pa_design *design,
                                     const struct pa_model *model, size_t j)
{
    size_t last = model->n_terms - 1;

    if (j < last)
        return &model->terms[j];
    return j == count_columns(design, model) - 1 ? &model->terms[last] : NULL;
}

/* Column j at point i. */
static double cell(const struct pa_design *design, const struct pa_model *model,
                   size_t i, size_t j)
{
    const struct pa_term *term = term_of(design, model, j);
    const struct pa_curve *curve = design->curve;

    if (!term)
        return curve->columns[i * curve->n_columns + j - model->n_terms + 1];
    return curve ? pa_term_at(term, curve->x[i])
                 : pa_term_value(term, &design->points[i]->factors);
}

/* Divided by the cost, or times its reciprocal: they round differently, and
 * results are to stay as they are. */
static double weighted(const struct pa_design *design, double value,
                       double cost)
{
    if (design->is_absolute)
        return value;
    return design->curve ? value / cost : 1 / cost * value;
}

static void fill(struct system *system, const struct pa_design *design,
                 const struct pa_model *model)
{
    size_t row = 0;

    for (size_t i = 0; i < design->n_points; i++) {
        double cost = design->costs[i];
        if (!(cost > 0))
            continue;
        for (size_t j = 0; j < system->rows.matrix.size2; j++)
            gsl_matrix_set(&system->rows.matrix, row, j,
                           weighted(design,
                                    cell(design, model, i, design->kept[j]),
                                    cost));
        gsl_vector_set(&system->right.vector, row++,
                       weighted(design, cost, cost));
    }
}

/* Lay the system out in the workspace, and its columns at length 1. */
static void set_up(struct system *system, const struct pa_design *design,
                   const struct pa_model *model, const struct pa_fit *fit)
{
    size_t n = fit->n_columns;
    double *right = design->workspace + fit->n_points * n;
    double *tau = right + 2 * fit->n_points;

    *system = (struct system){
        gsl_matrix_view_array(design->workspace, fit->n_points, n),
        gsl_vector_view_array(right, fit->n_points),
        gsl_vector_view_array(right + fit->n_points, fit->n_points),
        gsl_vector_view_array(tau, n),
        gsl_vector_view_array(tau + n, n),
        gsl_vector_view_array(tau + 2 * n, n)};
    fill(system, design, model);
    for (size_t j = 0; j < n; j++) {
        gsl_vector_view column = gsl_matrix_column(&system->rows.matrix, j);
        double norm = gsl_blas_dnrm2(&column.vector);
        gsl_vector_set(&system->norms.vector, j, norm);
        if (norm > 0)
            gsl_vector_scale(&column.vector, 1 / norm);
    }
}

/* The first of the columns whose part that is orthogonal to those before it is
 * less than the distinct share of it: the diagonal of R is what is left of each
 * column of norm 1. Their number, if there is none. */
static size_t decompose(struct system *system, const struct pa_design *design,
                        const struct pa_model *model, const struct pa_fit *fit)
{
    const gsl_matrix *rows = &system->rows.matrix;
    size_t j = 0;

    set_up(system, design, model, fit);
    gsl_linalg_QR_decomp(&system->rows.matrix, &system->tau.vector);
    while (j < fit->n_columns && gsl_vector_get(&system->norms.vector, j) > 0 &&
           fabs(gsl_matrix_get(rows, j, j)) >= design->distinct_share)
        j++;
    return j;
}

/* Solve with the columns that are kept. Returns which of them must be dropped,
 * too: it cannot be told from others, or falls though it is to rise; their
 * number if none, or more on an error. */
static size_t try_fit(struct system *system, const struct pa_design *design,
                      const struct pa_model *model, struct pa_fit *fit)
{
    const size_t n = fit->n_columns;
    gsl_vector *solution = &system->solution.vector;

    if (n == 0 || fit->n_points <= n)
        return n + 1;
    size_t redundant = decompose(system, design, model, fit);
    if (redundant < n)
        return design->curve ? redundant : n + 1;
    if (gsl_linalg_QR_lssolve(&system->rows.matrix, &system->tau.vector,
                              &system->right.vector, solution,
                              &system->residual.vector) != 0)
        return n + 1;
    gsl_vector_div(solution, &system->norms.vector);
    for (size_t j = 0; j < n; j++) {
        const struct pa_term *term = term_of(design, model, design->kept[j]);
        double value = gsl_vector_get(solution, j);
        if (term && term->is_rising && value < 0)
            return j;
        if (term)
            fit->coefficients[term - model->terms] = value;
    }
    return n;
}

static double relative_rms(const struct pa_design *design,
                           const struct pa_model *model,
                           const struct pa_fit *fit)
{
    double squares = 0;

    for (size_t i = 0; i < design->n_points; i++) {
        double cost = design->costs[i];
        if (!(cost > 0))
            continue;
        double fitted = pa_model_cost(model, fit->coefficients,
                                      &design->points[i]->factors);
        squares += (fitted / cost - 1) * (fitted / cost - 1);
    }
    return sqrt(squares / (double)fit->n_points);
}

static void keep_all(const struct pa_design *design, size_t n_columns)
{
    for (size_t j = 0; j < n_columns; j++)
        design->kept[j] = j;
}

int pa_fit(const struct pa_design *design, const struct pa_model *model,
           struct pa_fit *fit)
{
    const size_t n_all = count_columns(design, model);
    struct system system;
    size_t drop;

    *fit = (struct pa_fit){.n_points = count_costs(design), .n_columns = n_all};
    keep_all(design, n_all);
    while ((drop = try_fit(&system, design, model, fit)) < fit->n_columns) {
        fit->n_columns--;
        memmove(design->kept + drop, design->kept + drop + 1,
                (fit->n_columns - drop) * sizeof *design->kept);
        memset(fit->coefficients, 0, sizeof fit->coefficients);
    }
    if (drop > fit->n_columns)
        return -1;
    gsl_blas_ddot(&system.residual.vector, &system.residual.vector,
                  &fit->squares);
    /* 1 over the square of what is left of the last column. */
    size_t last = fit->n_columns - 1;
    double left = gsl_matrix_get(&system.rows.matrix, last, last) *
                  gsl_vector_get(&system.norms.vector, last);
    fit->last_variance =
        design->kept[last] == n_all - 1 ? 1 / (left * left) : INFINITY;
    if (!design->curve)
        fit->rms = relative_rms(design, model, fit);
    return isfinite(fit->squares) && isfinite(fit->rms) ? 0 : -1;
}

void pa_model_reduce(struct pa_model *model, const struct pa_design *design)
{
    struct pa_fit fit = {.n_points = count_costs(design)};
    struct system system;

    keep_all(design, model->n_terms);
    while (model->n_terms > 0) {
        fit.n_columns = model->n_terms;
        size_t redundant = fit.n_points < fit.n_columns
                               ? model->n_terms - 1
                               : decompose(&system, design, model, &fit);
        if (redundant == model->n_terms)
            return;
        *model = pa_model_without(model, redundant);
    }
}
