/* SPDX-License-Identifier: MIT */
/* Numbers as people read them. */
#include "unit.h"

#include "show.h"
#include "table.h"

#include <math.h>
#include <string.h>

static void times_have_three_digits_and_a_fitting_unit(void **state)
{
    (void)state;
    assert_string_equal(pa_show_cost(1.234, "ns").text, "1.23 ns");
    assert_string_equal(pa_show_cost(288.4, "ns").text, "288 ns");
    assert_string_equal(pa_show_cost(999.4, "ns").text, "999 ns");
    assert_string_equal(pa_show_cost(999.6, "ns").text, "1.00 \xC2\xB5s");
    assert_string_equal(pa_show_cost(54321, "ns").text, "54.3 \xC2\xB5s");
    assert_string_equal(pa_show_cost(1.91e6, "ns").text, "1.91 ms");
    assert_string_equal(pa_show_cost(-0.562, "ns").text, "-0.562 ns");
    assert_string_equal(pa_show_cost(0, "ns").text, "0 ns");
}

static void intervals_are_in_the_unit_of_their_value(void **state)
{
    (void)state;
    assert_string_equal(pa_show_cost_interval(1044, 998, 1090, "ns").text,
                        "1.04 [0.998, 1.09] \xC2\xB5s");
    assert_string_equal(pa_show_cost_interval(288, NAN, NAN, "ns").text,
                        "288 ns");
    assert_string_equal(pa_show_interval(0.0168, 0.0165, 0.0171, "ns").text,
                        "0.0168 [0.0165, 0.0171] ns");
}

static void nothing_is_shown_as_a_dash(void **state)
{
    (void)state;
    assert_string_equal(pa_show_cost(NAN, "ns").text, "\xE2\x80\x93");
    assert_string_equal(pa_show_number(NAN).text, "\xE2\x80\x93");
}

static void extreme_numbers_fit(void **state)
{
    (void)state;
    assert_string_equal(pa_show_number(1e300).text, "1.00e+300");
    assert_string_equal(pa_show_number(-1e-300).text, "-1.00e-300");
    assert_string_equal(
        pa_show_interval(-1e300, -1e300, 1e300, "ns per call").text,
        "-1.00e+300 [-1.00e+300, 1.00e+300] ns per call");
}

static void places_are_said_as_people_say_them(void **state)
{
    (void)state;
    assert_string_equal(pa_show_place("fd_count", 3.08, 3.05, 3.11).text,
                        "3.08 [3.05, 3.11] fds watched");
    assert_string_equal(pa_show_place("highest_fd", 320, NAN, NAN).text,
                        "highest fd 320");
    assert_string_equal(pa_show_place("ready_share", 0.543, 0.5, 0.6).text,
                        "54.3 [50, 60] % of the fds ready");
    assert_string_equal(pa_show_range("ready_share", 0.015625, 1).text,
                        "1.56 to 100 % of the fds ready");
    assert_string_equal(pa_show_range("highest_fd", 8, 19705).text,
                        "highest fd 8 to 19705");
    assert_string_equal(pa_show_range("unheard_of", 1, 2).text, "1 to 2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_have_three_digits_and_a_fitting_unit),
        cmocka_unit_test(intervals_are_in_the_unit_of_their_value),
        cmocka_unit_test(nothing_is_shown_as_a_dash),
        cmocka_unit_test(extreme_numbers_fit),
        cmocka_unit_test(places_are_said_as_people_say_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
