/* SPDX-License-Identifier: MIT */
/* What files of /proc/PID say. They are the kernel's, but names in them are
 * the program's: nothing in a text can crash a reader. Each returns 0, or -1
 * if the text is not such a file. */
#ifndef PA_PROC_TEXT_H
#define PA_PROC_TEXT_H

#include "watched.h"

#include <stdint.h>

/* The file stat. */
struct pa_stat {
    char name[32]; /* bytes that are no printable ASCII are '?' */
    char state;    /* 'R', 'S', 'Z', ... */
    int is_kernel_thread;
};
int pa_read_stat(struct pa_stat *stat, const char *text);

/* The file syscall: where a thread is at this moment. */
enum pa_where {
    PA_RUNNING, /* on a CPU, or waiting for one */
    PA_BLOCKED, /* asleep, and in no call */
    PA_IN_CALL  /* asleep in this one */
};
struct pa_at {
    enum pa_where where;
    long number;
    uint64_t arguments[6];
};
int pa_read_at(struct pa_at *at, const char *text);

/* The file schedstat: ns on a CPU, ns of waiting for one, times on one. */
struct pa_sched {
    int64_t cpu_ns, delay_ns, runs;
};
int pa_read_sched(struct pa_sched *sched, const char *text);

/* The first number after "key:" in the file status. */
int pa_read_status(int64_t *number, const char *text, const char *key);

/* fdinfo of an epoll set: its entries are added to *watched. */
int pa_read_epoll(struct pa_watched *watched, const char *text);

#endif
