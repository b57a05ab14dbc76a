/* SPDX-License-Identifier: MIT */
/* The statistics of method.md, on plain arrays of double. */
#ifndef PA_STATS_H
#define PA_STATS_H

#include <stddef.h>

/* A mean with its 95 % interval. All NAN where there are too few numbers. */
struct pa_interval {
    double value;
    double low;
    double high;
};

/* Its members as those of a row. */
#define PA_INTERVAL(value_, low_, high_, interval)                             \
    .value_ = (interval).value, .low_ = (interval).low, .high_ = (interval).high

/* Sort ascending. */
void pa_sort(double *numbers, size_t n);

/* Quantile of sorted numbers, 0 <= share <= 1, by linear interpolation of the
 * order statistics: type 7 of Hyndman and Fan, The American Statistician 50
 * (1996) 361. NAN if n is 0. */
double pa_quantile(const double *sorted, size_t n, double share);

/* Arithmetic mean and sample standard deviation (n - 1) of those of the n
 * numbers that are finite; *n_finite says how many. */
double pa_mean(const double *numbers, size_t n, size_t *n_finite);
double pa_deviation(const double *numbers, size_t n);

/* Sample covariance (n - 1) of two arrays of finite numbers; NAN if n < 2. */
double pa_covariance(const double *a, const double *b, size_t n);

/* The two-sided 95 % quantile of Student's t. NAN below 1 degree. */
double pa_t95(double degrees);

/* Chance of |t| or more under Student's t, two-sided. */
double pa_t_chance(double t, double degrees);

/* Mean and t-interval of those numbers that are finite. low and high are NAN
 * with fewer than two. */
struct pa_interval pa_t_interval(const double *numbers, size_t n);

/* A value with so much on either side. */
struct pa_interval pa_around(double value, double half);

/* Back from the mean and interval of logarithms. */
struct pa_interval pa_exp_interval(struct pa_interval logs);

/* exp of the mean and t-interval of the logarithms; numbers must be positive
 * where they are finite. */
struct pa_interval pa_log_interval(const double *numbers, size_t n);

enum pa_change_verdict { PA_RISES, PA_FALLS, PA_LEVEL, PA_UNCLEAR };

/* Equivalence rule: a change of a cost is level only if its whole interval is
 * within the margin, not because nothing could be seen; it rises or falls if
 * the whole interval is beyond. */
enum pa_change_verdict pa_judge_change(struct pa_interval more_ns,
                                       double margin_ns);

/* A mean as a comparison takes it: of logarithms, or of numbers themselves. */
struct pa_moments {
    double mean;
    double error; /* its standard error; NAN if nothing is known of it */
    double degrees;
    int is_pooled; /* by the one variance of all that is compared */
};

/* Take apart the value, low and high of pa_t_interval() over n numbers. */
struct pa_moments pa_moments_of(struct pa_interval interval, size_t n);

/* b - a of two independent means with its 95 % interval, and in *chance the
 * two-sided p-value of no difference; Welch, Biometrika 34 (1947) 28, if they
 * are not pooled. Interval and chance are NAN if either error is. */
struct pa_interval pa_difference(struct pa_moments a, struct pa_moments b,
                                 double *chance);

/* Adjust n p-values, NANs skipped, for the rate of false discoveries:
 * Benjamini and Hochberg, J. R. Statist. Soc. B 57 (1995) 289. adjusted may not
 * overlap chances. */
void pa_adjust(const double *chances, double *adjusted, size_t n);

#endif
