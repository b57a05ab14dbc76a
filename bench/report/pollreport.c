/* SPDX-License-Identifier: MIT */
/* pollbench report RUN: the page a reviewer opens, and the line they cite. */
#include "program.h"
#include "report.h"

int main(int argc, char **argv)
{
    return pa_program_of_run(
        argc, argv,
        "Write report.html, report.md, cite.txt and SHA256SUMS into RUN, a "
        "folder that pollbench fit has analysed.\v"
        "Exit status: 0 done, 1 failed, 2 wrong usage.",
        pa_report_write);
}
