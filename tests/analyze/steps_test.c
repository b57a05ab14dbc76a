/* SPDX-License-Identifier: MIT */
/* What the finder must and must not call a step. */
#include "unit.h"

#include "points.h"
#include "steps.h"

#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdlib.h>

#define POINTS      200
#define INVOCATIONS 8

static struct pa_point points[POINTS];
static const struct pa_point *list[POINTS];
static double costs[POINTS][INVOCATIONS];
static gsl_rng *randoms;

/* A scan of the cost over 64, 128, ... with noise of that share. */
static void scan(struct pa_steps *steps, double (*cost)(double x), double noise)
{
    struct pa_series series = {
        .variable = PB_FACTOR_highest_fd, .n_points = POINTS, .points = list};
    for (size_t i = 0; i < POINTS; i++) {
        double x = 64.0 * (double)(i + 1), sum = 0;
        for (size_t k = 0; k < INVOCATIONS; k++) {
            costs[i][k] = cost(x) * exp(gsl_ran_gaussian(randoms, noise));
            sum += costs[i][k];
        }
        points[i] =
            (struct pa_point){.factors = {"steps", "select", "all", "packed",
                                          (int64_t)x, 1, 1, 1},
                              .cost_ns = costs[i],
                              .n_invocations = INVOCATIONS,
                              .estimate_ns = sum / INVOCATIONS};
        list[i] = &points[i];
    }
    *steps = (struct pa_steps){0};
    assert_int_equal(pa_steps_scan(steps, &series, INVOCATIONS), 0);
}

static double line(double x)
{
    return 250 + 0.0168 * x;
}

static double bend(double x)
{
    return line(x) + 0.1 * fmax(0, x - 6400);
}

static double curve(double x)
{
    return 250 + 0.00001 * x * x;
}

static double odd_point(double x)
{
    return line(x) * (x == 6400 ? 1.5 : 1);
}

static double jump(double x)
{
    return line(x) + (x > 6400 ? 60 : 0);
}

static double fall(double x)
{
    return line(x) - (x > 6400 ? 60 : 0);
}

static double jump_by_way_of_a_point(double x)
{
    return line(x) + (x > 6400 ? x == 6464 ? 30 : 60 : 0);
}

static double jump_at_the_end(double x)
{
    return line(x) + (x > 64 * (POINTS - 1) ? 60 : 0);
}

static void has_none(double (*cost)(double x), double noise)
{
    struct pa_steps steps;
    scan(&steps, cost, noise);
    for (size_t i = 0; i < steps.n_steps; i++)
        if (!steps.steps[i].is_minor)
            fail_msg("a step of %g ns at %lld", steps.steps[i].size_ns,
                     (long long)steps.steps[i].place);
    pa_steps_free(&steps);
}

static void a_smooth_cost_has_no_step(void **state)
{
    (void)state;
    static const double noises[] = {0, 0.001, 0.005, 0.02};
    for (size_t i = 0; i < 4; i++) {
        has_none(line, noises[i]);
        has_none(bend, noises[i]);
        has_none(curve, noises[i]);
    }
}

static void one_odd_point_is_no_step(void **state)
{
    (void)state;
    has_none(odd_point, 0);
    has_none(odd_point, 0.005);
    has_none(jump_at_the_end, 0.005); /* one point: nothing says it stays */
}

static void has_one(double (*cost)(double x), double noise, double size_ns)
{
    struct pa_steps steps;
    scan(&steps, cost, noise);
    assert_int_equal(steps.n_steps, 1);
    assert_int_equal(steps.steps[0].before, 6400);
    assert_true(fabs(steps.steps[0].size_ns - size_ns) < 6);
    assert_true(steps.steps[0].low_ns <= steps.steps[0].high_ns);
    assert_true(steps.steps[0].chance < 0.001);
    pa_steps_free(&steps);
}

static void a_jump_is_found_up_and_down(void **state)
{
    (void)state;
    has_one(jump, 0, 60);
    has_one(jump, 0.005, 60);
    has_one(fall, 0.005, -60);
}

static void two_halves_of_a_jump_are_one(void **state)
{
    (void)state;
    struct pa_steps steps;
    scan(&steps, jump_by_way_of_a_point, 0.0005);
    assert_int_equal(steps.n_steps, 1);
    assert_true(fabs(steps.steps[0].size_ns - 60) < 3);
    pa_steps_free(&steps);
}

static void few_points_are_too_few(void **state)
{
    (void)state;
    struct pa_steps steps;
    scan(&steps, jump, 0);
    struct pa_series series = {
        .variable = PB_FACTOR_highest_fd, .n_points = 11, .points = list + 95};
    pa_steps_free(&steps);
    assert_int_equal(pa_steps_scan(&steps, &series, INVOCATIONS), 0);
    assert_int_equal(steps.n_steps, 0);
}

static int setup(void **state)
{
    (void)state;
    randoms = gsl_rng_alloc(gsl_rng_mt19937);
    return randoms ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    gsl_rng_free(randoms);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_smooth_cost_has_no_step),
        cmocka_unit_test(one_odd_point_is_no_step),
        cmocka_unit_test(a_jump_is_found_up_and_down),
        cmocka_unit_test(two_halves_of_a_jump_are_one),
        cmocka_unit_test(few_points_are_too_few),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
