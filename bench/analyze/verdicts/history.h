/* SPDX-License-Identifier: MIT */
/* Figures others have published, brought to one unit beside this run's own:
 * history.csv. */
#ifndef PA_HISTORY_H
#define PA_HISTORY_H

#include "growths.h"
#include "samples.h"
#include "table.h"

/* One published figure, or a point of this run (year is PA_NONE then). */
struct pa_history_figure {
    const char *source, *series, *kernel, *backend, *includes;
    int64_t year, fds, active;
    double call_ns;
    const char *growth; /* of its line, as history.csv has it */
};

struct pa_history {
    struct pa_table table; /* of what was published; owns the texts */
    size_t n_figures;
    struct pa_history_figure *figures; /* by line, then by fds */
};

/* Read path (results/published.csv). Figures that are no cost of one call
 * (throughputs, percentages) are left out. The run must outlive *history.
 * Returns 0, or -1 with *problem set and nothing to free. */
int pa_history_make(struct pa_history *history, const struct pa_run *run,
                    const struct pa_growths *growths, const char *path,
                    struct pa_problem *problem);

/* Write folder/history.csv. Returns 0, or -1 with *problem set. */
int pa_history_write(const struct pa_history *history, const char *folder,
                     struct pa_problem *problem);

/* Also one that is all zeroes. */
void pa_history_free(struct pa_history *history);

#endif
