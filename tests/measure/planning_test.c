/* SPDX-License-Identifier: MIT */
/* Plans for all limits and presets: what is open at once fits the limit. */
#include "unit.h"

#include "operation.h"
#include "planning.h"
#include "record.h"
#include "scene.h"

#include <errno.h>
#include <string.h>

enum { SPARE_FDS = 4 }; /* that the measuring process may need besides */

static struct pb_options options_of(const char *preset, const char *more)
{
    struct pb_options options;
    char *arguments[] = {(char *)"pollbench", (char *)"--seed=1",
                         (char *)"--preset",  (char *)preset,
                         (char *)more,        NULL};
    pb_options_parse(&options, more ? 5 : 4, arguments);
    return options;
}

/* Descriptors of epoll instances that are open at once, counted from the
 * series: those of fds that are a scene's own, or that others write to, are
 * open alone. */
static int count_epoll_fds(const struct pb_plan *plan)
{
    int n = 0;
    for (int i = 0; i < plan->n_series; i++) {
        const struct pb_series *series = &plan->series[i];
        int is_first =
            series->point < 0 ||
            (plan->points[series->point].staging->is_shared &&
             !plan->points[series->point].staging->is_written_to &&
             plan->points[series->point].got->fd_kind == pb_fd_kind_name(0));
        for (int k = 0; k < i && series->set >= 0; k++)
            is_first &= plan->series[k].set != series->set;
        n += is_first && strncmp(series->backend, "epoll", 5) == 0;
    }
    return n;
}

static void check_plan(const struct pb_plan *plan, const struct pb_farm *farm,
                       int keep_sets, int limit)
{
    int n_sets = keep_sets ? count_epoll_fds(plan) : 1;
    assert_int_equal(farm->lowest_fd % 8, 0);
    assert_int_equal(farm->highest_fd % 8, 7);
    assert_true(farm->highest_fd + 1 + n_sets + SPARE_FDS <= limit);
    assert_true(plan->n_points > 0);
    for (int i = 0; i < plan->n_points; i++) {
        const struct pb_scene *scene = plan->points[i].scene;
        assert_true(!scene->fds || scene->fds[0] >= farm->lowest_fd);
        assert_true(scene->got.highest_fd <= farm->highest_fd);
    }
    const struct pb_series *last = &plan->series[plan->n_series - 1];
    assert_string_equal(last->backend, "ref1");
}

static void plans_fit_every_limit(void **state)
{
    (void)state;
    static const int limits[] = {64,  65,   71,   72,   100,  128,   200,
                                 256, 1000, 1024, 4096, 8191, 10000, 20000};
    for (int p = 0; p < PB_PRESETS; p++)
        for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
            struct pb_options options = options_of(pb_preset_name(p), NULL);
            struct pb_plan plan;
            struct pb_farm farm;
            int keep_sets = -1;
            assert_int_equal(
                pb_plan_make(&plan, &options, limits[i], &farm, &keep_sets), 0);
            assert_true(keep_sets == 0 || keep_sets == 1);
            check_plan(&plan, &farm, keep_sets, limits[i]);
            pb_plan_free(&plan);
        }
}

/* Sets, spare descriptors, and what is missing to whole bitmap words. */
static void a_farm_loses_little_to_the_sets(void **state)
{
    (void)state;
    for (int limit = 64; limit <= 20000; limit = 2 * limit + 1) {
        struct pb_options options = options_of("quick", "--sweep=grid");
        struct pb_plan plan;
        struct pb_farm farm;
        int keep_sets;
        assert_int_equal(
            pb_plan_make(&plan, &options, limit, &farm, &keep_sets), 0);
        assert_true(farm.highest_fd >= limit - limit / 32 - 80);
        pb_plan_free(&plan);
    }
}

static int count_of_kind(const struct pb_plan *plan, const char *kind)
{
    int n = 0;
    for (int i = 0; i < plan->n_points; i++)
        n += strcmp(plan->points[i].got->fd_kind, kind) == 0;
    return n;
}

/* They are not open at once: neither the farm nor the sets make room. */
static void several_kinds_take_no_more_room_than_one(void **state)
{
    (void)state;
    for (int limit = 64; limit <= 20000; limit = 2 * limit + 1) {
        struct pb_plan plans[2];
        struct pb_farm farms[2];
        int keep_sets[2];
        for (int i = 0; i < 2; i++) {
            struct pb_options options = options_of("quick", "--fd-kind=pipe");
            if (i == 1)
                options.fd_kinds[1] = pb_fd_kind_name(0);
            assert_int_equal(pb_plan_make(&plans[i], &options, limit, &farms[i],
                                          &keep_sets[i]),
                             0);
        }
        assert_int_equal(farms[0].highest_fd, farms[1].highest_fd);
        assert_int_equal(keep_sets[0], keep_sets[1]);
        int n = count_of_kind(&plans[0], "pipe");
        assert_true(n > 0);
        assert_int_equal(count_of_kind(&plans[1], "pipe"), n);
        /* Some sweeps have a kind, or all of them, whatever is asked for. */
        int n_all = count_of_kind(&plans[0], "udp");
        int n_own = count_of_kind(&plans[0], pb_fd_kind_name(0));
        assert_int_equal(count_of_kind(&plans[1], pb_fd_kind_name(0)),
                         n_own + n - n_all);
        for (int i = 0; i < 2; i++)
            pb_plan_free(&plans[i]);
    }
}

static void too_few_descriptors_are_refused(void **state)
{
    (void)state;
    struct pb_options options = options_of("quick", NULL);
    struct pb_plan plan;
    struct pb_farm farm;
    int keep_sets;
    for (int limit = 0; limit < 24; limit++)
        assert_int_equal(
            pb_plan_make(&plan, &options, limit, &farm, &keep_sets), -EMFILE);
}

/* N = 2, and no sweep with a choice of fds that has two ready ones below. */
static void a_plan_without_points_is_refused(void **state)
{
    (void)state;
    struct pb_options options;
    char *arguments[] = {(char *)"pollbench", (char *)"--sweep=fd_count",
                         (char *)"--fds=2", (char *)"--ready=3", NULL};
    struct pb_plan plan;
    struct pb_farm farm;
    int keep_sets;
    pb_options_parse(&options, 4, arguments);
    assert_int_equal(pb_plan_make(&plan, &options, 64, &farm, &keep_sets),
                     -ERANGE);
}

static void the_same_seed_gives_the_same_plan(void **state)
{
    (void)state;
    struct pb_plan plans[2];
    for (int i = 0; i < 2; i++) {
        struct pb_options options = options_of("quick", "--layout=random");
        struct pb_farm farm;
        int keep_sets;
        assert_int_equal(
            pb_plan_make(&plans[i], &options, 1024, &farm, &keep_sets), 0);
    }
    assert_int_equal(plans[0].n_points, plans[1].n_points);
    for (int i = 0; i < plans[0].n_points; i++) {
        const struct pb_scene *one = plans[0].points[i].scene;
        const struct pb_scene *other = plans[1].points[i].scene;
        assert_memory_equal(one->fds, other->fds,
                            (size_t)one->got.fd_count * sizeof(int));
    }
    for (int i = 0; i < 2; i++)
        pb_plan_free(&plans[i]);
}

static int has_sweep(const struct pb_plan *plan, const char *sweep)
{
    int n = 0;
    for (int i = 0; i < plan->n_series; i++)
        n += plan->series[i].sweep == sweep;
    return n;
}

/* Whether every point of a is in b, of sweeps that are: what is compared
 * matches exactly; a preset may make a batch longer. The highest number there
 * is is of one limit only. */
static void check_subset(const struct pb_plan *a, const struct pb_farm *farm,
                         const struct pb_plan *b)
{
    for (int i = 0; i < a->n_series; i++) {
        const struct pb_series *series = &a->series[i];
        int k = 0;
        if (series->point < 0 || !has_sweep(b, series->sweep))
            continue;
        const struct pb_factors *got = a->points[series->point].got;
        if (got->highest_fd / 8 == farm->highest_fd / 8)
            continue;
        while (k < b->n_series &&
               (b->series[k].point < 0 || b->series[k].sweep != series->sweep ||
                b->series[k].backend != series->backend ||
                strcmp(b->series[k].operation->stage,
                       series->operation->stage) != 0 ||
                b->series[k].operation->metric != series->operation->metric ||
                pb_factors_differ(b->points[b->series[k].point].got, got)))
            k++;
        if (k == b->n_series)
            fail_msg("%s at M = %d, N = %d, R = %d (%s, %d)"
                     " is not in the larger plan",
                     series->sweep, (int)got->highest_fd, (int)got->fd_count,
                     (int)got->ready_count, got->ready_place,
                     (int)got->timeout);
    }
}

/* The smaller plan, of each preset and limit, against the larger. */
static void check_plans(const char *const presets[2], const char *more,
                        const int limits[2])
{
    struct pb_plan plans[2];
    struct pb_farm farms[2];
    for (int i = 0; i < 2; i++) {
        struct pb_options options = options_of(presets[i], more);
        int keep_sets;
        assert_int_equal(
            pb_plan_make(&plans[i], &options, limits[i], &farms[i], &keep_sets),
            0);
    }
    if (limits[0] == limits[1])
        assert_int_equal(farms[0].highest_fd, farms[1].highest_fd);
    check_subset(&plans[0], &farms[0], &plans[1]);
    for (int i = 0; i < 2; i++)
        pb_plan_free(&plans[i]);
}

static void a_smaller_preset_has_no_point_of_its_own(void **state)
{
    (void)state;
    static const int limits[] = {64, 256, 1024, 4096, 20000};
    static const char *const pairs[][2] = {
        {"quick", "default"}, {"default", "full"}, {"quick", "count"}};
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++)
        for (int p = 0; p < 3; p++)
            check_plans(pairs[p], NULL, (int[]){limits[i], limits[i]});
}

/* Over M a lower limit only cuts off. */
static void a_lower_limit_moves_no_point(void **state)
{
    (void)state;
    static const int limits[] = {64, 256, 1000, 1024, 4096, 20000};
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++)
        for (int p = 0; p < PB_PRESETS; p++) {
            const char *const same[] = {pb_preset_name(p), pb_preset_name(p)};
            check_plans(same, "--sweep=highest_fd", (int[]){limits[i], 24000});
        }
}

/* A laptop's limit: select's step at nfds 960 is in the last word. */
static void a_step_in_the_last_word_has_points_beyond(void **state)
{
    (void)state;
    struct pb_options options = options_of("quick", "--sweep=steps");
    struct pb_plan plan;
    struct pb_farm farm;
    int keep_sets, n_below = 0, n_beyond = 0;
    assert_int_equal(pb_plan_make(&plan, &options, 1024, &farm, &keep_sets), 0);
    for (int i = 0; i < plan.n_series; i++) {
        const struct pb_series *series = &plan.series[i];
        if (strcmp(series->backend, "select") != 0)
            continue;
        int m = (int)plan.points[series->point].got->highest_fd;
        n_below += m >= 960 - 64 && m < 960;
        n_beyond += m >= 960;
    }
    assert_int_equal(n_below, 4);
    assert_true(n_beyond >= 3);
    pb_plan_free(&plan);
}

/* How many series of a backend have this N or, if not of_n, this M. */
static int count_at(const struct pb_plan *plan, const char *backend, bool of_n,
                    int value)
{
    int n = 0;
    for (int i = 0; i < plan->n_series; i++) {
        const struct pb_series *series = &plan->series[i];
        if (strcmp(series->backend, backend) != 0 || series->point < 0)
            continue;
        const struct pb_factors *got = plan->points[series->point].got;
        n += (of_n ? got->fd_count : got->highest_fd) == value;
    }
    return n;
}

/* And what tells how fast a machine is has no place there. */
static void a_count_goes_through_words_bits_and_pages(void **state)
{
    (void)state;
    struct pb_options options = options_of("count", "--sweep=steps");
    struct pb_plan plan;
    struct pb_farm farm;
    int keep_sets, n_references = 0;
    assert_int_equal(pb_plan_make(&plan, &options, 20000, &farm, &keep_sets),
                     0);
    assert_int_equal(plan.cost, PB_METRIC_instructions);
    for (int n = 30; n < 10000; n += 510)
        for (int side = 0; side < 2; side++)
            assert_int_equal(count_at(&plan, "poll", true, n + side), 1);
    for (int bit = 9; bit < 64; bit += 16) {
        assert_int_equal(count_at(&plan, "select", false, 128 + bit), 1);
        assert_int_equal(count_at(&plan, "select", false, 4032 + bit), 1);
        assert_int_equal(count_at(&plan, "select", false, 16320 + bit), 1);
    }
    for (int i = 0; i < plan.n_series; i++)
        n_references += plan.series[i].point < 0;
    assert_int_equal(n_references, 1);
    pb_plan_free(&plan);
}

static void a_count_measures_nothing_else(void **state)
{
    (void)state;
    struct pb_options options = options_of("count", NULL);
    struct pb_plan plan;
    struct pb_farm farm;
    int keep_sets;
    assert_int_equal(pb_plan_make(&plan, &options, 20000, &farm, &keep_sets),
                     0);
    for (int i = 0; i < plan.n_series; i++)
        assert_int_equal(pb_record_metric(&plan, &plan.series[i]),
                         PB_METRIC_instructions);
    pb_plan_free(&plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plans_fit_every_limit),
        cmocka_unit_test(a_farm_loses_little_to_the_sets),
        cmocka_unit_test(several_kinds_take_no_more_room_than_one),
        cmocka_unit_test(too_few_descriptors_are_refused),
        cmocka_unit_test(a_plan_without_points_is_refused),
        cmocka_unit_test(the_same_seed_gives_the_same_plan),
        cmocka_unit_test(a_smaller_preset_has_no_point_of_its_own),
        cmocka_unit_test(a_lower_limit_moves_no_point),
        cmocka_unit_test(a_step_in_the_last_word_has_points_beyond),
        cmocka_unit_test(a_count_goes_through_words_bits_and_pages),
        cmocka_unit_test(a_count_measures_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
