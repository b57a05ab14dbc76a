/* SPDX-License-Identifier: MIT */
#include "case.h"
#include "server_real.h"

#include <errno.h>
#include <stdlib.h>

/* What a sweep is of where the user asks for nothing else. */
struct load {
    const int *fd_counts;
    int n, busy_fds, rate;
    const struct pb_server_kind
        *server; /* of others; NULL: the project's own */
};

static int add_point(const struct pb_case *this, struct pb_plan *plan,
                     const struct pb_request *request,
                     const struct pb_factors *wanted)
{
    static const struct pb_operation *const operations[] = {
        &pb_operation_request_cpu, &pb_operation_request_waits,
        &pb_operation_request_spacing};
    /* Others' waits are known by their sleeps, of which flat out are none. */
    int n = wanted->rate ? 3 : wanted->server ? 1 : 2, error = 0;

    for (int i = 0; i < n && !error; i++)
        error = pb_case_add(this, plan, request, wanted, operations[i]);
    return error;
}

/* Of others' servers, with each call that they may know for so many fds. */
static int add_calls(const struct pb_case *this, struct pb_plan *plan,
                     const struct pb_request *request,
                     const struct pb_server_kind *server,
                     struct pb_factors *wanted)
{
    struct pb_request of_one = *request;
    int error = 0;

    if (!server)
        return add_point(this, plan, request, wanted);
    wanted->server = server->name;
    for (int i = 0; request->backends[i] && !error; i++) {
        const char *const one[] = {request->backends[i], NULL};
        of_one.backends = one;
        if (wanted->fd_count <= pb_server_real_most(server, one[0]))
            error = add_point(this, plan, &of_one, wanted);
    }
    return error;
}

static int add_load(const struct pb_case *this, struct pb_plan *plan,
                    const struct pb_request *request, const struct load *load)
{
    struct pb_ladder ns = {0}, busy = {0}, rates = {0};
    int error = 0;

    pb_case_ladder(&ns, request, PB_FACTOR_fd_count, load->fd_counts, load->n);
    pb_case_ladder(&busy, request, PB_FACTOR_busy_fds, &load->busy_fds, 1);
    pb_case_ladder(&rates, request, PB_FACTOR_rate, &load->rate, 1);
    for (int i = 0; i < ns.n * busy.n * rates.n && !error; i++) {
        struct pb_factors wanted = {
            .fd_kind = pb_fd_kind_of("tcp")->name,
            .fd_count = ns.values[i / busy.n / rates.n],
            .busy_fds = busy.values[i / rates.n % busy.n],
            .rate = rates.values[i % rates.n],
        };
        if (wanted.busy_fds > wanted.fd_count)
            wanted.busy_fds = wanted.fd_count;
        error = add_calls(this, plan, request, load->server, &wanted);
    }
    error = error ? error : ns.error ? ns.error : busy.error;
    error = error ? error : rates.error;
    pb_ladder_free(&ns);
    pb_ladder_free(&busy);
    pb_ladder_free(&rates);
    return error;
}

/* --- the project's own server ----------------------------------------------
 */

/* Most of what is asked for first: how many of these each load has in each
 * preset. What is said of poll and epoll is said of all that look through what
 * is watched, and of all that do not. */
static const int fd_counts[] = {1024, 64, 8192, 4096, 256};
static const struct {
    int busy_fds, rate, n[PB_PRESETS];
    bool is_of_all; /* backends, and not of these two */
} loads[] = {
    {64, 0, {[PB_QUICK] = 1, [PB_DEFAULT] = 3, [PB_FULL] = 5}, false},
    {64, 0, {[PB_DEFAULT] = 2, [PB_FULL] = 5}, true},
    {64, 20000, {[PB_DEFAULT] = 3, [PB_FULL] = 5}, false},
    {1, 0, {[PB_DEFAULT] = 1, [PB_FULL] = 5}, false},
};
enum { N_LOADS = sizeof loads / sizeof loads[0] };

/* Those that look through the fds watched, or through the ready ones: one of
 * each, or all that there are. */
static int add_loads(const struct pb_case *this, struct pb_plan *plan,
                     const struct pb_request *about, bool is_of_all)
{
    int error = about->backends ? 0 : -ENOMEM;

    for (int i = 0; i < N_LOADS && !error; i++)
        if (loads[i].is_of_all == is_of_all)
            error = add_load(this, plan, about,
                             &(struct load){.fd_counts = fd_counts,
                                            .n = loads[i].n[about->preset],
                                            .busy_fds = loads[i].busy_fds,
                                            .rate = loads[i].rate});
    free((void *)about->backends);
    return error;
}

static int add_points(const struct pb_case *this, struct pb_plan *plan,
                      const struct pb_request *request)
{
    const struct pb_request about[] = {
        pb_case_about(request, "fd_count", false),
        pb_case_about(request, "ready_count", false),
        pb_case_about(request, NULL, false),
        pb_case_of_sets(request, false, false),
    };
    int error = 0;

    for (int i = 0; i < 4; i++) {
        int one = add_loads(this, plan, &about[i], i >= 2);
        error = error ? error : one;
    }
    return error;
}

const struct pb_case pb_case_idle_server = {
    .name = "idle_server",
    .question = "What CPU time does a request take of a server whose other "
                "connections are idle, and how soon is it answered?",
    .held_fixed = "a server that echoes 64 bytes over TCP on one CPU, its "
                  "clients on another one: flat out, where each busy "
                  "connection always has a request, and at a rate; the busy "
                  "ones spread evenly among the idle",
    .not_for = "a server whose requests do work, of whose CPU time the wait is "
               "a smaller share; nor a network with a card; nor latencies flat "
               "out, which only say how many are busy",
    .varies = {PB_FACTOR_fd_count, PB_FACTOR_highest_fd, PB_FACTOR_metric,
               PB_FACTOR_busy_fds, PB_FACTOR_rate},
    .n_varies = 5,
    .figure = "facets",
    .staging = &pb_served,
    .add_points = add_points,
};

/* --- others' servers -------------------------------------------------------
 */

static int add_others(const struct pb_case *this, struct pb_plan *plan,
                      const struct pb_request *request)
{
    enum { BUSY = 16 };
    static const int counts[] = {0 + BUSY, 300 + BUSY, 1000 + BUSY, 3000 + BUSY,
                                 8000 + BUSY};
    static const int rates[] = {0, 2000};
    const struct pb_server_kind *server;
    int error = 0, chosen = pb_case_chooses(request, PB_FACTOR_rate);

    for (unsigned i = 0; (server = pb_server_real_at(i)); i++)
        for (int k = 0; k < (chosen ? 1 : 2) && !error; k++)
            error = add_load(this, plan, request,
                             &(struct load){.fd_counts = counts,
                                            .n = 5,
                                            .busy_fds = BUSY,
                                            .rate = rates[k],
                                            .server = server});
    return error;
}

const struct pb_case pb_case_servers = {
    .name = "servers",
    .question = "What CPU time does a request take of servers that are in use "
                "everywhere, with each call that they can be told to wait in?",
    .held_fixed = "one thread that serves, on one CPU, and its clients on "
                  "another one; 16 busy connections spread evenly among the "
                  "idle ones: flat out, where each always has a request, and "
                  "at a rate; answers of a few bytes: haproxy's own, a file of "
                  "lighttpd's, a key of memcached's",
    .not_for = "ranking the servers, which do not do the same; requests that "
               "take work, of which the wait is so much less; a network with "
               "a card",
    .varies = {PB_FACTOR_fd_count, PB_FACTOR_highest_fd, PB_FACTOR_server,
               PB_FACTOR_rate, PB_FACTOR_metric},
    .n_varies = 5,
    .figure = "facets",
    .opt_in = 1,
    .of_heads = true,
    .staging = &pb_served,
    .add_points = add_others,
};
