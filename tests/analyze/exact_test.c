/* SPDX-License-Identifier: MIT */
/* On data without noise every fit must return the constants it was made of. */
#include "analyzed.h"

#include "claims.h"
#include "model.h"
#include "output.h"
#include "pairs.h"

#include <stdlib.h>

static struct analyzed exact;

static int setup(void **state)
{
    static const struct synthetic synthetic = {.n_invocations = 6,
                                               .n_rounds = 5};
    (void)state;
    analyze(&exact, &synthetic);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    release(&exact);
    return 0;
}

static void select_has_its_constants(void **state)
{
    (void)state;
    static const struct {
        const char *term;
        int64_t at;
        double value;
    } terms[] = {{"intercept", PA_NONE, SYNTHETIC_SELECT_BASE},
                 {"words", PA_NONE, SYNTHETIC_SELECT_WORD},
                 {"bits", PA_NONE, SYNTHETIC_SELECT_BIT},
                 {"fd_count", PA_NONE, SYNTHETIC_SELECT_N},
                 {"occupied_words", PA_NONE, SYNTHETIC_SELECT_W},
                 {"step_highest_fd", 320, SYNTHETIC_SELECT_STEP_1},
                 {"step_highest_fd", 960, SYNTHETIC_SELECT_STEP_2},
                 {"step_highest_fd", 10880, SYNTHETIC_SELECT_STEP_3},
                 {"bend_fd_count", 32, 6},
                 {"bend_fd_count", 1024, 20}};
    for (size_t i = 0; i < PA_ARRAY_SIZE(terms); i++)
        is_within(coefficient(&exact, "select", terms[i].term, terms[i].at),
                  terms[i].value, 1e-3);
    assert_int_equal(selected_of(&exact, "select")->model.n_terms,
                     PA_ARRAY_SIZE(terms));
}

static void the_textbook_scan_adds_to_each_word(void **state)
{
    (void)state;
    is_within(coefficient(&exact, "select-textbook", "words", PA_NONE),
              SYNTHETIC_SELECT_WORD + 64 * SYNTHETIC_TEXTBOOK_M, 0.01);
}

static void poll_has_its_constants_and_no_m(void **state)
{
    (void)state;
    is_within(coefficient(&exact, "poll", "intercept", PA_NONE),
              SYNTHETIC_POLL_BASE, 1e-3);
    is_within(coefficient(&exact, "poll", "fd_count", PA_NONE),
              SYNTHETIC_POLL_N, 1e-3);
    is_within(coefficient(&exact, "poll", "ready_count", PA_NONE),
              SYNTHETIC_POLL_R, 1e-3);
    is_within(coefficient(&exact, "poll", "step_fd_count", 31),
              SYNTHETIC_POLL_STEP, 1e-3);
    assert_true(coefficient(&exact, "poll", "highest_fd", PA_NONE) == 0);
}

static void epoll_has_its_constants_and_neither_m_nor_n(void **state)
{
    (void)state;
    is_within(coefficient(&exact, "epoll", "intercept", PA_NONE),
              SYNTHETIC_EPOLL_BASE, 1e-3);
    is_within(coefficient(&exact, "epoll", "any_ready", PA_NONE),
              SYNTHETIC_EPOLL_READY, 1e-3);
    is_within(coefficient(&exact, "epoll", "ready_count", PA_NONE),
              SYNTHETIC_EPOLL_R, 1e-3);
    assert_true(coefficient(&exact, "epoll", "fd_count", PA_NONE) == 0);
    assert_true(coefficient(&exact, "epoll", "highest_fd", PA_NONE) == 0);
}

static void steps_are_where_they_are_and_nowhere_else(void **state)
{
    (void)state;
    static const struct {
        int64_t before, place;
        double size_ns;
    } steps[] = {{319, 320, SYNTHETIC_SELECT_STEP_1},
                 {959, 960, SYNTHETIC_SELECT_STEP_2},
                 {10879, 10880, SYNTHETIC_SELECT_STEP_3},
                 {30, 31, SYNTHETIC_POLL_STEP}};
    assert_int_equal(exact.steps.n_steps, PA_ARRAY_SIZE(steps));
    for (size_t i = 0; i < PA_ARRAY_SIZE(steps); i++) {
        /* select's come after poll's: points are sorted by backend. */
        const struct pa_step *found =
            &exact.steps.steps[(i + 1) % exact.steps.n_steps];
        assert_int_equal(found->before, steps[i].before);
        assert_int_equal(found->place, steps[i].place);
        is_within(found->size.value, steps[i].size_ns, 1e-3);
        assert_false(found->is_minor || found->is_edge);
    }
}

static const char *const backends[] = {"select", "poll", "epoll"};

#define HOLDOUT_INDEX(name, ...) HOLDOUT_##name,
enum { PB_HOLDOUT(HOLDOUT_INDEX) HOLDOUT_COLUMNS };

#define LAYER_INDEX(name, ...) LAYER_##name,
enum { PB_LAYER(LAYER_INDEX) LAYER_COLUMNS };

static void write_holdout(struct pb_csv *csv)
{
    pa_holdout_write(csv, &exact.models);
}

static void write_layer(struct pb_csv *csv)
{
    pa_layer_write(csv, &exact.run);
}

/* What a file that is written of the run has. */
static struct pa_table written(void (*write)(struct pb_csv *csv),
                               const struct pa_column *columns, size_t n)
{
    struct pa_problem problem = {0};
    struct pa_table table;
    struct pa_output output;
    char *folder = synthetic_folder();
    char *path = pa_path(folder, "written.csv");
    assert_int_equal(pa_output_open(&output, folder, "written.csv", &problem),
                     0);
    write(&output.csv);
    assert_int_equal(pa_output_close(&output, &problem), 0);
    assert_int_equal(pa_table_read(&table, path, columns, n, &problem), 0);
    synthetic_remove(folder);
    free(path);
    return table;
}

static void what_was_held_out_is_predicted(void **state)
{
    (void)state;
    static const struct pa_column columns[] = {PB_HOLDOUT(PA_COLUMN)};
    struct pa_table table = written(write_holdout, columns, HOLDOUT_COLUMNS);
    size_t n_seen = 0, n_naive = 0;
    for (size_t i = 0; i < table.n_rows; i++) {
        const union pa_cell *row = pa_table_row(&table, i);
        const char *backend = row[HOLDOUT_backend].text;
        int is_selected = strcmp(row[HOLDOUT_model].text, "selected") == 0;
        if (strcmp(row[HOLDOUT_test].text, "small") != 0)
            continue;
        for (size_t j = 0; j < PA_ARRAY_SIZE(backends); j++)
            if (strcmp(backend, backends[j]) == 0 && is_selected) {
                assert_true(row[HOLDOUT_max_percent].real < 0.1);
                n_seen++;
            }
        if (strcmp(backend, "select") == 0 && !is_selected) {
            /* a straight line does not do */
            assert_true(row[HOLDOUT_max_percent].real > 20);
            n_naive++;
        }
    }
    assert_int_equal(n_seen, PA_ARRAY_SIZE(backends));
    assert_int_equal(n_naive, 2);
    pa_table_free(&table);
}

/* The series of a sweep where one fd is ready, or 64 fds are watched. */
static struct pa_series series_of(const struct pa_run *run, const char *backend,
                                  enum pb_factor variable)
{
    struct pa_series series = {0};
    const char *sweep = pb_factor_infos[variable].name;
    for (size_t i = 0; i < run->n_points && series.n_points == 0; i++) {
        const struct pb_factors *factors = &run->points[i].factors;
        if (strcmp(factors->sweep, sweep) == 0 &&
            strcmp(factors->backend, backend) == 0 &&
            strcmp(factors->stage, "all") == 0 &&
            strcmp(factors->layout, "packed") == 0 &&
            (variable == PB_FACTOR_fd_count ? factors->ready_count == 1
                                            : factors->fd_count == 64))
            pa_series_of_point(&series, run, i, variable);
    }
    return series;
}

static struct pb_crossovers_row crossing(const char *backend, const char *other,
                                         enum pb_factor variable)
{
    struct pa_series series = series_of(&exact.run, backend, variable);
    struct pb_crossovers_row crossover;
    assert_true(pa_crossover_find(&crossover, &exact.run, &series, other));
    pa_series_free(&series);
    return crossover;
}

static void poll_and_epoll_cross_where_the_formulas_do(void **state)
{
    (void)state;
    struct pb_crossovers_row n = crossing("poll", "epoll", PB_FACTOR_fd_count);
    /* 126 + 45.75 N + 3 = 90 + 84 + 97 */
    assert_string_equal(n.status, "found");
    assert_string_equal(n.first, "poll");
    is_within(n.place, (271 - 129) / 45.75, 1e-3);
    struct pb_crossovers_row r =
        crossing("poll", "epoll", PB_FACTOR_ready_count);
    assert_string_equal(r.first, "epoll");
    is_within(r.place, (126 + 45.75 * 64 + 88 + 200 - 174) / 94.0 / 64, 0.05);
}

static void where_nothing_crosses_it_says_so(void **state)
{
    (void)state;
    struct pb_crossovers_row n =
        crossing("select", "epoll", PB_FACTOR_fd_count);
    assert_string_equal(n.status, "always");
    assert_string_equal(n.first, "epoll");
    assert_true(isnan(n.place));
}

/* Give other the costs of backend along the series, but 4 % more at the first
 * two points and 4 % less at the last two. */
static void make_twin(struct analyzed *twins, const struct pa_series *series,
                      const char *other)
{
    for (size_t i = 0; i < series->n_points; i++) {
        const struct pa_point *point = series->points[i];
        const struct pa_point *twin = pa_partner(&twins->run, point, other);
        double share = i < 2 ? 1.04 : i + 2 < series->n_points ? 1 : 1 / 1.04;
        assert_non_null(twin);
        for (size_t k = 0; k < twins->run.n_invocations; k++)
            twin->cost_ns[k] = share * point->cost_ns[k];
    }
}

static void variants_that_cost_the_same_do_not_cross(void **state)
{
    (void)state;
    struct analyzed twins;
    struct pa_series series;
    struct pb_crossovers_row crossover;
    struct pa_backend *epoll;
    estimate(&twins, &(struct synthetic){
                         .n_invocations = 8, .n_rounds = 4, .is_small = 1});
    series = series_of(&twins.run, "poll", PB_FACTOR_fd_count);
    assert_true(series.n_points > 8);
    make_twin(&twins, &series, "epoll");
    pa_crossover_find(&crossover, &twins.run, &series, "epoll");
    assert_string_equal(crossover.status, "found");
    epoll = &twins.run.backends
                 .backends[pa_backend_place(&twins.run.backends, "epoll")];
    epoll->family = "poll";
    pa_crossover_find(&crossover, &twins.run, &series, "epoll");
    assert_string_equal(crossover.status, "level");
    assert_true(isnan(crossover.place));
    pa_series_free(&series);
    release(&twins);
}

static void variants_that_differ_are_told_apart(void **state)
{
    (void)state;
    struct pb_crossovers_row m =
        crossing("select", "select-textbook", PB_FACTOR_highest_fd);
    assert_string_equal(m.status, "always");
    assert_string_equal(m.first, "select");
}

static void the_layer_costs_what_it_costs(void **state)
{
    (void)state;
    static const struct pa_column columns[] = {PB_LAYER(PA_COLUMN)};
    struct pa_table table = written(write_layer, columns, LAYER_COLUMNS);
    assert_int_equal(table.n_rows, 6);
    for (size_t i = 0; i < table.n_rows; i++) {
        const union pa_cell *row = pa_table_row(&table, i);
        is_within(row[LAYER_layer_ns].real, SYNTHETIC_LAYER_NS, 1e-3);
        assert_int_equal(row[LAYER_pairs].integer, 30);
    }
    pa_table_free(&table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(select_has_its_constants),
        cmocka_unit_test(the_textbook_scan_adds_to_each_word),
        cmocka_unit_test(poll_has_its_constants_and_no_m),
        cmocka_unit_test(epoll_has_its_constants_and_neither_m_nor_n),
        cmocka_unit_test(steps_are_where_they_are_and_nowhere_else),
        cmocka_unit_test(what_was_held_out_is_predicted),
        cmocka_unit_test(poll_and_epoll_cross_where_the_formulas_do),
        cmocka_unit_test(where_nothing_crosses_it_says_so),
        cmocka_unit_test(variants_that_cost_the_same_do_not_cross),
        cmocka_unit_test(variants_that_differ_are_told_apart),
        cmocka_unit_test(the_layer_costs_what_it_costs),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
