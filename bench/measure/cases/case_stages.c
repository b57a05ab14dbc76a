/* SPDX-License-Identifier: MIT */
#include "case.h"

#include <errno.h>
#include <stdlib.h>

static int add_stages(const struct pb_case *this, struct pb_plan *plan,
                      const struct pb_request *request,
                      const struct pb_factors *wanted)
{
    static const struct pb_operation *const stages[] = {
        &pb_operation_prepare, &pb_operation_wait, &pb_operation_collect};
    int error = 0;
    for (int i = 0; i < 3 && !error; i++)
        error = pb_case_add(this, plan, request, wanted, stages[i]);
    return error;
}

/* How the kernel's part alone grows, with the fewest other costs. */
static int add_waits(const struct pb_case *this, struct pb_plan *plan,
                     const struct pb_request *request)
{
    struct pb_ladder ms = {0};
    int error = 0;

    pb_case_m_ladder(&ms, request, pb_farm_lowest_m(&request->farm, 1, 1));
    for (int i = 0; i < ms.n && !error; i++)
        error = pb_case_add(this, plan, request,
                            &(struct pb_factors){.layout = "packed",
                                                 .highest_fd = ms.values[i],
                                                 .fd_count = 1,
                                                 .ready_count = 1},
                            &pb_operation_wait);
    error = error ? error : ms.error;
    pb_ladder_free(&ms);
    return error;
}

/* Of what scans a bitmap, what tells words, bits and occupied words apart: few
 * fds, at two bits of a word, and one fd a word. */
static int add_words(const struct pb_case *this, struct pb_plan *plan,
                     const struct pb_request *request)
{
    static const struct {
        const char *layout;
        int highest_fd, fd_count;
    } points[] = {
        {"packed", 79, 1},     {"packed", 127, 1},     {"packed", 975, 1},
        {"packed", 1023, 1},   {"packed", 4047, 1},    {"packed", 4095, 1},
        {"packed", 16335, 1},  {"packed", 16383, 1},   {"strided", 4095, 16},
        {"strided", 4095, 64}, {"strided", 16383, 16}, {"strided", 16383, 64}};
    struct pb_request narrowed = pb_case_about(request, "highest_fd", true);
    int error = narrowed.backends ? add_waits(this, plan, &narrowed) : -ENOMEM;

    for (size_t i = 0; i < sizeof points / sizeof *points && !error; i++)
        if (points[i].highest_fd <= request->farm.highest_fd)
            error = add_stages(
                this, plan, &narrowed,
                &(struct pb_factors){.layout = points[i].layout,
                                     .highest_fd = points[i].highest_fd,
                                     .fd_count = points[i].fd_count,
                                     .ready_count = 1});
    free((void *)narrowed.backends);
    return error;
}

static bool is_narrowed(const struct pb_request *request)
{
    return request->layout || pb_case_chooses(request, PB_FACTOR_highest_fd) ||
           pb_case_chooses(request, PB_FACTOR_fd_count) ||
           pb_case_chooses(request, PB_FACTOR_ready_count);
}

static int add_points(const struct pb_case *this, struct pb_plan *plan,
                      const struct pb_request *request)
{
    struct pb_request sparse = *request;
    struct pb_ladder ms = {0}, ns = {0};
    int error = 0;

    if (sparse.preset != PB_FULL)
        sparse.preset = PB_QUICK;
    pb_case_m_ladder(&ms, &sparse, pb_farm_lowest_m(&request->farm, 64, 1));
    pb_case_n_ladder(&ns, &sparse);
    struct pb_factors wanted = {
        .layout = pb_case_layout(request, PB_PACKED),
        .fd_count = 64,
        .ready_count = request->ladders[PB_FACTOR_ready_count].n
                           ? request->ladders[PB_FACTOR_ready_count].values[0]
                           : 1,
    };
    for (int i = 0; i < ms.n && !error; i++) {
        wanted.highest_fd = ms.values[i];
        error = add_stages(this, plan, request, &wanted);
    }
    wanted.highest_fd = pb_case_held_m(request);
    for (int i = 0; i < ns.n && !error; i++) {
        wanted.fd_count = ns.values[i];
        error = add_stages(this, plan, request, &wanted);
    }
    pb_ladder_free(&ms);
    pb_ladder_free(&ns);
    return error || is_narrowed(request) ? error
                                         : add_words(this, plan, request);
}

const struct pb_case pb_case_stages = {
    .name = "stages",
    .question = "Whose is the cost: the program's, which prepares the call "
                "and collects the answer, or the kernel's?",
    .held_fixed = "N = 64 while M varies, M at the largest 2^k - 1 below the "
                  "limit while N varies; one "
                  "ready fd, packed, timeout 0; of select also N = 1 with "
                  "any M, at two bits of a word, and one fd a word",
    .not_for = "adding up to the last ns: the stages run in batches of their "
               "own, with warmer caches than one after the other",
    .varies = {PB_FACTOR_highest_fd, PB_FACTOR_fd_count, PB_FACTOR_layout},
    .n_varies = 3,
    .figure = "stages",
    .add_points = add_points,
};
