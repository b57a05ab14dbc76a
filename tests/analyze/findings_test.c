/* SPDX-License-Identifier: MIT */
/* What findings.csv says of points whose costs are known exactly. */
#include "unit.h"

#include "finding_row.h"
#include "findings.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define POINTS_MOST 200
#define INVOCATIONS 8

/* A run of points made here, without a file. */
struct made {
    struct pa_run run;
    struct pa_point points[POINTS_MOST];
    double costs[POINTS_MOST][INVOCATIONS];
    double references[INVOCATIONS]; /* of all of them: none */
    int64_t cpus[INVOCATIONS];
    struct pa_steps steps;
    struct pa_history history;
    char *text; /* what was found, as CSV */
};

static struct pa_backend_list backends; /* the library's */

static int setup(void **state)
{
    struct pa_problem problem = {0};

    (void)state;
    return pa_backend_list_read(&backends, "/nonexistent", &problem);
}

static int teardown(void **state)
{
    (void)state;
    pa_backend_list_free(&backends);
    return 0;
}

static void start(struct made *made)
{
    memset(made, 0, sizeof *made);
    made->run.backends = backends;
    made->run.points = made->points;
    made->run.n_invocations = INVOCATIONS;
    made->run.ref1_ns = made->run.ref0_ns = made->references;
    made->run.probe_ns = made->run.switched = made->references;
    made->run.cpus = made->cpus;
    for (int k = 0; k < INVOCATIONS; k++)
        made->references[k] = NAN;
    struct pa_problem problem;
    assert_int_equal(
        pa_case_list_read(&made->run.cases, "/nonexistent", &problem), 0);
}

/* A point of the sweep: invocation k costs cost_ns + k * spread_ns. */
static void add(struct made *made, const char *sweep, const char *backend,
                const char *stage, int64_t highest_fd, int64_t fd_count,
                int64_t ready_count, double cost_ns, double spread_ns)
{
    size_t i = made->run.n_points++;
    assert_true(i < POINTS_MOST);
    for (size_t k = 0; k < INVOCATIONS; k++)
        made->costs[i][k] = cost_ns + (double)k * spread_ns;
    made->points[i] =
        (struct pa_point){.factors = {.sweep = sweep,
                                      .backend = backend,
                                      .stage = stage,
                                      .layout = "packed",
                                      .highest_fd = highest_fd,
                                      .fd_count = fd_count,
                                      .ready_count = ready_count,
                                      .occupied_words = 1,
                                      .fd_kind = "socketpair",
                                      .tables = 1},
                          .asked = pa_case_of(&made->run.cases, sweep),
                          .n_invocations = INVOCATIONS,
                          .cost_ns = made->costs[i],
                          .estimate_ns = cost_ns,
                          .reason = ""};
}

/* Over highest fd 8 to 10000, one fd watched. */
static void add_line(struct made *made, const char *backend, double from_ns,
                     double to_ns, double spread_ns)
{
    add(made, "highest_fd", backend, "all", 8, 1, 1, from_ns, 0);
    add(made, "highest_fd", backend, "all", 10000, 1, 1, to_ns, spread_ns);
}

static const char *found(struct made *made)
{
    char template[] = "/tmp/findings.XXXXXX";
    const char *folder = mkdtemp(template);
    struct pa_problem problem = {0};
    char path[64];
    size_t n_bytes = 0;

    assert_non_null(folder);
    if (pa_findings_write(&made->run, &made->steps, &made->history, folder,
                          &problem) < 0)
        fail_msg("%s", problem.text);
    snprintf(path, sizeof path, "%s/findings.csv", folder);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_true(getdelim(&made->text, &n_bytes, '\0', file) > 0);
    fclose(file);
    remove(path);
    remove(folder);
    return made->text;
}

static void has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("no \"%s\" in:\n%s", part, text);
}

static void finish(struct made *made)
{
    free(made->text);
    made->text = NULL;
    pa_case_list_free(&made->run.cases);
}

/* Once, or more often: finish() is for the end. */
static void says(struct made *made, const char *part)
{
    has(found(made), part);
    free(made->text);
    made->text = NULL;
}

static void rising_falling_level_and_unclear_are_told_apart(void **state)
{
    (void)state;
    struct made made;
    start(&made);
    add_line(&made, "select", 300, 1300, 0);
    add_line(&made, "poll", 3000, 2000, 0);
    add_line(&made, "epoll", 300, 304, 0);
    add_line(&made, "other", 300, 240, 20);
    const char *text = found(&made);
    has(text, "highest_fd,1,\"8 to 10000: select +1 µs; poll -1 µs; epoll "
              "level; other cannot tell\"");
    has(text, "From highest fd 8 to 10000 (1 fd watched): a call costs 1 µs "
              "more [1 µs, 1 µs] with select, 1 µs less [1 µs, 1 µs] with "
              "poll; the same (within 9 ns) with epoll; cannot tell with "
              "other.");
    finish(&made);
}

static void a_change_within_the_margin_is_level_one_beyond_is_not(void **state)
{
    (void)state;
    struct made made;
    start(&made);
    add_line(&made, "just", 1000, 1029, 0);
    add_line(&made, "more", 1000, 1031, 0);
    add_line(&made, "tiny", 10, 14.9, 0);
    says(&made, "8 to 10000: more +31 ns; just level; tiny level");
    finish(&made);
}

static void one_invocation_cannot_tell(void **state)
{
    (void)state;
    struct made made;
    start(&made);
    made.run.n_invocations = 1;
    add_line(&made, "select", 300, 9000, 0);
    says(&made, "8 to 10000: select cannot tell\",\"From highest fd 8 to 10000 "
                "(1 fd watched): cannot tell with select.\"");
    finish(&made);
}

/* The range is the one that all have; what has one point only is left out. */
static void a_backend_with_fewer_points_narrows_the_range(void **state)
{
    (void)state;
    struct made made;
    start(&made);
    for (int64_t m = 10; m <= 1000; m *= 10) {
        add(&made, "highest_fd", "poll", "all", m, 1, 1, 200, 0);
        if (m <= 100)
            add(&made, "highest_fd", "select", "all", m, 1, 1, (double)m * 4,
                0);
    }
    add(&made, "highest_fd", "epoll", "all", 10, 1, 1, 300, 0);
    says(&made, ",1,\"10 to 100: select +360 ns; poll level\"");
    finish(&made);
}

/* In a run of growth all sets are larger than the cache. */
static void what_is_beyond_the_cache_is_told_of_a_run_of_scale(void **state)
{
    (void)state;
    struct made made;
    start(&made);
    for (int64_t n = 1000; n <= 16000; n *= 2) {
        add(&made, "scale", "poll", "all", 16000, n, 1, 50 * (double)n, 0);
    }
    const char *text = found(&made);
    has(text, "scale,,\"1000 to 16000: poll +750 µs\"");
    finish(&made);
}

static void a_missing_point_is_no_reason_to_stop(void **state)
{
    (void)state;
    struct made made;
    start(&made);
    add_line(&made, "poll", 200, 200, 0);
    made.points[1].flags = PA_FAILED;
    assert_null(strstr(found(&made), "poll"));
    finish(&made);
}

static void a_run_without_sweeps_has_no_row(void **state)
{
    (void)state;
    struct made made;
    start(&made);
    add(&made, "reference", "ref1", "all", 0, 0, 0, 100, 0);
    assert_string_equal(found(&made), "sweep,fd_count,title,sentence\n");
    finish(&made);
}

static void a_title_holds_no_comma(void **state)
{
    (void)state;
    struct made made;
    start(&made);
    add_line(&made, "a,b", 300, 1300, 0);
    says(&made, "8 to 10000: a b +1 µs");
    finish(&made);
}

/* The three stages over highest fd, 64 fds watched. */
static void add_stages(struct made *made, const char *backend,
                       const double (*stages)[2])
{
    static const char *const names[] = {"prepare", "wait", "collect"};

    for (size_t i = 0; i < 3; i++) {
        add(made, "stages", backend, names[i], 100, 64, 1, stages[i][0], 0);
        add(made, "stages", backend, names[i], 10000, 64, 1, stages[i][1], 0);
    }
}

static void growth_is_the_programs_or_the_calls(void **state)
{
    (void)state;
    static const double textbook[][2] = {{100, 200}, {1000, 1500}, {50, 4950}};
    static const double poll[][2] = {{2, 2}, {1000, 1010}, {5, 6}};
    struct made made;
    start(&made);
    add_stages(&made, "select-textbook", textbook);
    add_stages(&made, "poll", poll);
    const char *text = found(&made);
    has(text,
        "stages,64,\"100 to 10000: select-textbook program +5 µs and call "
        "+500 ns; poll level\"");
    has(text, "timed apart: with select-textbook the program costs 5 µs more "
              "[5 µs, 5 µs] and the call 500 ns more [500 ns, 500 ns]; both "
              "cost the same (within 30 ns) with poll.");
    finish(&made);
}

/* Scanning that fell to nothing at one end only: no change can be given. */
static void a_stage_that_is_gone_at_one_end_cannot_be_told(void **state)
{
    (void)state;
    static const double textbook[][2] = {{100, 200}, {1000, 1500}, {50, 4950}};
    struct made made;
    start(&made);
    add_stages(&made, "select-textbook", textbook);
    made.points[4].flags = PA_DIRTY; /* collect, near end */
    says(&made, "select-textbook program cannot tell and call +500 ns");
    finish(&made);
}

static void the_grid_tells_ratios_and_where_they_turn(void **state)
{
    (void)state;
    struct made made;
    start(&made);
    for (int64_t m = 1000; m <= 10000; m *= 10)
        for (int64_t n = 1; n <= 256; n *= 4) {
            double poll = 100 + 50 * (double)n;
            add(&made, "grid", "poll", "all", m, n, 1, poll, 0);
            add(&made, "grid", "select", "all", m, n, 1, 2 * poll, 0);
            add(&made, "grid", "epoll", "all", m, n, 1, 300, 0);
        }
    const char *text = found(&made);
    has(text, "grid,,\"select 2 to 2 times poll; poll 0.5 to 43 times epoll: "
              "dearer above N = ");
    /* 100 + 50 N = 300 */
    double place = strtod(strstr(text, "N = ") + 4, NULL);
    assert_true(place > 3.6 && place < 4.4);
    finish(&made);
}

static void a_scan_names_its_steps_but_not_the_minor_ones(void **state)
{
    (void)state;
    struct made made;
    start(&made);
    for (int64_t m = 64; m <= 64 * 20; m += 64)
        add(&made, "steps", "select", "all", m, 1, 1, 300, 0);
    const struct pb_factors base = made.points[0].factors;
    struct pa_step steps[] = {{.base = base,
                               .variable = PB_FACTOR_highest_fd,
                               .before = 320,
                               .place = 384,
                               .size_ns = 82,
                               .low_ns = 80,
                               .high_ns = 84},
                              {.base = base,
                               .variable = PB_FACTOR_highest_fd,
                               .before = 640,
                               .place = 704,
                               .size_ns = 6,
                               .is_minor = 1},
                              {.base = base,
                               .variable = PB_FACTOR_highest_fd,
                               .before = 960,
                               .place = 1024,
                               .size_ns = 53,
                               .low_ns = 50,
                               .high_ns = 56}};
    made.steps = (struct pa_steps){.n_steps = 3, .steps = steps};
    says(&made, "steps,1,\"select +82 ns above 320; +53 ns above 960\",\"In a "
                "fine scan from highest fd 64 to 1280: jumps: select by 82 ns "
                "[80 ns, 84 ns] between 320 and 384, select by 53 ns");
    made.steps.n_steps = 0;
    says(&made, "steps,1,\"no step found\"");
    made.run.n_points = 5;
    says(&made, "steps,1,\"too few points to tell a step\"");
    finish(&made);
}

static void history_counts_every_line_once(void **state)
{
    (void)state;
    struct pa_history_figure figures[] = {{.series = "a",
                                           .kernel = "2.6",
                                           .backend = "poll",
                                           .year = 2006,
                                           .fds = 10,
                                           .active = 1,
                                           .growth = "linear"},
                                          {.series = "a",
                                           .kernel = "2.6",
                                           .backend = "poll",
                                           .year = 2006,
                                           .fds = 100,
                                           .active = 1,
                                           .growth = "linear"},
                                          {.series = "b",
                                           .kernel = "2.6",
                                           .backend = "poll",
                                           .year = 2008,
                                           .fds = 10,
                                           .active = 1,
                                           .growth = "cannot-tell"},
                                          {.series = "b",
                                           .kernel = "2.6",
                                           .backend = "epoll",
                                           .year = 2008,
                                           .fds = 10,
                                           .active = 1,
                                           .growth = "flat"},
                                          {.series = "this run",
                                           .kernel = "6",
                                           .backend = "poll",
                                           .year = PA_NONE,
                                           .fds = 10,
                                           .active = 1,
                                           .growth = "bent"}};
    struct made made;
    start(&made);
    made.history = (struct pa_history){.n_figures = 5, .figures = figures};
    says(&made, "history,,\"poll grows here and in 1 of 2 published (1 "
                "unclear)\",\"Cost of a call over the fds watched: poll grows "
                "here (of 2 published 1 grows and 1 cannot tell).\"");
    finish(&made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rising_falling_level_and_unclear_are_told_apart),
        cmocka_unit_test(a_change_within_the_margin_is_level_one_beyond_is_not),
        cmocka_unit_test(one_invocation_cannot_tell),
        cmocka_unit_test(a_backend_with_fewer_points_narrows_the_range),
        cmocka_unit_test(what_is_beyond_the_cache_is_told_of_a_run_of_scale),
        cmocka_unit_test(a_missing_point_is_no_reason_to_stop),
        cmocka_unit_test(a_run_without_sweeps_has_no_row),
        cmocka_unit_test(a_title_holds_no_comma),
        cmocka_unit_test(growth_is_the_programs_or_the_calls),
        cmocka_unit_test(a_stage_that_is_gone_at_one_end_cannot_be_told),
        cmocka_unit_test(the_grid_tells_ratios_and_where_they_turn),
        cmocka_unit_test(a_scan_names_its_steps_but_not_the_minor_ones),
        cmocka_unit_test(history_counts_every_line_once),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
