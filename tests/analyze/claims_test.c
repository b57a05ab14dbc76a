/* SPDX-License-Identifier: MIT */
/* The verdict rule on runs whose answer is known. */
#include "analyzed.h"

#include "claims.h"

static struct analyzed quiet, single;

static int setup(void **state)
{
    (void)state;
    struct synthetic synthetic = {.seed = 3,
                                  .n_invocations = 8,
                                  .n_rounds = 5,
                                  .drift = 0.01,
                                  .noise = 0.002};
    estimate(&quiet, &synthetic);
    grow(&quiet);
    synthetic.n_invocations = 1;
    estimate(&single, &synthetic);
    grow(&single);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    release(&quiet);
    release(&single);
    return 0;
}

static struct pa_claim claim(const char *expectation, const char *backend,
                             const char *variable)
{
    return (struct pa_claim){.claim = "test",
                             .held = "",
                             .statement = "",
                             .source = "",
                             .year = PA_NONE,
                             .expectation = expectation,
                             .backend = backend,
                             .other = "",
                             .stage = "all",
                             .variable = variable,
                             .layout = "packed",
                             .highest_fd = "max",
                             .fd_count = "any",
                             .ready_count = "1",
                             .expected = NAN,
                             .tolerance_percent = 3};
}

static struct pa_finding test(const struct pa_claim *claim)
{
    struct pa_finding finding;
    pa_claim_test(&finding, claim, &quiet.run, &quiet.growths);
    assert_true(*finding.text);
    return finding;
}

static void is_judged(struct pa_claim claim, enum pa_verdict verdict)
{
    struct pa_finding finding = test(&claim);
    if (finding.verdict != verdict)
        fail_msg("%s, not %s: %s", pa_verdict_text(finding.verdict),
                 pa_verdict_text(verdict), finding.text);
}

static void dependence_is_judged_by_size_not_significance(void **state)
{
    (void)state;
    is_judged(claim("depends", "poll", "fd_count"), PA_SUPPORTED);
    is_judged(claim("independent", "poll", "fd_count"), PA_REFUTED);
    is_judged(claim("independent", "epoll", "fd_count"), PA_SUPPORTED);
    is_judged(claim("depends", "epoll", "fd_count"), PA_REFUTED);
    is_judged(claim("depends", "select", "highest_fd"), PA_SUPPORTED);
}

static void a_class_is_supported_by_itself_alone(void **state)
{
    (void)state;
    is_judged(claim("O(n)", "poll", "fd_count"), PA_SUPPORTED);
    is_judged(claim("O(n log n)", "poll", "fd_count"), PA_REFUTED);
    is_judged(claim("O(1)", "poll", "fd_count"), PA_REFUTED);
    is_judged(claim("O(1)", "epoll", "fd_count"), PA_SUPPORTED);
    is_judged(claim("O(n)", "epoll", "fd_count"), PA_REFUTED);
    struct pa_claim of_poll = claim("O(n)", "poll", "fd_count");
    struct pa_finding finding = test(&of_poll);
    assert_non_null(strstr(finding.text,
                           "Tested: poll is O(n) in the number of fds watched. "
                           "Found: O(n) in the number of fds watched; with "));
    assert_non_null(strstr(finding.text,
                           "a class other than O(n), bent or not, would "
                           "have refuted it"));
    assert_true(finding.row.from == 1 && finding.row.to == 512);
    assert_string_equal(finding.row.unit, "exponent");
    of_poll.stage = "raw"; /* of which there are two points */
    is_judged(of_poll, PA_CANNOT_TELL);
}

/* poll costs more with the highest fd where it watches a thousand fds. */
static void what_holds_at_one_base_point_need_not_at_each(void **state)
{
    (void)state;
    struct synthetic synthetic = {
        .seed = 6, .n_invocations = 8, .n_rounds = 5, .noise = 0.002};
    struct pa_claim of_poll = claim("independent", "poll", "highest_fd");
    struct pa_finding finding;
    struct analyzed large;
    of_poll.fd_count = "each";
    is_judged(of_poll, PA_SUPPORTED);
    estimate(&large, &synthetic);
    for (size_t i = 0; i < large.run.n_points; i++) {
        struct pa_point *point = &large.run.points[i];
        if (strcmp(point->factors.backend, "poll") != 0 ||
            point->factors.fd_count != 1024)
            continue;
        for (size_t k = 0; k < large.run.n_invocations; k++)
            point->cost_ns[k] += 0.5 * (double)point->factors.highest_fd;
    }
    grow(&large);
    pa_claim_test(&finding, &of_poll, &large.run, &large.growths);
    assert_int_equal(finding.verdict, PA_REFUTED);
    assert_int_equal(finding.row.fd_count, 1024);
    of_poll.fd_count = "64";
    pa_claim_test(&finding, &of_poll, &large.run, &large.growths);
    assert_int_equal(finding.verdict, PA_SUPPORTED);
    release(&large);
}

/* The ends differ so between invocations that they say nothing; all points
 * together are O(1). */
static void a_class_tells_where_the_ends_do_not(void **state)
{
    (void)state;
    struct synthetic synthetic = {
        .seed = 7, .n_invocations = 8, .n_rounds = 5, .noise = 0.002};
    struct pa_claim of_epoll = claim("independent", "epoll", "fd_count");
    struct pa_finding finding;
    struct analyzed unsteady;
    estimate(&unsteady, &synthetic);
    for (size_t i = 0; i < unsteady.run.n_points; i++) {
        struct pa_point *point = &unsteady.run.points[i];
        if (point->factors.fd_count == 512)
            for (size_t k = 0; k < unsteady.run.n_invocations; k++)
                point->cost_ns[k] *= k % 2 ? 1.04 : 0.96;
    }
    grow(&unsteady);
    pa_claim_test(&finding, &of_epoll, &unsteady.run, &unsteady.growths);
    assert_true(finding.row.high > finding.row.margin_ns);
    assert_int_equal(finding.verdict, PA_SUPPORTED);
    assert_true(finding.row.to == 512);
    assert_non_null(strstr(finding.text, "O(1) in the number of fds watched"));
    release(&unsteady);
}

/* The numbers are those of growth.csv. */
static void a_change_is_that_of_the_growth(void **state)
{
    (void)state;
    struct pa_claim of_poll = claim("depends", "poll", "fd_count");
    struct pa_finding finding = test(&of_poll);
    const struct pa_growth *growth = NULL;
    for (size_t i = 0; i < quiet.growths.n_growths; i++)
        if (strcmp(quiet.growths.growths[i].base.backend, "poll") == 0 &&
            strcmp(quiet.growths.growths[i].base.stage, "all") == 0 &&
            quiet.growths.growths[i].variable == PB_FACTOR_fd_count)
            growth = &quiet.growths.growths[i];
    assert_non_null(growth);
    assert_int_equal(finding.row.highest_fd, growth->base.highest_fd);
    assert_true(finding.row.fd_count == PA_NONE);
    assert_true(finding.row.from == (double)growth->from);
    assert_true(finding.row.effect == growth->found.change.value);
    assert_true(finding.row.change_ns == finding.row.effect);
    assert_true(finding.row.share_percent > 80 &&
                finding.row.share_percent < 100);
    assert_true(finding.row.margin_ns >= 5);
}

/* What was tested, and what would have led to the other verdict. */
static void a_verdict_cannot_be_read_backwards(void **state)
{
    (void)state;
    struct pa_claim two = claim("not-cheaper", "epoll", "");
    two.other = "poll";
    two.highest_fd = "lowest";
    two.fd_count = "1";
    struct pa_finding finding = test(&two);
    assert_int_equal(finding.verdict, PA_SUPPORTED);
    assert_non_null(strstr(finding.text, "Tested: epoll is not cheaper than "
                                         "poll. Found: with highest fd "));
    assert_non_null(strstr(finding.text, "a ratio whose interval is wholly "
                                         "under 0.97"));
    assert_non_null(strstr(finding.text, " would have refuted it"));
    two.expectation = "cheaper";
    finding = test(&two);
    assert_int_equal(finding.verdict, PA_REFUTED);
    assert_non_null(strstr(finding.text, "Tested: epoll is cheaper than poll"));
    assert_non_null(strstr(finding.text, " would have supported it"));
    two = claim("crossover", "poll", "fd_count");
    two.other = "epoll";
    finding = test(&two);
    assert_non_null(strstr(finding.text, "Found: with highest fd 19899 and 1 "
                                         "ready, poll is cheaper than epoll up "
                                         "to 3."));
}

/* A number by itself, of a metric and of factors that are named: by the whole
 * interval, and of no point that differs in one that is held. */
static void a_value_is_judged_at_the_factors_that_are_named(void **state)
{
    (void)state;
    struct synthetic synthetic = {
        .seed = 7, .n_invocations = 8, .n_rounds = 5, .noise = 0.002};
    struct analyzed own;
    struct pa_finding finding;
    struct pa_claim value = claim("value", "poll", "");

    value.fd_count = "1";
    value.highest_fd = "lowest";
    value.tolerance_percent = 2;
    value.held = "waiters=4 metric=switches";
    estimate(&own, &synthetic);
    grow(&own);
    value.expected = 4;
    pa_claim_test(&finding, &value, &own.run, &own.growths);
    assert_int_equal(finding.verdict, PA_CANNOT_TELL);
    struct pa_point *point = NULL;
    for (size_t i = 0; i < own.run.n_points && !point; i++)
        if (strcmp(own.run.points[i].factors.backend, "poll") == 0 &&
            strcmp(own.run.points[i].factors.stage, "all") == 0 &&
            strcmp(own.run.points[i].factors.layout, "packed") == 0 &&
            own.run.points[i].factors.fd_count == 1 &&
            own.run.points[i].factors.ready_count == 1)
            point = &own.run.points[i];
    assert_non_null(point);
    point->factors.waiters = 4;
    point->factors.metric = "switches";
    point->metric = PB_METRIC_switches;
    point->is_unusual = 1;
    static const struct {
        double low, high;
        enum pa_verdict verdict;
    } cases[] = {{3.95, 4.05, PA_SUPPORTED},
                 {3.95, 4.5, PA_CANNOT_TELL},
                 {1, 1.01, PA_REFUTED},
                 {5, 6, PA_REFUTED}};
    for (int i = 0; i < 4; i++) {
        point->estimate_ns = point->low_ns = cases[i].low;
        point->high_ns = cases[i].high;
        pa_claim_test(&finding, &value, &own.run, &own.growths);
        assert_int_equal(finding.verdict, cases[i].verdict);
        assert_non_null(strstr(finding.text, "switches"));
    }
    point->factors.waiters = 2;
    pa_claim_test(&finding, &value, &own.run, &own.growths);
    assert_int_equal(finding.verdict, PA_CANNOT_TELL);
    release(&own);
}

/* Another sweep has sets of 64 fds in 40 more words, which cost select more,
 * and more batches of them. They are on no line with the others. */
static void words_occupied_are_held(void **state)
{
    (void)state;
    struct synthetic synthetic = {
        .seed = 5, .n_invocations = 8, .n_rounds = 5, .noise = 0.002};
    struct pa_claim over_m = claim("depends", "select", "highest_fd");
    struct pa_claim over_n = claim("depends", "select", "fd_count");
    struct pa_finding m_before, m_after, n_before, n_after;
    struct analyzed spread;
    over_m.fd_count = "64";
    estimate(&spread, &synthetic);
    grow(&spread);
    pa_claim_test(&m_before, &over_m, &spread.run, &spread.growths);
    pa_claim_test(&n_before, &over_n, &spread.run, &spread.growths);
    for (size_t i = 0; i < spread.run.n_points; i++) {
        struct pa_point *point = &spread.run.points[i];
        if (strcmp(point->factors.sweep, "grid") != 0 ||
            point->factors.highest_fd != 19899)
            continue;
        point->factors.occupied_words += 40;
        point->n_batches += 100;
        for (size_t k = 0; k < spread.run.n_invocations; k++)
            point->cost_ns[k] *= 1.5;
    }
    grow(&spread);
    pa_claim_test(&m_after, &over_m, &spread.run, &spread.growths);
    pa_claim_test(&n_after, &over_n, &spread.run, &spread.growths);
    is_within(m_after.row.change_ns, m_before.row.change_ns, 0.01);
    is_within(n_after.row.change_ns, n_before.row.change_ns, 0.01);
    release(&spread);
}

static void costs_are_compared_at_a_point(void **state)
{
    (void)state;
    struct pa_claim two = claim("cheaper", "poll", "");
    two.other = "epoll";
    two.highest_fd = "lowest";
    two.fd_count = "1";
    is_judged(two, PA_SUPPORTED);
    two.fd_count = "64";
    is_judged(two, PA_REFUTED);
    two.expectation = "not-cheaper";
    is_judged(two, PA_SUPPORTED);
    two.expectation = "same";
    is_judged(two, PA_REFUTED);
    two.tolerance_percent = 990;
    two.fd_count = "4";
    is_judged(two, PA_SUPPORTED);
}

static void a_crossing_is_judged_by_its_place(void **state)
{
    (void)state;
    struct pa_claim crossing = claim("crossover", "poll", "fd_count");
    crossing.other = "epoll";
    is_judged(crossing, PA_SUPPORTED); /* anywhere */
    crossing.expected = 64;            /* it is at 3.1 */
    is_judged(crossing, PA_REFUTED);
    crossing.expected = 3;
    crossing.tolerance_percent = 50;
    is_judged(crossing, PA_SUPPORTED);
    crossing.backend = "epoll"; /* the wrong way round */
    crossing.other = "poll";
    is_judged(crossing, PA_REFUTED);
}

static void what_was_not_measured_cannot_be_told(void **state)
{
    (void)state;
    struct pa_claim none = claim("depends", "io_uring", "fd_count");
    is_judged(none, PA_CANNOT_TELL);
    none = claim("depends", "poll", "fd_count");
    none.stage = "collect";
    is_judged(none, PA_CANNOT_TELL);
    none = claim("cheaper", "poll", "");
    none.other = "io_uring";
    is_judged(none, PA_CANNOT_TELL);
}

static void one_invocation_decides_nothing(void **state)
{
    (void)state;
    struct pa_claims claims;
    struct pa_problem problem;
    assert_int_equal(
        pa_claims_read(&claims, PA_RESULTS_DIR "/claims.csv", &problem), 0);
    for (size_t i = 0; i < claims.n_claims; i++) {
        struct pa_finding finding;
        pa_claim_test(&finding, &claims.claims[i], &single.run,
                      &single.growths);
        assert_int_equal(finding.verdict, PA_CANNOT_TELL);
    }
    pa_claims_free(&claims);
}

static void every_claim_has_a_source(void **state)
{
    (void)state;
    struct pa_claims claims;
    struct pa_problem problem;
    assert_int_equal(
        pa_claims_read(&claims, PA_RESULTS_DIR "/claims.csv", &problem), 0);
    for (size_t i = 0; i < claims.n_claims; i++) {
        assert_true(strlen(claims.claims[i].source) > 10);
        assert_true(strlen(claims.claims[i].statement) > 10);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(claims.claims[i].claim,
                                    claims.claims[j].claim);
    }
    pa_claims_free(&claims);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dependence_is_judged_by_size_not_significance),
        cmocka_unit_test(a_class_is_supported_by_itself_alone),
        cmocka_unit_test(what_holds_at_one_base_point_need_not_at_each),
        cmocka_unit_test(a_class_tells_where_the_ends_do_not),
        cmocka_unit_test(a_change_is_that_of_the_growth),
        cmocka_unit_test(a_verdict_cannot_be_read_backwards),
        cmocka_unit_test(words_occupied_are_held),
        cmocka_unit_test(a_value_is_judged_at_the_factors_that_are_named),
        cmocka_unit_test(costs_are_compared_at_a_point),
        cmocka_unit_test(a_crossing_is_judged_by_its_place),
        cmocka_unit_test(what_was_not_measured_cannot_be_told),
        cmocka_unit_test(one_invocation_decides_nothing),
        cmocka_unit_test(every_claim_has_a_source),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
