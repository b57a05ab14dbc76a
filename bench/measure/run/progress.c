/* SPDX-License-Identifier: MIT */
#include "progress.h"

#include "clock.h"

#include <stdio.h>
#include <unistd.h>

void pb_progress_start(struct pb_progress *progress, int rounds_before,
                       int rounds_in_all, int quiet)
{
    *progress = (struct pb_progress){
        .is_terminal = isatty(STDERR_FILENO),
        .quiet = quiet,
        .start_ns = pb_now_ns(),
        .rounds_before = rounds_before,
        .rounds_in_all = rounds_in_all,
        .last_invocation = -1,
    };
}

static int seconds_left(const struct pb_progress *progress, int rounds_done)
{
    int done_now = rounds_done - progress->rounds_before;
    double elapsed_ns = (double)(pb_now_ns() - progress->start_ns);
    if (done_now <= 0)
        return -1;
    return (int)(elapsed_ns / done_now *
                     (progress->rounds_in_all - rounds_done) / 1e9 +
                 0.5);
}

void pb_progress_show(struct pb_progress *progress, const char *what,
                      int invocation, int n_invocations, int rounds_done)
{
    if (progress->quiet ||
        (!progress->is_terminal && invocation == progress->last_invocation))
        return;
    progress->last_invocation = invocation;
    int left = seconds_left(progress, rounds_done);
    char eta[32] = "";
    if (left >= 0)
        snprintf(eta, sizeof eta, ", about %d:%02d left", left / 60, left % 60);
    fprintf(stderr, "%s%s: invocation %d of %d, round %d of %d%s%s",
            progress->is_terminal ? "\r" : "", what, invocation + 1,
            n_invocations, rounds_done, progress->rounds_in_all, eta,
            progress->is_terminal ? "\033[K" : "\n");
}

void pb_progress_end(struct pb_progress *progress)
{
    if (progress->is_terminal && !progress->quiet)
        fprintf(stderr, "\r\033[K");
}
