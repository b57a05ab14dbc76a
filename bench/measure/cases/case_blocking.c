/* SPDX-License-Identifier: MIT */
#include "case.h"

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

static int add_points(const struct pb_case *this, struct pb_plan *plan,
                      const struct pb_request *request)
{
    static const int fd_counts[] = {16, 64, 256, 1024, 1, 8, 32, 128, 4096};
    static const int n_fd_counts[PB_PRESETS] = {4, 6, 9, 6};
    struct pb_ladder ns = {0};
    int error = 0;

    pb_case_ladder(&ns, request, PB_FACTOR_fd_count, fd_counts,
                   n_fd_counts[request->preset]);
    for (int i = 0; i < ns.n && !error; i++)
        error = add_places(this, plan, request, ns.values[i]);
    pb_ladder_free(&ns);
    return error;
}

const struct pb_case pb_case_blocking = {
    .name = "blocking",
    .question = "What does a wait cost that may sleep, by where the ready fd "
                "stands?",
    .held_fixed = "M at the largest 2^k - 1 below the limit, one ready fd, "
                  "packed; it never does sleep",
    .not_for = "a wait that does sleep, which takes a second pass (sleeping), "
               "nor how soon one wakes",
    .varies = {PB_FACTOR_fd_count, PB_FACTOR_ready_place, PB_FACTOR_timeout},
    .n_varies = 3,
    .compares = "ready_place=first/last timeout=0/1000",
    .figure = "variants",
    .of_heads = true,
    .add_points = add_points,
};
