/* SPDX-License-Identifier: MIT */
#include "case.h"

#include <string.h>

/* Those of the backends that are a bare call. */
static int choose_raw(const struct pb_request *request, const char **raw)
{
    static const char *const bare[] = {"select", "poll", "epoll"};
    int n = 0;
    for (int i = 0; request->backends[i]; i++)
        for (int k = 0; k < 3; k++)
            if (strcmp(request->backends[i], bare[k]) == 0)
                raw[n++] = bare[k];
    raw[n] = NULL;
    return n;
}

static int add_points(const struct pb_case *this, struct pb_plan *plan,
                      const struct pb_request *request)
{
    static const int fd_counts[] = {1, 8, 64, 1024};
    const char *raw[4];
    struct pb_ladder ms = {0}, ns = {0};
    int error = 0;

    choose_raw(request, raw);
    int near_and_far[] = {255, plan->farm.highest_fd};
    pb_case_ladder(&ms, request, PB_FACTOR_highest_fd, near_and_far, 2);
    pb_case_ladder(&ns, request, PB_FACTOR_fd_count, fd_counts, 4);
    for (int i = 0; i < ms.n * ns.n && !error; i++) {
        struct pb_factors wanted = {
            .layout = pb_layout_name(PB_PACKED),
            .highest_fd = ms.values[i / ns.n],
            .fd_count = ns.values[i % ns.n],
            .ready_count = 1,
        };
        error = pb_plan_add(plan, this->name, &wanted, raw, &pb_operation_raw);
        if (!error)
            error =
                pb_plan_add(plan, this->name, &wanted, raw, &pb_operation_all);
    }
    pb_ladder_free(&ms);
    pb_ladder_free(&ns);
    return error;
}

const struct pb_case pb_case_raw = {
    .name = "raw",
    .question = "What does the library cost over the bare system calls?",
    .held_fixed = "the same fds for both, in the same rounds; one ready fd, "
                  "packed, timeout 0",
    .not_for = "the cost of the C library's own wrapper over the kernel",
    .varies = {PB_FACTOR_fd_count, PB_FACTOR_highest_fd},
    .n_varies = 2,
    .figure = "",
    .add_points = add_points,
};
