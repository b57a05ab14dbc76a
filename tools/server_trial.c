/* SPDX-License-Identifier: MIT */
/* A server of others under a load, to be looked at (tools/advise_trial.sh).
 *
 * server-trial SERVER CALL IDLE BUSY RATE SECONDS
 *
 * Starts it on one CPU and its clients on another one, which ask RATE times a
 * second or, with 0, as often as they are answered; tells its process, and
 * then of each second: the share of a core that it took, its CPU time for a
 * request, how often its threads slept in a second, and the median and the
 * 99th percentile of the time from when a request was due to its answer.
 * Ends with 0, 1 where that fails, 2: wrong usage, 77: it is not there or does
 * not wait in that call. */
#include "clock.h"
#include "cpus.h"
#include "limit.h"
#include "proc_file.h"
#include "server_real.h"

#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CONNECTIONS_MOST = 60000, WINDOW_NS = 1000000000 };

static int complain(const char *what, int error)
{
    fprintf(stderr, "server-trial: %s: %s\n", what,
            error == -EOPNOTSUPP ? "it cannot be told to wait in that call"
                                 : strerror(-error));
    return error == -ENOPKG || error == -EOPNOTSUPP ? 77 : 1;
}

static int by_size(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* So many hundredths of them are below it; 0 where none is due. */
static int64_t response_ns(struct pb_load_window *seen, int percent)
{
    int64_t n = seen->n_sent;
    if (n == 0)
        return 0;
    qsort(seen->response_ns, (size_t)n, sizeof *seen->response_ns, by_size);
    return seen->response_ns[n * percent / 100];
}

static int tell_window(const struct pb_server *server, struct pb_load *load)
{
    struct pb_load_window seen;
    int64_t sleeps = pb_proc_sleeps(server->pid), start_ns = pb_now_ns();
    int error = pb_load_play(load, &seen);
    double seconds = (double)(pb_now_ns() - start_ns) * 1e-9;

    if (error)
        return error;
    sleeps = pb_proc_sleeps(server->pid) - sleeps;
    if (seen.n_answered == 0)
        return -ENODATA;
    printf("%.4f,%" PRId64 ",%.1f,%" PRId64 ",%" PRId64 "\n",
           (double)seen.server_cpu_ns / (double)seen.wall_ns,
           seen.server_cpu_ns / seen.n_answered, (double)sleeps / seconds,
           response_ns(&seen, 50), response_ns(&seen, 99));
    return fflush(stdout) == 0 ? 0 : -EIO;
}

static int play(const struct pb_server *server, struct pb_load_asked *asked,
                int seconds)
{
    struct pb_load *load;

    asked->talk = server->kind->talk;
    asked->port = server->port;
    asked->server_clock = server->clock;
    asked->window_ns = WINDOW_NS;
    int error = pb_load_start(&load, asked);
    if (error)
        return error;
    printf("%d\nshare,cpu_ns,sleeps_per_s,p50_ns,p99_ns\n", (int)server->pid);
    for (int i = 0; i < seconds && !error; i++)
        error = tell_window(server, load);
    pb_load_stop(load);
    return error;
}

/* The two CPUs, and this process on the server's, where it only sleeps. */
static int take_cpus(struct pb_server *server, struct pb_load_asked *asked)
{
    int cpus[2];
    cpu_set_t own;

    if (pb_cpus_choose(cpus, 2) < 2)
        return -ENXIO;
    server->asked.cpu = cpus[0];
    asked->cpu = cpus[1];
    CPU_ZERO(&own);
    CPU_SET(cpus[0], &own);
    return sched_setaffinity(0, sizeof own, &own) < 0 ? -errno : 0;
}

static const struct pb_server_kind *kind_of(const char *name)
{
    const struct pb_server_kind *kind;
    unsigned i = 0;
    while ((kind = pb_server_real_at(i)) && strcmp(kind->name, name) != 0)
        i++;
    return kind;
}

/* A whole number up to most, or -1. */
static int number(const char *text, long most)
{
    char *end;
    long value = strtol(text, &end, 10);
    return end == text || *end || value < 0 || value > most ? -1 : (int)value;
}

int main(int argc, char **argv)
{
    struct pb_server server = {.kind = argc == 7 ? kind_of(argv[1]) : NULL};
    struct pb_load_asked asked = {
        .n_idle = argc == 7 ? number(argv[3], CONNECTIONS_MOST) : -1,
        .n_busy = argc == 7 ? number(argv[4], CONNECTIONS_MOST) : -1,
        .rate = argc == 7 ? number(argv[5], 1000000) : -1,
    };
    int seconds = argc == 7 ? number(argv[6], 3600) : -1;

    if (!server.kind || asked.n_idle < 0 || asked.n_busy < 1 ||
        asked.rate < 0 || seconds < 1) {
        fputs("server-trial: usage: server-trial SERVER CALL IDLE BUSY RATE "
              "SECONDS\n",
              stderr);
        return 2;
    }
    server.asked.call = argv[2];
    server.asked.n_connections = asked.n_idle + asked.n_busy;
    struct pb_limit limit;
    int error = pb_limit_raise(CONNECTIONS_MOST, &limit);
    if (!error)
        error = take_cpus(&server, &asked);
    if (error)
        return complain("descriptors and two CPUs", error);
    error = server.kind->start(&server);
    if (error)
        return complain(server.kind->name, error);
    error = play(&server, &asked, seconds);
    server.kind->stop(&server);
    return error ? complain("clients", error) : 0;
}
