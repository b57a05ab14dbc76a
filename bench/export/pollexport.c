/* SPDX-License-Identifier: MIT */
/* pollbench export --format FORMAT RUN: a run in the format of another program.
 */
#include "export.h"
#include "output.h"
#include "program.h"
#include "table.h"

#include <argp.h>
#include <gsl/gsl_errno.h>
#include <string.h>
#include <unistd.h>

#define FORMATS(X)                                                             \
    X(datapackage)                                                             \
    X(gbench)                                                                  \
    X(bmf)                                                                     \
    X(tsv)
#define ROW(name)  {#name, pa_export_##name},
#define NAME(name) " " #name

static const struct format {
    const char *name;
    pa_export *export;
} formats[] = {FORMATS(ROW)};

struct arguments {
    const char *folder;
    const char *output; /* NULL: standard output */
    pa_export *export;
};

static pa_export *export_of(const char *name)
{
    for (size_t i = 0; i < PA_ARRAY_SIZE(formats); i++)
        if (strcmp(formats[i].name, name) == 0)
            return formats[i].export;
    return NULL;
}

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct arguments *arguments = state->input;

    switch (key) {
    case 'f':
        arguments->export = export_of(value);
        if (!arguments->export)
            argp_error(state, "--format %s: not one of" FORMATS(NAME), value);
        return 0;
    case 'o':
        arguments->output = value;
        return 0;
    case ARGP_KEY_END:
        if (!arguments->export)
            argp_error(state, "which --format? One of" FORMATS(NAME));
        return 0;
    default:
        return pa_program_take_run(key, value, state, &arguments->folder);
    }
}

/* Nothing is printed before all of it is there. */
static int print(const struct arguments *arguments, struct pa_problem *problem)
{
    struct pb_csv csv;

    pb_csv_init(&csv, STDOUT_FILENO);
    int error = arguments->export(&csv, arguments->folder, problem);
    int failed = error < 0 ? 0 : pb_csv_flush(&csv);
    if (failed < 0)
        error =
            pa_problem_set(problem, "standard output: %s", strerror(-failed));
    pb_csv_free(&csv);
    return error;
}

static int write_file(const struct arguments *arguments,
                      struct pa_problem *problem)
{
    struct pa_output output;

    if (pa_output_open_path(&output, arguments->output, problem) < 0)
        return -1;
    if (arguments->export(&output.csv, arguments->folder, problem) == 0)
        return pa_output_close(&output, problem);
    pa_output_abandon(&output);
    return -1;
}

int main(int argc, char **argv)
{
    static const struct argp_option options[] = {
        {"format", 'f', "FORMAT", 0,
         "datapackage: what every file and column is, as a Frictionless Data "
         "Package has it; gbench: every point, as google-benchmark has it; "
         "bmf: the headlines (changes and slopes of the series that pollbench "
         "show speaks of), in Bencher Metric Format; tsv: the same in lines",
         0},
        {"output", 'o', "FILE", 0,
         "Write this file, whole or not at all (default: standard output)", 0},
        {0}};
    static const struct argp argp = {
        .options = options,
        .parser = parse,
        .args_doc = "RUN",
        .doc = "Write RUN, a folder that pollbench fit has analysed, in a "
               "format that other programs read.\v"
               "Exit status: 0 done, 1 failed, 2 wrong usage."};
    struct arguments arguments = {0};
    struct pa_problem problem = {0};

    pa_program_parse(&argp, argc, argv, &arguments);
    gsl_set_error_handler_off(); /* it would abort; results are checked */
    int error = arguments.output ? write_file(&arguments, &problem)
                                 : print(&arguments, &problem);
    return pa_program_end(error, &problem) ? 1 : 0;
}
