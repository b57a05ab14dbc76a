/* SPDX-License-Identifier: MIT */
/* The titles of the figures, and the same in sentences for those who cannot
 * see them: findings.csv. */
#ifndef PA_FINDINGS_H
#define PA_FINDINGS_H

#include "csv_write.h"
#include "history.h"
#include "samples.h"
#include "steps.h"

/* Write folder/findings.csv: a row for each figure or panel that the run has
 * data for. history may be empty. Returns 0, or -1 with *problem set. */
int pa_findings_write(const struct pa_run *run, const struct pa_steps *steps,
                      const struct pa_history *history, const char *folder,
                      struct pa_problem *problem);

/* The rows of each kind. Each returns 0, or -1 when there is no memory.
 *
 * sweeps   what a call costs more at the far end of highest_fd, fd_count and
 *          ready_count than at the near end
 * stages   the same, of the program's stages and of the call apart
 * ratios   how each backend compares with the next, over the grid; variants of
 *          another are left out
 * steps    where cost jumps
 * history  how this run and the published figures grow with fds watched */
int pa_findings_of_sweeps(struct pb_csv *csv, const struct pa_run *run);
int pa_findings_of_stages(struct pb_csv *csv, const struct pa_run *run);
int pa_findings_of_ratios(struct pb_csv *csv, const struct pa_run *run);
int pa_findings_of_steps(struct pb_csv *csv, const struct pa_run *run,
                         const struct pa_steps *steps);
int pa_findings_of_history(struct pb_csv *csv, const struct pa_run *run,
                           const struct pa_history *history);

#endif
