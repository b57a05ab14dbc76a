/* SPDX-License-Identifier: MIT */
#include "case.h"

/* What the fds cost without a backend. */
static int add_fds(const struct pb_case *this, struct pb_plan *plan,
                   const struct pb_request *request,
                   const struct pb_factors *wanted)
{
    static const struct pb_operation *const operations[] = {
        &pb_operation_build, &pb_operation_build_kernel_bytes,
        &pb_operation_close};
    static const char *const none[] = {"none", NULL};
    struct pb_request of_none = *request;
    int error = 0;

    of_none.backends = none;
    for (int i = 0; i < 3 && !error; i++)
        error = pb_case_add(this, plan, &of_none, wanted, operations[i]);
    return error;
}

/* And with each. Of memory, a set in the kernel takes the kernel's too. */
static int add_sets(const struct pb_case *this, struct pb_plan *plan,
                    const struct pb_request *request,
                    const struct pb_factors *wanted)
{
    static const struct pb_operation *const operations[] = {
        &pb_operation_register, &pb_operation_register_process_bytes,
        &pb_operation_all, &pb_operation_unregister,
        &pb_operation_register_kernel_bytes};
    int error = 0;

    for (int b = 0; request->backends[b] && !error; b++) {
        const char *const one[] = {request->backends[b], NULL};
        struct pb_request of_one = *request;
        struct pollset_backend_info info;
        of_one.backends = one;
        pollset_backend_find(*one, &info);
        for (int i = 0; i < (info.own_fds > 0 ? 5 : 4) && !error; i++)
            error = pb_case_add(this, plan, &of_one, wanted, operations[i]);
    }
    return error;
}

static int add_points(const struct pb_case *this, struct pb_plan *plan,
                      const struct pb_request *request)
{
    enum { LEAST = 1024 }; /* of fewer, memory does not show */
    int most = pb_farm_count(&request->farm, false), error = 0;
    struct pb_ladder ns = {0};

    if (pb_case_chooses(request, PB_FACTOR_fd_count))
        pb_case_ladder(&ns, request, PB_FACTOR_fd_count, NULL, 0);
    else
        pb_ladder_add_rungs(&ns, most < LEAST ? 1 : LEAST, most, 1);
    for (int i = 0; i < ns.n && !error; i++) {
        struct pb_factors wanted = {
            .layout = pb_layout_name(PB_PACKED),
            .highest_fd = pb_farm_lowest_m(&request->farm, ns.values[i], 1),
            .fd_count = ns.values[i],
            .ready_count = 1};
        error = add_fds(this, plan, request, &wanted);
        if (!error)
            error = add_sets(this, plan, request, &wanted);
    }
    error = error ? error : ns.error;
    pb_ladder_free(&ns);
    return error;
}

const struct pb_case pb_case_scale = {
    .name = "scale",
    .question = "How does the cost of a wait, and of each fd in time and "
                "memory, grow far beyond the cache?",
    .held_fixed = "one table of descriptors, the lowest N there are, one ready "
                  "fd, packed, timeout 0",
    .not_for = "what a server's descriptors cost: they are spread over time "
               "and memory",
    .varies = {PB_FACTOR_fd_count, PB_FACTOR_highest_fd, PB_FACTOR_metric},
    .n_varies = 3,
    .figure = "scale",
    .opt_in = 1,
    .staging = &pb_own_farm,
    .add_points = add_points,
};
