/* SPDX-License-Identifier: MIT */
#include "stats.h"

#include "need.h"
#include "rules.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>
#include <math.h>
#include <stdlib.h>

void pa_sort(double *numbers, size_t n)
{
    gsl_sort(numbers, 1, n);
}

double pa_quantile(const double *sorted, size_t n, double share)
{
    return n ? gsl_stats_quantile_from_sorted_data(sorted, 1, n, share) : NAN;
}

double pa_mean(const double *numbers, size_t n, size_t *n_finite)
{
    double sum = 0;
    size_t count = 0;

    for (size_t i = 0; i < n; i++)
        if (isfinite(numbers[i])) {
            sum += numbers[i];
            count++;
        }
    if (n_finite)
        *n_finite = count;
    return count ? sum / (double)count : NAN;
}

double pa_deviation(const double *numbers, size_t n)
{
    size_t count;
    double mean = pa_mean(numbers, n, &count), squares = 0;

    for (size_t i = 0; i < n; i++)
        if (isfinite(numbers[i]))
            squares += (numbers[i] - mean) * (numbers[i] - mean);
    return count < 2 ? NAN : sqrt(squares / (double)(count - 1));
}

double pa_covariance(const double *a, const double *b, size_t n)
{
    return n < 2 ? NAN : gsl_stats_covariance(a, 1, b, 1, n);
}

double pa_t95(double degrees)
{
    return degrees >= 1 ? gsl_cdf_tdist_Pinv((1 + PB_CONFIDENCE) / 2, degrees)
                        : NAN;
}

double pa_t_chance(double t, double degrees)
{
    if (!(degrees >= 1) || isnan(t))
        return NAN;
    return isinf(t) ? 0 : 2 * gsl_cdf_tdist_Q(fabs(t), degrees);
}

struct pa_interval pa_around(double value, double half)
{
    return (struct pa_interval){value, value - half, value + half};
}

struct pa_interval pa_t_interval(const double *numbers, size_t n)
{
    size_t count;
    double mean = pa_mean(numbers, n, &count);

    return pa_around(mean, pa_t95((double)count - 1) *
                               pa_deviation(numbers, n) / sqrt((double)count));
}

struct pa_interval pa_exp_interval(struct pa_interval logs)
{
    return (struct pa_interval){exp(logs.value), exp(logs.low), exp(logs.high)};
}

struct pa_interval pa_log_interval(const double *numbers, size_t n)
{
    PA_FREED double *logs = pa_room(n, sizeof *logs);

    for (size_t i = 0; i < n; i++)
        logs[i] = log(numbers[i]);
    return pa_exp_interval(pa_t_interval(logs, n));
}

enum pa_change_verdict pa_judge_change(struct pa_interval more_ns,
                                       double margin_ns)
{
    if (!isfinite(more_ns.low) || !isfinite(more_ns.high))
        return PA_UNCLEAR;
    if (fmax(fabs(more_ns.low), fabs(more_ns.high)) <= margin_ns)
        return PA_LEVEL;
    if (more_ns.low > margin_ns)
        return PA_RISES;
    return more_ns.high < -margin_ns ? PA_FALLS : PA_UNCLEAR;
}

struct pa_moments pa_moments_of(struct pa_interval interval, size_t n)
{
    return (struct pa_moments){.mean = interval.value,
                               .error = (interval.high - interval.low) / 2 /
                                        pa_t95((double)n - 1),
                               .degrees = (double)n - 1};
}

struct pa_interval pa_difference(struct pa_moments a, struct pa_moments b,
                                 double *chance)
{
    double difference = b.mean - a.mean;
    double va = a.error * a.error;
    double vb = b.error * b.error;
    double error = sqrt(va + vb);
    double degrees = a.is_pooled ? a.degrees : a.degrees + b.degrees;

    *chance = NAN;
    if (isnan(error))
        return pa_around(difference, NAN);
    if (error > 0 && !a.is_pooled)
        degrees =
            (va + vb) * (va + vb) / (va * va / a.degrees + vb * vb / b.degrees);
    *chance = pa_t_chance(difference == 0 ? 0 : difference / error, degrees);
    return pa_around(difference, error * pa_t95(degrees));
}

void pa_adjust(const double *chances, double *adjusted, size_t n)
{
    PA_FREED size_t *order = pa_room(n, sizeof *order);
    size_t rank = 0;
    double smallest = 1;

    for (size_t i = 0; i < n; i++) {
        adjusted[i] = isnan(chances[i]) ? 2 : chances[i];
        rank += !isnan(chances[i]);
    }
    gsl_sort_index(order, adjusted, 1, n); /* those that are none come last */
    for (size_t i = 0; i < n; i++)
        adjusted[i] = NAN;
    /* From the largest down, so that the result is monotone. */
    double m = (double)rank;
    for (; rank > 0; rank--) {
        double chance = chances[order[rank - 1]];
        smallest = fmin(smallest, chance * m / (double)rank);
        adjusted[order[rank - 1]] = smallest;
    }
}
