/* SPDX-License-Identifier: MIT */
#include "case.h"

#include <string.h>

/* The operations on many tables with a backend, of which there are bare calls.
 * A program's own loop around one costs the same in any table. */
static int operations_of(const char *backend,
                         const struct pb_operation *operations[4])
{
    struct pollset_backend_info info;
    const char *bare;
    unsigned i = 0;

    while ((bare = pb_raw_backend(i)) && strcmp(bare, backend) != 0)
        i++;
    pollset_backend_find(backend, &info);
    if (!bare || strcmp(info.family, backend) != 0)
        return 0;
    operations[0] = &pb_operation_raw_in_turns;
    if (info.own_fds == 0)
        return 1;
    operations[0] = &pb_operation_shared_register;
    operations[1] = &pb_operation_shared_wait;
    operations[2] = &pb_operation_shared_unregister;
    operations[3] = &pb_operation_shared_register_kernel_bytes;
    return 4;
}

static int add_with(const struct pb_case *this, struct pb_plan *plan,
                    const struct pb_request *request, const char *backend,
                    int fd_count)
{
    const struct pb_factors wanted = {.layout = pb_layout_name(PB_PACKED),
                                      .fd_count = fd_count,
                                      .ready_count = 1};
    const struct pb_operation *operations[4] = {
        &pb_operation_build, &pb_operation_build_kernel_bytes,
        &pb_operation_close};
    const char *const one[] = {backend ? backend : "none", NULL};
    struct pb_request of_one = *request;
    int n = backend ? operations_of(backend, operations) : 3, error = 0;

    of_one.backends = one;
    for (int i = 0; i < n && !error; i++)
        error = pb_case_add(this, plan, &of_one, &wanted, operations[i]);
    return error;
}

static int add_points(const struct pb_case *this, struct pb_plan *plan,
                      const struct pb_request *request)
{
    static const int decades[] = {1000, 10000, 100000, 1000000};
    struct pb_ladder ns = {0};
    int error = 0;

    pb_case_ladder(&ns, request, PB_FACTOR_fd_count, decades, 4);
    for (int i = 0; i < ns.n && !error; i++) {
        error = add_with(this, plan, request, NULL, ns.values[i]);
        for (int b = 0; request->backends[b] && !error; b++)
            error = add_with(this, plan, request, request->backends[b],
                             ns.values[i]);
    }
    error = error ? error : ns.error;
    pb_ladder_free(&ns);
    return error;
}

const struct pb_case pb_case_beyond_limit = {
    .name = "beyond_limit",
    .question = "How does it grow beyond the limit on descriptors?",
    .held_fixed = "one epoll set for all tables, poll and select over each in "
                  "turn; one ready fd",
    .not_for = "one process with so many descriptors: that many tables are as "
               "many threads",
    .varies = {PB_FACTOR_fd_count, PB_FACTOR_highest_fd, PB_FACTOR_tables,
               PB_FACTOR_metric},
    .n_varies = 4,
    .figure = "scale",
    .opt_in = 1,
    .staging = &pb_many_tables,
    .add_points = add_points,
};
