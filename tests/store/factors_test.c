/* SPDX-License-Identifier: MIT */
/* What is made of the list of factors treats each of them alike. */
#include "unit.h"

#include "factors.h"
#include "row.h"

#include <stdlib.h>
#include <string.h>

static const struct pb_factors base = {
    .sweep = "grid",
    .backend = "poll",
    .stage = "all",
    .layout = "packed",
    .highest_fd = 511,
    .fd_count = 64,
    .ready_count = 1,
    .occupied_words = 2,
    .fd_kind = "socketpair",
    .tables = 1,
    .cache = "warm",
    .ready_place = "spread",
    .server = "none",
    .writer = "none",
    .change = "none",
    .metric = "cost",
};

/* base with one factor changed to what sorts after it. */
static struct pb_factors with_more(enum pb_factor factor)
{
    struct pb_factors more = base;

#define CHANGE_PB_TEXT(name)    more.name = "~"
#define CHANGE_PB_INTEGER(name) more.name += 1
#define CHANGE(name, type, unit, fallback, meaning)                            \
    if (factor == PB_FACTOR_##name)                                            \
        CHANGE_##type(name);
    PB_FACTORS(CHANGE)
    return more;
}

static void every_factor_tells_points_apart(void **state)
{
    (void)state;
    assert_int_equal(pb_factors_differ(&base, &base), 0);
    assert_int_equal(pb_factors_order(&base, &base), 0);
    for (enum pb_factor i = 0; i < PB_N_FACTORS; i++) {
        struct pb_factors more = with_more(i);
        assert_int_equal(pb_factors_differ(&base, &more), 1u << i);
        assert_true(pb_factors_order(&base, &more) < 0);
        assert_true(pb_factors_order(&more, &base) > 0);
        assert_true(pb_factors_hash(&base) != pb_factors_hash(&more));
    }
}

static void texts_that_are_equal_but_elsewhere_sort_alike(void **state)
{
    (void)state;
    char elsewhere[] = "grid";
    struct pb_factors same = base;

    same.sweep = elsewhere;
    assert_int_equal(pb_factors_order(&base, &same), 0);
}

PB_ROW(sample, PB_SAMPLES)

/* The columns of the header are the fields of the row, in the same order. */
static void a_row_has_a_field_for_each_column(void **state)
{
    (void)state;
    struct pb_csv csv;
    struct pb_sample_row row = pb_sample_none();

    pb_csv_init(&csv, -1);
    PB_FACTORS_TO_ROW(&row, &base);
    row.status = "ok";
    PB_CSV_HEADER(&csv, PB_SAMPLES);
    pb_sample_put(&csv, &row);
    char *text = strndup(csv.rows, csv.n_bytes);
    assert_non_null(text);
    char *end = strchr(text, '\n') + 1;
    assert_string_equal(
        end, "grid,poll,all,packed,511,64,1,2,socketpair,1,0,0,0,0,none,warm,"
             "0,spread,none,none,0,0,cost,"
             ",,,,,,,,,,,ok\n");
    free(text);
    pb_csv_free(&csv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_factor_tells_points_apart),
        cmocka_unit_test(texts_that_are_equal_but_elsewhere_sort_alike),
        cmocka_unit_test(a_row_has_a_field_for_each_column),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
