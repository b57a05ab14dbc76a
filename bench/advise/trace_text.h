/* SPDX-License-Identifier: MIT */
/* Lines of a trace, as strace -ttt (decoded or raw, of one thread or of
 * several) and perf trace write them. They may be anybody's: whatever a line
 * is, nothing is read beyond it. */
#ifndef PA_TRACE_TEXT_H
#define PA_TRACE_TEXT_H

#include "wait_call.h"

#include <stddef.h>
#include <stdint.h>

enum { PA_TRACE_THREADS = 4096 }; /* calls of more have to end in their line */

/* A wait. */
struct pa_traced {
    double at_s; /* of an own beginning */
    int tid;     /* 0: the line names none */
    enum pa_way way;
    const char *call;
    int64_t set;      /* of epoll: its descriptor; else -1 */
    int64_t n_fds;    /* watched: of poll, or of select in the longest of its
                         lists; 0: the line does not tell */
    int64_t highest;  /* of those of select; else -1 */
    int64_t returned; /* fds that it reported */
};

/* Calls that have begun and not ended, of one thread each. */
struct pa_trace_text {
    struct pa_traced *begun;
    size_t n;
};
void pa_trace_text_free(struct pa_trace_text *text);

/* Read the next line. Returns 1 if a wait ended in it that did not fail, which
 * *traced then is; else 0. */
int pa_trace_line(struct pa_trace_text *text, struct pa_traced *traced,
                  const char *line);

#endif
