/* SPDX-License-Identifier: MIT */
/* pollbench show RUN: what the run was found to say, from its files alone. */
#include "program.h"
#include "summary.h"

#include <stdio.h>

int main(int argc, char **argv)
{
    struct pa_problem problem = {0};
    const char *folder = pa_program_run(
        argc, argv,
        "Print what was found in RUN, a folder that pollbench fit has "
        "analysed: a line for each backend and factor.\v"
        "Exit status: 0 done, 1 failed, 2 wrong usage.");

    return pa_program_end(pa_summary_print_folder(stdout, folder, &problem),
                          &problem)
               ? 1
               : 0;
}
