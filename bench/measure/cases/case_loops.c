/* SPDX-License-Identifier: MIT */
#include "case.h"
#include "loop.h"

static int add_point(const struct pb_case *this, struct pb_plan *plan,
                     const struct pb_request *request,
                     const struct pb_factors *wanted)
{
    struct pb_request of_loop = *request;
    int error = pb_case_add(this, plan, request, wanted, &pb_operation_all);
    for (int i = 0; pb_loops[i] && !error; i++) {
        const char *const one[] = {pb_loops[i]->name, NULL};
        of_loop.backends = one;
        error = pb_case_add(this, plan, &of_loop, wanted, &pb_operation_loop);
    }
    return error;
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
    .add_points = add_points,
};
