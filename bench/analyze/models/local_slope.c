/* SPDX-License-Identifier: MIT */
#include "local_slope.h"

#include "need.h"
#include "rules.h"

#include <math.h>
#include <stdlib.h>

static const struct pa_sum line = {2, {{PA_ONE, 0, 1}, {PA_X, 0, 1}}};

static struct pa_curve window_of(const struct pa_curve *curve, double low,
                                 double high)
{
    struct pa_curve window = *curve;
    size_t first = 0, end = curve->n_points;

    while (first < end && curve->x[first] < low)
        first++;
    while (end > first && curve->x[end - 1] > high)
        end--;
    window.n_points = end - first;
    window.x += first;
    window.estimates += first;
    if (curve->costs)
        window.costs += first * curve->n_invocations;
    if (curve->columns)
        window.columns += first * curve->n_columns;
    return window;
}

/* Slopes of the invocations; NAN where one cannot be fitted. */
static void fit_invocations(struct pa_fitter *fitter, double *slopes)
{
    struct pa_sum_fit fit;

    for (size_t k = 0; k < fitter->curve->n_invocations; k++) {
        pa_fitter_use_invocation(fitter, k);
        slopes[k] =
            pa_sum_fit(fitter, &line, &fit) == 0 ? fit.coefficients[1] : NAN;
    }
}

static struct pa_interval slope_of(struct pa_local_slope *slope,
                                   struct pa_fitter *fitter, double *slopes)
{
    struct pa_sum_fit fit;

    if (pa_sum_fit(fitter, &line, &fit) < 0 || isinf(fit.last_variance))
        return (struct pa_interval){NAN, NAN, NAN};
    double degrees = (double)(fit.n_points - fit.n_columns);
    slope->rms = sqrt(fit.squares / degrees);
    if (fitter->curve->is_exact) { /* rounding is 0, and not -0 */
        double value =
            rint(fit.coefficients[1] / PB_SUM_SHARE) * PB_SUM_SHARE + 0.0;
        return (struct pa_interval){value, value, value};
    }
    double lack = fmin(PB_QUANTILE_MOST, pa_t95(degrees)) *
                  fmax(PB_LACK_LEAST, slope->rms) * sqrt(fit.last_variance);
    fit_invocations(fitter, slopes);
    struct pa_interval over =
        pa_t_interval(slopes, fitter->curve->n_invocations);
    double half = hypot((over.high - over.low) / 2, lack);
    return (struct pa_interval){over.value, over.value - half,
                                over.value + half};
}

void pa_local_slope_measure(struct pa_local_slope *slope,
                            const struct pa_curve *curve, double low,
                            double high)
{
    struct pa_curve window = window_of(curve, low, high);
    struct pa_fitter fitter;
    PA_FREED double *slopes = pa_room(curve->n_invocations, sizeof *slopes);

    *slope = (struct pa_local_slope){.rms = NAN, .n_points = window.n_points};
    pa_fitter_init(&fitter, &window);
    slope->slope = slope_of(slope, &fitter, slopes);
    pa_fitter_free(&fitter);
}
