/* SPDX-License-Identifier: MIT */
#include "case.h"
#include "loop.h"

#include <errno.h>
#include <stdlib.h>

/* With each event-loop library that there is. */
static int add_loops(const struct pb_case *this, struct pb_plan *plan,
                     const struct pb_request *request,
                     const struct pb_factors *wanted,
                     const struct pb_operation *operation)
{
    struct pb_request of_loops = *request;
    of_loops.backends = pb_loop_names;
    return pb_case_add(this, plan, &of_loops, wanted, operation);
}

static int add_point(const struct pb_case *this, struct pb_plan *plan,
                     const struct pb_request *request,
                     const struct pb_factors *wanted)
{
    int error = pb_case_add(this, plan, request, wanted, &pb_operation_all);
    return error ? error
                 : add_loops(this, plan, request, wanted, &pb_operation_loop);
}

static int add_points(const struct pb_case *this, struct pb_plan *plan,
                      const struct pb_request *request)
{
    static const int fd_counts[] = {1, 8, 64, 512};
    struct pb_ladder ns = {0};
    int error = 0;

    pb_case_ladder(&ns, request, PB_FACTOR_fd_count, fd_counts, 4);
    for (int i = 0; i < 2 * ns.n && !error; i++) {
        int fd_count = ns.values[i / 2];
        struct pb_factors wanted = {
            .layout = pb_layout_name(PB_PACKED),
            .highest_fd = pb_case_held_m(request),
            .fd_count = fd_count,
            .ready_count = i % 2 ? fd_count : 1,
        };
        error = add_point(this, plan, request, &wanted);
    }
    pb_ladder_free(&ns);
    return error;
}

const struct pb_case pb_case_loops = {
    .name = "loops",
    .question = "What does one turn of libevent, libev or libuv cost?",
    .held_fixed =
        "M at the largest 2^k - 1 below the limit, packed, at most 512 "
        "fds; the libraries on "
        "epoll, one callback an event that only notes it",
    .not_for = "choosing a library: a loop also keeps timers, signals and "
               "priorities, which the polling library has none of",
    .varies = {PB_FACTOR_fd_count, PB_FACTOR_ready_count},
    .n_varies = 2,
    .figure = "",
    .opt_in = 1,
    .takes_loops = true,
    .add_points = add_points,
};

/* With the heads of the backends that look through no bitmap, too. */
static int add_cascade(const struct pb_case *this, struct pb_plan *plan,
                       const struct pb_request *request,
                       const struct pb_factors *wanted)
{
    static const char *const scans[] = {"fd_count", "ready_count"};
    int error = 0;

    for (int i = 0; i < 2 && !error; i++) {
        struct pb_request heads = pb_case_about(request, scans[i], false);
        error = heads.backends ? pb_case_add(this, plan, &heads, wanted,
                                             &pb_operation_cascade)
                               : -ENOMEM;
        free((void *)heads.backends);
    }
    return error ? error
                 : add_loops(this, plan, request, wanted,
                             &pb_operation_cascade_loop);
}

/* The highest fd of the longest ring that there is room for: all others end
 * there, too. */
static int held_m(const struct pb_request *request, const struct pb_ladder *ns)
{
    int most =
        (request->farm.highest_fd - request->farm.lowest_fd + 1) / PB_CHAIN_FDS;
    int n = 1;

    for (int i = 0; i < ns->n; i++)
        if (ns->values[i] > n && ns->values[i] <= most)
            n = ns->values[i];
    return request->farm.lowest_fd + 2 * (n - 1);
}

static int add_cascades(const struct pb_case *this, struct pb_plan *plan,
                        const struct pb_request *request)
{
    static const int fd_counts[] = {100, 1000, 5000}, active[] = {10, 1, 100};
    struct pb_ladder ns = {0}, rs = {0};
    int error = 0;

    pb_case_ladder(&ns, request, PB_FACTOR_fd_count, fd_counts,
                   request->preset == PB_FULL ? 3 : 2);
    pb_case_ladder(&rs, request, PB_FACTOR_ready_count, active,
                   request->preset == PB_QUICK ? 1 : 3);
    for (int i = 0; i < ns.n * rs.n && !error; i++) {
        const struct pb_factors wanted = {
            .layout = pb_layout_name(PB_PACKED),
            .highest_fd = held_m(request, &ns),
            .fd_count = ns.values[i / rs.n],
            .ready_count = rs.values[i % rs.n],
            .fd_kind = pb_fd_kind_name(0),
        };
        error = add_cascade(this, plan, request, &wanted);
    }
    error = error ? error : ns.error ? ns.error : rs.error;
    pb_ladder_free(&ns);
    pb_ladder_free(&rs);
    return error;
}

const struct pb_case pb_case_cascade = {
    .name = "cascade",
    .question = "What does an event-loop library add to an event, in the chain "
                "of libevent's benchmark?",
    .held_fixed =
        "AF_UNIX stream sockets in a ring, one end of each pair watched; "
        "whoever is told of a byte reads it and writes one to the next pair; "
        "three chains, and three like them along pairs that nobody watches, "
        "the "
        "least of which is taken off the least of those; the "
        "libraries on epoll, one at a time, its fds registered before",
    .not_for = "choosing a library, since timers, signals and priorities are "
               "not in it; nor for what a program gains, whose reads and "
               "writes cost several times what is shown",
    .varies = {PB_FACTOR_fd_count, PB_FACTOR_ready_count},
    .n_varies = 2,
    .compares = "backend",
    .figure = "facets",
    .staging = &pb_chain,
    .takes_loops = true,
    .add_points = add_cascades,
};
