/* SPDX-License-Identifier: MIT */
#include "case.h"

#include <errno.h>
#include <stdlib.h>

/* With each backend the flows; with those that need not be armed again, what it
 * costs to ask for few events at a time, too. */
static int add_flows(const struct pb_case *this, struct pb_plan *plan,
                     const struct pb_request *request,
                     const struct pb_factors *wanted)
{
    static const struct pb_operation *const flows[] = {
        &pb_operation_standing, &pb_operation_served,
        &pb_operation_served_by_manual};
    int error = 0;

    for (int i = 0; i < 3 && !error; i++)
        error = pb_case_add(this, plan, request, wanted, flows[i]);
    return error;
}

/* As many slots as each of these, or as the user says. */
static int add_few_slots(const struct pb_case *this, struct pb_plan *plan,
                         const struct pb_request *request,
                         struct pb_factors wanted, const int *slots,
                         int n_slots)
{
    struct pb_request of_level = pb_case_of_sets(request, true, false);
    struct pb_ladder most = {0};
    int error = of_level.backends ? 0 : -ENOMEM;

    pb_case_ladder(&most, request, PB_FACTOR_max_events, slots, n_slots);
    for (int i = 0; i < most.n && !error; i++) {
        wanted.max_events = most.values[i];
        error =
            pb_case_add(this, plan, &of_level, &wanted, &pb_operation_standing);
    }
    pb_ladder_free(&most);
    free((void *)of_level.backends);
    return error;
}

/* So many ready that a set which reports a part of them goes through the rest,
 * which has left the cache, before it comes back to them. */
static int add_many(const struct pb_case *this, struct pb_plan *plan,
                    const struct pb_request *request)
{
    enum { MANY = 1024 };
    static const int slots[] = {0, 64};
    const struct pb_factors wanted = {
        .layout = pb_layout_name(PB_PACKED),
        .highest_fd = pb_farm_lowest_m(&request->farm, MANY, MANY),
        .fd_count = MANY,
        .ready_count = MANY,
        .fd_kind = pb_fd_kind_name(0)};
    return add_few_slots(this, plan, request, wanted, slots, 2);
}

static int add_points(const struct pb_case *this, struct pb_plan *plan,
                      const struct pb_request *request)
{
    enum { N = 128 };
    static const int ready_counts[] = {1, 8, N / 2}, slots[] = {1, 4, 16};
    struct pb_request of_epoll = pb_case_of_sets(request, true, true);
    struct pb_ladder rs = {0};
    int error = of_epoll.backends ? 0 : -ENOMEM;
    struct pb_factors wanted = {.layout = pb_layout_name(PB_PACKED),
                                .highest_fd =
                                    pb_farm_lowest_m(&request->farm, N, N / 2),
                                .fd_count = N,
                                .fd_kind = pb_fd_kind_name(0)};

    pb_case_ladder(&rs, request, PB_FACTOR_ready_count, ready_counts, 3);
    for (int i = 0; i < rs.n && !error; i++) {
        wanted.ready_count = rs.values[i];
        error = add_flows(this, plan, &of_epoll, &wanted);
    }
    if (!error && rs.n > 0)
        error = add_few_slots(this, plan, request, wanted, slots, 3);
    if (!error && request->preset != PB_QUICK &&
        !pb_case_chooses(request, PB_FACTOR_ready_count))
        error = add_many(this, plan, request);
    pb_ladder_free(&rs);
    free((void *)of_epoll.backends);
    return error;
}

const struct pb_case pb_case_interest = {
    .name = "interest",
    .question = "What does an event cost when it is level-triggered, "
                "edge-triggered or one-shot, and with few slots for events?",
    .held_fixed = "128 fds watched (of 1,024 ready, 1,024), AF_UNIX stream "
                  "sockets of a farm of their "
                  "own, one byte an event, timeout 0; a call is an event; "
                  "what would not be reported again while it stays ready is "
                  "modified first; 0 events a poll may report: all",
    .not_for = "several threads at one set, which is what one-shot is for, nor "
               "how many wakes an edge saves a thread that sleeps",
    .varies = {PB_FACTOR_ready_count, PB_FACTOR_max_events, PB_FACTOR_fd_count,
               PB_FACTOR_highest_fd},
    .n_varies = 4,
    .figure = "flows",
    .staging = &pb_own_farm,
    .add_points = add_points,
};
