/* SPDX-License-Identifier: MIT */
/* What findings.csv and the summary say of files whose numbers are known. */
#include "unit.h"

#include "findings.h"
#include "output.h"
#include "run_tables.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A run of files made here. */
static struct made {
    char folder[32];
    struct pa_output growth, slopes, points, steps, crossovers, history;
    char *text; /* what was found */
} made;

static void open_file(struct pa_output *output, const char *name)
{
    struct pa_problem problem = {0};
    if (pa_output_open(output, made.folder, name, &problem) < 0)
        fail_msg("%s", problem.text);
}

static int start(void **state)
{
    (void)state;
    strcpy(made.folder, "/tmp/findings.XXXXXX");
    assert_non_null(mkdtemp(made.folder));
    open_file(&made.growth, "growth.csv");
    PB_CSV_HEADER(&made.growth.csv, PB_GROWTH);
    open_file(&made.slopes, "slopes.csv");
    PB_CSV_HEADER(&made.slopes.csv, PB_SLOPES);
    open_file(&made.points, "points.csv");
    PB_CSV_HEADER(&made.points.csv, PB_POINTS);
    open_file(&made.steps, "steps.csv");
    PB_CSV_HEADER(&made.steps.csv, PB_STEPS);
    open_file(&made.crossovers, "crossovers.csv");
    PB_CSV_HEADER(&made.crossovers.csv, PB_CROSSOVERS);
    open_file(&made.history, "history.csv");
    PB_CSV_HEADER(&made.history.csv, PB_HISTORY);
    return 0;
}

static int finish(void **state)
{
    static const char *const names[] = {"growth",  "slopes",     "points",
                                        "steps",   "crossovers", "history",
                                        "findings"};
    (void)state;
    for (size_t i = 0; i < PA_ARRAY_SIZE(names); i++) {
        char path[64];
        snprintf(path, sizeof path, "%s/%s.csv", made.folder, names[i]);
        unlink(path);
    }
    free(made.text);
    made = (struct made){.text = NULL};
    return 0;
}

static void close_files(void)
{
    struct pa_output *const files[] = {&made.growth,     &made.slopes,
                                       &made.points,     &made.steps,
                                       &made.crossovers, &made.history};
    struct pa_problem problem = {0};
    for (size_t i = 0; i < PA_ARRAY_SIZE(files); i++)
        assert_int_equal(pa_output_close(files[i], &problem), 0);
}

/* findings.csv, or the summary. */
static const char *found(int is_summary)
{
    struct pa_problem problem = {0};
    char path[64];
    size_t n_bytes = 0;
    FILE *out;

    close_files();
    snprintf(path, sizeof path, "%s/findings.csv", made.folder);
    if (is_summary) {
        out = open_memstream(&made.text, &n_bytes);
        assert_int_equal(pa_summary_print_folder(out, made.folder, &problem),
                         0);
        fclose(out);
        return made.text;
    }
    if (pa_findings_write(made.folder, "", &problem) < 0)
        fail_msg("%s", problem.text);
    out = fopen(path, "r");
    assert_non_null(out);
    assert_true(getdelim(&made.text, &n_bytes, '\0', out) > 0);
    fclose(out);
    return made.text;
}

static void has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("no \"%s\" in:\n%s", part, text);
}

/* A series over highest fd 8 to 10000, one fd watched, and its two points. */
static void add_of(const char *backend, const char *stage, const char *class,
                   double from_ns, double change_ns, double half_ns)
{
    struct pb_growth_row row = pb_growth_none();
    struct pb_points_row point = pb_points_none();

    point.sweep = strcmp(stage, "all") == 0 ? "highest_fd" : "stages";
    row.backend = point.backend = backend;
    row.stage = point.stage = stage;
    row.layout = point.layout = "packed";
    row.fd_kind = point.fd_kind = "socketpair";
    row.metric = point.metric = "cost";
    row.tables = point.tables = row.typical = 1;
    row.fd_count = row.ready_count = row.occupied_words = 1;
    point.fd_count = point.ready_count = point.occupied_words = 1;
    row.variable = row.counts = "highest_fd";
    row.class = class;
    row.from = point.highest_fd = 8;
    row.to = 10000;
    row.from_ns = from_ns;
    row.to_ns = from_ns + change_ns;
    row.change_ns = change_ns;
    row.change_low_ns = change_ns - half_ns;
    row.change_high_ns = change_ns + half_ns;
    row.factor = row.factor_low = row.factor_high = row.to_ns / from_ns;
    pb_growth_put(&made.growth.csv, &row);
    pb_points_put(&made.points.csv, &point);
}

static void add(const char *backend, const char *class, double from_ns,
                double change_ns, double half_ns)
{
    add_of(backend, "all", class, from_ns, change_ns, half_ns);
}

static void rising_falling_same_and_unseen_are_told_apart(void **state)
{
    (void)state;
    add("select", "O(n)", 300, 1000, 10);
    add("poll", "cannot-tell", 3000, -1000, 10);
    add("epoll", "cannot-tell", 300, 4, 1);
    add("other", "cannot-tell", 300, -60, 70);
    const char *text = found(0);
    has(text, "highest_fd,1,\"8 to 10000: select +1 µs; poll -1 µs; the "
              "same: epoll; not precise enough: other\"");
    has(text, "With 1 watched and 1 ready, select costs 300 ns at highest fd 8 "
              "and 1.30 µs at highest fd 10000, a change of 1 [0.990, 1.01] "
              "µs, 4.33 times as much; ");
    has(text, "other costs 300 ns at highest fd 8 and 240 ns at highest fd "
              "10000, a change of -60 [-130, 10] ns; ");
    has(text, "no change of more than 9 ns in the highest fd from 8 to 10000: "
              "epoll.");
}

static void what_is_constant_by_all_points_is_the_same(void **state)
{
    (void)state;
    add("epoll", "O(1)", 300, 4, 30);
    add("poll", "cannot-tell", 300, 4, 30);
    has(found(0), "the same: epoll; not precise enough: poll");
}

static void stages_are_named_with_their_backend(void **state)
{
    (void)state;
    add_of("select", "wait", "O(n)", 300, 500, 10);
    add_of("select", "prepare", "O(1)", 1, 0, 0);
    const char *text = found(0);
    has(text, "stages,1,\"8 to 10000: select's wait +500 ns; the same: "
              "select's prepare\"");
    has(text, "With 1 watched and 1 ready, select's wait costs 300 ns");
}

static void a_run_without_growth_has_no_row(void **state)
{
    (void)state;
    assert_string_equal(found(0), "sweep,fd_count,title,sentence\n");
}

static void a_title_holds_no_comma(void **state)
{
    (void)state;
    add("a,b", "O(n)", 300, 1000, 10);
    has(found(0), "8 to 10000: a b +1 µs");
}

static void add_step(const char *backend, int64_t before, int64_t place,
                     double size_ns, const char *flags)
{
    struct pb_steps_row row = pb_steps_none();
    row.backend = backend;
    row.stage = "all";
    row.layout = "packed";
    row.variable = "highest_fd";
    row.fd_count = 1;
    row.before = before;
    row.place = place;
    row.size_ns = size_ns;
    row.low_ns = size_ns - 1;
    row.high_ns = size_ns + 1;
    row.flags = flags;
    pb_steps_put(&made.steps.csv, &row);
}

static void steps_are_ranges_and_minor_ones_are_not_told(void **state)
{
    (void)state;
    add_step("select", 313, 329, 90, "");
    add_step("select", 500, 516, 8, "minor");
    add_step("select", 953, 969, -40, "");
    const char *text = found(0);
    has(text, "steps,1,\"select +90 ns between 313 and 329; -40 ns between 953 "
              "and 969\"");
    has(text, "Over the highest fd: select jumps between 313 and 329 by 90 "
              "[89, 91] ns, between 953 and 969 by -40 [-41, -39] ns.");
    assert_null(strstr(text, "516"));
}

/* What one more costs, of a series' own base point alone. */
static void add_slope(int64_t fd_count, double slope)
{
    struct pb_slopes_row row = pb_slopes_none();
    row.backend = "select";
    row.stage = "all";
    row.layout = "packed";
    row.fd_kind = "socketpair";
    row.metric = "cost";
    row.variable = "highest_fd";
    row.tables = row.ready_count = row.occupied_words = row.typical = 1;
    row.fd_count = fd_count;
    row.window_from = 1000;
    row.window_to = 8500;
    row.slope = slope;
    row.slope_low = slope - 0.01;
    row.slope_high = slope + 0.01;
    row.unit = "ns per fd number";
    pb_slopes_put(&made.slopes.csv, &row);
}

/* A point of the sweep "steps", of one fd. */
static void add_position(int64_t highest_fd, double cost_ns, const char *flags)
{
    struct pb_points_row row = pb_points_none();
    row.sweep = "steps";
    row.backend = "select";
    row.stage = "all";
    row.layout = "packed";
    row.fd_kind = "socketpair";
    row.metric = "cost";
    row.highest_fd = highest_fd;
    row.fd_count = row.ready_count = row.occupied_words = row.tables = 1;
    row.estimate_ns = cost_ns;
    row.flags = flags;
    pb_points_put(&made.points.csv, &row);
}

/* Two words whose outer points tell, one with a disturbed end, and one with a
 * single point. */
static void a_number_costs_within_words_and_across_them(void **state)
{
    (void)state;
    const int words[] = {64, 128, 192};
    for (int i = 0; i < 3; i++) {
        add_position(words[i] + 15, 200 + i, "");
        add_position(words[i] + 31, 400, "");
        add_position(words[i] + 63, 224 + 3 * i, i == 2 ? "contended" : "");
    }
    add_position(1407, 500, "");
    add_slope(1, 0.02);
    const char *text = found(0);
    has(text,
        "sawtooth,1,\"a number costs 0.500 to 0.542 ns in a watched word; "
        "64 cost 1.28 ns across empty words\",");
    has(text, "and 64 more cost it 1.28 [0.640, 1.92] ns across empty words, "
              "from 1000 to 8500.");
}

static void one_word_alone_makes_no_sawtooth(void **state)
{
    (void)state;
    add_position(79, 200, "");
    add_position(127, 224, "");
    add_slope(1, 0.02);
    assert_null(strstr(found(0), "sawtooth"));
}

static void add_crossing(int64_t highest_fd, const char *status, double place)
{
    struct pb_crossovers_row row = pb_crossovers_none();
    row.first = "poll";
    row.second = "epoll";
    row.stage = "all";
    row.layout = "packed";
    row.variable = "fd_count";
    row.highest_fd = highest_fd;
    row.ready_count = 1;
    row.status = status;
    row.place = place;
    row.low = place - 0.1;
    row.high = place + 0.1;
    row.points = 5;
    row.typical = 1;
    pb_crossovers_put(&made.crossovers.csv, &row);
}

static void the_grid_tells_where_two_cross(void **state)
{
    (void)state;
    add_crossing(1000, "found", 3);
    add_crossing(2000, "found", 4);
    add_crossing(3000, "always", (double)NAN);
    const char *text = found(0);
    has(text, "grid,,\"poll cheaper than epoll up to N = 3 to 4\"");
    has(text, "poll and epoll, of 3 highest fds: at 2 poll is cheaper up to 3 "
              "to 4 fds watched (all intervals within 2.90 to 4.10), at 1 "
              "poll is cheaper throughout.");
}

static void add_published(int64_t year, const char *series, int64_t fds,
                          const char *growth)
{
    struct pb_history_row row = pb_history_none();
    row.year = year;
    row.series = series;
    row.kernel = "k";
    row.backend = "poll";
    row.active = 1;
    row.fds = fds;
    row.growth = growth;
    pb_history_put(&made.history.csv, &row);
}

static void history_counts_every_line_once(void **state)
{
    (void)state;
    add_published(PA_NONE, "this run", 1, "linear");
    add_published(PA_NONE, "this run", 2, "linear");
    add_published(2000, "a", 1, "bent");
    add_published(2000, "a", 2, "bent");
    add_published(2001, "b", 1, "cannot-tell");
    const char *text = found(0);
    has(text, "history,,\"poll grows; so in 1 of 2 published\"");
    has(text, "in 1 of 2 published series, of which 1 have too few figures");
}

static void the_summary_quotes_growth_slopes_and_crossovers(void **state)
{
    (void)state;
    add("select", "O(n)", 300, 1000, 10);
    add("select-textbook", "O(n)", 300, 9000, 10);
    add("epoll", "O(1)", 300, 0.5, 1);
    add_slope(1, 0.1);
    add_slope(64, 7);
    add_crossing(1000, "found", 3);
    const char *text = found(1);
    has(text, "- select is O(n) in the highest fd.\n"
              "- select-textbook (the loop of the documentation: builds its "
              "bitmap for each call and tests every number) is O(n) in the "
              "highest fd.\n"
              "- epoll is O(1) in the highest fd.\n");
    has(text, "1.30 µs at highest fd 10000, a change of 1 [0.990, 1.01] µs, "
              "4.33 times as much; that is 6.40 [5.76, 7.04] ns "
              "per 64 fd numbers from 1000 to 8500.\n");
    has(text,
        "- With 1 watched and 1 ready, epoll costs 300 ns at highest fd 8 "
        "and 300 ns at highest fd 10000, a change of 0.500 [-0.500, 1.50] "
        "ns.\n");
    has(text, "- With highest fd 1000 and 1 ready, poll is cheaper than epoll "
              "up to 3 [2.90, 3.10] fds watched, and epoll beyond.\n");
    assert_null(strstr(text, "448"));
}

static const char *found_of_untold(const char *left)
{
    struct pb_growth_row row = pb_growth_none();
    row.backend = "poll";
    row.stage = "all";
    row.layout = "packed";
    row.variable = "fd_count";
    row.highest_fd = 1000;
    row.typical = row.from = 1;
    row.to = 512;
    row.from_ns = 100;
    row.to_ns = 600;
    row.change_ns = 500;
    row.class = "cannot-tell";
    row.left = left;
    pb_growth_put(&made.growth.csv, &row);
    return found(1);
}

static void what_cannot_be_told_says_what_is_left(void **state)
{
    (void)state;
    const char *text = found_of_untold("O(sqrt n); O(n)");
    has(text,
        "poll is O(sqrt n) or O(n) in the number of fds watched, which of "
        "them cannot be told.\n");
    has(text, "poll costs 100 ns at 1 watched and 600 ns at 512 watched, a "
              "change of 500 ns");
}

static void one_class_that_is_left_is_not_told_either(void **state)
{
    (void)state;
    has(found_of_untold("O(n)"),
        "poll is of no class that can be told in the number of fds watched, "
        "O(n) alone not excluded.\n");
}

#define LAW(name) cmocka_unit_test_setup_teardown(name, start, finish)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LAW(rising_falling_same_and_unseen_are_told_apart),
        LAW(what_is_constant_by_all_points_is_the_same),
        LAW(stages_are_named_with_their_backend),
        LAW(a_run_without_growth_has_no_row),
        LAW(a_title_holds_no_comma),
        LAW(steps_are_ranges_and_minor_ones_are_not_told),
        LAW(a_number_costs_within_words_and_across_them),
        LAW(one_word_alone_makes_no_sawtooth),
        LAW(the_grid_tells_where_two_cross),
        LAW(history_counts_every_line_once),
        LAW(the_summary_quotes_growth_slopes_and_crossovers),
        LAW(what_cannot_be_told_says_what_is_left),
        LAW(one_class_that_is_left_is_not_told_either),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
