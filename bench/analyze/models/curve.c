/* SPDX-License-Identifier: MIT */
#include "curve.h"

#include "least_squares.h"
#include "need.h"
#include "rules.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* (x^p - 1) / p, which goes on smoothly as ln x through p = 0. */
static double power(double p, double log_x)
{
    return p == 0 ? log_x : expm1(p * log_x) / p;
}

static double tilt(double p, double log_x)
{
    double q = p * log_x;

    if (fabs(q) < 1e-3) /* the exact form cancels here */
        return log_x * log_x * (0.5 + q / 3 + q * q / 8);
    return (q * exp(q) - expm1(q)) / (p * p);
}

double pa_piece_value(const struct pa_piece *piece, double x)
{
    switch (piece->function) {
    case PA_ONE:
        return 1;
    case PA_LOG_X:
        return log2(x);
    case PA_SQRT_X:
        return sqrt(x);
    case PA_X:
        return x;
    case PA_X_LOG_X:
        return x * log2(x);
    case PA_X_SQUARED:
        return x * x;
    case PA_POWER_X:
        return power(piece->at, log(x));
    case PA_TILT:
        return tilt(piece->at, log(x));
    case PA_BEYOND:
        return fmax(0, x - piece->at);
    default:
        return x > piece->at;
    }
}

void pa_fitter_init(struct pa_fitter *fitter, const struct pa_curve *curve)
{
    size_t n_columns = curve->n_columns + PA_PIECES_MAX;
    size_t n_doubles = PA_SYSTEM_ROOM(curve->n_points, n_columns);

    *fitter =
        (struct pa_fitter){.curve = curve,
                           .distinct_share = PB_ROUNDING_SHARE,
                           .costs = pa_room(curve->n_points, sizeof(double)),
                           .workspace = pa_room(n_doubles, sizeof(double)),
                           .is_dropped = pa_room(n_columns, sizeof(int))};
    pa_fitter_use_estimates(fitter);
}

void pa_fitter_free(struct pa_fitter *fitter)
{
    free(fitter->costs);
    free(fitter->workspace);
    free(fitter->is_dropped);
    *fitter = (struct pa_fitter){0};
}

void pa_fitter_use_estimates(struct pa_fitter *fitter)
{
    if (fitter->curve->n_points > 0)
        memcpy(fitter->costs, fitter->curve->estimates,
               fitter->curve->n_points * sizeof(double));
}

void pa_fitter_use_invocation(struct pa_fitter *fitter, size_t k)
{
    const struct pa_curve *curve = fitter->curve;

    for (size_t i = 0; i < curve->n_points; i++)
        fitter->costs[i] = curve->costs[i * curve->n_invocations + k];
}

/* The piece of column j, or NULL if that is one of the curve's: all pieces but
 * the last, the curve's columns, and the last piece, whose variance the
 * decomposition gives. */
static const struct pa_piece *piece_of(const struct pa_curve *curve,
                                       const struct pa_sum *sum, size_t j)
{
    size_t last = sum->n_pieces - 1;

    if (j < last)
        return &sum->pieces[j];
    return j == last + curve->n_columns ? &sum->pieces[last] : NULL;
}

/* Column j at point i. */
static double cell(const struct pa_curve *curve, const struct pa_sum *sum,
                   size_t i, size_t j)
{
    const struct pa_piece *piece = piece_of(curve, sum, j);

    return piece ? pa_piece_value(piece, curve->x[i])
                 : curve->columns[i * curve->n_columns + j - sum->n_pieces + 1];
}

static void fill(struct pa_system *system, const struct pa_fitter *fitter,
                 const struct pa_sum *sum)
{
    size_t row = 0;

    for (size_t i = 0; i < fitter->curve->n_points; i++) {
        size_t column = 0;
        if (!(fitter->costs[i] > 0))
            continue;
        for (size_t j = 0; column < system->rows.matrix.size2; j++)
            if (!fitter->is_dropped[j])
                gsl_matrix_set(&system->rows.matrix, row, column++,
                               cell(fitter->curve, sum, i, j) /
                                   fitter->costs[i]);
        gsl_vector_set(&system->right.vector, row++, 1);
    }
}

/* The column of the sum that is the system's column. */
static size_t column_of(const struct pa_fitter *fitter, size_t column)
{
    size_t j = 0;

    while (fitter->is_dropped[j] || column-- > 0)
        j++;
    return j;
}

/* Solve without the dropped columns. Returns the column that must be dropped,
 * too, the number of all columns if none, or more on an error. */
static size_t try_fit(struct pa_system *system, const struct pa_fitter *fitter,
                      const struct pa_sum *sum, struct pa_sum_fit *fit)
{
    const size_t n_all = sum->n_pieces + fitter->curve->n_columns;

    if (fit->n_columns == 0 || fit->n_points <= fit->n_columns)
        return n_all + 1;
    pa_system_init(system, fitter->workspace, fit->n_points, fit->n_columns);
    fill(system, fitter, sum);
    size_t redundant = pa_system_decompose(system, fitter->distinct_share);
    if (redundant < fit->n_columns)
        return column_of(fitter, redundant);
    if (pa_system_solve(system) < 0)
        return n_all + 1;
    for (size_t j = 0; j < fit->n_columns; j++) {
        size_t column = column_of(fitter, j);
        const struct pa_piece *piece = piece_of(fitter->curve, sum, column);
        if (!piece)
            continue;
        double coefficient = gsl_vector_get(&system->solution.vector, j);
        if (!piece->is_signed && coefficient < 0)
            return column;
        fit->coefficients[piece - sum->pieces] = coefficient;
    }
    return n_all;
}

int pa_sum_fit(const struct pa_fitter *fitter, const struct pa_sum *sum,
               struct pa_sum_fit *fit)
{
    const size_t n_all = sum->n_pieces + fitter->curve->n_columns;
    struct pa_system system;
    size_t drop;

    *fit = (struct pa_sum_fit){.n_columns = n_all};
    for (size_t i = 0; i < fitter->curve->n_points; i++)
        fit->n_points += fitter->costs[i] > 0;
    memset(fitter->is_dropped, 0, n_all * sizeof *fitter->is_dropped);
    while ((drop = try_fit(&system, fitter, sum, fit)) < n_all) {
        fitter->is_dropped[drop] = 1;
        fit->n_columns--;
        memset(fit->coefficients, 0, sizeof fit->coefficients);
    }
    if (drop > n_all)
        return -1;
    for (size_t i = 0; i < fit->n_points; i++) {
        double residual = gsl_vector_get(&system.residual.vector, i);
        fit->squares += residual * residual;
    }
    fit->last_variance = fitter->is_dropped[n_all - 1]
                             ? INFINITY
                             : pa_system_last_variance(&system);
    return isfinite(fit->squares) ? 0 : -1;
}
