/* SPDX-License-Identifier: MIT */
/* A look at a running process through /proc alone: nothing is stopped, traced
 * or loaded into it. docs/advise.md says what is read. */
#ifndef PA_LOOK_H
#define PA_LOOK_H

#include "problem.h"
#include "proc_text.h"
#include "rules.h"
#include "wait_call.h"
#include "watched.h"

/* What descriptors are: X(what, name, kind of a run's fds that is like it). */
#define PA_FD_TYPES(X)                                                         \
    X(TCP, "TCP", "tcp")                                                       \
    X(UNIX, "UNIX", "socketpair")                                              \
    X(SOCKET, "socket", "socketpair")                                          \
    X(PIPE, "pipe", "pipe")                                                    \
    X(EVENTFD, "eventfd", "eventfd")                                           \
    X(FILE, "file", "file")                                                    \
    X(OTHER, "other", "other")
#define PA_FD_TYPE_INDEX(what, name, kind) PA_FD_##what,
enum pa_fd_type { PA_FD_TYPES(PA_FD_TYPE_INDEX) PA_N_FD_TYPES };

/* What a thread did in a part of the look. */
struct pa_slice {
    double seconds;
    int64_t cpu_ns, delay_ns; /* on a CPU, and waiting for one */
    int64_t sleeps;           /* voluntary switches: in any call */
    int samples, asleep;      /* asleep: in the wait */

    /* Of a thread that counts. */
    int64_t waits, returned; /* fds that they reported */
    int64_t waiting_ns;      /* CPU time in them, with a clock's each */
};

struct pa_thread {
    int tid;
    enum pa_way way;  /* PA_NO_WAY: never seen in a wait */
    const char *call; /* that one */
    int set;          /* of epoll: its descriptor; else -1 */
    int elsewhere;    /* samples asleep, but not in that call on that set */
    long other_call;  /* where; -1: in no call */
    size_t n_least;   /* fds watched, in the smallest set that was seen */
    int set_slice;    /* where the set was last read; -1: nowhere */
    struct pa_watched watched;  /* the largest */
    size_t n_of[PA_N_FD_TYPES]; /* of those */

    int is_counted;         /* by the wrapper library, which is in it */
    int is_traced;          /* counted in a trace: no CPU times are known */
    double clock_ns;        /* what counting adds to a wait's CPU time */
    double elsewhere_share; /* of its waits, not in that call on that set */

    struct pa_slice slices[PB_LOOK_SLICES];
    int n_slices;          /* those that are whole */
    struct pa_slice start; /* private: counts at the end of the last slice */
};

struct pa_look {
    const char *trace; /* the path of one, in the place of a process; NULL */
    int pid;
    char name[sizeof((struct pa_stat *)0)->name];
    double seconds;   /* looked at */
    int is_counted;   /* some thread of it */
    int has_ended;    /* before the time was over */
    long n_reads;     /* of files and memory, all together */
    double own_share; /* of a core, that looking took */
    struct pa_thread *threads;
    size_t n_threads;
};

/* Look at a process for so many seconds, which has to count if wants_counts.
 * Returns 0, or -1 with *problem set: there is none, it is not a program, it
 * may not be looked into, or it does not count. */
int pa_look(struct pa_look *look, int pid, double seconds, int wants_counts,
            struct pa_problem *problem);
void pa_look_free(struct pa_look *look);

/* The slices of a thread, added up. */
struct pa_slice pa_thread_sum(const struct pa_thread *thread);

const char *pa_fd_type_name(enum pa_fd_type type);

/* The kind of a run's fds that most of a thread's are like. */
const char *pa_thread_fd_kind(const struct pa_thread *thread);

#endif
