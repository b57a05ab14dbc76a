/* SPDX-License-Identifier: MIT */
/* The same truth under noise, drift, preemption and a contended cache. */
#include "analyzed.h"

#include "claims.h"
#include "points.h"

static void steps_are_found_in_noise(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= 5; seed++) {
        struct analyzed noisy;
        analyze(&noisy, &(struct synthetic){.seed = seed,
                                            .n_invocations = 12,
                                            .n_rounds = 8,
                                            .drift = 0.02,
                                            .noise = 0.005,
                                            .preempted = 0.05});
        static const int64_t places[] = {31, 320, 960, 10880};
        assert_int_equal(noisy.steps.n_steps, PA_ARRAY_SIZE(places));
        for (size_t i = 0; i < noisy.steps.n_steps; i++)
            assert_int_equal(noisy.steps.steps[i].place, places[i]);
        release(&noisy);
    }
}

static void constants_come_back_from_noise(void **state)
{
    (void)state;
    struct analyzed noisy;
    analyze(&noisy, &(struct synthetic){.seed = 7,
                                        .n_invocations = 12,
                                        .n_rounds = 8,
                                        .drift = 0.02,
                                        .noise = 0.005,
                                        .preempted = 0.05});
    is_within(coefficient(&noisy, "select", "words", PA_NONE),
              SYNTHETIC_SELECT_WORD, 0.04);
    is_within(coefficient(&noisy, "poll", "fd_count", PA_NONE),
              SYNTHETIC_POLL_N, 0.04);
    is_within(coefficient(&noisy, "epoll", "ready_count", PA_NONE),
              SYNTHETIC_EPOLL_R, 0.04);
    assert_true(coefficient(&noisy, "poll", "highest_fd", PA_NONE) == 0);
    assert_true(coefficient(&noisy, "epoll", "fd_count", PA_NONE) == 0);
    release(&noisy);
}

/* A busy loop on the measuring CPU takes half of the batches. */
static void a_busy_cpu_does_not_change_a_verdict(void **state)
{
    (void)state;
    struct pa_claims claims;
    struct pa_problem problem;
    struct analyzed quiet, busy;
    struct synthetic synthetic = {.seed = 11,
                                  .n_invocations = 12,
                                  .n_rounds = 16,
                                  .drift = 0.02,
                                  .noise = 0.005};
    estimate(&quiet, &synthetic);
    grow(&quiet);
    synthetic.preempted = 0.5;
    estimate(&busy, &synthetic);
    grow(&busy);
    assert_int_equal(
        pa_claims_read(&claims, PA_RESULTS_DIR "/claims.csv", &problem), 0);
    assert_true(claims.n_claims >= 10);
    for (size_t i = 0; i < claims.n_claims; i++) {
        struct pa_finding a, b;
        pa_claim_test(&a, &claims.claims[i], &quiet.run, &quiet.growths);
        pa_claim_test(&b, &claims.claims[i], &busy.run, &busy.growths);
        if (a.verdict != b.verdict)
            fail_msg("%s: %s; %s", claims.claims[i].claim, a.text, b.text);
    }
    pa_claims_free(&claims);
    release(&quiet);
    release(&busy);
}

/* How many points of large sets there are and are flagged; no other may be. */
static void count_contended(const struct synthetic *synthetic, size_t *n_large,
                            size_t *n_flagged)
{
    struct analyzed contended;
    analyze(&contended, synthetic);
    *n_large = *n_flagged = 0;
    for (size_t i = 0; i < contended.run.n_points; i++) {
        const struct pa_point *point = &contended.run.points[i];
        int is_large = point->factors.fd_count > 1024;
        int is_flagged = (point->flags & PA_CONTENDED) != 0;
        assert_true(is_large || !is_flagged);
        *n_large += (size_t)is_large;
        *n_flagged += (size_t)is_flagged;
    }
    is_within(coefficient(&contended, "poll", "fd_count", PA_NONE),
              SYNTHETIC_POLL_N, 1e-3);
    release(&contended);
}

static void a_contended_cache_is_flagged_and_not_fitted(void **state)
{
    (void)state;
    size_t n_large, n_flagged;
    for (int n = 2; n <= 6; n++) {
        count_contended(&(struct synthetic){.n_invocations = 6,
                                            .n_rounds = 5,
                                            .n_contended = n},
                        &n_large, &n_flagged);
        assert_true(n_large > 0);
        assert_int_equal(n_flagged, n_large);
    }
}

static void one_odd_invocation_is_not_contention(void **state)
{
    (void)state;
    size_t n_large, n_flagged;
    count_contended(&(struct synthetic){.n_invocations = 6,
                                        .n_rounds = 5,
                                        .n_contended = 1},
                    &n_large, &n_flagged);
    assert_int_equal(n_flagged, 0);
}

/* Five that others disturbed agree with a quiet one; six have none to. */
static void
disturbed_invocations_that_agree_with_a_quiet_one_count(void **state)
{
    (void)state;
    size_t n_large, n_flagged;
    struct synthetic synthetic = {
        .n_invocations = 6, .n_rounds = 5, .n_contended = 5, .is_harmless = 1};
    count_contended(&synthetic, &n_large, &n_flagged);
    assert_int_equal(n_flagged, 0);
    synthetic.n_contended = 6;
    count_contended(&synthetic, &n_large, &n_flagged);
    assert_int_equal(n_flagged, n_large);
}

/* A clock that drifts is no disturbance; a cost that the reference loop does
 * not share is; and of one invocation nothing is known. */
static void what_moves_all_points_but_the_clock_unsettles_a_run(void **state)
{
    (void)state;
    struct synthetic synthetic = {
        .n_invocations = 6, .n_rounds = 4, .drift = 0.1, .is_small = 1};
    struct analyzed run;
    double levels[6];
    estimate(&run, &synthetic);
    assert_false(pa_is_unsettled(pa_run_levels(&run.run, levels)));
    release(&run);
    synthetic.unsettled = 0.1;
    estimate(&run, &synthetic);
    double spread = pa_run_levels(&run.run, levels);
    assert_true(pa_is_unsettled(spread));
    is_within(spread, 0.1, 0.7);
    assert_true(spread == pa_level_spread(levels, 6));
    double first = run.run.points[1].cost_ns[1] / run.run.ref1_ns[1];
    double other = run.run.points[1].cost_ns[4] / run.run.ref1_ns[4];
    is_within(levels[1] / levels[4], first / other, 0.02);
    release(&run);
    synthetic.n_invocations = 1;
    estimate(&run, &synthetic);
    assert_false(pa_is_unsettled(pa_run_levels(&run.run, levels)));
    release(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_are_found_in_noise),
        cmocka_unit_test(constants_come_back_from_noise),
        cmocka_unit_test(a_busy_cpu_does_not_change_a_verdict),
        cmocka_unit_test(a_contended_cache_is_flagged_and_not_fitted),
        cmocka_unit_test(one_odd_invocation_is_not_contention),
        cmocka_unit_test(
            disturbed_invocations_that_agree_with_a_quiet_one_count),
        cmocka_unit_test(what_moves_all_points_but_the_clock_unsettles_a_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
