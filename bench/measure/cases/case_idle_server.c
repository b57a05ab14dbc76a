/* SPDX-License-Identifier: MIT */
#include "case.h"

#include <errno.h>
#include <stdlib.h>

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
    {1, 0, {[PB_DEFAULT] = 2, [PB_FULL] = 5}, false},
};
enum { N_LOADS = sizeof loads / sizeof loads[0] };

static int add_point(const struct pb_case *this, struct pb_plan *plan,
                     const struct pb_request *request,
                     const struct pb_factors *wanted)
{
    static const struct pb_operation *const operations[] = {
        &pb_operation_request_cpu, &pb_operation_request_waits,
        &pb_operation_request_spacing};
    int error = 0;

    for (int i = 0; i < (wanted->rate ? 3 : 2) && !error; i++)
        error = pb_case_add(this, plan, request, wanted, operations[i]);
    return error;
}

/* Of the load, or of what the user asks for in its place. */
static int add_load(const struct pb_case *this, struct pb_plan *plan,
                    const struct pb_request *request, int load)
{
    struct pb_ladder ns = {0}, busy = {0}, rates = {0};
    int error = 0;

    pb_case_ladder(&ns, request, PB_FACTOR_fd_count, fd_counts,
                   loads[load].n[request->preset]);
    pb_case_ladder(&busy, request, PB_FACTOR_busy_fds, &loads[load].busy_fds,
                   1);
    pb_case_ladder(&rates, request, PB_FACTOR_rate, &loads[load].rate, 1);
    for (int i = 0; i < ns.n * busy.n * rates.n && !error; i++) {
        struct pb_factors wanted = {
            .fd_kind = pb_fd_kind_of("tcp")->name,
            .fd_count = ns.values[i / busy.n / rates.n],
            .busy_fds = busy.values[i / rates.n % busy.n],
            .rate = rates.values[i % rates.n],
        };
        if (wanted.busy_fds > wanted.fd_count)
            wanted.busy_fds = wanted.fd_count;
        error = add_point(this, plan, request, &wanted);
    }
    error = error ? error : ns.error ? ns.error : busy.error;
    error = error ? error : rates.error;
    pb_ladder_free(&ns);
    pb_ladder_free(&busy);
    pb_ladder_free(&rates);
    return error;
}

/* Those that look through the fds watched, or through the ready ones: one of
 * each, or all that there are. */
static int add_loads(const struct pb_case *this, struct pb_plan *plan,
                     const struct pb_request *about, bool is_of_all)
{
    int error = about->backends ? 0 : -ENOMEM;

    for (int i = 0; i < N_LOADS && !error; i++)
        if (loads[i].is_of_all == is_of_all)
            error = add_load(this, plan, about, i);
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
