/* SPDX-License-Identifier: MIT */
/* The plan: each point once, one set for what is timed on one object. */
#include "unit.h"

#include "operation.h"
#include "plan.h"

#include <string.h>

static const struct pb_farm farm = {8, 1023, pb_fd_kinds};
static const char *const two[] = {"poll", "epoll", NULL};
static const char *const one[] = {"epoll", NULL};

static int setup(void **state)
{
    static struct pb_plan plan;
    pb_plan_init(&plan, &farm, 1);
    *state = &plan;
    return 0;
}

static int teardown(void **state)
{
    pb_plan_free(*state);
    return 0;
}

static struct pb_factors factors(int m, int n, int r)
{
    return (struct pb_factors){
        .highest_fd = m, .fd_count = n, .ready_count = r};
}

static void add(struct pb_plan *plan, const char *sweep,
                struct pb_factors wanted, const char *const *backends,
                const struct pb_operation *operation)
{
    assert_int_equal(pb_plan_add(plan, sweep, &wanted, backends, operation), 0);
}

static void a_point_is_a_series_for_each_backend(void **state)
{
    struct pb_plan *plan = *state;
    add(plan, "grid", factors(1023, 16, 1), two, &pb_operation_all);
    assert_int_equal(plan->n_series, 2);
    assert_int_equal(plan->n_watches, 1);
    assert_string_equal(plan->series[0].backend, "poll");
    assert_string_equal(plan->series[1].backend, "epoll");
    assert_int_equal(plan->series[0].watch, plan->series[1].watch);
    assert_int_equal(plan->watches[0].got.fd_count, 16);
    assert_int_equal(plan->watches[0].fds[15], 1023);
}

static void a_point_asked_for_twice_is_there_once(void **state)
{
    struct pb_plan *plan = *state;
    for (int i = 0; i < 3; i++)
        add(plan, "grid", factors(1023, 16, 1), two, &pb_operation_all);
    assert_int_equal(plan->n_series, 2);
    assert_int_equal(plan->n_watches, 1);
}

/* M is lowered to the next idle fd: 1016 and 1017 are ready. */
static void points_that_come_out_alike_are_there_once(void **state)
{
    struct pb_plan *plan = *state;
    for (int m = 1015; m <= 1017; m++)
        add(plan, "grid", factors(m, 16, 1), two, &pb_operation_all);
    assert_int_equal(plan->n_series, 2);
    assert_int_equal(plan->watches[plan->series[1].watch].got.highest_fd, 1015);
}

static void other_sweeps_and_operations_are_other_series(void **state)
{
    struct pb_plan *plan = *state;
    add(plan, "grid", factors(1023, 16, 1), one, &pb_operation_all);
    add(plan, "stages", factors(1023, 16, 1), one, &pb_operation_all);
    add(plan, "stages", factors(1023, 16, 1), one, &pb_operation_wait);
    assert_int_equal(plan->n_series, 3);
    assert_int_equal(plan->n_watches, 1);
}

static void what_is_alike_shares_a_set(void **state)
{
    struct pb_plan *plan = *state;
    add(plan, "stages", factors(1023, 16, 1), two, &pb_operation_prepare);
    add(plan, "stages", factors(1023, 16, 1), two, &pb_operation_wait);
    add(plan, "grid", factors(1023, 16, 1), two, &pb_operation_all);
    assert_int_equal(plan->n_series, 6);
    assert_int_equal(plan->n_sets, 2);
    for (int i = 0; i < 6; i++)
        assert_int_equal(plan->series[i].set, i % 2);
    add(plan, "grid", factors(1023, 16, 2), two, &pb_operation_all);
    assert_int_equal(plan->n_sets, 4);
}

static void sets_and_bare_calls_of_epoll_are_counted(void **state)
{
    struct pb_plan *plan = *state;
    add(plan, "raw", factors(1023, 16, 1), two, &pb_operation_all);
    assert_int_equal(plan->n_epoll_fds, 1);
    add(plan, "raw", factors(1023, 16, 1), two, &pb_operation_raw);
    assert_int_equal(plan->n_epoll_fds, 2);
    assert_int_equal(plan->series[3].set, -1);
    add(plan, "stages", factors(1023, 16, 1), two, &pb_operation_wait);
    assert_int_equal(plan->n_epoll_fds, 2);
}

static void a_point_without_room_is_counted_and_left_out(void **state)
{
    struct pb_plan *plan = *state;
    static const struct {
        int m, n, r;
    } impossible[] = {{1024, 1, 0},  {7, 1, 0},         {1023, 0, 0},
                      {1023, 4, 5},  {1023, 763, 0},    {1023, 300, 255},
                      {1023, -1, 0}, {1023, 1 << 30, 0}};
    for (int i = 0; i < 8; i++) {
        add(plan, "grid",
            factors(impossible[i].m, impossible[i].n, impossible[i].r), two,
            &pb_operation_all);
        assert_int_equal(plan->n_left_out, i + 1);
    }
    assert_int_equal(plan->n_series, 0);
    assert_int_equal(plan->n_watches, 0);
}

static void references_have_no_fds(void **state)
{
    struct pb_plan *plan = *state;
    assert_int_equal(
        pb_plan_add_reference(plan, "reference", "ref1", &pb_operation_ref1),
        0);
    add(plan, "grid", factors(1023, 16, 1), one, &pb_operation_all);
    assert_int_equal(plan->series[0].watch, -1);
    assert_int_equal(plan->series[0].set, -1);
    assert_int_equal(plan->series[1].watch, 0);
    assert_int_equal(plan->n_epoll_fds, 1);
}

/* Twice over, so that each is also looked for among all the others. */
static void thousands_of_points_stay_what_they_are(void **state)
{
    struct pb_plan *plan = *state;
    int n = 0;
    for (int i = 0; i < 2 * 16 * 200; i++) {
        int m = i / 200 % 16 * 64 + 63, fds = i % 200 + 1;
        int left_out = plan->n_left_out, before = plan->n_series;
        add(plan, "grid", factors(m, fds, 1), two, &pb_operation_all);
        if (i >= 16 * 200)
            assert_int_equal(plan->n_series, before);
        else
            n += plan->n_left_out == left_out;
    }
    assert_int_equal(plan->n_series, 2 * n);
    assert_int_equal(plan->n_watches, n);
    for (int i = 0; i < plan->n_series; i++) {
        const struct pb_watch *watch = &plan->watches[plan->series[i].watch];
        assert_int_equal(watch->fds[watch->got.fd_count - 1],
                         watch->got.highest_fd);
    }
}

#define PLAN_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLAN_TEST(a_point_is_a_series_for_each_backend),
        PLAN_TEST(a_point_asked_for_twice_is_there_once),
        PLAN_TEST(points_that_come_out_alike_are_there_once),
        PLAN_TEST(other_sweeps_and_operations_are_other_series),
        PLAN_TEST(what_is_alike_shares_a_set),
        PLAN_TEST(sets_and_bare_calls_of_epoll_are_counted),
        PLAN_TEST(a_point_without_room_is_counted_and_left_out),
        PLAN_TEST(references_have_no_fds),
        PLAN_TEST(thousands_of_points_stay_what_they_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
