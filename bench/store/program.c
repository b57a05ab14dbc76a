/* SPDX-License-Identifier: MIT */
#include "program.h"

#include "build_info.h"
#include "need.h"
#include "output.h"
#include "table.h"

#include <argp.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

const char *argp_program_version = PB_VERSION_LINE;

int pa_program_take_run(int key, char *value, struct argp_state *state,
                        const char **run)
{
    switch (key) {
    case ARGP_KEY_ARG:
        if (state->arg_num > 0)
            argp_error(state, "one RUN at a time");
        *run = value;
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "which RUN? (the folder with samples.csv)");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

double pa_program_number(const char *name, const char *value,
                         struct pa_limits limits,
                         const struct argp_state *state)
{
    char *end;
    double number = strtod(value, &end);

    if (!*value || *end || !(number >= limits.low && number <= limits.high) ||
        (limits.is_whole && pa_count_of(value) == PA_NONE))
        argp_error(state, "--%s is \"%s\", not %s%.10g to %.10g", name, value,
                   limits.is_whole ? "a whole number from " : "", limits.low,
                   limits.high);
    return number;
}

static error_t parse(int key, char *value, struct argp_state *state)
{
    return pa_program_take_run(key, value, state, state->input);
}

void pa_program_parse(const struct argp *argp, int argc, char **argv,
                      void *input)
{
    signal(SIGXFSZ, SIG_IGN); /* a file too large is an error of its write */
    argp_err_exit_status = 2;
    if (argp_parse(argp, argc, argv, 0, NULL, input) != 0)
        pa_need(NULL); /* what else is wrong it says itself */
}

int pa_program_end(int error, struct pa_problem *problem)
{
    if (error >= 0)
        error = pa_output_flush_printed(problem);
    if (error >= 0)
        return 0;
    fprintf(stderr, "%s: %s\n", program_invocation_short_name, problem->text);
    return -1;
}

int pa_program_of_run(int argc, char **argv, const char *doc,
                      int (*act)(const char *run, struct pa_problem *problem))
{
    const struct argp argp = {.parser = parse, .args_doc = "RUN", .doc = doc};
    struct pa_problem problem = {0};
    const char *run = NULL;

    pa_program_parse(&argp, argc, argv, &run);
    int found = act(run, &problem);
    return pa_program_end(found, &problem) < 0 || found > 0 ? 1 : 0;
}
