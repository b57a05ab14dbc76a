/* SPDX-License-Identifier: MIT */
/* pollbench verify RUN: is it still what its report was made of? */
#include "digest.h"
#include "program.h"
#include "run_tables.h"

#include <stdio.h>

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
    return pa_program_of_run(
        argc, argv,
        "Check that no file of RUN was changed since its report was made; "
        "write nothing.\v"
        "Exit status: 0 as it was, 1 changed or failed, 2 wrong usage.",
        verify);
}
