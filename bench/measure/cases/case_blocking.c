/* SPDX-License-Identifier: MIT */
#include "case.h"

#include <errno.h>
#include <stdlib.h>

/* A wait that may sleep, and never does: queued are the idle fds before the
 * first ready one. And one that may not, for comparison. */
static int add_places(const struct pb_case *this, struct pb_plan *plan,
                      const struct pb_request *request, int fd_count)
{
    const char *const places[] = {pb_last, pb_first, pb_middle, pb_anywhere,
                                  pb_last};
    int error = 0;

    for (int i = 0; i < 5 && !error; i++) {
        struct pb_factors wanted = {
            .layout = pb_layout_name(PB_PACKED),
            .highest_fd = pb_case_held_m(request),
            .fd_count = fd_count,
            .ready_count = 1,
            .ready_place = places[i],
            .timeout = i ? PB_CASE_TIMEOUT_MS : 0,
        };
        error = pb_case_add(this, plan, request, &wanted, &pb_operation_all);
    }
    return error;
}

/* And one that does sleep, with a writer on either CPU. */
static int add_writers(const struct pb_case *sleeping, struct pb_plan *plan,
                       const struct pb_request *request, int fd_count)
{
    const char *const writers[] = {pb_same_cpu, pb_other_cpu};
    int error = 0;

    for (int i = 0; i < 2 && !error; i++) {
        struct pb_factors wanted = {
            .layout = pb_layout_name(PB_PACKED),
            .highest_fd = request->farm.highest_fd,
            .fd_count = fd_count,
            .ready_count = 1,
            .writer = writers[i],
            .timeout = PB_CASE_TIMEOUT_MS,
        };
        error =
            pb_case_add(sleeping, plan, request, &wanted, &pb_operation_sleep);
    }
    return error;
}

/* In a farm no larger than that takes, with the same highest fd for all. */
static int add_sleeping(const struct pb_case *this, struct pb_plan *plan,
                        const struct pb_request *request)
{
    static const int fd_counts[] = {128, 1024, 16, 512};
    static const int n_fd_counts[PB_PRESETS] = {2, 2, 4, 2};
    struct pb_request small = *request;
    struct pb_case sleeping = *this;
    struct pb_ladder ns = {0};
    int error = 0, most = 0;

    pb_case_ladder(&ns, request, PB_FACTOR_fd_count, fd_counts,
                   n_fd_counts[request->preset]);
    for (int i = 0; i < ns.n; i++)
        most = ns.values[i] > most ? ns.values[i] : most;
    most = pb_farm_lowest_m(&small.farm, most, 0);
    if (most < small.farm.highest_fd)
        pb_farm_shorten(&small.farm, most);
    sleeping.staging = &pb_sleeping;
    for (int i = 0; i < ns.n && !error; i++)
        error = add_writers(&sleeping, plan, &small, ns.values[i]);
    pb_ladder_free(&ns);
    return error;
}

static int add_points(const struct pb_case *this, struct pb_plan *plan,
                      const struct pb_request *request)
{
    static const int fd_counts[] = {16, 64, 256, 1024, 1, 8, 32, 128, 4096};
    static const int n_fd_counts[PB_PRESETS] = {4, 6, 9, 6};
    struct pb_request heads = pb_case_about(request, NULL, false);
    struct pb_ladder ns = {0};
    int error = heads.backends ? 0 : -ENOMEM;

    pb_case_ladder(&ns, request, PB_FACTOR_fd_count, fd_counts,
                   n_fd_counts[request->preset]);
    for (int i = 0; i < ns.n && !error; i++)
        error = add_places(this, plan, &heads, ns.values[i]);
    if (!error && request->preset != PB_COUNT) /* others switch its CPU */
        error = add_sleeping(this, plan, &heads);
    pb_ladder_free(&ns);
    free((void *)heads.backends);
    return error;
}

const struct pb_case pb_case_blocking = {
    .name = "blocking",
    .question = "What does a wait cost that may sleep, by where the ready fd "
                "stands, and what one that does?",
    .held_fixed = "one ready fd, packed; M at the largest 2^k - 1 below the "
                  "limit, where waits sleep at the end of a farm for them "
                  "alone: an eventfd, which is the one that gets ready",
    .not_for = "how soon a wait wakes, nor what the sleep itself costs a CPU "
               "that goes idle",
    .varies = {PB_FACTOR_fd_count, PB_FACTOR_ready_place, PB_FACTOR_timeout,
               PB_FACTOR_writer, PB_FACTOR_highest_fd, PB_FACTOR_metric},
    .n_varies = 6,
    .compares = "ready_place=first/last timeout=0/1000 writer=same/other",
    .figure = "variants",
    .add_points = add_points,
};
