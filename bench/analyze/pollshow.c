/* SPDX-License-Identifier: MIT */
/* pollbench show RUN: what the run was found to say, from its files alone. */
#include "findings.h"
#include "program.h"

static int show(const char *folder, struct pa_problem *problem)
{
    return pa_summary_print_folder(stdout, folder, problem);
}

int main(int argc, char **argv)
{
    return pa_program_of_run(
        argc, argv,
        "Print what was found in RUN, a folder that pollbench fit has "
        "analysed: a line for each backend and factor.\v"
        "Exit status: 0 done, 1 failed, 2 wrong usage.",
        show);
}
