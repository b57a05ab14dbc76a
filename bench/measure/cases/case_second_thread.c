/* SPDX-License-Identifier: MIT */
#include "case.h"

static int add_points(const struct pb_case *this, struct pb_plan *plan,
                      const struct pb_request *request)
{
    static const int fd_counts[] = {1, 64, 512, 8, 256}, threads[] = {0, 1};
    struct pb_ladder ns = {0}, ts = {0};
    int error = 0;

    pb_case_ladder(&ns, request, PB_FACTOR_fd_count, fd_counts,
                   request->preset == PB_QUICK ? 3 : 5);
    pb_case_ladder(&ts, request, PB_FACTOR_idle_threads, threads, 2);
    for (int i = 0; i < ns.n * ts.n && !error; i++) {
        struct pb_factors wanted = {
            .layout = pb_layout_name(PB_PACKED),
            .highest_fd = pb_case_held_m(request),
            .fd_count = ns.values[i / ts.n],
            .ready_count = 1,
            .idle_threads = ts.values[i % ts.n],
        };
        error = pb_case_add(this, plan, request, &wanted, &pb_operation_all);
    }
    error = error ? error : ns.error ? ns.error : ts.error;
    pb_ladder_free(&ns);
    pb_ladder_free(&ts);
    return error;
}

const struct pb_case pb_case_second_thread = {
    .name = "second_thread",
    .question = "What does a wait cost in a program that has a second thread?",
    .held_fixed =
        "M at the largest 2^k - 1 below the limit, one ready fd, "
        "packed, timeout 0; the other thread sleeps and touches no fd",
    .not_for = "threads that use the descriptor table at the same time",
    .varies = {PB_FACTOR_fd_count, PB_FACTOR_idle_threads},
    .n_varies = 2,
    .figure = "facets",
    .staging = &pb_idle_threads,
    .of_heads = true,
    .add_points = add_points,
};
