/* SPDX-License-Identifier: MIT */
/* The counts of a process that has the wrapper library in it, read from its
 * memory while it is looked at. */
#ifndef PA_COUNTED_H
#define PA_COUNTED_H

#include "counts.h"
#include "proc_pid.h"

struct pa_counted {
    uint64_t at; /* in its memory; 0: there are none */

    /* At the start of the look, and at the end of each part. */
    struct pa_counts heads[PB_LOOK_SLICES + 1];
};

/* Find them, if it has any. */
void pa_counted_find(struct pa_counted *counted, struct pa_process *process);

/* Read them, at the end of so many parts; once they cannot be read, there are
 * none. */
void pa_counted_read(struct pa_counted *counted, struct pa_process *process,
                     int n_slices);

/* Of a thread that waited most in one way: that way, what it waited for, and
 * its waits in each part. */
void pa_counted_tell(const struct pa_counted *counted,
                     struct pa_process *process, struct pa_thread *thread);

/* Say why a process has none, from what there is of it. Returns -1. */
int pa_counted_problem(struct pa_process *process, struct pa_problem *problem);

#endif
