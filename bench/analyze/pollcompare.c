/* SPDX-License-Identifier: MIT */
/* pollbench compare RUN...: what differs between kernels, machines or versions.
 * Its exit status is that of diff(1), and one more. */
#include "compare.h"
#include "digest.h"
#include "need.h"
#include "place.h"
#include "program.h"
#include "report_compare.h"
#include "rules.h"

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

static void parse_threshold(struct arguments *arguments, const char *text,
                            struct argp_state *state)
{
    char *end;
    double percent;

    errno = 0;
    percent = strtod(text, &end);
    if (end == text || *end || errno || !(percent >= 0 && percent <= 1000))
        argp_error(state, "--threshold is \"%s\", not 0 to 1000", text);
    arguments->comparison.threshold = percent / 100;
}

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct arguments *arguments = state->input;

    switch (key) {
    case 'a':
        arguments->comparison.has_points = 1;
        break;
    case 'b':
        arguments->comparison.by = value;
        break;
    case 'o':
        arguments->output = value;
        break;
    case 'r':
        arguments->report = value;
        break;
    case 't':
        parse_threshold(arguments, value, state);
        break;
    case 'u':
        if (strcmp(value, "ns") != 0 && strcmp(value, "ref") != 0)
            argp_error(state, "--unit is \"%s\", not ns or ref", value);
        arguments->comparison.uses_ref = strcmp(value, "ref") == 0;
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

/* A run compared with itself says nothing, and is no repeat of itself. Only
 * those whose reference loops took the same to the last digit may be one: an id
 * takes reading all samples. Counts may well be alike. */
static int check_distinct(const struct pa_comparison *comparison,
                          struct pa_problem *problem)
{
    const struct pa_compared_run *runs = comparison->runs;
    static char ids[PA_RUNS_MAX][PA_RUN_ID_HEX];

    for (size_t i = 0; i < comparison->n_runs; i++)
        for (size_t j = 0; j < i; j++) {
            if (runs[i].ref1_ns < runs[j].ref1_ns ||
                runs[i].ref1_ns > runs[j].ref1_ns)
                continue;
            if ((!*ids[i] && pa_run_id(runs[i].folder, ids[i], problem) < 0) ||
                (!*ids[j] && pa_run_id(runs[j].folder, ids[j], problem) < 0))
                return -1;
            if (strcmp(ids[i], ids[j]) == 0)
                return pa_problem_set(
                    problem, "%s and %s are one run, %s: leave one out",
                    runs[j].folder, runs[i].folder, ids[i]);
        }
    return 0;
}

/* What pollbench compare tells, in memory; to be freed. */
static char *told(const struct pa_comparison *comparison,
                  void (*tell)(const struct pa_comparison *, FILE *))
{
    struct pa_string text;
    FILE *out = pa_string_open(&text);

    tell(comparison, out);
    pa_string_close(out);
    return text.text;
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
    PA_FREED char *path = pa_path(folder, "comparison.csv");
    PA_FREED char *words = told(comparison, pa_compare_print);
    PA_FREED char *differences = told(comparison, pa_compare_hosts);
    const struct pa_compared compared = {.words = words,
                                         .differences = differences,
                                         .folders = arguments->folders,
                                         .n_folders = arguments->n_folders,
                                         .is_counted = comparison->is_counted};

    if (mkdir(folder, 0777) < 0)
        return pa_problem_set(problem, "%s: %s; name a new folder", folder,
                              strerror(errno));
    if (pa_compare_write(comparison, path, problem) < 0)
        return -1;
    if (comparison->is_counted)
        draw(arguments);
    return pa_compare_report(folder, &compared, problem);
}

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
    if (pa_compare_has_changed(comparison))
        return EXIT_CHANGED;
    return pa_compare_is_open(comparison) ? EXIT_OPEN : EXIT_SAME;
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
