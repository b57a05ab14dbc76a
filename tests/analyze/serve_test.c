/* SPDX-License-Identifier: MIT */
/* What the law says of servers whose waits cost what is known. */
#include "unit.h"

#include "predict.h"
#include "rules.h"

#include <math.h>

/* 1,000 fds: a look takes 20 us, one that queues 60; cold 100 and 180. */
static const struct pa_passes passes = {
    .asleep = {.cost_ns = {180e3, 80e3, 280e3}},
    .ns = {[PA_WARM_LOOK] = {20e3, 20e3, 20e3},
           [PA_WARM_QUEUE] = {60e3, 60e3, 60e3},
           [PA_COLD_LOOK] = {100e3, 100e3, 100e3},
           [PA_COLD_QUEUE] = {180e3, 180e3, 180e3}}};

static const struct pa_server usual = {
    .idle = 984, .busy = 16, .per_second = NAN, .service_ns = 10e3};

static struct pa_served served(double per_second, int is_spread)
{
    struct pa_server server = usual;

    server.per_second = per_second;
    server.is_spread = is_spread;
    return pa_serve(&server, &passes);
}

static void is(struct pa_interval got, double value, double low, double high)
{
    assert_true(fabs(got.value - value) < 1e-9 * value);
    assert_true(fabs(got.low - low) < 1e-9 * low);
    assert_true(fabs(got.high - high) < 1e-9 * high);
}

/* 1,000 requests of 10 us, each with both passes. */
static void few_requests_have_a_wait_each(void **state)
{
    struct pa_served now = served(1000, 0);

    (void)state;
    assert_int_equal(now.regime, PA_SLEEPING);
    is(now.of[PA_READY], 1, 1, 1);
    is(now.of[PA_REQUEST_NS], 190e3, 90e3, 290e3);
    is(now.of[PA_SHARE], 0.19, 0.09, 0.29);
    assert_true(isnan(now.of[PA_P50_NS].value));
}

/* All 16 at each wait: spread, one in 17 of the fds is queued on; behind the
 * idle ones those, and one in 17 of the busy. */
static void all_that_are_busy_are_found_at_once(void **state)
{
    struct pa_served spread = served(NAN, 1), last = served(NAN, 0);
    double queued = 0.984 + 0.016 / 17;

    (void)state;
    assert_int_equal(spread.regime, PA_AWAKE);
    is(spread.of[PA_READY], 16, 16, 16);
    is(spread.of[PA_REQUEST_NS], 10e3 + (20e3 + 40e3 / 17) / 16,
       10e3 + (20e3 + 40e3 / 17) / 16, 10e3 + (100e3 + 80e3 / 17) / 16);
    is(spread.of[PA_SHARE], 1, 1, 1);
    is(last.of[PA_REQUEST_NS], 10e3 + (20e3 + 40e3 * queued) / 16,
       10e3 + (20e3 + 40e3 * queued) / 16, 10e3 + (100e3 + 80e3 * queued) / 16);
    assert_true(isnan(spread.of[PA_P50_NS].value));
}

/* 75,000 a second of 10 us leave a quarter of a core, so that in a turn of R x
 * 10 us and a wait of 20 + 40 / (R + 1) come R, of R^2 - 5 R - 18 = 0. */
static void what_comes_in_a_turn_is_found_by_the_next_wait(void **state)
{
    struct pa_served now = served(75000, 1);
    double ready = now.of[PA_READY].value;
    double turn_ns = ready * 10e3 + 20e3 + 40e3 / (ready + 1);

    (void)state;
    assert_int_equal(now.regime, PA_AWAKE);
    assert_true(fabs(ready - (5 + sqrt(97)) / 2) < 1e-9);
    assert_true(fabs(ready - 75e-6 * turn_ns) < 1e-9);
    assert_true(fabs(now.of[PA_P50_NS].value -
                     PB_P50_WAITS * (20e3 + 40e3 / (ready + 1))) < 1e-6);
    assert_true(now.of[PA_REQUEST_NS].value == 1e9 / 75000);
}

/* 100,000 of 10 us are a core, without a wait. */
static void more_than_a_core_is_overload(void **state)
{
    struct pa_served now = served(100000, 1), more = served(1e12, 1);

    (void)state;
    assert_int_equal(now.regime, PA_OVERLOAD);
    is(now.of[PA_READY], 16, 16, 16);
    is(now.of[PA_PER_SECOND], 1e9 / (10e3 + (20e3 + 40e3 / 17) / 16),
       1e9 / (10e3 + (100e3 + 80e3 / 17) / 16),
       1e9 / (10e3 + (20e3 + 40e3 / 17) / 16));
    assert_true(more.of[PA_PER_SECOND].value == now.of[PA_PER_SECOND].value);
}

static void models_of_one_invocation_have_no_interval(void **state)
{
    struct pa_passes one = passes;

    (void)state;
    one.ns[PA_WARM_LOOK].low = NAN;
    one.asleep.cost_ns.low = NAN;
    struct pa_served now = pa_serve(&usual, &one);
    assert_true(now.of[PA_REQUEST_NS].value > 10e3);
    assert_true(isnan(now.of[PA_REQUEST_NS].low));
    assert_true(isnan(now.of[PA_REQUEST_NS].high));
}

/* Whatever is asked, a share is one and the ready ones are busy ones. */
static void nothing_odd_comes_of_odd_servers(void **state)
{
    static const double rates[] = {1e-300, 1, 1e5, 1e12, NAN};
    static const double times[] = {1e-300, 1, 1e5, 1e12};
    static const int64_t counts[] = {0, 1, 1000, INT32_MAX};

    (void)state;
    for (int i = 0; i < 5 * 4 * 4 * 4; i++) {
        struct pa_server server = {.per_second = rates[i % 5],
                                   .service_ns = times[i / 5 % 4],
                                   .idle = counts[i / 20 % 4],
                                   .busy = counts[i / 80] + 1,
                                   .is_spread = i % 2};
        struct pa_served now = pa_serve(&server, &passes);
        const struct pa_interval *of = now.of;
        assert_true(of[PA_SHARE].low >= 0 && of[PA_SHARE].high <= 1);
        assert_true(of[PA_READY].low >= 1 &&
                    of[PA_READY].high <= (double)server.busy);
        assert_true(of[PA_REQUEST_NS].value >= 0.99 * server.service_ns);
        assert_true(of[PA_PER_SECOND].low > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(few_requests_have_a_wait_each),
        cmocka_unit_test(all_that_are_busy_are_found_at_once),
        cmocka_unit_test(what_comes_in_a_turn_is_found_by_the_next_wait),
        cmocka_unit_test(more_than_a_core_is_overload),
        cmocka_unit_test(models_of_one_invocation_have_no_interval),
        cmocka_unit_test(nothing_odd_comes_of_odd_servers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
