/* SPDX-License-Identifier: MIT */
#include "case.h"

#include <errno.h>
#include <stdlib.h>

/* A watched fd's event, and the same over its reads and writes. */
static int add_flows(const struct pb_case *this, struct pb_plan *plan,
                     const struct pb_request *request,
                     const struct pb_factors *wanted)
{
    static const struct pb_operation *const flows[] = {
        &pb_operation_standing, &pb_operation_served, &pb_operation_over_floor};
    int error = 0;

    for (int i = 0; i < 3 && !error; i++)
        error = pb_case_add(this, plan, request, wanted, flows[i]);
    return error;
}

/* With all that waits through a ring, with the usual set that it is held
 * against, and without anybody to be told. */
static int add_backends(const struct pb_case *this, struct pb_plan *plan,
                        const struct pb_request *request,
                        const struct pb_factors *wanted)
{
    static const char *const nobody[] = {"unwatched", NULL};
    struct pb_request of_others = *request;
    int error = 0;

    for (int usual = 0; usual < 2 && !error; usual++) {
        struct pb_request of_sets = pb_case_of_sets(request, usual, !usual);
        error = of_sets.backends ? add_flows(this, plan, &of_sets, wanted)
                                 : -ENOMEM;
        free((void *)of_sets.backends);
    }
    of_others.backends = nobody;
    if (!error)
        error =
            pb_case_add(this, plan, &of_others, wanted, &pb_operation_floor);
    of_others.backends = pb_ring_ways(PB_RING_WAITS, request->backends);
    return error ? error
                 : pb_case_add(this, plan, &of_others, wanted,
                               &pb_operation_ring_served);
}

/* Below the watched fds there are as many others with something to read. */
static int add_points(const struct pb_case *this, struct pb_plan *plan,
                      const struct pb_request *request)
{
    enum { N = 128 };
    static const int ready_counts[] = {1, 8, N / 2};
    struct pb_ladder rs = {0};
    int error = 0;

    pb_case_ladder(&rs, request, PB_FACTOR_ready_count, ready_counts, 3);
    for (int i = 0; i < rs.n && !error; i++) {
        const struct pb_factors wanted = {
            .layout = pb_layout_name(PB_PACKED),
            .highest_fd = pb_farm_lowest_m(&request->farm, 2 * N, N),
            .fd_count = N,
            .ready_count = rs.values[i],
            .fd_kind = pb_fd_kind_name(0)};
        error = add_backends(this, plan, request, &wanted);
    }
    pb_ladder_free(&rs);
    return error;
}

const struct pb_case pb_case_io_uring = {
    .name = "io_uring",
    .question = "What does it cost to be told of an event by io_uring, over "
                "its reads and writes, and by epoll?",
    .held_fixed = "128 fds watched, AF_UNIX stream sockets of a farm of their "
                  "own, one byte an event, timeout 0; a call is an event, "
                  "multishot polls that stay ready are modified first; "
                  "reads and writes by plain calls, the same for all; in the "
                  "place of a backend also ring, bare multishot polls, and "
                  "ring-in-epoll, the same where epoll is asked first",
    .not_for = "io_uring as a way to read and write, which is what it gains "
               "most by, nor multishot polls as a stand-in for a "
               "level-triggered set: they tell of what has happened",
    .varies = {PB_FACTOR_ready_count},
    .n_varies = 1,
    .figure = "flows",
    .staging = &pb_own_farm,
    .add_points = add_points,
};
