/* SPDX-License-Identifier: MIT */
/* How often a nominal 95 % interval holds the truth, over many synthetic runs.
 * A point's: in 93 to 97 %. A prediction's: in 93 % at least, with the whole
 * choice of the model made again in each run, 1 % of noise, and bends where no
 * fit looks for them. */
#include "analyzed.h"

#include "output.h"
#include "predict.h"
#include "stats.h"

#include <stdlib.h>
#include <unistd.h>

enum { POINT_RUNS = 1000, PREDICTION_RUNS = 100, INVOCATIONS = 8 };

static int holds(double low, double high, double truth)
{
    return low <= truth && truth <= high;
}

/* Of poll's point at N = 64, R = 1. */
static int point_is_held(const struct pa_run *run)
{
    for (size_t i = 0; i < run->n_points; i++) {
        const struct pa_point *point = &run->points[i];
        const struct pb_factors *factors = &point->factors;
        if (strcmp(factors->backend, "poll") == 0 && factors->fd_count == 64 &&
            factors->ready_count == 1)
            return holds(point->low_ns, point->high_ns,
                         synthetic_cost("poll", 0, 64, 1, 0));
    }
    return 0;
}

static void points_are_covered(void **state)
{
    int n = 0;

    (void)state;
    for (unsigned seed = 1; seed <= POINT_RUNS; seed++) {
        struct analyzed analyzed;
        /* Noise well below drift: the lower quartile of noise is below its
         * middle, and that offset is no part of what is tested here. */
        estimate(&analyzed, &(struct synthetic){.seed = seed,
                                                .n_invocations = INVOCATIONS,
                                                .n_rounds = 5,
                                                .drift = 0.02,
                                                .noise = 0.0003,
                                                .is_small = 1});
        n += point_is_held(&analyzed.run);
        release(&analyzed);
    }
    print_message("a point: %.1f %%\n", 100.0 * n / POINT_RUNS);
    assert_true(n >= POINT_RUNS * 93 / 100 && n <= POINT_RUNS * 97 / 100);
}

static const int64_t counts[] = {1,   3,   10,  20,   35,   50,   100,
                                 200, 400, 700, 1100, 1500, 3000, 7000};
#define COUNTS PA_ARRAY_SIZE(counts)

/* Add to n_held[i] whether the prediction for poll at counts[i] holds. */
static void predict(const struct analyzed *analyzed, int n_held[COUNTS])
{
    struct pa_prediction predictions[8];
    struct pa_predictor predictor;
    struct pa_problem problem = {0};
    char *folder = synthetic_folder();

    struct pa_output output;
    assert_int_equal(pa_output_open(&output, folder, "models.csv", &problem),
                     0);
    pa_models_write(&output.csv, &analyzed->models);
    assert_int_equal(pa_output_close(&output, &problem), 0);
    assert_int_equal(pa_predictor_read(&predictor, folder, &problem), 0);
    synthetic_remove(folder);
    for (size_t i = 0; i < COUNTS; i++) {
        int n = pa_predict(predictions, 8, &predictor,
                           &(struct pb_factors){.highest_fd = 19899,
                                                .fd_count = counts[i],
                                                .ready_count = 1,
                                                .occupied_words = 1},
                           &problem);
        for (int j = 0; j < n; j++)
            if (strcmp(predictions[j].backend, "poll") == 0)
                n_held[i] += holds(predictions[j].cost_ns.low,
                                   predictions[j].cost_ns.high,
                                   synthetic_bent_poll((double)counts[i]));
    }
    pa_predictor_free(&predictor);
}

static void predictions_are_covered(void **state)
{
    int n_held[COUNTS] = {0}, n_all = 0;

    (void)state;
    for (unsigned seed = 1; seed <= PREDICTION_RUNS; seed++) {
        struct analyzed analyzed;
        analyze(&analyzed, &(struct synthetic){.seed = seed,
                                               .n_invocations = 6,
                                               .n_rounds = 1,
                                               .drift = 0.01,
                                               .noise = 0.01,
                                               .truth = "poll-bends",
                                               .is_small = 1});
        predict(&analyzed, n_held);
        release(&analyzed);
    }
    for (size_t i = 0; i < COUNTS; i++) {
        print_message("%lld fds: %d of %d\n", (long long)counts[i], n_held[i],
                      PREDICTION_RUNS);
        n_all += n_held[i];
    }
    assert_true(n_all >= (int)COUNTS * PREDICTION_RUNS * 93 / 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(points_are_covered),
        cmocka_unit_test(predictions_are_covered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
