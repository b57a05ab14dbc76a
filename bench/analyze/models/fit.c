/* SPDX-License-Identifier: MIT */
#include "fit.h"

#include "least_squares.h"
#include "need.h"
#include "rules.h"

#include <math.h>
#include <stdlib.h>

void pa_design_init(struct pa_design *design, size_t n_points)
{
    size_t n_doubles = PA_SYSTEM_ROOM(n_points, PA_TERMS_MAX);

    *design = (struct pa_design){
        .n_points = n_points,
        .points = pa_room(n_points, sizeof *design->points),
        .costs = pa_room(n_points, sizeof *design->costs),
        .workspace = pa_room(n_doubles, sizeof *design->workspace)};
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

static void fill(struct pa_system *system, const struct pa_design *design,
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
    struct pa_system system;
    size_t n = count_costs(design);
    int error = -1;

    if (n <= model->n_terms || model->n_terms == 0)
        return -1;
    pa_system_init(&system, design->workspace, n, model->n_terms);
    fill(&system, design, model, is_absolute);
    if (pa_system_decompose(&system, PB_DISTINCT_SHARE) == model->n_terms &&
        pa_system_solve(&system) == 0) {
        for (size_t j = 0; j < model->n_terms; j++)
            fit->coefficients[j] = gsl_vector_get(&system.solution.vector, j);
        fit->n_points = n;
        fit->rms = relative_rms(design, model, fit->coefficients);
        error = isfinite(fit->rms) ? 0 : -1;
    }
    return error;
}

void pa_model_reduce(struct pa_model *model, const struct pa_design *design)
{
    struct pa_system system;
    size_t n = count_costs(design);
    size_t redundant = 0;

    while (model->n_terms > 0 && redundant < model->n_terms) {
        if (n < model->n_terms) {
            model->n_terms--;
            continue;
        }
        pa_system_init(&system, design->workspace, n, model->n_terms);
        fill(&system, design, model, 0);
        redundant = pa_system_decompose(&system, PB_DISTINCT_SHARE);
        if (redundant < model->n_terms)
            *model = pa_model_without(model, redundant);
    }
}
