/* SPDX-License-Identifier: MIT */
/* pollcompare RUN_A RUN_B: what differs between two kernels, machines or
 * versions. Its exit status is that of diff(1), and one more. */
#include "build_info.h"
#include "compare.h"
#include "report_compare.h"
#include "rules.h"

#include <argp.h>
#include <errno.h>
#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { EXIT_SAME = 0, EXIT_CHANGED = 1, EXIT_TROUBLE = 2, EXIT_OPEN = 3 };

const char *argp_program_version =
    "pollcompare " PB_PROJECT_VERSION " (" PB_COMMIT ")";

struct arguments {
    const char *folders[2];
    const char *output;
    const char *report; /* folder to make; NULL: no report */
    double threshold_percent;
    int uses_ref;
};

static const struct argp_option options[] = {
    {"output", 'o', "FILE", 0, "Write every comparison to this CSV file", 0},
    {"report", 'r', "DIR", 0,
     "Write comparison.csv, report.html and report.md into the new folder DIR",
     0},
    {"threshold", 't', "PERCENT", 0,
     "Changes up to this are none, 0.1 to 1000 (default: 5)", 0},
    {"unit", 'u', "ns|ref", 0,
     "Judge nanoseconds, or multiples of the reference loop, from which the "
     "clock's drift is gone (default: ref)",
     0},
    {0}};

static void parse_threshold(struct arguments *arguments, const char *text,
                            struct argp_state *state)
{
    char *end;

    errno = 0;
    arguments->threshold_percent = strtod(text, &end);
    if (end == text || *end || errno ||
        !(arguments->threshold_percent >= 0.1 &&
          arguments->threshold_percent <= 1000))
        argp_error(state, "--threshold is \"%s\", not 0.1 to 1000", text);
}

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct arguments *arguments = state->input;

    switch (key) {
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
        arguments->uses_ref = strcmp(value, "ref") == 0;
        break;
    case ARGP_KEY_ARG:
        if (state->arg_num > 1)
            argp_error(state, "two runs, not more");
        arguments->folders[state->arg_num] = value;
        break;
    case ARGP_KEY_END:
        if (state->arg_num < 2)
            argp_error(state, "which two runs?");
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

/* What pollcompare tells, in memory; to be freed. NULL: no memory. */
static char *told(const struct pa_comparison *comparison,
                  void (*tell)(const struct pa_comparison *, FILE *))
{
    char *text = NULL;
    size_t n_bytes;
    FILE *out = open_memstream(&text, &n_bytes);

    if (!out)
        return NULL;
    tell(comparison, out);
    return fclose(out) == 0 ? text : NULL;
}

static int write_report(const struct pa_comparison *comparison,
                        const char *folder, struct pa_problem *problem)
{
    struct pa_compared compared = {.folder_a = comparison->a.folder,
                                   .folder_b = comparison->b.folder};
    char *path = pa_path(folder, "comparison.csv");
    char *words = told(comparison, pa_compare_print);
    char *differences = told(comparison, pa_compare_hosts);
    int error = 0;

    compared.words = words;
    compared.differences = differences;
    if (!path || !words || !differences)
        error = pa_problem_set(problem, "out of memory");
    else if (mkdir(folder, 0777) < 0)
        error = pa_problem_set(problem, "%s: %s; name a new folder", folder,
                               strerror(errno));
    else if (pa_compare_write(comparison, path, problem) < 0)
        error = -1;
    else
        error = pa_compare_report(folder, &compared, problem);
    free(path);
    free(words);
    free(differences);
    return error;
}

static int status_of(const struct pa_comparison *comparison)
{
    if (pa_compare_has_changed(comparison))
        return EXIT_CHANGED;
    return pa_compare_is_open(comparison) ? EXIT_OPEN : EXIT_SAME;
}

static int compare(const struct arguments *arguments,
                   struct pa_problem *problem)
{
    struct pa_comparison comparison = {.threshold =
                                           arguments->threshold_percent / 100,
                                       .uses_ref = arguments->uses_ref};

    if (pa_compare(&comparison, arguments->folders[0], arguments->folders[1],
                   problem) < 0)
        return EXIT_TROUBLE;
    pa_compare_hosts(&comparison, stderr);
    pa_compare_print(&comparison, stdout);
    int status = status_of(&comparison);
    if (arguments->output &&
        pa_compare_write(&comparison, arguments->output, problem) < 0)
        status = EXIT_TROUBLE;
    if (arguments->report &&
        write_report(&comparison, arguments->report, problem) < 0)
        status = EXIT_TROUBLE;
    pa_comparison_free(&comparison);
    return status;
}

int main(int argc, char **argv)
{
    static const struct argp argp = {
        .options = options,
        .parser = parse,
        .args_doc = "RUN_A RUN_B",
        .doc = "Compare two runs that pollfit has analysed, point by point and "
               "coefficient by coefficient.\v"
               "Exit status: 0 nothing changed by more than the threshold, 1 "
               "something did, 2 trouble or wrong usage, 3 it cannot be told."};
    struct arguments arguments = {.threshold_percent = PB_CHANGE_PERCENT,
                                  .uses_ref = 1};
    struct pa_problem problem = {0};

    argp_err_exit_status = EXIT_TROUBLE;
    argp_parse(&argp, argc, argv, 0, NULL, &arguments);
    gsl_set_error_handler_off(); /* it would abort; results are checked */
    int status = compare(&arguments, &problem);
    if (*problem.text)
        fprintf(stderr, "pollcompare: %s\n", problem.text);
    if (fflush(stdout) != 0) {
        perror("pollcompare: standard output");
        return EXIT_TROUBLE;
    }
    return status;
}
