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

static void log_interval_survives_being_taken_apart(void **state)
{
    (void)state;
    const double numbers[] = {100, 110, 95, 102, 99};
    struct pa_interval interval = pa_log_interval(numbers, 5);
    struct pa_log_mean mean = pa_log_mean_of(interval, 5);
    double logs[5];
    for (int i = 0; i < 5; i++)
        logs[i] = log(numbers[i]);
    near(mean.log_mean, pa_mean(logs, 5, NULL), 1e-12);
    near(mean.log_se, pa_deviation(logs, 5) / sqrt(5), 1e-12);
}

/* The chance and the quantile were found by integrating the density. */
static void welch_agrees_with_an_integration(void **state)
{
    (void)state;
    const double a[] = {10, 11, 12};
    const double b[] = {20, 21, 25, 24};
    double chance;
    struct pa_interval ratio =
        pa_welch_ratio(pa_log_mean_of(pa_log_interval(a, 3), 3),
                       pa_log_mean_of(pa_log_interval(b, 4), 4), &chance);
    near(ratio.value, 2.0424848, 1e-6);
    near(ratio.low, 1.6815656, 1e-5);
    near(ratio.high, 2.4808691, 1e-5);
    near(chance, 0.00026079, 1e-7);
}

static void equal_samples_have_ratio_1(void **state)
{
    (void)state;
    const double a[] = {10, 10, 10};
    double chance;
    struct pa_log_mean mean = pa_log_mean_of(pa_log_interval(a, 3), 3);
    struct pa_interval ratio = pa_welch_ratio(mean, mean, &chance);
    near(ratio.value, 1, 0);
    near(chance, 1, 0);
}

/* R: p.adjust(c(.01, .04, .03, .005), "BH"), a missing value between. */
static void false_discoveries_are_adjusted_as_r_does(void **state)
{
    (void)state;
    const double chances[] = {0.01, NAN, 0.04, 0.03, 0.005};
    double adjusted[5];
    assert_int_equal(pa_adjust(chances, adjusted, 5), 0);
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
        cmocka_unit_test(log_interval_survives_being_taken_apart),
        cmocka_unit_test(welch_agrees_with_an_integration),
        cmocka_unit_test(equal_samples_have_ratio_1),
        cmocka_unit_test(false_discoveries_are_adjusted_as_r_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
