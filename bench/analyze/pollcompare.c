/* SPDX-License-Identifier: MIT */
/* pollbench compare RUN...: what differs between kernels, machines or versions.
 * Its exit status is that of diff(1), and one more. */
#include "compare.h"
#include "digest.h"
#include "need.h"
#include "place.h"
#include "program.h"
#include "report_sections.h"
#include "rules.h"
#include "show.h"

#include <argp.h>
#include <errno.h>
#include <fcntl.h>
#include <gsl/gsl_errno.h>
#include <limits.h>
#include <math.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { EXIT_SAME = 0, EXIT_CHANGED = 1, EXIT_TROUBLE = 2, EXIT_OPEN = 3 };

struct arguments {
    char **folders;
    size_t n_folders;
    const char *output;
    const char *report; /* folder to make; NULL: no report */
    struct pa_comparison comparison;
};

static const struct argp_option options[] = {
    {"all", 'a', NULL, 0, "Compare every point that all runs have, too", 0},
    {"by", 'b', "KEY", 0,
     "Compare runs by the value that their label has for KEY, and name those "
     "that are odd among their like",
     0},
    {"output", 'o', "FILE", 0, "Write every comparison to this CSV file", 0},
    {"report", 'r', "DIR", 0,
     "Write comparison.csv, report.html and report.md into the new folder DIR",
     0},
    {"threshold", 't', "PERCENT", 0,
     "Changes up to this are none, 0 to 1000 (default: 5; of counts 0)", 0},
    {"unit", 'u', "ns|ref", 0,
     "Compare times in ns, or in reference loops, from which the clock's "
     "drift is gone (default: ref, if all runs have the loop)",
     0},
    {0}};

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct arguments *arguments = state->input;
    struct pa_comparison *comparison = &arguments->comparison;

    switch (key) {
    case 'a':
        comparison->has_points = 1;
        break;
    case 'b':
        comparison->by = value;
        break;
    case 'o':
        arguments->output = value;
        break;
    case 'r':
        arguments->report = value;
        break;
    case 't':
        comparison->threshold =
            pa_program_number("threshold", value,
                              (struct pa_limits){0, 1000, 0}, state) /
            100;
        break;
    case 'u':
        if (!pa_is(value, "ns") && !pa_is(value, "ref"))
            argp_error(state, "--unit is \"%s\", not ns or ref", value);
        comparison->uses_ref = pa_is(value, "ref");
        break;
    case ARGP_KEY_ARGS:
        arguments->folders = state->argv + state->next;
        arguments->n_folders = (size_t)(state->argc - state->next);
        break;
    case ARGP_KEY_SUCCESS:
        if (arguments->n_folders < 2 || arguments->n_folders > PA_RUNS_MAX)
            argp_error(state, "which runs? 2 to %d", PA_RUNS_MAX);
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

static int know_id(struct pa_compared_run *run, struct pa_problem *problem)
{
    return *run->id ? 0 : pa_run_id(run->folder, run->id, problem);
}

/* A run compared with itself says nothing, and is no repeat of itself. Only
 * those whose reference loops took the same to the last digit may be one: an id
 * takes reading all samples. Counts may well be alike. */
static int check_distinct(const struct pa_comparison *comparison,
                          struct pa_problem *problem)
{
    for (size_t i = 0; i < comparison->n_runs; i++)
        for (size_t j = 0; j < i; j++) {
            struct pa_compared_run *a = &comparison->runs[j];
            struct pa_compared_run *b = &comparison->runs[i];
            if (a->ref1_ns < b->ref1_ns || a->ref1_ns > b->ref1_ns)
                continue;
            if (know_id(b, problem) < 0 || know_id(a, problem) < 0)
                return -1;
            if (pa_is(a->id, b->id))
                return pa_problem_set(
                    problem, "%s and %s are one run, %s: leave one out",
                    a->folder, b->folder, b->id);
        }
    return 0;
}

/* --- the page ------------------------------------------------------------ */

struct page {
    struct pa_report report;
    const struct pa_comparison *by;
    int is_headline; /* only these quantities are shown */
};

/* What is told, a line an item, without what a terminal needs in front; no part
 * where that is nothing. */
static void add_told(struct page *page, const char *anchor, const char *heading,
                     void (*tell)(const struct pa_comparison *, FILE *))
{
    static const char prefix[] = "pollbench compare: warning: ";
    struct pa_string told;
    FILE *out = pa_string_open(&told);
    char *rest;

    tell(page->by, out);
    pa_string_close(out);
    if (*told.text)
        pa_report_part(&page->report, anchor, heading);
    for (char *line = strtok_r(told.text, "\n", &rest); line;
         line = strtok_r(NULL, "\n", &rest)) {
        pa_doc_item(&page->report.doc);
        if (strncmp(line, prefix, strlen(prefix)) == 0)
            line += strlen(prefix);
        pa_doc_text(&page->report.doc, "%s", line);
    }
    if (told.n_bytes > 0)
        pa_doc_close_section(&page->report.doc);
    free(told.text);
}

/* Of a column, after its class or what is cheaper. */
static void add_value(struct pa_report *report,
                      const struct pa_quantity *quantity, size_t column)
{
    const struct pa_value *value = &quantity->in[column];
    const char *letters = quantity->letters[column];
    double number = value->number.value;
    int is_text = *value->text != '\0';

    number = isfinite(number) ? number : (double)NAN;
    pa_report_cell(report, "%s%s%s%s%s", value->text, is_text ? " " : "",
                   is_text && isnan(number) ? "" : pa_show_number(number).text,
                   *letters ? " " : "", letters);
}

/* What is said of the second column, in a colour of which nothing hangs. */
static void add_verdict(struct pa_report *report,
                        const struct pa_difference *difference)
{
    const char *word = pa_plain_words(
        pa_compare_word(difference->quantity, difference->verdict));
    double effect = difference->effect.value;
    PA_FREED char *words =
        difference->quantity->is_log && isfinite(effect)
            ? pa_format("%s %+.1f %%", word, 100 * (effect - 1))
            : pa_format("%s", word);

    pa_doc_text(&report->doc, " ");
    if (difference->verdict != PA_SAME)
        pa_doc_badge(&report->doc,
                     difference->verdict == PA_MORE   ? "refuted"
                     : difference->verdict == PA_LESS ? "supported"
                                                      : "open",
                     words);
}

/* Whether it sets the first column beside another, and is to be seen: points
 * and crossovers are many, and of counts hardly a point is the same to the last
 * one. */
static int is_shown(const struct page *page,
                    const struct pa_difference *difference)
{
    const struct pa_quantity *quantity = difference->quantity;
    int is_many = quantity->kind == PA_COST || quantity->kind == PA_CROSSOVER;

    if (difference->is_run || difference->a != page->by->differences[0].a)
        return 0;
    if (page->is_headline)
        return quantity->is_headline;
    return !is_many || (difference->verdict != PA_SAME &&
                        !(quantity->kind == PA_COST &&
                          pa_is(quantity->unit, "instructions")));
}

static void add_quantity(struct page *page, const struct pa_quantity *quantity)
{
    struct pa_report *report = &page->report;
    size_t n_columns = page->by->n_columns;
    size_t next = n_columns; /* the column of the next cell */

    for (size_t i = 0; i < quantity->n_differences; i++) {
        const struct pa_difference *difference = &quantity->differences[i];
        if (!is_shown(page, difference))
            continue;
        if (next == n_columns) {
            pa_doc_row(&report->doc);
            pa_report_cell(report, "%s of %s (%s), %s%s%s",
                           pa_compare_kind(quantity->kind), quantity->backend,
                           quantity->stage, quantity->where,
                           *quantity->unit ? ", " : "", quantity->unit);
            add_value(report, quantity, difference->a);
            next = difference->a + 1;
        }
        for (; next < difference->b; next++)
            pa_report_cell(report, "%s", "");
        next++;
        add_value(report, quantity, difference->b);
        add_verdict(report, difference);
    }
}

/* The value of the first column, and of each other its value with what is said
 * of it; of headlines alone with their figure. */
static void add_matrix(struct page *page, int is_headline)
{
    struct pa_report *report = &page->report;
    const struct pa_comparison *by = page->by;
    const char *heading =
        is_headline ? "What each costs" : "Label beside label";

    if (by->n_columns < 2)
        return;
    page->is_headline = is_headline;
    pa_report_part(report, is_headline ? "headlines" : "matrix", heading);
    if (is_headline)
        pa_figure_file(report, "compared", heading, "");
    pa_doc_open_table(&report->doc, "l");
    pa_doc_row(&report->doc);
    pa_report_cell(report, "quantity");
    for (size_t c = by->differences[0].a; c < by->n_columns; c++)
        pa_report_cell(report, "%s", by->columns[c].name);
    for (size_t i = 0; i < by->n_quantities; i++)
        add_quantity(page, by->quantities[i]);
    pa_doc_close_table(&report->doc);
    pa_doc_close_section(&report->doc);
}

static void add_runs(struct pa_report *report, const struct pa_comparison *by)
{
    pa_report_part(report, "runs", "The runs");
    for (size_t i = 0; i < by->n_runs; i++) {
        const struct pa_run_tables tables = {
            .tables = {[PA_HOST] = by->runs[i].host}};
        PA_FREED char *citation = pa_cite_sentence(&tables, by->runs[i].id);
        pa_doc_item(&report->doc);
        pa_doc_text(&report->doc, "%s: %s", by->runs[i].folder, citation);
    }
    pa_doc_paragraph(&report->doc);
    pa_doc_link(&report->doc, "comparison.csv", "comparison.csv");
    pa_doc_text(&report->doc, " has every comparison, changed or not.");
    pa_doc_close_section(&report->doc);
}

/* Of the report that a page begins with. */
static void build(struct pa_report *report)
{
    struct page *page = (struct page *)report;

    pa_doc_heading(&report->doc, 1, "What differs between runs");
    add_told(page, "answer", "In words", pa_compare_print);
    add_told(page, "warnings", "What else differs", pa_compare_hosts);
    if (page->by->is_counted)
        add_matrix(page, 1);
    add_matrix(page, 0);
    add_runs(report, page->by);
}

/* The figure of the report, in the colours of the first run. Without gnuplot
 * there is none, and pollbench draw says so. */
static void draw(const struct arguments *arguments)
{
    char program[2 * PATH_MAX];
    char *const argv[] = {(char *)"pollbench draw", (char *)"--compared",
                          (char *)arguments->report, arguments->folders[0],
                          NULL};
    posix_spawn_file_actions_t actions;
    pid_t child;

    if (pb_place(program, sizeof program, "POLLBENCH_EXEC_PATH", ".",
                 "pollbench-draw") < 0 ||
        posix_spawn_file_actions_init(&actions) != 0)
        return;
    if (posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null",
                                         O_WRONLY, 0) == 0 &&
        posix_spawn(&child, program, &actions, NULL, argv, environ) == 0)
        waitpid(child, NULL, 0);
    posix_spawn_file_actions_destroy(&actions);
}

static int write_report(const struct pa_comparison *comparison,
                        const struct arguments *arguments,
                        struct pa_problem *problem)
{
    const char *folder = arguments->report;
    const struct pa_run_tables tables = {.folder = folder};
    PA_FREED char *path = pa_path(folder, "comparison.csv");
    struct page page = {.report = {.run = &tables}, .by = comparison};

    if (mkdir(folder, 0777) < 0)
        return pa_problem_set(problem, "%s: %s; name a new folder", folder,
                              strerror(errno));
    if (pa_compare_write(comparison, path, problem) < 0 ||
        pa_set_locale(problem) < 0)
        return -1;
    if (comparison->is_counted)
        draw(arguments);
    for (size_t i = 0; i < comparison->n_runs; i++)
        if (know_id(&comparison->runs[i], problem) < 0)
            return -1;
    return pa_report_files_write(&page.report, folder,
                                 "pollbench: runs compared", build, problem);
}

/* --- all of it ----------------------------------------------------------- */

static int compare(struct arguments *arguments, struct pa_problem *problem)
{
    struct pa_comparison *comparison = &arguments->comparison;

    if (pa_compare(comparison, arguments->folders, arguments->n_folders,
                   problem) < 0 ||
        (!comparison->is_counted && check_distinct(comparison, problem) < 0))
        return EXIT_TROUBLE;
    pa_compare_hosts(comparison, stderr);
    pa_compare_print(comparison, stdout);
    if (arguments->output &&
        pa_compare_write(comparison, arguments->output, problem) < 0)
        return EXIT_TROUBLE;
    if (arguments->report && write_report(comparison, arguments, problem) < 0)
        return EXIT_TROUBLE;
    if (comparison->has_changed)
        return EXIT_CHANGED;
    return comparison->is_open ? EXIT_OPEN : EXIT_SAME;
}

int main(int argc, char **argv)
{
    static const struct argp argp = {
        .options = options,
        .parser = parse,
        .args_doc = "RUN RUN...",
        .doc =
            "Compare runs that pollbench fit has analysed: how costs grow, "
            "what one "
            "more fd costs, where backends cross, and mean costs. Runs of one "
            "label (pollbench --label) are its repeats; one without is named "
            "by its folder.\v"
            "Exit status: 0 nothing changed by more than the threshold, 1 "
            "something did, 2 trouble or wrong usage, 3 it cannot be told."};
    struct arguments arguments = {
        .comparison = {.threshold = NAN, .uses_ref = 1}};
    struct pa_problem problem = {0};

    pa_need_or_exit_with(EXIT_TROUBLE);
    pa_program_parse(&argp, argc, argv, &arguments);
    gsl_set_error_handler_off(); /* it would abort; results are checked */
    int status = compare(&arguments, &problem);
    pa_comparison_free(&arguments.comparison);
    int error = pa_program_end(*problem.text ? -1 : 0, &problem);
    return error ? EXIT_TROUBLE : status;
}
