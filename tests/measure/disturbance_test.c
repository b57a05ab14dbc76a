/* SPDX-License-Identifier: MIT */
/* Each warning names what was seen, and a cause only where that is seen. */
#include "unit.h"

#include "clock.h"
#include "csv_write.h"
#include "disturbance.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char told[4096];

static void tell(struct pb_csv *host, const char *text)
{
    size_t n = strlen(told);
    (void)host;
    snprintf(told + n, sizeof told - n, "%s\n", text);
}

/* What is said of what the processes saw on CPUs 2 and 5. */
static const char *said(const struct pb_shared *shared)
{
    static const int cpus[] = {2, 5};
    const struct pb_folder folder = {.path = "/nonexistent"};
    struct pb_csv host;
    struct pb_disturbance is = {.shared = shared, .cpus = cpus, .n_cpus = 2};
    pb_csv_init(&host, -1);
    pb_disturbance_start(&is);
    is.start_ns -= 3600 * INT64_C(1000000000); /* no share of it is large */
    told[0] = '\0';
    pb_disturbance_report(&is, &folder, &host, tell);
    pb_csv_free(&host);
    return told;
}

static int setup(void **state)
{
    struct pb_shared *shared = calloc(1, sizeof *shared);
    *state = shared;
    if (!shared)
        return -1;
    shared->rows = 1000;
    shared->rounds = 10;
    shared->probes = 20;
    for (int i = 0; i < 2; i++)
        shared->ref1[i] = (struct pb_speed){100, 105, 40, 0};
    return 0;
}

static int teardown(void **state)
{
    free(*state);
    return 0;
}

static void of_a_calm_run_nothing_is_said(void **state)
{
    struct pb_shared *shared = *state;
    assert_string_equal(said(shared), "");
    shared->switched = 10;
    assert_string_equal(said(shared), "");
}

static void one_slow_loop_is_no_change_of_the_clock(void **state)
{
    struct pb_shared *shared = *state;
    shared->ref1[1] = (struct pb_speed){100, 190, 40, 1};
    assert_string_equal(said(shared), "");
    shared->ref1[1].n_slow = 20;
    assert_string_equal(
        said(shared), "the speed of the CPUs changed: the reference loop took "
                      "100 to 190 ns on CPU 5, 20 of 40 times over 1.2 times "
                      "the least\n");
}

static void cpus_that_differ_are_no_change_of_the_clock(void **state)
{
    struct pb_shared *shared = *state;
    shared->ref1[0] = (struct pb_speed){160, 165, 40, 0};
    assert_string_equal(
        said(shared),
        "the CPUs differ in speed: the reference loop never took less than "
        "160 ns on CPU 2, and 100 ns on CPU 5 (--cpus chooses)\n");
}

static void memory_that_is_always_slow_is_not_blamed_on_others(void **state)
{
    struct pb_shared *shared = *state;
    shared->slow_probes = 3;
    assert_string_equal(said(shared),
                        "others used the cache or the memory: 3 of 20 memory "
                        "probes took over 50 ns a load\n");
    shared->slow_probes = 20;
    assert_string_equal(said(shared),
                        "memory was slow all along, by others or by itself: "
                        "20 of 20 memory probes took over 50 ns a load\n");
}

static void a_known_cause_is_the_one_that_is_named(void **state)
{
    struct pb_shared *shared = *state;
    shared->slow_probes = 3;
    shared->switched = 100;
    shared->traced = 10;
    strcpy(shared->tracer, "strace");
    assert_non_null(strstr(said(shared), "a tracer, strace, was there in 10 of "
                                         "10 rounds"));
    assert_non_null(strstr(told, "100 of 1000 batches were interrupted, for "
                                 "which there is reason enough: the tracer"));
    assert_non_null(strstr(told, "50 ns a load, for which there is reason "
                                 "enough: the tracer"));
    assert_null(strstr(told, "others used"));
    assert_null(strstr(told, "something else ran"));
}

int main(void)
{
#define IN_A_RUN(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        IN_A_RUN(of_a_calm_run_nothing_is_said),
        IN_A_RUN(one_slow_loop_is_no_change_of_the_clock),
        IN_A_RUN(cpus_that_differ_are_no_change_of_the_clock),
        IN_A_RUN(memory_that_is_always_slow_is_not_blamed_on_others),
        IN_A_RUN(a_known_cause_is_the_one_that_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
