/* SPDX-License-Identifier: MIT */
/* What the programs that read runs have in common. On stderr each begins its
 * lines with its name as it was called, which the command pollbench makes
 * "pollbench VERB". */
#ifndef PA_PROGRAM_H
#define PA_PROGRAM_H

#include "problem.h"

struct argp;
struct argp_state;

/* Parse the command line; what is wrong with it ends the program with 2. */
void pa_program_parse(const struct argp *argp, int argc, char **argv,
                      void *input);

/* For the parser of a program that has options besides: takes RUN, and says
 * what is wrong with it. Returns 0, or ARGP_ERR_UNKNOWN for another key. */
int pa_program_take_run(int key, char *value, struct argp_state *state,
                        const char **run);

/* What an option takes, the ends included. */
struct pa_limits {
    double low, high;
    int is_whole;
};

/* The number that the value of the option of this name is; what is none within
 * the limits ends the program with 2. */
double pa_program_number(const char *name, const char *value,
                         struct pa_limits limits,
                         const struct argp_state *state);

/* A program that takes one RUN and no option of its own, doc being argp's: act
 * on RUN, and end as pa_program_end() does. act returns 0 or
 * more, which is how many faults it found; or -1 with *problem set. Returns the
 * exit status. */
int pa_program_of_run(int argc, char **argv, const char *doc,
                      int (*act)(const char *run, struct pa_problem *problem));

/* Have what was printed written, and say what is wrong, if error < 0 or
 * standard output is full. Returns 0, or -1 if something was said. */
int pa_program_end(int error, struct pa_problem *problem);

#endif
