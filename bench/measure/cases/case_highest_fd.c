/* SPDX-License-Identifier: MIT */
#include "case.h"

static int add_points(const struct pb_case *this, struct pb_plan *plan,
                      const struct pb_request *request)
{
    static const int fd_counts[] = {1, 64, 1024, 4096};
    static const int n_fd_counts[PB_PRESETS] = {2, 3, 4, 2};
    struct pb_ladder ns = {0};
    int error = 0;

    pb_case_ladder(&ns, request, PB_FACTOR_fd_count, fd_counts,
                   n_fd_counts[request->preset]);
    for (int i = 0; i < ns.n && !error; i++) {
        struct pb_ladder ms = {0}, one = {&ns.values[i], 1, 0};
        pb_case_m_ladder(&ms, request,
                         pb_farm_lowest_m(&request->farm, ns.values[i], 1));
        error = pb_case_add_grid(this, plan, request, &ms, &one);
        pb_ladder_free(&ms);
    }
    pb_ladder_free(&ns);
    return error;
}

const struct pb_case pb_case_highest_fd = {
    .name = "highest_fd",
    .question = "How does the cost of a wait grow with the highest watched "
                "fd, M?",
    .held_fixed = "one ready fd, packed, timeout 0, interest in POLLIN",
    .not_for = "what a blocked wait or a wake-up costs, nor sets with holes, "
               "in which select pays for each occupied word of its bitmap",
    .varies = {PB_FACTOR_highest_fd, PB_FACTOR_fd_count},
    .n_varies = 2,
    .figure = "series",
    .add_points = add_points,
};
