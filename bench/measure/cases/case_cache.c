/* SPDX-License-Identifier: MIT */
#include "case.h"

/* Warm and cold, and both by a wait that looks and by one that may sleep, for
 * which it queues on every idle fd before the ready one. */
static int add_for_n(const struct pb_case *this, struct pb_plan *plan,
                     const struct pb_request *request, int fd_count,
                     int highest_fd)
{
    int error = 0;

    for (int i = 0; i < 4 && !error; i++) {
        int is_cold = i % 2;
        struct pb_factors wanted = {
            .layout = pb_layout_name(PB_PACKED),
            .highest_fd = highest_fd,
            .fd_count = fd_count,
            .ready_count = 1,
            .ready_place = pb_last,
            .cache = is_cold ? pb_cold : NULL,
            .timeout = i / 2 ? PB_CASE_TIMEOUT_MS : 0,
        };
        error = pb_case_add(this, plan, request, &wanted,
                            is_cold ? &pb_operation_cold : &pb_operation_all);
    }
    return error;
}

static int add_points(const struct pb_case *this, struct pb_plan *plan,
                      const struct pb_request *request)
{
    enum { LOW_M = 255 };
    static const int few[] = {8, 64};
    struct pb_ladder ns = {0};
    int is_chosen = pb_case_chooses(request, PB_FACTOR_fd_count);
    int error = 0;

    pb_case_regime_ladder(&ns, request);
    for (int i = 0; i < ns.n && !error; i++)
        error = add_for_n(this, plan, request, ns.values[i],
                          pb_case_held_m(request));
    /* What scans a bitmap pays for its length, too. */
    for (int i = 0; i < 2 && !error && !is_chosen; i++)
        error = add_for_n(this, plan, request, few[i], LOW_M);
    error = error ? error : ns.error;
    pb_ladder_free(&ns);
    return error;
}

const struct pb_case pb_case_cache = {
    .name = "cache",
    .question = "What does a wait cost whose fds have left the core's own "
                "cache since the wait before?",
    .held_fixed = "M at the largest 2^k - 1 below the limit, with 8 and 64 fds "
                  "at 255, too; one ready fd, the last, packed; cold: 2 x the "
                  "second-level cache of other "
                  "memory is read, line after line, before each call",
    .not_for = "fds that have left the shared cache, too, or were last touched "
               "by another core: a server of many thousand connections pays "
               "more",
    .varies = {PB_FACTOR_fd_count, PB_FACTOR_cache, PB_FACTOR_timeout,
               PB_FACTOR_highest_fd},
    .n_varies = 4,
    .compares = "cache=warm/cold timeout=0/1000",
    .figure = "variants",
    .of_heads = true,
    .add_points = add_points,
};
