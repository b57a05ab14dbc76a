/* SPDX-License-Identifier: MIT */
#include "growth.h"

#include "fit.h"
#include "rules.h"

#include <math.h>
#include <stdlib.h>

static const struct pa_term intercept = {.kind = PA_INTERCEPT};

static struct pa_term in_count(enum pa_term_kind kind, int64_t at)
{
    return (struct pa_term){
        .kind = kind, .variable = PB_FACTOR_fd_count, .at = at};
}

static double rms_of(const struct pa_design *design,
                     const struct pa_model *model)
{
    struct pa_fit fit;

    if (pa_fit(design, model, 0, &fit) < 0)
        return INFINITY;
    return fit.rms;
}

static double rms_of_form(const struct pa_design *design,
                          enum pa_term_kind kind)
{
    const struct pa_model model = {2, {intercept, in_count(kind, 0)}};
    return rms_of(design, &model);
}

/* A line that becomes steeper at one of the figures. */
static double rms_of_bent(const struct pa_design *design)
{
    double least = INFINITY;

    for (size_t i = 1; i + 1 < design->n_points; i++) {
        const struct pa_model model = {
            3,
            {intercept, in_count(PA_SLOPE, 0),
             in_count(PA_BEND, design->points[i]->factors.fd_count)}};
        least = fmin(least, rms_of(design, &model));
    }
    return least;
}

static const char *name_form(const struct pa_design *design)
{
    if (rms_of_form(design, PA_SLOPE) <= PB_GROWTH_RMS)
        return "linear";
    if (design->n_points < PB_GROWTH_POINTS)
        return "cannot-tell";
    double log_form = rms_of_form(design, PA_N_LOG_N);
    double square = rms_of_form(design, PA_SQUARE);
    double bent = rms_of_bent(design);
    if (fmin(bent, fmin(log_form, square)) > PB_GROWTH_RMS)
        return "cannot-tell";
    if (bent <= fmin(log_form, square))
        return "bent";
    return log_form <= square ? "n-log-n" : "quadratic";
}

static int is_flat(const double *x, const double *y, size_t n)
{
    double low = INFINITY, high = 0;

    for (size_t i = 0; i < n; i++) {
        low = fmin(low, y[i]);
        high = fmax(high, y[i]);
    }
    return log(high / low) < PB_FLAT_EXPONENT * log(x[n - 1] / x[0]);
}

static const char *growth_of(struct pa_design *design, struct pa_point *points,
                             const double *x, const double *y)
{
    for (size_t i = 0; i < design->n_points; i++) {
        points[i].factors.fd_count = llround(x[i]);
        design->points[i] = &points[i];
        design->costs[i] = y[i];
    }
    return name_form(design);
}

const char *pa_growth(const double *x, const double *y, size_t n)
{
    struct pa_design design;
    const char *name = NULL;

    if (n < PB_LINE_POINTS || !(x[0] > 0) || x[n - 1] < PB_GROWTH_RANGE * x[0])
        return "cannot-tell";
    if (is_flat(x, y, n))
        return "flat";
    struct pa_point *points = calloc(n, sizeof *points);
    if (points && pa_design_init(&design, n) == 0) {
        name = growth_of(&design, points, x, y);
        pa_design_free(&design);
    }
    free(points);
    return name;
}
