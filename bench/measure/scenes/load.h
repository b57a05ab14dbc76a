/* SPDX-License-Identifier: MIT */
/* The clients of a server: a process on a CPU of its own that opens
 * connections, leaves most of them idle and asks over the others, and never
 * sleeps while it counts. Flat out, each busy connection always has one request
 * on its way; at a rate, each request is due at its time, and goes out then or
 * as soon as a connection is free. */
#ifndef PB_LOAD_H
#define PB_LOAD_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

/* What is asked and answered, one request at a time on a connection. */
struct pb_talk {
    const char *request;
    size_t request_bytes;
    size_t answer_bytes;       /* 0: as many as the first answer turns out */
    const char *answer_begins; /* text that each answer begins with; NULL: the
                                * answer is the request, which carries a number
                                * of its own in its first 4 bytes */
    int connects_at_once;      /* before a pause of 20 ms: for a server with a
                                * short backlog; 0: no pauses */
};

/* What a server counts of its own waits, in memory that others see. */
struct pb_server_count {
    atomic_llong n_waits;  /* that returned events */
    atomic_llong n_events; /* that they returned */
    atomic_int error;      /* why it ended, -errno; 0: it has not */
};

struct pb_load_asked {
    const struct pb_talk *talk;
    int port;                            /* of 127.0.0.1 */
    int cpu;                             /* to spin on */
    int n_idle, n_busy;                  /* connections: the busy ones are
                                          * opened evenly among the others, the
                                          * last of all is one */
    int64_t rate;                        /* requests per s; 0: flat out */
    int64_t window_ns;                   /* length of a window, at least */
    clockid_t server_clock;              /* CPU time of the server */
    const struct pb_server_count *count; /* NULL: not known, and then */
    pid_t pid;                           /* each time that a thread of it slept
                                          * stands for a wait of one event */
};

/* What was seen in a window, from an answer on the first busy connection to
 * another one on it: where the server answers all in turn, so is the work of
 * whole turns counted. */
struct pb_load_window {
    int64_t n_answered; /* in it; each one was checked */
    int64_t wall_ns, server_cpu_ns;
    double share;              /* that the load had of its CPU */
    int64_t n_waits, n_events; /* of the server; 0: not known */

    /* At a rate, of the requests that were sent in it: from when each was due,
     * and from when it was sent, to its answer. In the load's memory. */
    int64_t n_sent;
    int64_t *response_ns, *service_ns;
};

struct pb_load;

/* Open the connections, and have one request answered on each busy one.
 *
 * Returns  0; -EMFILE, or what else connect(2) says; -ETIMEDOUT no answer in
 *          PB_PARTNER_PATIENCE_NS; -EBADMSG a wrong one; -ECONNRESET the server
 *          closed a connection; -ESRCH the load died; -ENOMEM. After an error
 *          nothing runs.
 */
int pb_load_start(struct pb_load **load, const struct pb_load_asked *asked);

/* Ask over the busy connections: some time to warm up, the window, and the
 * answers that are still on their way. To be called on the server's CPU, where
 * this process sleeps meanwhile.
 *
 * Returns  0, also where the rate was not reached or the load had less than
 *          PB_PARTNER_SHARE of its CPU, which the caller judges; or as
 *          pb_load_start(): then the window says nothing, and the load is only
 *          to be stopped.
 */
int pb_load_play(struct pb_load *load, struct pb_load_window *window);

/* End it; its connections are reset, so that no port stays taken. NULL is
 * fine. */
void pb_load_stop(struct pb_load *load);

#endif
