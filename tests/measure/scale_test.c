/* SPDX-License-Identifier: MIT */
/* One point of the growth measurement: every stage is there, every answer was
 * right, and what fails is a row with its reason. */
#include "unit.h"

#include "farm.h"
#include "limit.h"
#include "scale.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static const char *const backends[] = {"select-textbook", "select", "poll",
                                       "epoll", NULL};
static struct pb_csv samples, memory;

static int setup(void **state)
{
    (void)state;
    closefrom(3);
    pb_csv_init(&samples, -1);
    pb_csv_init(&memory, -1);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    pb_csv_free(&samples);
    pb_csv_free(&memory);
    return 0;
}

static struct pb_scale point(int beyond_limit, int fd_count, int table_fds)
{
    return (struct pb_scale){.beyond_limit = beyond_limit,
                             .backends = backends,
                             .fd_kind = pb_fd_kind_of("eventfd"),
                             .fd_count = fd_count,
                             .table_fds = table_fds,
                             .cpu = -1,
                             .samples = &samples,
                             .memory = &memory};
}

/* Rows that have the text in them. */
static int count_rows(const struct pb_csv *csv, const char *text)
{
    int n = 0;
    const char *row = csv->rows, *end = csv->rows + csv->n_bytes;
    while (row < end) {
        const char *next = memchr(row, '\n', (size_t)(end - row));
        n += memmem(row, (size_t)(next - row), text, strlen(text)) != NULL;
        row = next + 1;
    }
    return n;
}

static void every_kind_grows_in_one_table(void **state)
{
    (void)state;
    struct pb_scale scale = point(0, 600, 1024);
    for (scale.fd_kind = pb_fd_kinds; scale.fd_kind->name; scale.fd_kind++)
        assert_int_equal(pb_scale_measure(&scale), 0);
    int n = (int)(scale.fd_kind - pb_fd_kinds);
    /* Opened and closed; each backend entered, asked and left. */
    assert_int_equal(pb_scale_series(&scale), 2 + 4 * 3);
    assert_int_equal(count_rows(&samples, ""), n * (2 + 4 * 7 + 1));
    assert_int_equal(count_rows(&samples, ",ok"), n * (2 + 4 * 7 + 1));
    assert_int_equal(count_rows(&samples, "scale,"), n * (2 + 4 * 7));
    assert_int_equal(count_rows(&samples, "reference,ref1"), n);
    assert_int_equal(count_rows(&samples, ",600,1,"), n * (2 + 4 * 7));
    assert_int_equal(count_rows(&memory, "register"), n * 4);
    assert_int_equal(count_rows(&memory, "build"), n);
}

static void many_tables_hold_more_than_one_may(void **state)
{
    (void)state;
    struct rlimit before, few;
    struct pb_scale scale = point(1, 600, 64);
    assert_int_equal(pb_scale_room(64), 36);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    few = (struct rlimit){64, before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
    for (scale.fd_kind = pb_fd_kinds; scale.fd_kind->name; scale.fd_kind++)
        assert_int_equal(pb_scale_measure(&scale), 0);
    int n = (int)(scale.fd_kind - pb_fd_kinds);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_int_equal(pb_scale_series(&scale), 7);
    assert_int_equal(count_rows(&samples, ""), n * (4 + 3 * 5 + 1));
    assert_int_equal(count_rows(&samples, ",ok"), n * (4 + 3 * 5 + 1));
    assert_int_equal(count_rows(&samples, ",600,1,"), n * (4 + 3 * 5));
    assert_int_equal(count_rows(&samples, ",eventfd,17,"), 4 + 3 * 5);
    assert_int_equal(count_rows(&samples, "epoll,raw"), n * 5);
    assert_int_equal(count_rows(&samples, "poll,raw"), 2 * n * 5);
    assert_int_equal(count_rows(&memory, ""), n * 2);
}

static void too_low_a_limit_is_a_row(void **state)
{
    (void)state;
    struct rlimit before, few;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    few = (struct rlimit){100, before.rlim_max};
    for (int beyond = 0; beyond < 2; beyond++) {
        struct pb_scale scale = point(beyond, 600, 1024);
        assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
        assert_int_equal(pb_scale_measure(&scale), 0);
        assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
        assert_int_equal(count_rows(&samples, ""), 2 * (beyond + 1));
        assert_int_equal(count_rows(&samples, "Too many open files"),
                         beyond + 1);
    }
    assert_int_equal(count_rows(&memory, ""), 0);
}

static int raise_limit(void **state)
{
    struct pb_limit limit;
    (void)state;
    return pb_limit_raise(20000, &limit) < 0 || limit.usable < 1024;
}

#define SCALE_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCALE_TEST(every_kind_grows_in_one_table),
        SCALE_TEST(many_tables_hold_more_than_one_may),
        SCALE_TEST(too_low_a_limit_is_a_row),
    };
    return cmocka_run_group_tests(tests, raise_limit, NULL);
}
