/* SPDX-License-Identifier: MIT */
#include "growth_class.h"

#include "rules.h"

#include <math.h>

static double rms_of(const struct pa_fitter *fitter, const struct pa_sum *sum)
{
    struct pa_sum_fit fit;

    if (pa_sum_fit(fitter, sum, &fit) < 0)
        return INFINITY;
    return sqrt(fit.squares / (double)fit.n_points);
}

static double rms_of_form(const struct pa_fitter *fitter,
                          enum pa_function function)
{
    const struct pa_sum sum = {2, {{PA_ONE, 0, 1}, {function, 0, 1}}};
    return rms_of(fitter, &sum);
}

/* A line that becomes steeper at one of the figures. */
static double rms_of_bent(const struct pa_fitter *fitter)
{
    double least = INFINITY;

    for (size_t i = 1; i + 1 < fitter->curve->n_points; i++) {
        const struct pa_sum sum = {3,
                                   {{PA_ONE, 0, 1},
                                    {PA_X, 0, 1},
                                    {PA_BEYOND, fitter->curve->x[i], 1}}};
        least = fmin(least, rms_of(fitter, &sum));
    }
    return least;
}

static const char *name_form(const struct pa_fitter *fitter)
{
    if (rms_of_form(fitter, PA_X) <= PB_GROWTH_RMS)
        return "linear";
    if (fitter->curve->n_points < PB_GROWTH_POINTS)
        return "cannot-tell";
    double log_form = rms_of_form(fitter, PA_X_LOG_X);
    double square = rms_of_form(fitter, PA_X_SQUARED);
    double bent = rms_of_bent(fitter);
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

const char *pa_growth(const double *x, const double *y, size_t n)
{
    const struct pa_curve curve = {.n_points = n, .x = x, .estimates = y};
    struct pa_fitter fitter;

    if (n < PB_LINE_POINTS || !(x[0] > 0) || x[n - 1] < PB_GROWTH_RANGE * x[0])
        return "cannot-tell";
    if (is_flat(x, y, n))
        return "flat";
    pa_fitter_init(&fitter, &curve);
    fitter.distinct_share = PB_DISTINCT_SHARE;
    const char *name = name_form(&fitter);
    pa_fitter_free(&fitter);
    return name;
}
