/* SPDX-License-Identifier: MIT */
/* pollbench fit RUN: from the samples of a run to its points and verdicts. */
#include "claims.h"
#include "findings.h"
#include "model.h"
#include "need.h"
#include "output.h"
#include "pairs.h"
#include "place.h"
#include "points.h"
#include "predict.h"
#include "program.h"
#include "samples.h"
#include "steps.h"

#include <argp.h>
#include <errno.h>
#include <gsl/gsl_errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct arguments {
    const char *folder;
    const char *claims;    /* NULL: the project's own */
    const char *published; /* likewise */
    const char *counted;   /* folder of a run of counts; NULL: none */
};

static const struct argp_option options[] = {
    {"claims", 'c', "FILE", 0, "Test these claims (default: the project's own)",
     0},
    {"counted", 'k', "RUN", 0,
     "Set what this run counted of instructions beside the times: writes "
     "per_instruction.csv",
     0},
    {"published", 'p', "FILE", 0,
     "Set these figures beside the run's (default: the project's own)", 0},
    {0}};

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct arguments *arguments = state->input;

    switch (key) {
    case 'c':
        arguments->claims = value;
        break;
    case 'k':
        arguments->counted = value;
        break;
    case 'p':
        arguments->published = value;
        break;
    default:
        return pa_program_take_run(key, value, state, &arguments->folder);
    }
    return 0;
}

/* The files, each written whole by one call to csv. Returns 0, or -1. */
#define WRITE(name, call)                                                      \
    (pa_output_open(&output, folder, name, problem) < 0                        \
         ? -1                                                                  \
         : ((call), pa_output_close(&output, problem)))

static int write_findings(const struct pa_models *models,
                          const struct pa_growths *growths, const char *folder,
                          struct pa_problem *problem)
{
    const struct pa_run *run = models->run;
    struct pa_output output;
    struct pb_csv *csv = &output.csv;

    /* What is drawn and shown of older runs is read from these, too. */
    if (pa_output_supply(folder, "backends.csv", pb_backends_write, problem) <
            0 ||
        pa_output_supply(folder, "cases.csv", pa_cases_write, problem) < 0 ||
        WRITE("points.csv", pa_points_write(csv, run)) < 0 ||
        WRITE("levels.csv", pa_levels_write(csv, run)) < 0 ||
        WRITE("steps.csv", pa_steps_write(csv, models->steps, run)) < 0 ||
        WRITE("growth.csv", pa_growths_write(csv, growths)) < 0 ||
        WRITE("slopes.csv", pa_slopes_write(csv, growths)) < 0 ||
        WRITE("models.csv", pa_models_write(csv, models)) < 0 ||
        WRITE("holdout.csv", pa_holdout_write(csv, models)) < 0 ||
        WRITE("differences.csv", pa_differences_write(csv, run)) < 0 ||
        WRITE("ratios.csv", pa_ratios_write(csv, run)) < 0 ||
        WRITE("layer.csv", pa_layer_write(csv, run)) < 0)
        return -1;
    return WRITE("crossovers.csv", pa_crossovers_write(csv, run));
}

/* Times beside the counts of another run. */
static int set_beside_counts(const struct pa_run *run,
                             const struct arguments *arguments,
                             struct pa_problem *problem)
{
    const char *folder = arguments->folder;
    struct pa_output output;
    struct pa_run counted;

    if (!arguments->counted)
        return 0;
    if (pa_run_read(&counted, arguments->counted, problem) < 0)
        return -1;
    pa_points_estimate(&counted);
    int error =
        pa_is_timed(run) && !pa_is_timed(&counted)
            ? WRITE("per_instruction.csv",
                    pa_per_instruction_write(&output.csv, run, &counted))
            : pa_problem_set(problem,
                             "%s is no run of times, or %s none of "
                             "counts: --counted wants the latter",
                             folder, arguments->counted);
    pa_run_free(&counted);
    return error;
}

/* What others have said, beside what the run says. */
static int compare_with_others(const struct pa_growths *growths,
                               const struct pa_run *run,
                               const struct arguments *arguments,
                               struct pa_problem *problem)
{
    const char *folder = arguments->folder;
    struct pa_claims claims;
    struct pa_output output;

    if (pa_claims_read(&claims, arguments->claims, problem) < 0)
        return -1;
    int error = WRITE("claims.csv",
                      pa_claims_write(&output.csv, &claims, run, growths));
    pa_claims_free(&claims);
    return error < 0 ? error
                     : pa_history_write(run, growths, arguments->published,
                                        folder, problem);
}

static int analyse(struct pa_run *run, const struct arguments *arguments,
                   struct pa_problem *problem)
{
    struct pa_steps steps;
    struct pa_growths growths;
    struct pa_models models;

    if (pa_residue_check(run, problem) < 0)
        return -1;
    pa_points_estimate(run);
    PA_FREED char *unsettled = pa_unsettled_text(run);
    if (*unsettled)
        fprintf(stderr, "%s: warning: unsettled: %s\n",
                program_invocation_short_name, unsettled);
    pa_steps_find(&steps, run);
    pa_growths_make(&growths, run, &steps);
    pa_models_make(&models, run, &steps);
    const char *folder = arguments->folder;
    int error = write_findings(&models, &growths, folder, problem) < 0 ||
                pa_predictions_write(run, folder, problem) < 0 ||
                compare_with_others(&growths, run, arguments, problem) < 0 ||
                set_beside_counts(run, arguments, problem) < 0 ||
                pa_findings_write(folder, unsettled, problem) < 0;
    pa_models_free(&models);
    pa_growths_free(&growths);
    pa_steps_free(&steps);
    return -error;
}

/* Take the project's own file where none was named, before anything is
 * written. */
static int supply(const char **named, char *path, size_t size, const char *name,
                  struct pa_problem *problem)
{
    if (*named)
        return 0; /* reading it tells what is wrong */
    if (pb_place(path, size, "POLLBENCH_DATA", PB_DATA_FROM_EXEC, name) < 0)
        return pa_problem_set(problem, "%s: %s", name, strerror(errno));
    *named = path;
    if (access(path, F_OK) == 0 || errno != ENOENT)
        return 0;
    return pa_problem_set(problem,
                          "%.400s: not there; is the installation whole? "
                          "(POLLBENCH_DATA names another folder)",
                          path);
}

static int fit(struct arguments arguments, struct pa_problem *problem)
{
    char claims[2 * PATH_MAX], published[2 * PATH_MAX];
    struct pa_run run;

    if (supply(&arguments.claims, claims, sizeof claims, "claims.csv",
               problem) < 0 ||
        supply(&arguments.published, published, sizeof published,
               "published.csv", problem) < 0 ||
        pa_run_read(&run, arguments.folder, problem) < 0)
        return -1;
    if (*run.warning.text)
        fprintf(stderr, "%s: warning: %s\n", program_invocation_short_name,
                run.warning.text);
    int error = analyse(&run, &arguments, problem);
    pa_run_free(&run);
    return error;
}

int main(int argc, char **argv)
{
    static const struct argp argp = {
        .options = options,
        .parser = parse,
        .args_doc = "RUN",
        .doc = "Analyse RUN, a folder with samples.csv and host.csv, and write "
               "points.csv and the other derived files into it.\v"
               "Exit status: 0 done, 1 failed, 2 wrong usage."};
    struct arguments arguments = {0};
    struct pa_problem problem = {0};

    pa_program_parse(&argp, argc, argv, &arguments);
    gsl_set_error_handler_off(); /* it would abort; results are checked */
    return pa_program_end(fit(arguments, &problem), &problem) ? 1 : 0;
}
