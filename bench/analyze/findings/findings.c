/* SPDX-License-Identifier: MIT */
#include "findings.h"

#include "output.h"
#include "unsettled.h"

#include <errno.h>

int pa_findings_write(const struct pa_run *run, const struct pa_steps *steps,
                      const struct pa_history *history, const char *folder,
                      struct pa_problem *problem)
{
    struct pa_output output;

    if (pa_output_open(&output, folder, "findings.csv", problem) < 0)
        return -1;
    PB_CSV_HEADER(&output.csv, PB_FINDINGS);
    if (pa_findings_of_sweeps(&output.csv, run) < 0 ||
        pa_findings_of_stages(&output.csv, run) < 0 ||
        pa_findings_of_ratios(&output.csv, run) < 0 ||
        pa_findings_of_steps(&output.csv, run, steps) < 0 ||
        pa_findings_of_history(&output.csv, run, history) < 0 ||
        pa_findings_of_levels(&output.csv, run) < 0)
        output.csv.error = -ENOMEM;
    return pa_output_close(&output, problem);
}
