/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "growth_class.h"

#include <math.h>

static const double counts[] = {10, 30, 100, 300, 1000, 3000, 10000};
#define COUNTS (sizeof counts / sizeof *counts)

static void is_called(double (*cost)(double n), const char *name)
{
    double y[COUNTS];
    for (size_t i = 0; i < COUNTS; i++)
        y[i] = cost(counts[i]);
    assert_string_equal(pa_growth(counts, y, COUNTS), name);
}

static double flat(double n)
{
    return 280 + n * 1e-5;
}

static double linear(double n)
{
    return 126 + 46 * n;
}

static double n_log_n(double n)
{
    return 100 + 5 * n * log2(n);
}

static double quadratic(double n)
{
    return 1000 + n * n;
}

static double bent(double n)
{
    return 126 + 46 * n + 300 * fmax(0, n - 1000);
}

static void every_form_is_known_by_its_figures(void **state)
{
    (void)state;
    is_called(flat, "flat");
    is_called(linear, "linear");
    is_called(n_log_n, "n-log-n");
    is_called(quadratic, "quadratic");
    is_called(bent, "bent");
}

/* The Linux Programming Interface, table 63-9: seconds for 100,000 calls. A
 * least-squares fit of single terms calls these O(N^2) or O(N log N). */
static void table_63_9_is_not_called_what_it_is_not(void **state)
{
    (void)state;
    const double n[] = {10, 100, 1000, 10000};
    const double of_poll[] = {0.61, 2.9, 35, 990};
    const double of_select[] = {0.73, 3.0, 35, 930};
    const double of_epoll[] = {0.41, 0.42, 0.53, 0.66};
    assert_string_equal(pa_growth(n, of_poll, 4), "cannot-tell");
    assert_string_equal(pa_growth(n, of_select, 4), "cannot-tell");
    assert_string_equal(pa_growth(n, of_epoll, 4), "flat");
}

static void too_few_or_too_close_figures_tell_nothing(void **state)
{
    (void)state;
    const double n[] = {10, 100};
    const double close[] = {10, 20, 40, 60};
    const double y[] = {1, 2, 4, 6};
    assert_string_equal(pa_growth(n, y, 2), "cannot-tell");
    assert_string_equal(pa_growth(close, y, 4), "cannot-tell");
    assert_string_equal(pa_growth(n, y, 0), "cannot-tell");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_is_known_by_its_figures),
        cmocka_unit_test(table_63_9_is_not_called_what_it_is_not),
        cmocka_unit_test(too_few_or_too_close_figures_tell_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
