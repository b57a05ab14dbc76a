/* SPDX-License-Identifier: MIT */
/* A sample as a row of samples.csv. */
#include "unit.h"

#include "operation.h"
#include "record.h"
#include "schema.h"

#include <errno.h>
#include <string.h>

static const struct pb_factors got = {.layout = "top-heavy",
                                      .highest_fd = 95,
                                      .fd_count = 7,
                                      .ready_count = 2,
                                      .occupied_words = 1,
                                      .fd_kind = "socketpair",
                                      .tables = 1,
                                      .cache = "warm",
                                      .ready_place = "spread",
                                      .server = "none",
                                      .writer = "none",
                                      .change = "none"};
/* Of the factors that are not in it. */
#define OLDER "0,none,warm,0,spread,none,none,0,0,"
static struct pb_point point = {.got = &got};
static struct pb_plan plan = {.points = &point, .n_points = 1};
static const struct pb_occasion occasion = {3,  1,           4,
                                            15, 4294967295u, "service 7:1"};

/* The row that a sample of a series becomes is this one. */
static void is_row(const struct pb_series *series,
                   const struct pb_sample *sample, const char *row)
{
    struct pb_csv csv;
    pb_csv_init(&csv, -1);
    pb_record_sample(&csv, &plan, series, &occasion, sample);
    assert_int_equal(csv.error, 0);
    assert_int_equal(csv.n_bytes, strlen(row));
    assert_memory_equal(csv.rows, row, csv.n_bytes);
    pb_csv_free(&csv);
}

static void a_sample_is_a_row(void **state)
{
    (void)state;
    struct pb_series series = {.sweep = "grid",
                               .backend = "select-textbook",
                               .operation = &pb_operation_collect,
                               .point = 0};
    struct pb_sample sample = {.calls = 500,
                               .batch_ns = INT64_C(123456789012),
                               .overhead_ns = 21,
                               .involuntary_switches = 2};
    is_row(&series, &sample,
           "grid,select-textbook,collect,top-heavy,95,7,2,1,socketpair,1,0,0,"
           "0," OLDER "cost,"
           "3,1,4,15,500,ns,"
           "123456789012,21,2,\"service 7:1\",4294967295,ok\n");
}

static void a_counted_cost_is_one_of_instructions(void **state)
{
    (void)state;
    struct pb_series series = {.sweep = "reference",
                               .backend = "ref1",
                               .operation = &pb_operation_ref1,
                               .point = -1};
    struct pb_sample sample = {.calls = 1, .batch_ns = 2};
    plan.cost = PB_METRIC_instructions;
    is_row(&series, &sample,
           "reference,ref1,all,packed,0,0,0,0,socketpair,1,0,0,0," OLDER
           "instructions,"
           "3,1,4,"
           "15,1,instructions,2,0,0,\"service 7:1\",4294967295,ok\n");
    series.operation = &pb_operation_build_kernel_bytes;
    assert_int_equal(pb_record_metric(&plan, &series), PB_METRIC_kernel_bytes);
    plan.cost = PB_METRIC_cost;
}

static void a_failed_sample_has_its_reason_and_no_time(void **state)
{
    (void)state;
    struct pb_series series = {.sweep = "grid",
                               .backend = "poll",
                               .operation = &pb_operation_raw,
                               .point = 0};
    struct pb_sample sample = {
        .calls = 500, .batch_ns = 1000, .overhead_ns = 21, .error = -EBADMSG};
    is_row(&series, &sample,
           "grid,poll,raw,top-heavy,95,7,2,1,socketpair,1,0,0,0," OLDER
           "cost,3,1,4,15,"
           "500,ns,"
           ",,0,,"
           "4294967295,\"wrong answer\"\n");
}

static void a_reference_loop_has_no_factors(void **state)
{
    (void)state;
    struct pb_series series = {.sweep = "reference",
                               .backend = "ref1",
                               .operation = &pb_operation_ref1,
                               .point = -1};
    struct pb_sample sample = {.calls = 1, .batch_ns = 2};
    is_row(&series, &sample,
           "reference,ref1,all,packed,0,0,0,0,socketpair,1,0,0,0," OLDER
           "cost,3,1,4,15,"
           "1,ns,2,"
           "0,0,\"service 7:1\",4294967295,ok\n");
}

static size_t count_commas(const char *text, size_t n_bytes)
{
    size_t n = 0;
    for (size_t i = 0; i < n_bytes; i++)
        n += text[i] == ',';
    return n;
}

static void rows_have_the_columns_of_the_header(void **state)
{
    (void)state;
    struct pb_csv header, row;
    struct pb_series series = {.sweep = "null",
                               .backend = "none",
                               .operation = &pb_operation_null,
                               .point = -1};
    struct pb_sample sample = {0};
    pb_csv_init(&header, -1);
    PB_CSV_HEADER(&header, PB_SAMPLES);
    pb_csv_init(&row, -1);
    pb_record_sample(&row, &plan, &series, &occasion, &sample);
    assert_int_equal(count_commas(header.rows, header.n_bytes),
                     count_commas(row.rows, row.n_bytes));
    pb_csv_free(&header);
    pb_csv_free(&row);
}

static void every_error_has_its_words(void **state)
{
    (void)state;
    static const int errors[] = {EBADMSG, ETIME,  ENOMEM, EMFILE, ENFILE,
                                 ENOSPC,  EINVAL, EPERM,  ENOSYS, EBADF};
    enum { N = sizeof errors / sizeof errors[0] };
    assert_string_equal(pb_record_status(0), "ok");
    assert_string_equal(pb_record_status(-EBADMSG), "wrong answer");
    assert_non_null(strstr(pb_record_status(-ETIME), "clock"));
    for (int i = 2; i < N; i++)
        assert_string_equal(pb_record_status(-errors[i]), strerror(errors[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sample_is_a_row),
        cmocka_unit_test(a_counted_cost_is_one_of_instructions),
        cmocka_unit_test(a_failed_sample_has_its_reason_and_no_time),
        cmocka_unit_test(a_reference_loop_has_no_factors),
        cmocka_unit_test(rows_have_the_columns_of_the_header),
        cmocka_unit_test(every_error_has_its_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
