/* SPDX-License-Identifier: MIT */
/* Classes of costs whose growth is known. growth_rates.c prints how often each
 * is told at more designs. */
#include "unit.h"

#include "growth_truths.h"

#include <math.h>

static void is_near(double value, double expected)
{
    if (!(fabs(value - expected) < 1e-6))
        fail_msg("%.9g is not %.9g", value, expected);
}

static const struct growth_design exact = {512, 1, 6, 0, 0, 0, 0};
static const struct growth_design quick = {512, 1, 6, 0.01, 0.005, 0.01, 0};

static struct pa_growth_class classify(double (*cost)(double n))
{
    struct growth_data data;
    struct pa_growth_class growth;

    growth_measure(&data, cost, &exact, NULL);
    pa_growth_classify(&growth, &data.curve);
    return growth;
}

static struct pa_growth_class classify_named(const char *name)
{
    return classify(growth_truth_of(name)->cost);
}

static void exact_costs_get_the_right_class(void **state)
{
    (void)state;
    for (const struct growth_truth *truth = growth_truths; truth->name;
         truth++) {
        struct pa_growth_class growth = classify(truth->cost);
        if (!(1U << growth.class & truth->right))
            fail_msg("%s: %s", truth->name, pa_class_name(growth.class));
    }
}

static void exact_costs_have_exact_exponents(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        double exponent;
    } truths[] = {{"log, x11", 0}, {"sqrt n", 0.5},      {"n^0.75", 0.75},
                  {"n", 1},        {"4,000 + 0.5 n", 1}, {"n^1.25", 1.25},
                  {"n^2", 2}};

    for (size_t i = 0; i < sizeof truths / sizeof *truths; i++) {
        struct pa_growth_class growth = classify_named(truths[i].name);
        is_near(growth.exponent.value, truths[i].exponent);
        is_near(growth.exponent.low, truths[i].exponent);
        is_near(growth.exponent.high, truths[i].exponent);
    }
}

static void a_bend_is_found_where_no_point_lies(void **state)
{
    (void)state;
    struct pa_growth_class growth = classify(growth_bent_at_90);

    assert_int_equal(growth.class, PA_CLASS_BENT);
    is_near(growth.bend.value, 90);
    is_near(growth.bend_factor, 1.7);
    growth = classify(growth_bent_off_grid);
    is_near(growth.bend.value, 40);
    is_near(growth.bend_factor, 52.0 / 45.75);
}

static void what_is_excluded_has_its_evidence(void **state)
{
    (void)state;
    struct pa_growth_class growth = classify_named("n");

    assert_int_equal(growth.best, PA_FORM_LINE);
    assert_int_equal(growth.left, 1U << PA_FORM_LINE);
    for (int form = 0; form < PA_PURE_FORMS; form++) {
        assert_int_equal(growth.evidence[form].is_excluded,
                         form != PA_FORM_LINE);
        assert_true(form == PA_FORM_LINE || growth.evidence[form].bic > 6);
        assert_true(form == PA_FORM_LINE || growth.evidence[form].rms > 0.05);
    }
    assert_true(growth.bent_bic > 0);
}

/* A clock that differs from one invocation to the next changes both ends. */
static void change_is_paired_within_invocations(void **state)
{
    (void)state;
    const struct growth_design drifting = {512, 1, 6, 0, 0, 0.1, 0};
    gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
    struct growth_data data;
    struct pa_growth_class growth;

    growth_measure(&data, growth_truth_of("n")->cost, &drifting, random);
    gsl_rng_free(random);
    pa_growth_classify(&growth, &data.curve);
    is_near(growth.ratio.value, 25750.0 / 200);
    is_near(growth.ratio.high - growth.ratio.low, 0);
    assert_true(growth.change.high - growth.change.low > 100);
}

static double constant_count(double n)
{
    (void)n;
    return 900;
}

static double rising_count(double n)
{
    return 900 + floor(n / 100);
}

static double line_count(double n)
{
    return 400 + 13 * n;
}

static double small_line_count(double n)
{
    return 90000 + n;
}

static struct pa_growth_class classify_counts(double (*cost)(double n))
{
    const struct growth_design once = {512, 1, 1, 0, 0, 0, 0};
    struct growth_data data;
    struct pa_growth_class growth;

    growth_measure(&data, cost, &once, NULL);
    for (size_t i = 0; i < data.curve.n_points; i++)
        data.estimates[i] = data.costs[i]; /* not by way of logarithms */
    data.curve.is_exact = 1;
    pa_growth_classify(&growth, &data.curve);
    return growth;
}

static void counts_are_judged_without_a_margin(void **state)
{
    (void)state;
    assert_int_equal(classify_counts(constant_count).class, PA_CLASS_CONSTANT);
    assert_int_not_equal(classify_counts(rising_count).class,
                         PA_CLASS_CONSTANT);
    assert_int_equal(classify_counts(line_count).class, PA_CLASS_LINE);
    assert_int_equal(classify_counts(small_line_count).class, PA_CLASS_LINE);
    is_near(classify_counts(small_line_count).exponent.value, 1);
}

static void known_steps_are_no_growth(void **state)
{
    (void)state;
    struct growth_data data;
    struct pa_growth_class growth;
    double step[GROWTH_POINTS_MAX];

    growth_measure(&data, growth_truth_of("step at 31, not known")->cost,
                   &exact, NULL);
    for (size_t i = 0; i < data.curve.n_points; i++)
        step[i] = data.x[i] >= 31;
    data.curve.n_columns = 1;
    data.curve.columns = step;
    pa_growth_classify(&growth, &data.curve);
    /* The ends differ, and that is what a reader sees. */
    assert_int_equal(growth.class, PA_CLASS_UNKNOWN);
    for (size_t i = 0; i < data.curve.n_points; i++)
        data.estimates[i] += 50 * data.x[i];
    for (size_t i = 0; i < data.curve.n_points * 6; i++)
        data.costs[i] += 50 * data.x[i / 6];
    pa_growth_classify(&growth, &data.curve);
    assert_int_equal(growth.class, PA_CLASS_LINE);
    is_near(growth.exponent.value, 1);
}

static void noisy_costs_are_rarely_classed_wrongly(void **state)
{
    (void)state;
    static const char *const pure[] = {"flat", "log, x11",      "log, 287 + 20",
                                       "n",    "16,000 + 40 n", "sqrt n",
                                       "n^2",  "n log n"};

    for (const struct growth_truth *truth = growth_truths; truth->name; truth++)
        if (growth_rates_of(truth, &quick, 100).wrong > 1)
            fail_msg("%s is classed wrongly", truth->name);
    for (size_t i = 0; i < sizeof pure / sizeof *pure; i++)
        if (growth_rates_of(growth_truth_of(pure[i]), &quick, 100).right < 95)
            fail_msg("%s is not told", pure[i]);
}

/* Costs that are missing, too few points, too near each other, one invocation:
 * no class, and no crash. */
static void too_little_tells_nothing(void **state)
{
    (void)state;
    struct growth_data data;
    struct pa_growth_class growth;

    growth_measure(&data, growth_truth_of("n")->cost, &exact, NULL);
    for (size_t n = 0; n < 8; n++) {
        data.curve.n_points = n;
        pa_growth_classify(&growth, &data.curve);
        assert_int_equal(growth.class, PA_CLASS_UNKNOWN);
        assert_int_equal(growth.left, (1U << PA_PURE_FORMS) - 1);
    }
    data.curve.n_points = 10;
    for (size_t i = 0; i < 60; i++)
        data.costs[i] = i % 6 ? NAN : data.costs[i];
    pa_growth_classify(&growth, &data.curve);
    assert_int_equal(growth.class, PA_CLASS_UNKNOWN);
    growth_measure(&data, growth_truth_of("n")->cost, &exact, NULL);
    for (size_t i = 0; i < 10; i++)
        data.x[i] = 100 + (double)i;
    pa_growth_classify(&growth, &data.curve);
    assert_int_equal(growth.class, PA_CLASS_UNKNOWN);
}

static void some_missing_costs_do_no_harm(void **state)
{
    (void)state;
    struct growth_data data;
    struct pa_growth_class growth;

    growth_measure(&data, growth_truth_of("n")->cost, &exact, NULL);
    for (size_t i = 0; i < 60; i++)
        if (i % 7 == 3 || i % 6 == 5)
            data.costs[i] = NAN;
    pa_growth_classify(&growth, &data.curve);
    assert_int_equal(growth.class, PA_CLASS_LINE);
    is_near(growth.exponent.high, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exact_costs_get_the_right_class),
        cmocka_unit_test(exact_costs_have_exact_exponents),
        cmocka_unit_test(a_bend_is_found_where_no_point_lies),
        cmocka_unit_test(what_is_excluded_has_its_evidence),
        cmocka_unit_test(change_is_paired_within_invocations),
        cmocka_unit_test(counts_are_judged_without_a_margin),
        cmocka_unit_test(known_steps_are_no_growth),
        cmocka_unit_test(noisy_costs_are_rarely_classed_wrongly),
        cmocka_unit_test(too_little_tells_nothing),
        cmocka_unit_test(some_missing_costs_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
