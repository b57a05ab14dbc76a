/* SPDX-License-Identifier: MIT */
/* Tells on stderr how far a run is: one line kept up to date on a terminal, cut
 * to its width, one line an invocation elsewhere. No colours, no escapes. */
#ifndef PB_PROGRESS_H
#define PB_PROGRESS_H

#include <stdint.h>

struct pb_progress {
    int is_terminal; /* whose lines can be written over */
    int n_shown;     /* columns of the line that stands there */
    int quiet;
    int64_t start_ns;
    int rounds_before; /* done by an interrupted run */
    int rounds_in_all;
    int last_invocation; /* the one last told of, elsewhere than a terminal */
};

void pb_progress_start(struct pb_progress *progress, int rounds_before,
                       int rounds_in_all, int quiet);

/* rounds_done of the whole run, of which this is invocation number (from 0)
 * of n_invocations; what is one word. */
void pb_progress_show(struct pb_progress *progress, const char *what,
                      int invocation, int n_invocations, int rounds_done);

/* Leave the line. */
void pb_progress_end(struct pb_progress *progress);

#endif
