/* SPDX-License-Identifier: MIT */
/* The files of one process under /proc, and its memory where it says that it
 * waits for descriptors. */
#ifndef PA_PROC_PID_H
#define PA_PROC_PID_H

#include "look.h"
#include "need.h"

struct pa_counted;

struct pa_process {
    int pid;
    int dir;    /* of /proc/PID: stays this process's when it has ended */
    int memory; /* opened when first needed, or -1 */
    struct pa_string text;      /* the file that was read last */
    struct pa_counted *counted; /* the look's: what it counts itself */
    long n_reads;
};

/* name is as in struct pa_look. Returns 0, or -1 with *problem set and nothing
 * to close. */
int pa_process_open(struct pa_process *process, int pid, char *name,
                    struct pa_problem *problem);
void pa_process_close(struct pa_process *process);

/* A file of a thread, or with tid 0 of the process; valid until the next one.
 * NULL with errno set. */
const char *pa_process_text(struct pa_process *process, int tid,
                            const char *file);

/* The same file, opened for reading; or -1 with errno set. */
int pa_process_file(const struct pa_process *process, int tid,
                    const char *file);

/* Read so many bytes of its memory: all, or -1. */
int pa_process_memory(struct pa_process *process, void *to, uint64_t from,
                      size_t n_bytes);

/* The numbers of its n threads, to be freed; NULL with errno set. */
int *pa_process_threads(struct pa_process *process, int *n);

/* Add what a thread that sleeps in a call waits for. Returns 0 or -1. */
int pa_process_watched(struct pa_process *process, struct pa_watched *watched,
                       int tid, enum pa_way way, const struct pa_at *at);

/* Count the types of what a thread watches. */
void pa_process_types(struct pa_process *process, struct pa_thread *thread);

/* Say why it cannot be looked at, from what there is of it and errno. Returns
 * -1. */
int pa_process_problem(struct pa_process *process, struct pa_problem *problem);

#endif
