/* SPDX-License-Identifier: MIT */
#include "case.h"

/* With a writer on either CPU. */
static int add_writers(const struct pb_case *this, struct pb_plan *plan,
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
        error = pb_case_add(this, plan, request, &wanted, &pb_operation_sleep);
    }
    return error;
}

/* In a farm no larger than that takes, with the same highest fd for all. */
static int add_points(const struct pb_case *this, struct pb_plan *plan,
                      const struct pb_request *request)
{
    static const int fd_counts[] = {128, 1024, 16, 512};
    static const int n_fd_counts[PB_PRESETS] = {2, 2, 4, 0};
    struct pb_request near = *request;
    struct pb_ladder ns = {0};
    int error = 0, most = 0;

    pb_case_ladder(&ns, request, PB_FACTOR_fd_count, fd_counts,
                   n_fd_counts[request->preset]);
    for (int i = 0; i < ns.n; i++)
        most = ns.values[i] > most ? ns.values[i] : most;
    most = pb_farm_lowest_m(&near.farm, most, 0);
    if (most < near.farm.highest_fd)
        pb_farm_shorten(&near.farm, most);
    for (int i = 0; i < ns.n && !error; i++)
        error = add_writers(this, plan, &near, ns.values[i]);
    pb_ladder_free(&ns);
    return error;
}

const struct pb_case pb_case_sleeping = {
    .name = "sleeping",
    .question = "What CPU time does a wait take that sleeps until one of N fds "
                "gets ready?",
    .held_fixed = "M at the end of a farm of its own, where the fd lies that "
                  "gets ready, an eventfd; packed; the read after the wait is "
                  "in it",
    .not_for = "how soon the wait wakes, nor what a CPU loses that goes idle",
    .varies = {PB_FACTOR_fd_count, PB_FACTOR_writer, PB_FACTOR_metric},
    .n_varies = 3,
    .compares = "writer=same/other",
    .figure = "variants",
    .staging = &pb_sleeping,
    .of_heads = true,
    .add_points = add_points,
};
