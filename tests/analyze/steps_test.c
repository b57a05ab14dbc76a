/* SPDX-License-Identifier: MIT */
/* What the finder must and must not call a step. */
#include "unit.h"

#include "steps.h"

#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdlib.h>

#define POINTS      225
#define INVOCATIONS 8

static int64_t values[POINTS];
static double costs[POINTS * INVOCATIONS], estimates[POINTS];
static double columns[POINTS * 2];
static const struct pa_growth_series series = {
    .variable = PB_FACTOR_highest_fd,
    .base = {"steps", "select", "all", "packed", 1, 1, 1, 1, .metric = "cost"},
    .values = values,
    .curve = {.n_points = POINTS,
              .n_invocations = INVOCATIONS,
              .x = estimates, /* is not looked at */
              .estimates = estimates,
              .costs = costs,
              .n_columns = 2,
              .columns = columns}};
static gsl_rng *randoms;

/* Whole words: 64, 128, ... */
static double by_words(size_t i)
{
    return 64.0 * (double)(i + 1);
}

/* As the sweep goes: quarters of a word up to 1401, then two words. */
static double as_the_sweep(size_t i)
{
    return i < 85 ? 57 + 16.0 * (double)i : 1401 + 128.0 * (double)(i - 84);
}

/* A scan of the cost over these M with noise of that share. */
static void scan_over(struct pa_steps *steps, double (*place)(size_t i),
                      double (*cost)(double x), double noise)
{
    for (size_t i = 0; i < POINTS; i++) {
        double x = place(i), bit = fmod(x, 64) / 64, sum = 0;
        for (size_t k = 0; k < INVOCATIONS; k++)
            sum += costs[i * INVOCATIONS + k] =
                cost(x) * exp(gsl_ran_gaussian(randoms, noise));
        values[i] = (int64_t)x;
        estimates[i] = sum / INVOCATIONS;
        columns[2 * i] = bit;
        columns[2 * i + 1] = bit * bit;
    }
    *steps = (struct pa_steps){0};
    pa_steps_scan(steps, &series);
}

static void scan(struct pa_steps *steps, double (*cost)(double x), double noise)
{
    scan_over(steps, by_words, cost, noise);
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
            fail_msg("a step of %g ns at %lld", steps.steps[i].size.value,
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
    assert_true(fabs(steps.steps[0].size.value - size_ns) < 6);
    assert_true(steps.steps[0].size.low <= steps.steps[0].size.high);
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
    assert_true(fabs(steps.steps[0].size.value - 60) < 3);
    pa_steps_free(&steps);
}

/* select's cost in ns, as it was measured over these M: it looks at every bit
 * of a word that holds an fd, the last ones for less; and its words are dearer
 * between the second jump and the third. */
static const short measured_ns[] = {
    227, 201, 208, 225, 227, 196, 208, 222, 226, 201, 214, 220, 226, 202, 217,
    222, 229, 247, 259, 268, 274, 250, 261, 272, 278, 251, 260, 272, 278, 248,
    262, 273, 283, 256, 266, 273, 279, 253, 256, 271, 279, 252, 268, 275, 279,
    252, 260, 276, 282, 250, 265, 274, 283, 254, 263, 278, 283, 257, 265, 279,
    284, 302, 309, 323, 333, 304, 312, 322, 333, 304, 312, 325, 331, 307, 311,
    330, 332, 312, 316, 329, 333, 310, 322, 338, 342, 346, 358, 354, 359, 366,
    371, 378, 380, 383, 384, 390, 391, 385, 418, 417, 418, 412, 415, 421, 423,
    421, 429, 432, 436, 435, 429, 428, 439, 436, 442, 442, 445, 445, 449, 448,
    461, 450, 463, 467, 471, 466, 462, 468, 474, 470, 474, 482, 484, 488, 483,
    490, 491, 483, 494, 499, 500, 510, 505, 502, 518, 505, 524, 521, 516, 511,
    517, 518, 521, 511, 532, 539, 535, 536, 542, 600, 599, 594, 606, 617, 605,
    613, 614, 606, 614, 622, 627, 618, 628, 632, 628, 626, 644, 626, 642, 639,
    651, 643, 645, 642, 658, 652, 660, 660, 666, 658, 663, 661, 670, 660, 679,
    668, 679, 670, 672, 676, 695, 679, 694, 691, 701, 697, 700, 697, 696, 686,
    718, 709, 705, 703, 731, 719, 720, 705, 734, 732, 742, 736, 730, 733, 741};

static double measured(double x)
{
    size_t i = 0;
    while (as_the_sweep(i) < x)
        i++;
    return measured_ns[i];
}

static int has_step_above(const struct pa_steps *steps, int64_t before)
{
    for (size_t i = 0; i < steps->n_steps; i++)
        if (steps->steps[i].before == before)
            return steps->steps[i].size.low > 0;
    return 0;
}

static void a_sawtooth_and_a_bend_hide_no_step(void **state)
{
    (void)state;
    struct pa_steps steps;

    scan_over(&steps, as_the_sweep, measured, 0.003);
    assert_true(has_step_above(&steps, 313));
    assert_true(has_step_above(&steps, 1017));
    assert_true(has_step_above(&steps, 3065));
    assert_true(has_step_above(&steps, 10873));
    for (size_t i = 0; i < steps.n_steps; i++)
        assert_true(steps.steps[i].size.value > 0);
    pa_steps_free(&steps);
}

static void few_points_are_too_few(void **state)
{
    (void)state;
    struct pa_steps steps;
    scan(&steps, jump, 0);
    struct pa_growth_series part =
        pa_growth_series_between(&series, values[95], values[105]);
    pa_steps_free(&steps);
    pa_steps_scan(&steps, &part);
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
        cmocka_unit_test(a_sawtooth_and_a_bend_hide_no_step),
        cmocka_unit_test(few_points_are_too_few),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
