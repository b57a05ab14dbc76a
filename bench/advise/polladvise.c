/* SPDX-License-Identifier: MIT */
/* pollbench advise --pid PID RUN: what a running program's waits cost, and what
 * they would cost with another call. */
#include "need.h"
#include "place.h"
#include "program.h"
#include "say.h"
#include "trace.h"

#include <argp.h>
#include <errno.h>
#include <gsl/gsl_errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CANNOT_TELL = 3 };

struct arguments {
    const char *folder;
    int pid; /* 0: not given */
    double seconds;
    int is_json;
    const char *trace;
    int counts; /* wanted of the process, or how it comes to count */
};

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct arguments *arguments = state->input;

    switch (key) {
    case 'p':
        arguments->pid = (int)pa_program_number(
            "pid", value, (struct pa_limits){1, INT_MAX, 1}, state);
        return 0;
    case 's':
        arguments->seconds = pa_program_number(
            "seconds", value, (struct pa_limits){0.1, 60, 0}, state);
        return 0;
    case 'j':
        arguments->is_json = 1;
        return 0;
    case 'c':
        arguments->counts = 1;
        return 0;
    case 't':
        arguments->trace = value;
        return 0;
    case ARGP_KEY_NO_ARGS:
        if (arguments->counts && !arguments->pid && !arguments->trace)
            return 0;
        return pa_program_take_run(key, value, state, &arguments->folder);
    case ARGP_KEY_END:
        if (arguments->trace
                ? arguments->pid || arguments->counts
                : !arguments->pid && (!arguments->counts || arguments->folder))
            argp_error(state, "--pid says which process, or --trace what was "
                              "seen of one: one of them");
        return 0;
    default:
        return pa_program_take_run(key, value, state, &arguments->folder);
    }
}

/* Returns 0, CANNOT_TELL, or -1 with *problem set. */
static int tell(const struct arguments *arguments, const struct pa_told *told,
                struct pa_problem *problem)
{
    int status = CANNOT_TELL;

    if (!arguments->is_json)
        pa_say(told);
    else if (pa_say_json(told, problem) < 0)
        return -1;
    for (size_t i = 0; i < told->look->n_threads; i++) {
        if (told->look->threads[i].way == PA_NO_WAY)
            continue;
        if (told->advice[i].answer == PA_CANNOT_TELL)
            return CANNOT_TELL;
        status = 0;
    }
    return status;
}

static int judge(const struct arguments *arguments, struct pa_costs *costs,
                 const struct pa_look *look, struct pa_problem *problem)
{
    PA_FREED struct pa_advice *advice =
        pa_room(look->n_threads, sizeof *advice);
    int error = 0;

    for (size_t i = 0; i < look->n_threads && error == 0; i++)
        error = pa_judge(&advice[i], costs, &look->threads[i], problem);
    if (error == 0)
        error = tell(arguments, &(struct pa_told){look, advice}, problem);
    return error;
}

static int advise(const struct arguments *arguments, struct pa_problem *problem)
{
    struct pa_costs costs;
    struct pa_look look;

    if (pa_costs_read(&costs, arguments->folder, problem) < 0)
        return -1;
    int status = arguments->trace
                     ? pa_look_trace(&look, arguments->trace, problem)
                     : pa_look(&look, arguments->pid, arguments->seconds,
                               arguments->counts, problem);
    if (status == 0) {
        status = judge(arguments, &costs, &look, problem);
        pa_look_free(&look);
    }
    pa_costs_free(&costs);
    return status;
}

/* What a program has to have in its environment. */
static int print_preload(struct pa_problem *problem)
{
    char path[2 * PATH_MAX], whole[PATH_MAX];

    if (pb_place(path, sizeof path, "POLLBENCH_EXEC_PATH", ".", PA_WRAPPER) <
            0 ||
        !realpath(path, whole))
        return pa_problem_set(problem,
                              "%s: %s; it is not there in an installation that "
                              "is linked statically",
                              PA_WRAPPER, strerror(errno));
    if (strpbrk(whole, " :"))
        return pa_problem_set(problem,
                              "%s: LD_PRELOAD takes no path with a blank or a "
                              "colon; copy it to another folder",
                              whole);
    printf("LD_PRELOAD=%s\n", whole);
    return 0;
}

int main(int argc, char **argv)
{
    static const struct argp_option options[] = {
        {"pid", 'p', "PID", 0, "The process to look at (required)", 0},
        {"seconds", 's', "SECONDS", 0, "How long to look (default: 2)", 0},
        {"trace", 't', "FILE", 0,
         "Look at a text of strace -ttt or perf trace instead", 0},
        {"json", 'j', NULL, 0, "Print it for programs", 0},
        {"preload", 'c', NULL, 0,
         "Alone: print what a program needs in its environment to count its "
         "waits, and stop; with --pid: refuse one that does not count",
         0},
        {0}};
    static const struct argp argp = {
        .options = options,
        .parser = parse,
        .args_doc = "RUN\n--preload",
        .doc = "Look at a running program through /proc, without stopping it, "
               "and tell by the models of RUN what its waits cost, and what "
               "they would cost with another call.\v"
               "Exit status: 0 there is advice for each thread that waits, 1 "
               "failed, 2 wrong usage, 3 it cannot be told, and what to do."};
    struct arguments arguments = {.seconds = 2};
    struct pa_problem problem = {0};

    pa_program_parse(&argp, argc, argv, &arguments);
    gsl_set_error_handler_off(); /* it would abort; results are checked */
    int status = arguments.folder ? advise(&arguments, &problem)
                                  : print_preload(&problem);
    return pa_program_end(status, &problem) ? 1 : status;
}
