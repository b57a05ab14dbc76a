/* SPDX-License-Identifier: MIT */
/* What serves the connections of a load (load.h): a process of its own, on a
 * CPU of its own, so that its CPU clock is that of its work alone. */
#ifndef PB_SERVER_H
#define PB_SERVER_H

#include "load.h"

#include <sys/types.h>

struct pb_server;

/* A program that can be one; const tables. */
struct pb_server_kind {
    const char *name;
    const struct pb_talk *talk; /* what it is asked, and what it answers */

    /* Start it, with server->asked filled in: sets pid, port and clock, and
     * counts where it has them. Returns 0 once it listens; or -errno, and then
     * nothing runs. It ends with this process. */
    int (*start)(struct pb_server *server);

    /* End it and wait until it is gone; of one that was started. */
    void (*stop)(struct pb_server *server);
};

struct pb_server {
    const struct pb_server_kind *kind;
    struct {
        const char *call;  /* how it is to wait: a backend, or a name of its
                            * own settings */
        int cpu;           /* to run on */
        int n_connections; /* that will be made */
    } asked;

    pid_t pid;
    int port;                      /* of 127.0.0.1, chosen free */
    clockid_t clock;               /* CPU time of it, of all its threads:
                                    * clock_getcpuclockid(3) */
    struct pb_server_count *count; /* in memory that it shares; NULL: only it
                                    * knows */
    void *own;                     /* of the kind */
};

/* It sends back what it gets, and waits by libpollset: call is a backend. */
extern const struct pb_server_kind pb_server_echo;

#endif
