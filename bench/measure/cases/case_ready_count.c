/* SPDX-License-Identifier: MIT */
#include "case.h"

static int add_for_n(const struct pb_case *this, struct pb_plan *plan,
                     const struct pb_request *request, int fd_count)
{
    static const int per_octave[PB_PRESETS] = {1, 1, 2, 1};
    struct pb_ladder rs = {0}, ms = {0};
    int error = 0;

    if (!pb_case_chooses(request, PB_FACTOR_ready_count)) {
        pb_ladder_add(&rs, 0, 0, fd_count);
        pb_ladder_add_rungs(&rs, 1, fd_count, per_octave[request->preset]);
        pb_ladder_add(&rs, fd_count / 4 * 3, 1, fd_count);
        pb_ladder_sort(&rs);
    } else {
        pb_case_ladder(&rs, request, PB_FACTOR_ready_count, NULL, 0);
    }
    int held_m = pb_case_held_m(request);
    pb_case_ladder(&ms, request, PB_FACTOR_highest_fd, &held_m, 1);
    for (int i = 0; i < ms.n * rs.n && !error; i++) {
        struct pb_factors wanted = {
            .layout = pb_case_layout(request, PB_PACKED),
            .highest_fd = ms.values[i / rs.n],
            .fd_count = fd_count,
            .ready_count = rs.values[i % rs.n],
            .occupied_words = (fd_count + 15) / 16,
        };
        error = pb_case_add(this, plan, request, &wanted, &pb_operation_all);
    }
    pb_ladder_free(&ms);
    pb_ladder_free(&rs);
    return error;
}

static int add_points(const struct pb_case *this, struct pb_plan *plan,
                      const struct pb_request *request)
{
    static const int fd_counts[] = {64, 1024, 4096};
    static const int n_fd_counts[PB_PRESETS] = {2, 2, 3, 2};
    static const int few = 16; /* in one word: fits under any limit */
    int is_small = request->farm.highest_fd < 5 * 64;
    struct pb_ladder ns = {0};
    int error = 0;

    pb_case_ladder(&ns, request, PB_FACTOR_fd_count,
                   is_small ? &few : fd_counts,
                   is_small ? 1 : n_fd_counts[request->preset]);
    for (int i = 0; i < ns.n && !error; i++)
        error = add_for_n(this, plan, request, ns.values[i]);
    pb_ladder_free(&ns);
    return error;
}

const struct pb_case pb_case_ready_count = {
    .name = "ready_count",
    .question = "How does the cost of a wait grow with the number of ready "
                "fds, R?",
    .held_fixed = "M at the largest 2^k - 1 below the limit, W = N / 16, "
                  "timeout 0, interest in POLLIN",
    .not_for = "what reading the ready fds costs, nor edge-triggered epoll",
    .varies = {PB_FACTOR_ready_count, PB_FACTOR_fd_count},
    .n_varies = 2,
    .figure = "series",
    .add_points = add_points,
};
