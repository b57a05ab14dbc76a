/* SPDX-License-Identifier: MIT */
/* The lists of values: made, and read from a user's text. */
#include "unit.h"

#include "ladder.h"

#include <errno.h>
#include <string.h>

enum { LOW = 1, HIGH = 1000 };

/* text gives these values; the list ends with -1. */
static void gives(const char *text, const int *values)
{
    char problem[PB_LADDER_PROBLEM] = "";
    struct pb_ladder ladder = {0};
    assert_int_equal(pb_ladder_parse(&ladder, text, LOW, HIGH, problem), 0);
    for (int i = 0; i < ladder.n; i++)
        assert_int_equal(ladder.values[i], values[i]);
    assert_int_equal(values[ladder.n], -1);
    pb_ladder_free(&ladder);
    assert_null(ladder.values);
}

#define GIVES(text, ...) gives(text, (const int[]){__VA_ARGS__, -1})

/* text is refused, in words that have the part in them. */
static void is_refused(const char *text, const char *part)
{
    char problem[PB_LADDER_PROBLEM] = "";
    struct pb_ladder ladder = {0};
    assert_int_equal(pb_ladder_parse(&ladder, text, LOW, HIGH, problem),
                     -EINVAL);
    if (!strstr(problem, part))
        fail_msg("'%s': the problem is told as '%s'", text, problem);
    pb_ladder_free(&ladder);
}

static void values_and_ranges_are_read(void **state)
{
    (void)state;
    GIVES("8", 8);
    GIVES("8,3,5", 3, 5, 8);
    GIVES("8:64", 8, 16, 32, 64);
    GIVES("8:70", 8, 16, 32, 64, 70);
    GIVES("64:640:192", 64, 256, 448, 640);
    GIVES("64:600:192", 64, 256, 448);
    GIVES("1:512:*8", 1, 8, 64, 512);
    GIVES("1:100:*10,5", 1, 5, 10, 100);
    GIVES("7:7", 7);
    GIVES("7:7:3", 7);
    GIVES("7:8:1000", 7);
    GIVES("max", HIGH);
    GIVES("600:max:200", 600, 800, HIGH);
    GIVES("1,1000", 1, 1000);
}

static void values_are_ascending_and_there_once(void **state)
{
    (void)state;
    GIVES("4,4,2,4", 2, 4);
    GIVES("1:8,2:16", 1, 2, 4, 8, 16);
}

static void what_is_no_range_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",        ",",       "8,",     ",8",       "8,,9",   "x",
        "8x",      "-8",      "+8",     " 8",       "8 ",     "0x8",
        "8:",      ":8",      "8::2",   "8:16:",    "8:16:0", "8:16:*1",
        "8:16:*0", "8:16:-2", "8:16:*", "8:16:2:2", "1.5",    "1e3",
        "maximum", "8;9",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        is_refused(texts[i], "is not a list of");
}

static void a_reversed_range_is_refused(void **state)
{
    (void)state;
    is_refused("16:8", "16:8 is empty");
    is_refused("max:8", "is empty");
    is_refused("1:2,9:3:1", "9:3 is empty");
}

static void what_is_outside_is_refused(void **state)
{
    (void)state;
    is_refused("0", "outside what is possible here, 1 to 1000");
    is_refused("1001", "outside");
    is_refused("900:1001", "outside");
    is_refused("1:2,4000000000", "outside");
    is_refused("99999999999999999999", "is not a list of");
    is_refused("1:99999999999999999999", "is not a list of");
}

static void steps_beyond_all_bounds_are_one_step(void **state)
{
    (void)state;
    GIVES("5:9:9223372036854775807", 5);
    GIVES("5:9:*9223372036854775807", 5, 9);
}

static void ranges_up_to_the_largest_number_end(void **state)
{
    (void)state;
    char problem[PB_LADDER_PROBLEM];
    struct pb_ladder ladder = {0};
    assert_int_equal(pb_ladder_parse(&ladder, "0:max,2147483646:max:1", 0,
                                     INT32_MAX, problem),
                     0);
    assert_int_equal(ladder.values[0], 0);
    assert_int_equal(ladder.values[1], 1);
    assert_int_equal(ladder.values[ladder.n - 1], INT32_MAX);
    assert_int_equal(ladder.values[ladder.n - 2], INT32_MAX - 1);
    pb_ladder_free(&ladder);
}

static void rungs_are_the_same_between_any_bounds(void **state)
{
    (void)state;
    static const int expected[] = {2, 3, 4, 6, 8, 12, 16};
    struct pb_ladder ladder = {0};
    pb_ladder_add_rungs(&ladder, 2, 20, 2);
    pb_ladder_sort(&ladder);
    assert_int_equal(ladder.n, 7);
    assert_memory_equal(ladder.values, expected, sizeof expected);
    pb_ladder_free(&ladder);
}

static void values_outside_are_left_out(void **state)
{
    (void)state;
    struct pb_ladder ladder = {0};
    pb_ladder_add(&ladder, 4, 5, 10);
    pb_ladder_add(&ladder, 11, 5, 10);
    pb_ladder_add_rungs(&ladder, 10, 5, 1);
    pb_ladder_sort(&ladder);
    assert_int_equal(ladder.n, 0);
    assert_int_equal(ladder.error, 0);
    pb_ladder_free(&ladder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_and_ranges_are_read),
        cmocka_unit_test(values_are_ascending_and_there_once),
        cmocka_unit_test(what_is_no_range_is_refused),
        cmocka_unit_test(a_reversed_range_is_refused),
        cmocka_unit_test(what_is_outside_is_refused),
        cmocka_unit_test(steps_beyond_all_bounds_are_one_step),
        cmocka_unit_test(ranges_up_to_the_largest_number_end),
        cmocka_unit_test(rungs_are_the_same_between_any_bounds),
        cmocka_unit_test(values_outside_are_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
