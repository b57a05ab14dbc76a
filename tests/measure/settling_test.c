/* SPDX-License-Identifier: MIT */
/* Invocations that differ as a whole are followed by more than planned. */
#include "unit.h"

#include "case.h"
#include "cpus.h"
#include "rules.h"
#include "run.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void a_cost_is_the_lower_quartile(void **state)
{
    (void)state;
    assert_true(pb_level_cost((double[]){7}, 1) == 7);
    assert_true(pb_level_cost((double[]){9, 3, 5, 7, 1}, 5) == 3);
}

static void a_spread_is_the_standard_deviation(void **state)
{
    (void)state;
    struct pb_levels levels = {0};
    assert_true(pb_levels_spread(&levels) == 0);
    pb_levels_add(&levels, 0.3);
    assert_true(pb_levels_spread(&levels) == 0);
    pb_levels_add(&levels, 0.1);
    pb_levels_add(&levels, 0.2);
    assert_true(fabs(pb_levels_spread(&levels) - 0.1) < 1e-12);
}

/* --- a run of which every other invocation is three times as dear ----------
 */

static int *n_invocations; /* all processes have it */

static int open_next(struct pb_task *task)
{
    (void)task;
    ++*n_invocations;
    return 0;
}

static int run_unlike(struct pb_task *task, uint32_t calls)
{
    (void)task;
    pb_cpus_work(*n_invocations % 2 ? calls : 3 * calls);
    return 0;
}

static const struct pb_operation unlike = {
    .stage = "all", .open = open_next, .timed = {.run = run_unlike}};

static void make_plan(struct pb_plan *plan, int fd_count)
{
    static const char *const backends[] = {"poll", NULL};
    static const char *const kinds[] = {"socketpair", NULL};
    static const struct pb_case plain = {.name = "plain"};
    const struct pb_request request = {.backends = backends,
                                       .fd_kinds = kinds,
                                       .farm = {8, 4095, pb_fd_kinds}};
    struct pb_factors wanted = {
        .highest_fd = 4095, .fd_count = fd_count, .ready_count = 1};
    pb_plan_init(plan, pb_scene_free);
    assert_int_equal(pb_case_add(&plain, plan, &request, &wanted, &unlike), 0);
    assert_int_equal(plan->n_series, 1);
    assert_int_equal(
        pb_plan_add_reference(plan, "reference", "ref1", &pb_operation_ref1),
        0);
}

/* How many of at most 6 invocations are measured where 4 are planned. */
static int measure(int fd_count, int invocations_most)
{
    struct pb_plan plan;
    const struct pb_options options = {.invocations = 4,
                                       .invocations_most = invocations_most,
                                       .rounds = 3,
                                       .batch_ns = 100000,
                                       .quiet = 1};
    FILE *samples = tmpfile();
    assert_non_null(samples);
    make_plan(&plan, fd_count);
    struct pb_run run = {.options = &options,
                         .plan = &plan,
                         .keep_sets = 1,
                         .samples_fd = fileno(samples)};
    assert_int_equal(pb_run_prepare(&run), 0);
    *n_invocations = 0;
    assert_int_equal(pb_run_invocations(&run), 0);
    assert_int_equal(run.n_added, *n_invocations - 4);
    pb_run_finish(&run);
    pb_plan_free(&plan);
    assert_int_equal(fclose(samples), 0);
    return *n_invocations;
}

static void more_are_measured_while_they_differ(void **state)
{
    (void)state;
    assert_int_equal(measure(1, 6), 6);
}

static void no_more_than_one_was_told(void **state)
{
    (void)state;
    assert_int_equal(measure(1, 4), 4);
}

static void large_sets_are_no_reason_for_more(void **state)
{
    (void)state;
    assert_int_equal(measure(PB_SMALL_FDS + 1, 6), 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cost_is_the_lower_quartile),
        cmocka_unit_test(a_spread_is_the_standard_deviation),
        cmocka_unit_test(more_are_measured_while_they_differ),
        cmocka_unit_test(no_more_than_one_was_told),
        cmocka_unit_test(large_sets_are_no_reason_for_more),
    };
    n_invocations = mmap(NULL, sizeof *n_invocations, PROT_READ | PROT_WRITE,
                         MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (n_invocations == MAP_FAILED)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
