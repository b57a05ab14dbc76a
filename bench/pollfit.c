/* SPDX-License-Identifier: MIT */
/* pollfit RUN: from the samples of a run to its points and verdicts. */
#include "analyze/crossover.h"
#include "analyze/holdout.h"
#include "analyze/model.h"
#include "analyze/points.h"
#include "analyze/samples.h"
#include "analyze/steps.h"

#include <argp.h>
#include <gsl/gsl_errno.h>
#include <stdio.h>

struct arguments {
    const char *folder;
};

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct arguments *arguments = state->input;

    if (key == ARGP_KEY_ARG && state->arg_num == 0)
        arguments->folder = value;
    else if (key == ARGP_KEY_ARG)
        argp_error(state, "one RUN at a time");
    else if (key == ARGP_KEY_NO_ARGS)
        argp_error(state, "which RUN? (the folder with samples.csv)");
    else
        return ARGP_ERR_UNKNOWN;
    return 0;
}

/* Everything that follows from the points. */
struct findings {
    struct pa_steps steps;
    struct pa_models models;
    struct pa_holdout holdout;
};

static void findings_free(struct findings *findings)
{
    pa_holdout_free(&findings->holdout);
    pa_models_free(&findings->models);
    pa_steps_free(&findings->steps);
}

static int find(struct findings *findings, const struct pa_run *run,
                struct pa_problem *problem)
{
    if (pa_steps_find(&findings->steps, run, problem) < 0)
        return -1;
    if (pa_models_make(&findings->models, run, &findings->steps, problem) < 0)
        return -1;
    return pa_holdout_make(&findings->holdout, &findings->models, run,
                           &findings->steps, problem);
}

static int write(const struct findings *findings, const struct pa_run *run,
                 const char *folder, struct pa_problem *problem)
{
    if (pa_points_write(run, folder, problem) < 0 ||
        pa_steps_write(&findings->steps, folder, problem) < 0)
        return -1;
    if (pa_models_write(&findings->models, run, folder, problem) < 0)
        return -1;
    if (pa_holdout_write(&findings->holdout, folder, problem) < 0 ||
        pa_ratios_write(run, folder, problem) < 0 ||
        pa_layer_write(run, folder, problem) < 0)
        return -1;
    return pa_crossovers_write(run, folder, problem);
}

static int analyse(struct pa_run *run, const struct arguments *arguments,
                   struct pa_problem *problem)
{
    struct findings findings = {0};

    if (pa_points_estimate(run, problem) < 0)
        return -1;
    int error = find(&findings, run, problem);
    if (error == 0)
        error = write(&findings, run, arguments->folder, problem);
    findings_free(&findings);
    return error;
}

int main(int argc, char **argv)
{
    static const struct argp argp = {
        .parser = parse,
        .args_doc = "RUN",
        .doc = "Analyse RUN, a folder with samples.csv and host.csv, and write "
               "points.csv and the other derived files into it."};
    struct arguments arguments = {0};
    struct pa_problem problem = {0};
    struct pa_run run;

    argp_err_exit_status = 2;
    argp_parse(&argp, argc, argv, 0, NULL, &arguments);
    gsl_set_error_handler_off(); /* it would abort; results are checked */
    int error = pa_run_read(&run, arguments.folder, &problem);
    if (error == 0) {
        if (*run.warning.text)
            fprintf(stderr, "pollfit: warning: %s\n", run.warning.text);
        error = analyse(&run, &arguments, &problem);
        pa_run_free(&run);
    }
    if (error < 0)
        fprintf(stderr, "pollfit: %s\n", problem.text);
    return error < 0 ? 1 : 0;
}
