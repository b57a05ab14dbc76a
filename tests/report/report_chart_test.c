/* SPDX-License-Identifier: MIT */
/* A panel shows every row it was given, where it belongs. */
#include "unit.h"

#include "report_chart.h"
#include "report_doc.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct pa_backend_list backends; /* the library's */

static int setup(void **state)
{
    struct pa_problem problem = {0};

    (void)state;
    return pa_backend_list_read(&backends, "/nonexistent", &problem);
}

static int teardown(void **state)
{
    (void)state;
    pa_backend_list_free(&backends);
    return 0;
}

static void add(struct pa_chart *chart, const char *series, double x, double y)
{
    struct pa_mark mark = {.x = x,
                           .y = y,
                           .low = 0.9 * y,
                           .high = 1.1 * y,
                           .text = pa_format("%s <%g>", series, y)};
    pa_chart_add(chart, series, mark);
}

static char *draw(struct pa_chart *chart)
{
    pa_chart_fit(chart);
    char *svg = pa_chart_svg(chart);
    pa_chart_free(chart);
    return svg;
}

static int count(const char *text, const char *wanted)
{
    int n = 0;

    for (; (text = strstr(text, wanted)); text++)
        n++;
    return n;
}

static struct pa_chart empty_chart(int is_log)
{
    return (struct pa_chart){.finding = "f",
                             .backends = &backends,
                             .x_label = "x",
                             .x = {.kind = PA_AXIS_COUNT, .is_log = is_log},
                             .y = {.kind = PA_AXIS_NS, .is_log = is_log}};
}

static void every_row_is_a_mark_with_its_text(void **state)
{
    struct pa_chart chart = empty_chart(1);

    (void)state;
    for (int i = 1; i <= 100; i++) {
        add(&chart, "poll", i, 50.0 * i);
        add(&chart, "<new>", i, 250);
    }
    char *svg = draw(&chart);
    assert_int_equal(count(svg, "class=\"mark\""), 200);
    assert_int_equal(count(svg, "class=\"line\""), 2);
    assert_non_null(strstr(svg, "<title>poll &lt;50&gt;</title>"));
    assert_non_null(strstr(svg, "<title>poll &lt;5000&gt;</title>"));
    assert_non_null(strstr(svg, ">&lt;new&gt;</text>"));
    assert_null(strstr(svg, "nan"));
    free(svg);
}

static void logarithmic_places_are_equal_steps(void **state)
{
    struct pa_chart chart = empty_chart(1);
    double x[3], y[3];

    (void)state;
    add(&chart, "poll", 10, 100);
    add(&chart, "poll", 100, 1000);
    add(&chart, "poll", 1000, 10000);
    char *svg = draw(&chart);
    const char *line = strstr(svg, "class=\"line\" d=\"");
    assert_non_null(line);
    assert_int_equal(sscanf(line, "class=\"line\" d=\"M%lf %lfL%lf %lfL%lf %lf",
                            &x[0], &y[0], &x[1], &y[1], &x[2], &y[2]),
                     6);
    assert_true(x[0] < x[1] && y[0] > y[1]);
    assert_true(fabs((x[1] - x[0]) - (x[2] - x[1])) < 0.2);
    assert_true(fabs((y[1] - y[0]) - (y[2] - y[1])) < 0.2);
    free(svg);
}

static void one_point_or_none_is_still_a_panel(void **state)
{
    (void)state;
    for (int is_log = 0; is_log < 2; is_log++) {
        struct pa_chart none = empty_chart(is_log), one = empty_chart(is_log);
        char *svg = draw(&none);
        assert_int_equal(count(svg, "class=\"mark\""), 0);
        assert_null(strstr(svg, "nan"));
        free(svg);
        add(&one, "epoll", 1, 1e-3);
        svg = draw(&one);
        assert_int_equal(count(svg, "class=\"mark\""), 1);
        assert_null(strstr(svg, "nan"));
        free(svg);
    }
}

static void absurd_values_stay_finite(void **state)
{
    static const double values[] = {1e308, 1e-320, 1};

    (void)state;
    for (int is_log = 0; is_log < 2; is_log++) {
        struct pa_chart chart = empty_chart(is_log);
        for (int i = 0; i < 3; i++)
            add(&chart, "poll", i + 1, values[i]);
        char *svg = draw(&chart);
        assert_null(strstr(svg, "nan"));
        assert_null(strstr(svg, "inf"));
        free(svg);
    }
}

static void missing_intervals_draw_no_bar(void **state)
{
    struct pa_chart chart = empty_chart(1);
    struct pa_mark mark = {
        .x = 1, .y = 1, .low = NAN, .high = NAN, .text = pa_format("x")};

    (void)state;
    pa_chart_add(&chart, "poll", mark);
    char *svg = draw(&chart);
    assert_int_equal(count(svg, "class=\"bar\""), 0);
    assert_null(strstr(svg, "nan"));
    free(svg);
}

static void more_series_than_fit_are_left_out(void **state)
{
    struct pa_chart chart = empty_chart(1);

    (void)state;
    for (int i = 0; i < 2 * PA_CHART_SERIES_MAX; i++) {
        static char names[2 * PA_CHART_SERIES_MAX][8];
        snprintf(names[i], sizeof names[i], "s%d", i);
        add(&chart, names[i], 1, 1);
    }
    char *svg = draw(&chart);
    assert_int_equal(count(svg, "class=\"line\""), PA_CHART_SERIES_MAX);
    free(svg);
}

/* A long list, as a run's file may hold one: nothing is out of range. */
static void style_is_the_place_and_strangers_have_what_is_left(void **state)
{
    struct pa_backend many[2 * PA_BACKEND_STYLES];
    struct pa_backend_list list = {.backends = many};

    (void)state;
    for (unsigned n = 0; n < 2 * PA_BACKEND_STYLES; n++) {
        static char names[2 * PA_BACKEND_STYLES][8];
        unsigned style = pa_backend_style(&list, "a stranger");
        assert_in_range(style, n < PA_BACKEND_STYLES ? n : 0,
                        PA_BACKEND_STYLES - 1);
        snprintf(names[n], sizeof names[n], "s%u", n);
        many[list.n++] = (struct pa_backend){.name = names[n]};
        style = pa_backend_style(&list, names[n]);
        assert_int_equal(style, n % PA_BACKEND_STYLES);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_a_mark_with_its_text),
        cmocka_unit_test(logarithmic_places_are_equal_steps),
        cmocka_unit_test(one_point_or_none_is_still_a_panel),
        cmocka_unit_test(absurd_values_stay_finite),
        cmocka_unit_test(missing_intervals_draw_no_bar),
        cmocka_unit_test(more_series_than_fit_are_left_out),
        cmocka_unit_test(style_is_the_place_and_strangers_have_what_is_left),
    };
    setlocale(LC_CTYPE, "C.UTF-8");
    return cmocka_run_group_tests(tests, setup, teardown);
}
