/* SPDX-License-Identifier: MIT */
/* The estimator of docs/method.md, on hand-made batches. */
#include "unit.h"

#include "points.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[] = "/tmp/pollbench-estimate-XXXXXX";
static char path[64];

static FILE *start_with(const char *more_columns)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file,
            "sweep,backend,stage,layout,highest_fd,fd_count,ready_count,"
            "occupied_words,invocation,round,sequence,cpu,calls,"
            "batch_ns,overhead_ns,involuntary_switches,status%s\n",
            more_columns);
    return file;
}

static FILE *start(void)
{
    return start_with("");
}

/* A batch of 10 calls of poll at the only point. */
static void add(FILE *file, int invocation, int round, int cost_ns,
                int switches)
{
    fprintf(file, "grid,poll,all,packed,63,1,1,1,%d,%d,0,0,10,%d,20,%d,ok\n",
            invocation, round, 10 * cost_ns + 20, switches);
}

static void read_run(struct pa_run *run, FILE *file)
{
    struct pa_problem problem;
    assert_int_equal(fclose(file), 0);
    if (pa_run_read(run, folder, &problem) < 0)
        fail_msg("%s", problem.text);
    pa_points_estimate(run);
}

#define near(a, b) assert_true(fabs((a) - (b)) < 1e-9)

static void it_is_the_lower_quartile_of_clean_batches(void **state)
{
    (void)state;
    struct pa_run run;
    FILE *file = start();
    static const int costs[] = {100, 104, 108, 112, 116};
    for (int i = 0; i < 5; i++)
        add(file, 0, i, costs[i], 0);
    add(file, 0, 5, 10, 1); /* preempted: kept out, however small */
    read_run(&run, file);
    assert_int_equal(run.n_points, 1);
    near(run.points[0].estimate_ns, 104);
    near(run.points[0].minimum_ns, 10);
    assert_int_equal(run.points[0].n_batches, 6);
    assert_int_equal(run.points[0].n_clean, 5);
    assert_true(isnan(run.points[0].low_ns)); /* one invocation */
    assert_int_equal(run.points[0].flags, PA_FEW);
    pa_run_free(&run);
}

static void invocations_are_averaged_on_a_log_scale(void **state)
{
    (void)state;
    struct pa_run run;
    FILE *file = start();
    for (int round = 0; round < 5; round++) {
        add(file, 7, round, 100, 0);
        add(file, 3, round, 400, 0);
    }
    read_run(&run, file);
    near(run.points[0].estimate_ns, 200);
    assert_int_equal(run.points[0].n_invocations, 2);
    assert_true(run.points[0].low_ns < 100 && run.points[0].high_ns > 400);
    pa_run_free(&run);
}

static void too_few_clean_batches_make_a_point_dirty(void **state)
{
    (void)state;
    struct pa_run run;
    FILE *file = start();
    for (int round = 0; round < 8; round++)
        add(file, 0, round, 100 + round, round >= 4);
    read_run(&run, file);
    assert_int_equal(run.points[0].flags, PA_DIRTY | PA_FEW);
    near(run.points[0].estimate_ns, 101.75);
    assert_false(pa_point_is_usable(&run.points[0]));
    pa_run_free(&run);
}

/* Batches of 10 calls of another metric, from two invocations: what a context
 * switch does to a cost says nothing of them, and a growth may be below 0. */
static void another_metric_has_its_own_estimator(void **state)
{
    (void)state;
    static const int totals[] = {-70, 20, 90};
    struct pa_run run;
    FILE *file = start_with(",metric,unit");
    for (int i = 0; i < 6; i++)
        fprintf(file,
                "s,none,build,packed,2047,2000,1,32,%d,%d,0,0,10,%d,0,1,ok,"
                "kernel_bytes,bytes\n",
                i / 3, i % 3, totals[i % 3]);
    for (int i = 0; i < 6; i++)
        fprintf(file,
                "s,none,build,packed,2047,2000,1,32,%d,%d,1,0,10,1000,0,0,ok,"
                "cost,ns\n",
                i / 3, i % 3);
    read_run(&run, file);
    assert_int_equal(run.n_points, 2);
    assert_string_equal(run.points[0].factors.metric, "cost");
    assert_true(pa_point_is_typical(&run.points[0]));
    const struct pa_point *bytes = &run.points[1];
    near(bytes->estimate_ns, 2); /* the median, switched or not */
    assert_int_equal(bytes->flags, PA_FEW);
    assert_true(isnan(bytes->estimate_ref)); /* of a time only */
    assert_true(pa_point_is_usable(bytes) && !pa_point_is_typical(bytes));
    pa_run_free(&run);
}

static void a_failed_point_says_why_and_has_no_number(void **state)
{
    (void)state;
    struct pa_run run;
    FILE *file = start();
    add(file, 0, 0, 100, 0);
    fprintf(file, "grid,select,all,packed,63,1,1,1,0,0,1,0,,,,,wrong answer\n");
    read_run(&run, file);
    const struct pa_point *failed = &run.points[1];
    assert_string_equal(failed->factors.backend, "select");
    assert_int_equal(failed->flags, PA_FAILED);
    assert_string_equal(failed->reason, "wrong answer");
    assert_true(isnan(failed->estimate_ns) && isnan(failed->median_ns));
    pa_run_free(&run);
}

static void a_reference_unit_takes_the_clock_out(void **state)
{
    (void)state;
    struct pa_run run;
    FILE *file = start();
    for (int k = 0; k < 3; k++)
        for (int round = 0; round < 5; round++) {
            add(file, k, round, 100 * (k + 1), 0);
            fprintf(file,
                    "reference,ref1,all,packed,0,0,0,0,%d,%d,1,0,10,%d,"
                    "0,0,ok\n",
                    k, round, 200 * (k + 1));
        }
    read_run(&run, file);
    near(run.points[0].estimate_ref, 5);
    near(run.points[0].low_ref, 5);
    near(run.points[0].high_ref, 5);
    pa_run_free(&run);
}

static void is_refused(const char *row, const char *words)
{
    struct pa_run run;
    struct pa_problem problem;
    FILE *file = start_with(",metric,unit");
    fprintf(file, "%s\n", row);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(pa_run_read(&run, folder, &problem), -1);
    if (!strstr(problem.text, words))
        fail_msg("\"%s\" lacks \"%s\"", problem.text, words);
}

static void impossible_numbers_are_refused(void **state)
{
    (void)state;
    is_refused("g,p,all,packed,63,-1,1,1,0,0,0,0,1,1,0,0,ok,cost,ns",
               ":2: fd_count is -1");
    is_refused("g,p,all,packed,63,1,1,1,-2,0,0,0,1,1,0,0,ok,cost,ns",
               ":2: invocation is -2");
    is_refused("g,p,all,packed,63,1,1,1,0,0,0,0,1,-5,0,0,ok,cost,ns",
               ":2: batch_ns is -5");
    is_refused("g,p,all,packed,63,1,1,1,0,0,0,0,0,5,0,0,ok,cost,ns",
               ":2: status is ok, but calls");
    is_refused("g,p,all,packed,63,1,1,1,0,0,0,0,1,,0,0,ok,cost,ns",
               ":2: status is ok, but batch_ns is empty");
    is_refused("g,p,all,packed,,1,1,1,0,0,0,0,1,1,0,0,ok,cost,ns",
               ":2: highest_fd is empty");
}

static void a_metric_is_known_and_has_its_unit(void **state)
{
    (void)state;
    is_refused("g,p,all,packed,63,1,1,1,0,0,0,0,1,1,0,0,ok,weight,kg",
               ":2: metric is \"weight\"");
    is_refused("g,p,all,packed,63,1,1,1,0,0,0,0,1,1,0,0,ok,cost,us",
               ":2: unit is \"us\", but cost is in ns");
    is_refused("g,p,all,packed,63,1,1,1,0,0,0,0,1,-1,0,0,ok,count,events",
               ":2: batch_ns is -1, less than 0");
}

static void no_rows_are_too_little_data(void **state)
{
    (void)state;
    struct pa_run run;
    struct pa_problem problem;
    assert_int_equal(fclose(start()), 0);
    assert_int_equal(pa_run_read(&run, folder, &problem), -1);
    assert_non_null(strstr(problem.text, "too little data"));
}

static void missing_samples_tell_how_to_unpack_them(void **state)
{
    (void)state;
    struct pa_run run;
    struct pa_problem problem;
    unlink(path);
    assert_int_equal(pa_run_read(&run, folder, &problem), -1);
    assert_non_null(strstr(problem.text, "xz -dk samples.csv.xz"));
}

static int setup(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/samples.csv", folder);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_the_lower_quartile_of_clean_batches),
        cmocka_unit_test(invocations_are_averaged_on_a_log_scale),
        cmocka_unit_test(too_few_clean_batches_make_a_point_dirty),
        cmocka_unit_test(another_metric_has_its_own_estimator),
        cmocka_unit_test(a_failed_point_says_why_and_has_no_number),
        cmocka_unit_test(a_reference_unit_takes_the_clock_out),
        cmocka_unit_test(impossible_numbers_are_refused),
        cmocka_unit_test(a_metric_is_known_and_has_its_unit),
        cmocka_unit_test(no_rows_are_too_little_data),
        cmocka_unit_test(missing_samples_tell_how_to_unpack_them),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
