/* SPDX-License-Identifier: MIT */
/* The sampler, with a clock and switches of the CPU that the test makes:
 * clock_gettime() and getrusage() of this program stand in for the C
 * library's. */
#include "unit.h"

#include "clock.h"
#include "rules.h"
#include "sampler.h"

#include <errno.h>
#include <string.h>
#include <sys/resource.h>

/* What is timed, and what was done with it. */
static struct world {
    int64_t now_ns;
    int64_t reading_ns;       /* the clock moves on by this at each reading */
    int64_t call_ns;          /* and by this in each call */
    int64_t overhead_call_ns; /* and in each call of run_overhead */
    int64_t interrupt_ns;     /* and once in a batch of no calls */
    int64_t warm_ns[40];      /* and by these in the first warming calls */
    int reserve_error, run_error, warm_error, overhead_error, check_error;
    int taken, given; /* switches of the CPU by each run of the calls */
    long n_taken, n_given;
    uint64_t calls; /* in all, warming ones too */
    int is_unreadable;
    int n_warmed, n_checked, n_chilled;
    int n_disturbed; /* runs that are yet to be disturbed */
    uint32_t checked_calls, reserved_calls;
} world;

int clock_gettime(clockid_t clock, struct timespec *time)
{
    (void)clock;
    world.now_ns += world.reading_ns;
    time->tv_sec = world.now_ns / 1000000000;
    time->tv_nsec = world.now_ns % 1000000000;
    return 0;
}

int getrusage(__rusage_who_t who, struct rusage *usage)
{
    (void)who;
    *usage =
        (struct rusage){.ru_nivcsw = world.n_taken, .ru_nvcsw = world.n_given};
    return 0;
}

static int run(struct pb_task *task, uint32_t calls)
{
    (void)task;
    world.n_taken += world.taken;
    world.n_given += world.given;
    world.calls += calls;
    world.now_ns += calls * world.call_ns;
    if (world.n_disturbed > 0) {
        world.n_disturbed--;
        return -EDEADLK;
    }
    if (calls == 0) {
        world.now_ns += world.interrupt_ns;
        world.interrupt_ns = 0;
    }
    return world.run_error;
}

static int chill(struct pb_task *task)
{
    (void)task;
    world.n_chilled++;
    world.now_ns += 1000000;
    return 0;
}

static int warm(struct pb_task *task)
{
    (void)task;
    const int n = sizeof world.warm_ns / sizeof world.warm_ns[0];
    int i = world.n_warmed++;
    world.now_ns += i < n ? world.warm_ns[i] : 0;
    return world.warm_error;
}

static int reserve(struct pb_task *task, uint32_t calls)
{
    (void)task;
    assert_int_equal(world.n_warmed, 0);
    world.reserved_calls = calls;
    return world.reserve_error;
}

static int run_overhead(struct pb_task *task, uint32_t calls)
{
    (void)task;
    world.now_ns += calls * world.overhead_call_ns;
    return world.overhead_error;
}

static int check(struct pb_task *task, uint32_t calls)
{
    (void)task;
    world.n_checked++;
    world.checked_calls = calls;
    return world.check_error;
}

static const struct pb_timed plain = {.run = run};
static const struct pb_timed whole = {
    .warm = warm,
    .run = run,
    .run_overhead = run_overhead,
    .check = check,
};
static const struct pb_timed fixed = {.run = run, .calls = 77};
static const struct pb_timed *timed;

static int setup(void **state)
{
    (void)state;
    world = (struct world){.now_ns = 1000,
                           .reading_ns = 20,
                           .call_ns = 100,
                           .overhead_call_ns = 30};
    timed = &whole;
    return 0;
}

static void a_batch_is_timed_with_its_overhead(void **state)
{
    (void)state;
    struct pb_sample sample = pb_sample_batch(timed, NULL, 10, 20);
    assert_int_equal(sample.error, 0);
    assert_int_equal(sample.calls, 10);
    assert_int_equal(sample.batch_ns, 10 * 100 + 20);
    /* Reading the clock once, and what goes along with the calls. */
    assert_int_equal(sample.overhead_ns, 20 + 10 * 30);
    assert_int_equal((sample.batch_ns - sample.overhead_ns) / sample.calls, 70);
    assert_true(world.n_warmed > 0);
    assert_int_equal(world.calls, 10);
    assert_int_equal(world.n_checked, 1);
    assert_int_equal(world.checked_calls, 10);
}

/* A process that a signal or a tracer stops gives its CPU up. */
static void a_stop_is_counted_like_a_switch(void **state)
{
    (void)state;
    assert_int_equal(pb_sample_batch(timed, NULL, 10, 20).involuntary_switches,
                     0);
    world.taken = 2;
    assert_int_equal(pb_sample_batch(timed, NULL, 10, 20).involuntary_switches,
                     2);
    world.given = 1;
    assert_int_equal(pb_sample_batch(timed, NULL, 10, 20).involuntary_switches,
                     3);
}

/* How often the batch is warmed when the warming calls take so long. */
static int warmings(const int64_t *warm_ns, int n)
{
    setup(NULL);
    memcpy(world.warm_ns, warm_ns, (size_t)n * sizeof *warm_ns);
    pb_sample_batch(timed, NULL, 10, 20);
    return world.n_warmed;
}

static void a_batch_is_warmed_until_that_gains_nothing_twice(void **state)
{
    (void)state;
    const int64_t level[] = {700, 700, 700, 700, 700};
    const int64_t falling[] = {2270, 2140, 1860, 970, 760, 740, 755, 700};
    const int64_t disturbed[] = {2270, 9000, 970, 760, 758, 757, 700};
    int64_t endless[40];
    assert_int_equal(warmings(level, 5), 3);
    assert_int_equal(warmings(falling, 8), 7);
    assert_int_equal(warmings(disturbed, 7), 6);
    endless[0] = 11000000;
    for (int i = 1; i < 40; i++)
        endless[i] = endless[i - 1] * 9 / 10;
    assert_int_equal(warmings(endless, 40), 6); /* 50 ms */
}

static void without_a_warm_function_calls_warm(void **state)
{
    (void)state;
    timed = &plain;
    struct pb_sample sample = pb_sample_batch(timed, NULL, 10, 20);
    assert_int_equal(sample.error, 0);
    assert_int_equal(sample.batch_ns, 10 * 100 + 20);
    assert_int_equal(sample.overhead_ns, 20);
    assert_int_equal(world.calls, 13);
}

static void an_overhead_below_the_clocks_cost_is_none(void **state)
{
    (void)state;
    world.overhead_call_ns = 0;
    struct pb_sample sample = pb_sample_batch(timed, NULL, 10, 25);
    assert_int_equal(sample.overhead_ns, 25);
}

/* Before anything else of the batch; without room there is none. */
static void room_is_made_first(void **state)
{
    (void)state;
    struct pb_timed roomy = whole;
    roomy.reserve = reserve;
    timed = &roomy;
    assert_int_equal(pb_sample_batch(timed, NULL, 10, 20).error, 0);
    assert_int_equal(world.reserved_calls, 10);
    world.calls = 0;
    world.n_warmed = 0;
    world.reserve_error = -ENOMEM;
    assert_int_equal(pb_sample_batch(timed, NULL, 10, 20).error, -ENOMEM);
    assert_int_equal(world.calls, 0);
    assert_int_equal(world.n_warmed, 0);
}

static void wrong_answers_are_an_error(void **state)
{
    (void)state;
    world.check_error = -EBADMSG;
    assert_int_equal(pb_sample_batch(timed, NULL, 10, 20).error, -EBADMSG);
}

static void a_failed_run_is_an_error_and_not_checked(void **state)
{
    (void)state;
    world.run_error = -ENOMEM;
    struct pb_sample sample = pb_sample_batch(timed, NULL, 10, 20);
    assert_int_equal(sample.error, -ENOMEM);
    assert_int_equal(sample.calls, 10);
    assert_int_equal(world.n_checked, 0);
}

static void a_failed_warming_or_overhead_stops_the_batch(void **state)
{
    (void)state;
    world.warm_error = -EIO;
    assert_int_equal(pb_sample_batch(timed, NULL, 10, 20).error, -EIO);
    world.warm_error = 0;
    world.overhead_error = -EAGAIN;
    assert_int_equal(pb_sample_batch(timed, NULL, 10, 20).error, -EAGAIN);
    assert_int_equal(world.calls, 0);
    assert_int_equal(world.n_checked, 0);
}

static void a_clock_that_stands_still_is_an_error(void **state)
{
    (void)state;
    world.reading_ns = world.call_ns = 0;
    assert_int_equal(pb_sample_batch(timed, NULL, 10, 20).error, -ETIME);
}

static void a_clock_that_runs_backwards_is_an_error(void **state)
{
    (void)state;
    world.now_ns = 1000000000;
    world.call_ns = -100;
    assert_int_equal(pb_sample_batch(timed, NULL, 10, 20).error, -ETIME);
}

static void calibration_finds_the_calls_of_a_batch(void **state)
{
    (void)state;
    static const int64_t costs_ns[] = {1, 7, 100, 999, 49999, 50000, 1000000};
    for (size_t i = 0; i < sizeof costs_ns / sizeof costs_ns[0]; i++) {
        uint32_t calls = 0;
        world.call_ns = costs_ns[i];
        assert_int_equal(pb_calibrate(timed, NULL, 50000, &calls), 0);
        assert_true(calls >= 1);
        struct pb_sample sample = pb_sample_batch(timed, NULL, calls, 20);
        assert_true(sample.batch_ns >= 50000);
        assert_true(calls == 1 || sample.batch_ns < 2 * 50000);
    }
}

static void calibration_ends_though_the_clock_stands_still(void **state)
{
    (void)state;
    uint32_t calls = 0;
    world.reading_ns = world.call_ns = 0;
    int error = pb_calibrate(timed, NULL, 50000, &calls);
    assert_true(error == 0 || error == -ETIME);
    assert_true(calls >= 1);
    assert_int_equal(pb_sample_batch(timed, NULL, calls, 20).error, -ETIME);
}

static void calibration_tells_what_failed(void **state)
{
    (void)state;
    uint32_t calls = 0;
    world.check_error = -EBADMSG;
    assert_int_equal(pb_calibrate(timed, NULL, 50000, &calls), -EBADMSG);
    world.check_error = 0;
    world.run_error = -ENOMEM;
    assert_int_equal(pb_calibrate(timed, NULL, 50000, &calls), -ENOMEM);
}

static void the_number_of_calls_may_be_fixed(void **state)
{
    (void)state;
    uint32_t calls = 0;
    timed = &fixed;
    assert_int_equal(pb_calibrate(timed, NULL, 50000, &calls), 0);
    assert_int_equal(calls, 77);
    assert_int_equal(world.calls, 0);
}

static void the_clocks_cost_is_that_of_a_reading(void **state)
{
    (void)state;
    world.reading_ns = 21;
    assert_int_equal(pb_clock_cost_ns(), 21);
    world.reading_ns = 0;
    assert_int_equal(pb_clock_cost_ns(), 0);
}

/* Something else than the time, which run() adds to. */
static int64_t read_calls(void)
{
    return world.is_unreadable ? -1 : (int64_t)world.calls;
}

static uint32_t all_there_is(const struct pb_task *task)
{
    (void)task;
    return 7;
}

static void a_batch_may_count_what_the_calls_add(void **state)
{
    (void)state;
    struct pb_timed counted = whole;
    uint32_t calls = 0;
    counted.reserve = reserve;
    counted.read = read_calls;
    counted.whole = all_there_is;
    world.calls = 1000;
    assert_int_equal(pb_calibrate(&counted, NULL, 50000, &calls), 0);
    assert_int_equal(calls, 7);
    assert_int_equal(world.calls, 1000); /* there was nothing to find out */
    struct pb_sample sample = pb_sample_batch(&counted, NULL, calls, 20);
    assert_int_equal(sample.error, 0);
    assert_int_equal(sample.batch_ns, 7);
    assert_int_equal(sample.overhead_ns, 0);
    assert_int_equal(world.reserved_calls, 7);
    assert_int_equal(world.checked_calls, 7);
    world = (struct world){.is_unreadable = 1};
    assert_int_equal(pb_sample_batch(&counted, NULL, 7, 20).error, -ENODATA);
    world = (struct world){.run_error = -ENOMEM};
    assert_int_equal(pb_sample_batch(&counted, NULL, 7, 20).error, -ENOMEM);
    world = (struct world){.check_error = -EBADMSG};
    assert_int_equal(pb_sample_batch(&counted, NULL, 7, 20).error, -EBADMSG);
}

static void what_others_disturbed_is_counted_again(void **state)
{
    (void)state;
    struct pb_timed counted = whole;
    counted.read = read_calls;
    for (int n = 0; n <= PB_REPEATS_MOST; n++) {
        setup(NULL);
        world.n_disturbed = n;
        struct pb_sample sample = pb_sample_batch(&counted, NULL, 7, 20);
        assert_int_equal(sample.error, n < PB_REPEATS_MOST ? 0 : -EDEADLK);
        if (!sample.error)
            assert_int_equal(sample.batch_ns, 7);
        assert_int_equal(world.n_checked, n < PB_REPEATS_MOST);
    }
}

/* What comes between the calls is not in their time. */
static void calls_may_be_timed_one_by_one(void **state)
{
    (void)state;
    struct pb_timed apart = plain;
    apart.chill = chill;
    apart.check = check;
    struct pb_sample sample = pb_sample_batch(&apart, NULL, 7, 20);
    assert_int_equal(sample.error, 0);
    assert_int_equal(sample.batch_ns, 7 * (100 + 20));
    assert_int_equal(sample.overhead_ns, 7 * 20);
    assert_int_equal(world.n_chilled, 7);
    assert_int_equal(world.n_checked, 7);
    assert_int_equal(world.checked_calls, 1);
    world.check_error = -EBADMSG;
    assert_int_equal(pb_sample_batch(&apart, NULL, 7, 20).error, -EBADMSG);
    assert_int_equal(world.n_checked, 8); /* the first wrong one ends it */
}

#define SAMPLER_TEST(test) cmocka_unit_test_setup(test, setup)

/* What is around the calls is told by batches of none, of which one may hold an
 * interrupt. */
static void a_count_has_nothing_in_it_but_the_calls(void **state)
{
    (void)state;
    static const struct pb_timed calls_only = {.run = run};
    world =
        (struct world){.reading_ns = 75, .call_ns = 123, .interrupt_ns = 2500};
    struct pb_sample sample = pb_sample_batch(&calls_only, NULL, 10, -1);
    assert_int_equal(sample.error, 0);
    assert_int_equal(sample.overhead_ns, 75);
    assert_int_equal(sample.batch_ns - sample.overhead_ns, 10 * 123);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SAMPLER_TEST(a_batch_is_timed_with_its_overhead),
        SAMPLER_TEST(a_stop_is_counted_like_a_switch),
        SAMPLER_TEST(a_batch_is_warmed_until_that_gains_nothing_twice),
        SAMPLER_TEST(without_a_warm_function_calls_warm),
        SAMPLER_TEST(an_overhead_below_the_clocks_cost_is_none),
        SAMPLER_TEST(room_is_made_first),
        SAMPLER_TEST(wrong_answers_are_an_error),
        SAMPLER_TEST(a_failed_run_is_an_error_and_not_checked),
        SAMPLER_TEST(a_failed_warming_or_overhead_stops_the_batch),
        SAMPLER_TEST(a_clock_that_stands_still_is_an_error),
        SAMPLER_TEST(a_clock_that_runs_backwards_is_an_error),
        SAMPLER_TEST(calibration_finds_the_calls_of_a_batch),
        SAMPLER_TEST(calibration_ends_though_the_clock_stands_still),
        SAMPLER_TEST(calibration_tells_what_failed),
        SAMPLER_TEST(the_number_of_calls_may_be_fixed),
        SAMPLER_TEST(the_clocks_cost_is_that_of_a_reading),
        SAMPLER_TEST(a_batch_may_count_what_the_calls_add),
        cmocka_unit_test(a_count_has_nothing_in_it_but_the_calls),
        SAMPLER_TEST(what_others_disturbed_is_counted_again),
        SAMPLER_TEST(calls_may_be_timed_one_by_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
