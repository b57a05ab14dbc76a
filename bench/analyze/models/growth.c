/* SPDX-License-Identifier: MIT */
#include "growth_class.h"

#include "rules.h"

#include <gsl/gsl_statistics.h>
#include <math.h>

static double rms_of(const struct pa_design *design,
                     const struct pa_model *model)
{
    struct pa_fit fit;

    if (pa_fit(design, model, &fit) < 0)
        return INFINITY;
    return sqrt(fit.squares / (double)fit.n_points);
}

static double rms_of_form(const struct pa_design *design,
                          enum pa_term_kind kind)
{
    return rms_of(design, &(struct pa_model){
                              2, {{.kind = PA_INTERCEPT}, {.kind = kind}}});
}

/* A line that becomes steeper at one of the figures. */
static double rms_of_bent(const struct pa_design *design)
{
    double least = INFINITY;

    for (size_t i = 1; i + 1 < design->n_points; i++) {
        const struct pa_model model = {
            3,
            {{.kind = PA_INTERCEPT},
             {.kind = PA_LINEAR},
             {.kind = PA_BEND, .at = design->curve->x[i]}}};
        least = fmin(least, rms_of(design, &model));
    }
    return least;
}

static const char *name_form(const struct pa_design *design)
{
    if (rms_of_form(design, PA_LINEAR) <= PB_GROWTH_RMS)
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

const char *pa_growth(const double *x, const double *y, size_t n)
{
    const struct pa_curve curve = {.n_points = n, .x = x, .estimates = y};
    struct pa_design design;
    double low, high;

    if (n < PB_LINE_POINTS || !(x[0] > 0) || x[n - 1] < PB_GROWTH_RANGE * x[0])
        return "cannot-tell";
    gsl_stats_minmax(&low, &high, y, 1, n);
    if (log(high / low) < PB_FLAT_EXPONENT * log(x[n - 1] / x[0]))
        return "flat";
    pa_design_init_curve(&design, &curve);
    design.distinct_share = PB_DISTINCT_SHARE;
    const char *name = name_form(&design);
    pa_design_free(&design);
    return name;
}
