/* SPDX-License-Identifier: MIT */
/* Which points make a series of growth, and what is said of one whose truth is
 * known. */
#include "analyzed.h"

#include "growths.h"

static struct analyzed exact;

static int setup(void **state)
{
    (void)state;
    analyze(&exact, &(struct synthetic){.n_invocations = 4, .n_rounds = 2});
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    release(&exact);
    return 0;
}

/* The whole call's; fd_count: PA_NONE where it varies. */
static const struct pa_growth *find(const struct analyzed *analyzed,
                                    const char *backend,
                                    enum pb_factor variable, int64_t fd_count)
{
    const struct pa_growths *growths = &analyzed->growths;
    const struct pa_growth *found = NULL;
    for (size_t i = 0; i < growths->n_growths; i++) {
        const struct pa_growth *growth = &growths->growths[i];
        if (growth->variable == variable &&
            strcmp(growth->base.backend, backend) == 0 &&
            (fd_count == PA_NONE || growth->base.fd_count == fd_count)) {
            assert_null(found);
            found = growth;
        }
    }
    assert_non_null(found);
    return found;
}

static void exact_costs_have_exact_growth(void **state)
{
    (void)state;
    const struct pa_growth *poll =
        find(&exact, "poll", PB_FACTOR_fd_count, PA_NONE);
    assert_int_equal(poll->found.class, PA_CLASS_LINE);
    assert_int_equal(poll->from, 1);
    assert_int_equal(poll->to, 512);
    is_within(poll->found.change.value,
              SYNTHETIC_POLL_N * 511 + SYNTHETIC_POLL_STEP + 6.25 * 480, 1e-6);
    assert_string_equal(poll->places, "31");
    is_within(poll->windows[0].found.slope.value, SYNTHETIC_POLL_N, 1e-3);
    is_within(poll->windows[1].found.slope.value, SYNTHETIC_POLL_N + 6.25,
              1e-3);
    assert_int_equal(
        find(&exact, "epoll", PB_FACTOR_fd_count, PA_NONE)->found.class,
        PA_CLASS_CONSTANT);
    assert_int_equal(
        find(&exact, "poll", PB_FACTOR_highest_fd, 64)->found.class,
        PA_CLASS_CONSTANT);
}

static void what_scans_a_bitmap_grows_by_words(void **state)
{
    (void)state;
    const struct pa_growth *one =
        find(&exact, "select", PB_FACTOR_highest_fd, 1);
    assert_true(one->is_in_words);
    assert_int_equal(one->found.class, PA_CLASS_LINE);
    is_within(one->found.exponent.value, 1.0, 0.01);
    is_within(one->windows[0].found.slope.value, SYNTHETIC_SELECT_WORD / 64,
              0.01);
    assert_false(find(&exact, "poll", PB_FACTOR_highest_fd, 1)->is_in_words);
}

/* N = 64 with one ready is measured by three sweeps at the largest M. */
static void a_value_measured_twice_is_pooled(void **state)
{
    (void)state;
    struct analyzed twice = {0};
    int n_changed = 0;
    analyze(&twice, &(struct synthetic){.n_invocations = 4, .n_rounds = 2});
    for (size_t i = 0; i < twice.run.n_points; i++) {
        struct pa_point *point = &twice.run.points[i];
        const struct pb_factors *factors = &point->factors;
        if (strcmp(factors->backend, "epoll") != 0 || factors->fd_count != 1 ||
            factors->highest_fd != 19899 || factors->ready_count != 1 ||
            strcmp(factors->stage, "all") != 0 ||
            strcmp(factors->layout, "packed") != 0)
            continue;
        point->estimate_ns = n_changed++ ? 271 : 250;
    }
    assert_true(n_changed > 1);
    grow(&twice);
    const struct pa_growth *growth =
        find(&twice, "epoll", PB_FACTOR_fd_count, PA_NONE);
    assert_int_equal(growth->from, 1);
    is_within(growth->from_ns,
              exp((log(250) + (n_changed - 1) * log(271)) / n_changed), 1e-9);
    release(&twice);
}

/* Sets in more words than need be cost select more: they are on no line with
 * the others, though M, N and R agree. */
static void words_are_held_or_follow(void **state)
{
    (void)state;
    struct analyzed spread = {0};
    analyze(&spread, &(struct synthetic){.n_invocations = 4, .n_rounds = 2});
    for (size_t i = 0; i < spread.run.n_points; i++) {
        struct pa_point *point = &spread.run.points[i];
        if (strcmp(point->factors.sweep, "grid") != 0 ||
            point->factors.highest_fd != 19899)
            continue;
        point->factors.occupied_words += 40;
        point->estimate_ns *= 2;
        for (size_t k = 0; k < spread.run.n_invocations; k++)
            point->cost_ns[k] *= 2;
    }
    grow(&spread);
    static const struct {
        enum pb_factor variable;
        int64_t fd_count;
    } lines[] = {{PB_FACTOR_highest_fd, 64}, {PB_FACTOR_fd_count, PA_NONE}};
    for (int i = 0; i < 2; i++) {
        const struct pa_growth *was =
            find(&exact, "select", lines[i].variable, lines[i].fd_count);
        const struct pa_growth *is =
            find(&spread, "select", lines[i].variable, lines[i].fd_count);
        assert_int_equal(was->n_points, is->n_points);
        assert_true(was->found.change.value == is->found.change.value);
        assert_true(was->found.exponent.value == is->found.exponent.value);
    }
    release(&spread);
}

static void contended_points_are_left_out_and_counted(void **state)
{
    (void)state;
    struct analyzed shared = {0};
    analyze(&shared, &(struct synthetic){.n_invocations = 4, .n_rounds = 2});
    for (size_t i = 0; i < shared.run.n_points; i++) {
        struct pa_point *point = &shared.run.points[i];
        if (point->factors.fd_count != 512)
            continue;
        point->flags |= PA_CONTENDED;
        point->estimate_ns *= 3;
    }
    grow(&shared);
    const struct pa_growth *growth =
        find(&shared, "poll", PB_FACTOR_fd_count, PA_NONE);
    assert_int_equal(growth->n_left_out, 2); /* of two sweeps */
    assert_true(growth->flags & PA_CONTENDED);
    assert_true(growth->to < 512);
    assert_int_equal(growth->found.class, PA_CLASS_LINE);
    release(&shared);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exact_costs_have_exact_growth),
        cmocka_unit_test(what_scans_a_bitmap_grows_by_words),
        cmocka_unit_test(a_value_measured_twice_is_pooled),
        cmocka_unit_test(words_are_held_or_follow),
        cmocka_unit_test(contended_points_are_left_out_and_counted),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
