/* SPDX-License-Identifier: MIT */
/* Slopes in fixed windows: exact where costs are, and held by their intervals
 * where they are not, wherever bends may lie outside the window. */
#include "unit.h"

#include "growth_class.h"
#include "growth_truths.h"

#include <math.h>

static void is_near(double value, double expected)
{
    if (!(fabs(value - expected) < 1e-6))
        fail_msg("%.9g is not %.9g", value, expected);
}

static const struct growth_design exact = {8192, 1, 6, 0, 0, 0, 0};

static struct pa_local_slope slope_in(const struct growth_data *data,
                                      double low, double high)
{
    struct pa_local_slope slope;

    pa_local_slope_measure(&slope, &data->curve, low, high);
    return slope;
}

static void bends_outside_the_window_do_not_matter(void **state)
{
    (void)state;
    struct growth_data data;

    growth_measure(&data, growth_bent_off_grid, &exact, NULL);
    is_near(slope_in(&data, 2, 24).slope.value, 45.75);
    is_near(slope_in(&data, 64, 512).slope.value, 52);
    is_near(slope_in(&data, 2048, 8192).slope.value, 72);
}

/* As good as no line is known to be, even if this one is. */
static void an_exact_line_of_times_keeps_an_interval(void **state)
{
    (void)state;
    struct growth_data data;

    growth_measure(&data, growth_bent_off_grid, &exact, NULL);
    struct pa_local_slope slope = slope_in(&data, 64, 512);
    assert_int_equal(slope.n_points, 4);
    is_near(slope.rms, 0);
    assert_true(slope.slope.low < 51.8 && slope.slope.low > 50);
    assert_true(slope.slope.high > 52.2 && slope.slope.high < 54);
    data.curve.is_exact = 1;
    slope = slope_in(&data, 64, 512);
    is_near(slope.slope.low, 52);
    is_near(slope.slope.high, 52);
}

static void what_else_matters_is_no_slope(void **state)
{
    (void)state;
    struct growth_data data;
    double column[GROWTH_POINTS_MAX];

    growth_measure(&data, growth_bent_off_grid, &exact, NULL);
    for (size_t i = 0; i < data.curve.n_points; i++) {
        column[i] = (double)(i % 3);
        data.estimates[i] += 30 * column[i];
        for (size_t k = 0; k < 6; k++)
            data.costs[i * 6 + k] += 30 * column[i];
    }
    data.curve.n_columns = 1;
    data.curve.columns = column;
    is_near(slope_in(&data, 64, 512).slope.value, 52);
}

static void a_window_of_few_points_has_no_slope(void **state)
{
    (void)state;
    struct growth_data data;

    growth_measure(&data, growth_bent_off_grid, &exact, NULL);
    assert_true(isnan(slope_in(&data, 64, 128).slope.value));
    assert_true(isnan(slope_in(&data, 70, 100).slope.value));
    assert_true(isnan(slope_in(&data, 10000, 20000).slope.value));
    data.curve.n_invocations = 0;
    assert_true(isnan(slope_in(&data, 64, 512).slope.low));
}

static void intervals_hold_the_slope(void **state)
{
    (void)state;
    static const struct {
        double low, high;
    } windows[] = {{2, 24}, {64, 512}, {2048, 8192}};
    const struct growth_design noisy = {8192, 1, 6, 0.01, 0.012, 0.01, 0};

    for (int i = 0; i < 3; i++) {
        struct growth_coverage coverage =
            growth_coverage_of(&noisy, windows[i].low, windows[i].high, 400);
        print_message("%g to %g: %.1f %%\n", windows[i].low, windows[i].high,
                      coverage.held);
        assert_true(coverage.held >= 93);
        assert_true(coverage.half_width < 7);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bends_outside_the_window_do_not_matter),
        cmocka_unit_test(an_exact_line_of_times_keeps_an_interval),
        cmocka_unit_test(what_else_matters_is_no_slope),
        cmocka_unit_test(a_window_of_few_points_has_no_slope),
        cmocka_unit_test(intervals_hold_the_slope),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
