/* SPDX-License-Identifier: MIT */
#include "progress.h"

#include "clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* One on which a line can be written over. */
static int is_terminal(void)
{
    const char *kind = getenv("TERM");
    return isatty(STDERR_FILENO) && kind && *kind && strcmp(kind, "dumb") != 0;
}

void pb_progress_start(struct pb_progress *progress, int rounds_before,
                       int rounds_in_all, int quiet)
{
    *progress = (struct pb_progress){
        .is_terminal = is_terminal(),
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

/* Columns to write into; in the last one the cursor may wrap. */
static int columns(void)
{
    struct winsize window;
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &window) < 0 || window.ws_col == 0)
        return 79;
    return window.ws_col - 1;
}

/* Over the line before: with blanks, which need no escape sequence. */
static void write_over(struct pb_progress *progress, const char *text)
{
    int n = (int)strlen(text), most = columns();
    if (n > most)
        n = most;
    int n_blanks = progress->n_shown < most ? progress->n_shown - n : most - n;
    fprintf(stderr, "\r%.*s%*s", n, text, n_blanks > 0 ? n_blanks : 0, "");
    progress->n_shown = n;
}

void pb_progress_show(struct pb_progress *progress, const char *what,
                      int invocation, int n_invocations, int rounds_done)
{
    if (progress->quiet ||
        (!progress->is_terminal && invocation == progress->last_invocation))
        return;
    progress->last_invocation = invocation;
    int left = seconds_left(progress, rounds_done);
    char eta[32] = "", text[160];
    if (left >= 0)
        snprintf(eta, sizeof eta, ", about %d:%02d left", left / 60, left % 60);
    int n =
        snprintf(text, sizeof text, "%s: invocation %d of %d, round %d of %d%s",
                 what, invocation + 1, n_invocations, rounds_done,
                 progress->rounds_in_all, eta);
    if (progress->is_terminal && n > columns())
        snprintf(text, sizeof text, "%s: %d/%d%s", what, rounds_done,
                 progress->rounds_in_all, eta);
    if (progress->is_terminal)
        write_over(progress, text);
    else
        fprintf(stderr, "%s\n", text);
}

void pb_progress_end(struct pb_progress *progress)
{
    if (progress->is_terminal && !progress->quiet) {
        write_over(progress, "");
        fputc('\r', stderr);
    }
}
