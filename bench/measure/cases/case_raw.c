/* SPDX-License-Identifier: MIT */
#include "case.h"

#include <string.h>

static int has_bare_call(const char *backend)
{
    const char *bare;
    unsigned i = 0;

    while ((bare = pb_raw_backend(i++)))
        if (strcmp(backend, bare) == 0)
            return 1;
    return 0;
}

/* The bare call and the library's, at one point. */
static int add_pairs(const struct pb_case *this, struct pb_plan *plan,
                     const struct pb_factors *wanted,
                     const struct pb_request *request)
{
    int error = 0;

    for (int i = 0; request->backends[i] && !error; i++) {
        const char *const one[] = {request->backends[i], NULL};
        struct pb_request of_one = *request;
        of_one.backends = one;
        if (!has_bare_call(*one))
            continue;
        error = pb_case_add(this, plan, &of_one, wanted, &pb_operation_raw);
        if (!error)
            error = pb_case_add(this, plan, &of_one, wanted, &pb_operation_all);
    }
    return error;
}

static int add_points(const struct pb_case *this, struct pb_plan *plan,
                      const struct pb_request *request)
{
    static const int fd_counts[] = {1, 8, 64, 1024};
    struct pb_ladder ms = {0}, ns = {0};
    int error = 0;

    int near_and_far[] = {255, pb_case_held_m(request)};
    pb_case_ladder(&ms, request, PB_FACTOR_highest_fd, near_and_far, 2);
    pb_case_ladder(&ns, request, PB_FACTOR_fd_count, fd_counts, 4);
    for (int i = 0; i < ms.n * ns.n && !error; i++) {
        struct pb_factors wanted = {
            .layout = pb_layout_name(PB_PACKED),
            .highest_fd = ms.values[i / ns.n],
            .fd_count = ns.values[i % ns.n],
            .ready_count = 1,
        };
        error = add_pairs(this, plan, &wanted, request);
    }
    pb_ladder_free(&ms);
    pb_ladder_free(&ns);
    return error;
}

const struct pb_case pb_case_raw = {
    .name = "raw",
    .question = "What does the library cost over the bare system calls, and "
                "its textbook's select over a textbook's loop?",
    .held_fixed = "the same fds for both, in the same rounds; one ready fd, "
                  "packed, timeout 0",
    .not_for = "the cost of the C library's own wrapper over the kernel",
    .varies = {PB_FACTOR_fd_count, PB_FACTOR_highest_fd},
    .n_varies = 2,
    .figure = "layer",
    .add_points = add_points,
};
