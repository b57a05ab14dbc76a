/* SPDX-License-Identifier: MIT */
/* The plan: each point once, one set for what is timed on one object. What
 * scenes and operations are is this test's own: the plan does not know. */
#include "unit.h"

#include "plan.h"

#include <stdlib.h>
#include <string.h>

struct pb_scene {
    struct pb_factors got;
};

struct pb_operation {
    int id;
};

struct pb_staging {
    int id;
};

static const char *const two[] = {"poll", "epoll", NULL};
static const char *const one[] = {"epoll", NULL};
static const struct pb_operation all = {0}, wait_only = {1}, reference = {2};
static const struct pb_staging shared = {0}, own = {1};
static int n_scenes; /* that are not freed */

static void free_scene(struct pb_scene *scene)
{
    n_scenes--;
    free(scene);
}

static int setup(void **state)
{
    static struct pb_plan plan;
    pb_plan_init(&plan, free_scene);
    *state = &plan;
    return 0;
}

static int teardown(void **state)
{
    pb_plan_free(*state);
    return n_scenes != 0;
}

static int point(struct pb_plan *plan, const struct pb_staging *staging, int m,
                 int n)
{
    struct pb_scene *scene = calloc(1, sizeof *scene);
    assert_non_null(scene);
    n_scenes++;
    scene->got = (struct pb_factors){.highest_fd = m, .fd_count = n};
    return pb_plan_point(
        plan, &(struct pb_point){&scene->got, staging, scene, 12345});
}

static void add(struct pb_plan *plan, const char *sweep, int at,
                const char *const *backends,
                const struct pb_operation *operation)
{
    for (; *backends; backends++) {
        const struct pb_series series = {.sweep = sweep,
                                         .backend = *backends,
                                         .operation = operation,
                                         .point = at};
        assert_int_equal(pb_plan_add(plan, &series, true), 0);
    }
}

static void a_point_is_a_series_for_each_backend(void **state)
{
    struct pb_plan *plan = *state;
    add(plan, "grid", point(plan, &shared, 1023, 16), two, &all);
    assert_int_equal(plan->n_series, 2);
    assert_int_equal(plan->n_points, 1);
    assert_string_equal(plan->series[0].backend, "poll");
    assert_string_equal(plan->series[1].backend, "epoll");
    assert_int_equal(plan->series[0].point, plan->series[1].point);
    assert_int_equal(plan->points[0].got->fd_count, 16);
    assert_int_equal(plan->points[0].last_series, 1);
    assert_int_equal(plan->series[1].previous, 0);
    assert_int_equal(plan->series[0].previous, -1);
}

static void a_point_asked_for_twice_is_there_once(void **state)
{
    struct pb_plan *plan = *state;
    for (int i = 0; i < 3; i++)
        add(plan, "grid", point(plan, &shared, 1023, 16), two, &all);
    assert_int_equal(plan->n_series, 2);
    assert_int_equal(plan->n_points, 1);
    assert_int_equal(n_scenes, 1);
}

static void the_same_factors_staged_otherwise_are_another_point(void **state)
{
    struct pb_plan *plan = *state;
    int first = point(plan, &shared, 1023, 16);
    assert_int_not_equal(point(plan, &own, 1023, 16), first);
    assert_int_equal(point(plan, &shared, 1023, 16), first);
    assert_int_equal(plan->n_points, 2);
}

static void other_sweeps_and_operations_are_other_series(void **state)
{
    struct pb_plan *plan = *state;
    int at = point(plan, &shared, 1023, 16);
    add(plan, "grid", at, one, &all);
    add(plan, "stages", at, one, &all);
    add(plan, "stages", at, one, &wait_only);
    assert_int_equal(plan->n_series, 3);
}

static void what_is_alike_shares_a_set(void **state)
{
    struct pb_plan *plan = *state;
    int at = point(plan, &shared, 1023, 16);
    add(plan, "stages", at, two, &all);
    add(plan, "stages", at, two, &wait_only);
    add(plan, "grid", at, two, &all);
    assert_int_equal(plan->n_series, 6);
    assert_int_equal(plan->n_sets, 2);
    for (int i = 0; i < 6; i++)
        assert_int_equal(plan->series[i].set, i % 2);
    add(plan, "grid", point(plan, &shared, 1023, 17), two, &all);
    assert_int_equal(plan->n_sets, 4);
}

static void a_series_that_wants_no_set_has_none(void **state)
{
    struct pb_plan *plan = *state;
    struct pb_series series = {.sweep = "raw",
                               .backend = "epoll",
                               .operation = &all,
                               .point = point(plan, &shared, 1023, 16)};
    assert_int_equal(pb_plan_add(plan, &series, false), 0);
    assert_int_equal(plan->series[0].set, -1);
    assert_int_equal(plan->n_sets, 0);
}

static void references_have_no_fds(void **state)
{
    struct pb_plan *plan = *state;
    for (int i = 0; i < 2; i++)
        assert_int_equal(
            pb_plan_add_reference(plan, "reference", "ref1", &reference), 0);
    add(plan, "grid", point(plan, &shared, 1023, 16), one, &all);
    assert_int_equal(plan->series[0].point, -1);
    assert_int_equal(plan->series[0].set, -1);
    assert_int_equal(plan->series[2].point, 0);
}

/* Twice over, so that each is also looked for among all the others. */
static void thousands_of_points_stay_what_they_are(void **state)
{
    struct pb_plan *plan = *state;
    enum { N = 16 * 200 };
    for (int i = 0; i < 2 * N; i++) {
        int at = point(plan, &shared, i / 200 % 16, i % 200);
        assert_int_equal(at, i % N);
        add(plan, "grid", at, two, &all);
    }
    assert_int_equal(plan->n_series, 2 * N);
    for (int i = 0; i < plan->n_series; i++) {
        const struct pb_factors *got = plan->points[plan->series[i].point].got;
        assert_int_equal(got->highest_fd * 200 + got->fd_count, i / 2);
    }
}

#define PLAN_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLAN_TEST(a_point_is_a_series_for_each_backend),
        PLAN_TEST(a_point_asked_for_twice_is_there_once),
        PLAN_TEST(the_same_factors_staged_otherwise_are_another_point),
        PLAN_TEST(other_sweeps_and_operations_are_other_series),
        PLAN_TEST(what_is_alike_shares_a_set),
        PLAN_TEST(a_series_that_wants_no_set_has_none),
        PLAN_TEST(references_have_no_fds),
        PLAN_TEST(thousands_of_points_stay_what_they_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
