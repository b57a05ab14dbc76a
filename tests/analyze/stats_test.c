/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "stats.h"

#include <math.h>

#define near(a, b, tolerance) assert_true(fabs((a) - (b)) <= (tolerance))

static void quantiles_are_of_type_7(void **state)
{
    (void)state;
    const double sorted[] = {1, 2, 3, 4, 10};
    near(pa_quantile(sorted, 5, 0.25), 2, 1e-12);
    near(pa_quantile(sorted, 4, 0.25), 1.75, 1e-12); /* R: quantile(1:4, .25) */
    near(pa_quantile(sorted, 1, 0.25), 1, 1e-12);
    assert_true(isnan(pa_quantile(sorted, 0, 0.25)));
}

/* From any table of Student's t. */
static void t_quantiles_are_those_of_the_tables(void **state)
{
    (void)state;
    near(pa_t95(1), 12.7062, 1e-4);
    near(pa_t95(7), 2.3646, 1e-4);
    near(pa_t95(1e9), 1.95996, 1e-4);
    assert_true(isnan(pa_t95(0)));
    near(pa_t_chance(2.3646, 7), 0.05, 1e-4);
}

/* By hand: the means are 2 and 5, the products -1 * -3, 0 * 1 and 1 * 2. */
static void covariance_is_that_of_the_textbook(void **state)
{
    static const double a[] = {1, 2, 3}, b[] = {2, 6, 7};

    (void)state;
    near(pa_covariance(a, b, 3), 2.5, 1e-12);
    assert_true(isnan(pa_covariance(a, b, 1)));
}

static void interval_of_a_known_sample(void **state)
{
    (void)state;
    const double numbers[] = {4, NAN, 6, 8}; /* mean 6, sd 2, n 3 */
    struct pa_interval interval = pa_t_interval(numbers, 4);
    near(interval.value, 6, 1e-12);
    near(interval.high - 6, 4.302653 * 2 / sqrt(3), 1e-5);
    near(6 - interval.low, 4.302653 * 2 / sqrt(3), 1e-5);
}

static void one_number_has_no_interval(void **state)
{
    (void)state;
    const double one[] = {5};
    struct pa_interval interval = pa_t_interval(one, 1);
    near(interval.value, 5, 0);
    assert_true(isnan(interval.low) && isnan(interval.high));
    assert_true(isnan(pa_t_interval(one, 0).value));
}

static void an_interval_survives_being_taken_apart(void **state)
{
    (void)state;
    const double numbers[] = {100, 110, 95, 102, 99};
    struct pa_moments of = pa_moments_of(pa_t_interval(numbers, 5), 5);
    near(of.mean, pa_mean(numbers, 5, NULL), 1e-12);
    near(of.error, pa_deviation(numbers, 5) / sqrt(5), 1e-12);
}

/* The chance and the quantile were found by integrating the density. */
static void welch_agrees_with_an_integration(void **state)
{
    (void)state;
    const double a[] = {10, 11, 12};
    const double b[] = {20, 21, 25, 24};
    double chance, logs[7];
    for (int i = 0; i < 7; i++)
        logs[i] = log(i < 3 ? a[i] : b[i - 3]);
    struct pa_interval ratio = pa_exp_interval(
        pa_difference(pa_moments_of(pa_t_interval(logs, 3), 3),
                      pa_moments_of(pa_t_interval(logs + 3, 4), 4), &chance));
    near(ratio.value, 2.0424848, 1e-6);
    near(ratio.low, 1.6815656, 1e-5);
    near(ratio.high, 2.4808691, 1e-5);
    near(chance, 0.00026079, 1e-7);
}

/* R: t.test(c(10, 11, 12), c(14, 13), var.equal = TRUE): t = -3, df = 3.
 */
static void a_pooled_variance_has_its_own_degrees(void **state)
{
    (void)state;
    double variance = (2 + 0.5) / 3, chance;
    struct pa_moments a = {11, sqrt(variance / 3), 3, 1};
    struct pa_moments b = {13.5, sqrt(variance / 2), 3, 1};
    struct pa_interval more = pa_difference(a, b, &chance);
    near(more.high - more.low, 2 * 3.182446 * sqrt(variance * 5 / 6), 1e-5);
    near(chance, 0.05767, 1e-5);
}

static void equal_samples_do_not_differ(void **state)
{
    (void)state;
    const double a[] = {10, 10, 10};
    double chance;
    struct pa_moments mean = pa_moments_of(pa_t_interval(a, 3), 3);
    struct pa_interval more = pa_difference(mean, mean, &chance);
    near(more.value, 0, 0);
    near(more.high, 0, 0);
    near(chance, 1, 0);
}

/* R: p.adjust(c(.01, .04, .03, .005), "BH"), a missing value between. */
static void false_discoveries_are_adjusted_as_r_does(void **state)
{
    (void)state;
    const double chances[] = {0.01, NAN, 0.04, 0.03, 0.005};
    double adjusted[5];
    pa_adjust(chances, adjusted, 5);
    near(adjusted[0], 0.02, 1e-12);
    assert_true(isnan(adjusted[1]));
    near(adjusted[2], 0.04, 1e-12);
    near(adjusted[3], 0.04, 1e-12);
    near(adjusted[4], 0.02, 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(covariance_is_that_of_the_textbook),
        cmocka_unit_test(quantiles_are_of_type_7),
        cmocka_unit_test(t_quantiles_are_those_of_the_tables),
        cmocka_unit_test(interval_of_a_known_sample),
        cmocka_unit_test(one_number_has_no_interval),
        cmocka_unit_test(an_interval_survives_being_taken_apart),
        cmocka_unit_test(welch_agrees_with_an_integration),
        cmocka_unit_test(a_pooled_variance_has_its_own_degrees),
        cmocka_unit_test(equal_samples_do_not_differ),
        cmocka_unit_test(false_discoveries_are_adjusted_as_r_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
