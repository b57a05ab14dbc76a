/* SPDX-License-Identifier: MIT */
/* Percentiles of histograms, and what is no histogram. */
#include "unit.h"

#include "samples.h"

#include <stdio.h>
#include <string.h>

static struct pa_percentile percentiles[PA_PERCENTILES_MOST];
static struct pa_problem problem;

static int read_both(const char *response, const char *service, int64_t calls)
{
    char text[400];
    snprintf(text, sizeof text, "response %s;service %s", response, service);
    return pa_latencies_read(percentiles, text, calls, &problem);
}

static void is_at(int i, enum pb_metric metric, double ns)
{
    assert_int_equal(percentiles[i].metric, metric);
    assert_true(percentiles[i].ns == ns);
}

/* The event of the rank, at the middle of its bucket: 100 is one of its own,
 * 1024 begins one of 8, 25088 one of 128. */
static void a_percentile_is_that_of_the_rank(void **state)
{
    (void)state;
    assert_int_equal(
        read_both("100:500 1024:489 25088:11", "7:499 100:491 25088:10", 1000),
        10);
    is_at(0, PB_METRIC_response_p10, 100);
    is_at(1, PB_METRIC_response_p50, 100);
    is_at(2, PB_METRIC_response_p90, 1024 + 3.5);
    is_at(4, PB_METRIC_response_p99, 25088 + 63.5);
    is_at(5, PB_METRIC_service_p10, 7);
    is_at(6, PB_METRIC_service_p50, 100);
    is_at(9, PB_METRIC_service_p99, 100);
    assert_int_equal(read_both("1024:1000", "100:990 1024:10", 1000), 10);
    is_at(4, PB_METRIC_response_p99, 1024 + 3.5);
    is_at(9, PB_METRIC_service_p99, 100);
}

static void too_few_events_beyond_one_give_none(void **state)
{
    (void)state;
    assert_int_equal(read_both("100:11", "100:11", 11), 0);
    assert_int_equal(read_both("100:19", "100:19", 19), 2);
    assert_int_equal(read_both("100:20", "100:20", 20), 4);
    assert_int_equal(read_both("100:999", "100:999", 999), 8);
    assert_int_equal(read_both("100:10000", "100:10000", 10000), 12);
    is_at(11, PB_METRIC_service_p999, 100);
}

static void what_is_no_histogram_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "response 100:4",                     /* one is missing */
        "response 100:4;",                    /* likewise */
        "service 100:4;response 100:4",       /* the other way round */
        "response 100:4;service 100:3",       /* an event is missing */
        "response 100:4;service 100:5",       /* one too many */
        "response 100:4;service 100:4 7:0",   /* not ascending, and none */
        "response 100:2 100:2;service 100:4", /* twice */
        "response 1025:4;service 100:4",      /* no bucket begins there */
        "response -100:4;service 100:4",
        "response 100:-4;service 100:4",
        "response 1e2:4;service 100:4",
        "response 100 4;service 100:4",
        "response 100:4 ;service 100:4",
        "response  100:4;service 100:4",
        "response 100:4;service 100:4;",
        "responses 100:4;service 100:4",
        "response 100:4;service 100:4x",
        "x",
        "response 99999999999999999999:4;service 100:4",
        "response 100:18446744073709551620;service 100:4",
        "response 100:9223372036854775807 101:5;service 100:4"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        problem.text[0] = '\0';
        if (pa_latencies_read(percentiles, texts[i], 4, &problem) != -1)
            fail_msg("taken: %s", texts[i]);
        assert_non_null(strstr(problem.text, "latencies"));
    }
    assert_int_equal(pa_latencies_read(percentiles, "", 4, &problem), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_percentile_is_that_of_the_rank),
        cmocka_unit_test(too_few_events_beyond_one_give_none),
        cmocka_unit_test(what_is_no_histogram_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
