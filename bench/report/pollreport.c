/* SPDX-License-Identifier: MIT */
/* pollreport RUN: the page a reviewer opens, and the line they cite. */
#include "build_info.h"
#include "digest.h"
#include "output.h"
#include "report.h"
#include "run_tables.h"

#include <argp.h>
#include <signal.h>
#include <stdio.h>

const char *argp_program_version =
    "pollreport " PB_PROJECT_VERSION " (" PB_COMMIT ")";

struct arguments {
    const char *folder;
    int is_verify;
};

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct arguments *arguments = state->input;

    if (key == 'v')
        arguments->is_verify = 1;
    else if (key == ARGP_KEY_ARG && state->arg_num == 0)
        arguments->folder = value;
    else if (key == ARGP_KEY_ARG)
        argp_error(state, "one RUN at a time");
    else if (key == ARGP_KEY_NO_ARGS)
        argp_error(state, "which RUN? (the folder with samples.csv)");
    else
        return ARGP_ERR_UNKNOWN;
    return 0;
}

/* Returns 0 if every file is as it was, 1 if not, or -1. */
static int verify(const char *folder, struct pa_problem *problem)
{
    char id[PA_RUN_ID_HEX];

    int n_changed = pa_digest_verify(folder, stdout, problem);
    if (n_changed < 0)
        return -1;
    if (!pa_file_is_there(folder, "comparison.csv")) { /* of two runs */
        if (pa_run_id(folder, id, problem) < 0)
            return -1;
        printf("run %s: ", id);
    }
    puts(n_changed ? "not as it was when its report was made"
                   : "all files as they were when its report was made");
    return n_changed > 0;
}

int main(int argc, char **argv)
{
    static const struct argp_option options[] = {
        {"verify", 'v', NULL, 0,
         "write nothing; check that no file of RUN was changed", 0},
        {0}};
    static const struct argp argp = {
        .options = options,
        .parser = parse,
        .args_doc = "RUN",
        .doc = "Write report.html, report.md, cite.txt and SHA256SUMS into "
               "RUN, a folder that pollfit has analysed.\vExit status: 0 done, "
               "1 failed or changed, 2 wrong usage."};
    struct arguments arguments = {0};
    struct pa_problem problem = {0};

    signal(SIGXFSZ, SIG_IGN); /* a file too large is an error of its write */
    argp_err_exit_status = 2;
    argp_parse(&argp, argc, argv, 0, NULL, &arguments);
    int error = arguments.is_verify
                    ? verify(arguments.folder, &problem)
                    : pa_report_write(arguments.folder, &problem);
    if (error >= 0 && pa_output_flush_printed(&problem) < 0)
        error = -1;
    if (error < 0)
        fprintf(stderr, "pollreport: %s\n", problem.text);
    return error ? 1 : 0;
}
