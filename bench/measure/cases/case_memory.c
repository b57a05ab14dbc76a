/* SPDX-License-Identifier: MIT */
#include "case.h"

#include <errno.h>
#include <stdlib.h>

/* What watching takes beside the fds, in the kernel and in the process. */
static int add_watching(const struct pb_case *this, struct pb_plan *plan,
                        const struct pb_request *request,
                        const struct pb_factors *wanted)
{
    int error = 0;

    for (int b = 0; request->backends[b] && !error; b++) {
        const char *const one[] = {request->backends[b], NULL};
        struct pb_request of_one = *request;
        struct pollset_backend_info info;
        of_one.backends = one;
        pollset_backend_find(*one, &info);
        error = pb_case_add(this, plan, &of_one, wanted,
                            &pb_operation_register_process_bytes);
        /* Each takes a while: of a set that is none, the kernel has nothing. */
        if (!error && (request->preset != PB_QUICK || info.own_fds > 0))
            error = pb_case_add(this, plan, &of_one, wanted,
                                &pb_operation_register_kernel_bytes);
    }
    return error;
}

/* As each backend that every sweep compares, and each that waits by a kernel's
 * set of its own. */
static int add_backends(const struct pb_case *this, struct pb_plan *plan,
                        const struct pb_request *request,
                        const struct pb_factors *wanted)
{
    struct pb_request others = pb_case_of_sets(request, false, false);
    int error =
        others.backends ? add_watching(this, plan, request, wanted) : -ENOMEM;
    if (!error && request->preset != PB_QUICK && !request->backends_chosen)
        error = add_watching(this, plan, &others, wanted);
    free((void *)others.backends);
    return error;
}

static int add_points(const struct pb_case *this, struct pb_plan *plan,
                      const struct pb_request *request)
{
    static const char *const none[] = {"none", NULL};
    struct pb_request of_none = *request;
    struct pb_ladder ns = {0};
    int most = pb_farm_count(&request->farm, false), n = 1;
    int error = 0;

    while (2 * n <= most)
        n *= 2;
    of_none.backends = none;
    pb_case_ladder(&ns, request, PB_FACTOR_fd_count, &n, 1);
    for (int i = 0; i < ns.n && !error; i++) {
        struct pb_factors wanted = {
            .layout = pb_layout_name(PB_PACKED),
            .highest_fd = pb_farm_lowest_m(&request->farm, ns.values[i], 1),
            .fd_count = ns.values[i],
            .ready_count = 1};
        error = pb_case_add(this, plan, &of_none, &wanted,
                            &pb_operation_build_kernel_bytes);
        if (!error)
            error = add_backends(this, plan, request, &wanted);
    }
    error = error ? error : ns.error;
    pb_ladder_free(&ns);
    return error;
}

const struct pb_case pb_case_memory = {
    .name = "memory",
    .question = "How much memory does it take to watch an fd, beside having "
                "it?",
    .held_fixed = "the lowest N fds there are, N the largest 2^k of them, one "
                  "ready, packed; no call in progress",
    .not_for = "what a server's memory is spent on: the buffers of a "
               "connection are many times that",
    .varies = {PB_FACTOR_fd_count, PB_FACTOR_highest_fd, PB_FACTOR_metric},
    .n_varies = 3,
    .figure = "memory",
    .staging = &pb_own_farm,
    .of_heads = true,
    .add_points = add_points,
};
