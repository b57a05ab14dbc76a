/* SPDX-License-Identifier: MIT */
#include "case.h"

static int add_points(const struct pb_case *this, struct pb_plan *plan,
                      const struct pb_request *request)
{
    struct pb_ladder ms = {0}, ns = {0};
    int held_m = pb_case_held_m(request);
    pb_case_ladder(&ms, request, PB_FACTOR_highest_fd, &held_m, 1);
    pb_case_n_ladder(&ns, request);
    int error = pb_case_add_grid(this, plan, request, &ms, &ns);
    pb_ladder_free(&ms);
    pb_ladder_free(&ns);
    return error;
}

const struct pb_case pb_case_fd_count = {
    .name = "fd_count",
    .question = "How does the cost of a wait grow with the number of watched "
                "fds, N?",
    .held_fixed = "M at the largest 2^k - 1 below the limit, one ready fd, "
                  "packed, timeout 0, interest in POLLIN",
    .not_for = "other kinds of fds, whose own poll function may cost half or "
               "twice as much, nor sets that outgrow the cache of a busy "
               "machine",
    .varies = {PB_FACTOR_fd_count},
    .n_varies = 1,
    .figure = "series",
    .add_points = add_points,
};
