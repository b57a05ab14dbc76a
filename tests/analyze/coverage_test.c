/* SPDX-License-Identifier: MIT */
/* How often a nominal 95 % interval holds the truth, over 1,000 synthetic
 * runs: between 93 and 97 % of the time, or it is not one. */
#include "analyzed.h"

#include "stats.h"

#include <stdlib.h>

#define RUNS        1000
#define INVOCATIONS 8

static const struct {
    struct pa_term term;
    double truth;
} poll_terms[] = {
    {{PA_INTERCEPT, PB_FACTOR_highest_fd, 0}, SYNTHETIC_POLL_BASE},
    {{PA_SLOPE, PB_FACTOR_fd_count, 0}, SYNTHETIC_POLL_N},
    {{PA_SLOPE, PB_FACTOR_ready_count, 0}, SYNTHETIC_POLL_R},
    {{PA_STEP, PB_FACTOR_fd_count, 31}, SYNTHETIC_POLL_STEP},
    {{PA_BEND, PB_FACTOR_fd_count, 32}, 6.25},
    {{PA_BEND, PB_FACTOR_fd_count, 1024}, 20},
};
#define TERMS PA_ARRAY_SIZE(poll_terms)

static int n_covered[TERMS]; /* of each coefficient */
static int n_points_covered; /* of poll's points at N = 64, R = 1 */

static int holds(struct pa_interval interval, double truth)
{
    return interval.low <= truth && truth <= interval.high;
}

/* poll's points as a subject, as the model fit takes them. */
static void gather(struct pa_subject *subject, const struct pa_run *run)
{
    *subject = (struct pa_subject){.backend = "poll", .stage = "all"};
    assert_int_equal(pa_design_init(&subject->design, run->n_points), 0);
    subject->design.n_points = 0;
    for (size_t i = 0; i < run->n_points; i++)
        if (strcmp(run->points[i].factors.backend, "poll") == 0)
            subject->design.points[subject->design.n_points++] =
                &run->points[i];
}

static void look_at_coefficients(const struct pa_run *run)
{
    struct pa_subject subject;
    struct pa_model model = {0};
    double column[INVOCATIONS];
    gather(&subject, run);
    for (size_t j = 0; j < TERMS; j++)
        pa_model_add(&model, poll_terms[j].term);
    double *rows = pa_model_coefficients(&subject.design, &model, INVOCATIONS);
    assert_non_null(rows);
    for (size_t j = 0; j < TERMS; j++) {
        for (size_t k = 0; k < INVOCATIONS; k++)
            column[k] = rows[k * TERMS + j];
        n_covered[j] +=
            holds(pa_t_interval(column, INVOCATIONS), poll_terms[j].truth);
    }
    free(rows);
    pa_design_free(&subject.design);
}

static void look_at_point(const struct pa_run *run)
{
    for (size_t i = 0; i < run->n_points; i++) {
        const struct pa_point *point = &run->points[i];
        const struct pb_factors *factors = &point->factors;
        if (strcmp(factors->backend, "poll") == 0 && factors->fd_count == 64 &&
            factors->ready_count == 1)
            n_points_covered +=
                holds((struct pa_interval){point->estimate_ns, point->low_ns,
                                           point->high_ns},
                      synthetic_cost("poll", 0, 64, 1, 0));
    }
}

static int setup(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= RUNS; seed++) {
        struct analyzed analyzed;
        /* Noise well below drift: the lower quartile of noise is below its
         * middle, and that offset is no part of what is tested here. */
        estimate(&analyzed, &(struct synthetic){.seed = seed,
                                                .n_invocations = INVOCATIONS,
                                                .n_rounds = 5,
                                                .drift = 0.02,
                                                .noise = 0.0003,
                                                .is_small = 1});
        look_at_coefficients(&analyzed.run);
        look_at_point(&analyzed.run);
        release(&analyzed);
    }
    return 0;
}

static void is_nominal(int n, const char *what)
{
    print_message("%s: %.1f %%\n", what, 100.0 * n / RUNS);
    assert_true(n >= RUNS * 93 / 100 && n <= RUNS * 97 / 100);
}

static void coefficients_are_covered(void **state)
{
    (void)state;
    for (size_t j = 0; j < TERMS; j++) {
        char name[PA_TERM_NAME_BYTES];
        pa_term_name(&poll_terms[j].term, name);
        is_nominal(n_covered[j], name);
    }
}

static void points_are_covered(void **state)
{
    (void)state;
    is_nominal(n_points_covered, "a point");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(coefficients_are_covered),
        cmocka_unit_test(points_are_covered),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
