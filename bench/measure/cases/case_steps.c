/* SPDX-License-Identifier: MIT */
#include "case.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>

/* Quarters of a bitmap word where the steps are close together, so that also
 * a limit of 512 or 1024 leaves enough points to tell them from slope; whole
 * words beyond; from 65536 on, by doublings, a five-hundredth or more: what is
 * scanned must not grow with the square of the limit. Each number is a multiple
 * of how far apart they are there, less one, in any preset. */
static int to_next(int m, int words_apart)
{
    int apart = 64 * words_apart;
    if (m < 1407)
        return 16;
    while (m / apart >= 1024)
        apart *= 2;
    return apart - (m + 1) % apart;
}

static bool is_counted(const struct pb_request *request, enum pb_factor factor)
{
    return request->preset == PB_COUNT && !pb_case_chooses(request, factor);
}

/* Bits of words far up, of which all but the last are passed over above: exact
 * counts tell what each bit costs from what each word does. */
static void add_bits(struct pb_ladder *ms, int top)
{
    for (int end = 4096; end <= 16384; end *= 4)
        for (int m = end - 49; m < end - 1; m += 16)
            pb_ladder_add(ms, m, 1, top);
}

/* Frees the narrowed request's backends. */
static int add_grid(const struct pb_case *this, struct pb_plan *plan,
                    const struct pb_request *narrowed,
                    const struct pb_ladder *ms, const struct pb_ladder *ns)
{
    int error = narrowed->backends
                    ? pb_case_add_grid(this, plan, narrowed, ms, ns)
                    : -ENOMEM;
    free((void *)narrowed->backends);
    return error;
}

static int scan_m(const struct pb_case *this, struct pb_plan *plan,
                  const struct pb_request *request)
{
    static const int words_apart[PB_PRESETS] = {2, 2, 1, 2};
    static const int fd_count = 1;
    struct pb_request narrowed = pb_case_about(request, "highest_fd", false);
    struct pb_ladder ms = {0}, ns = {0};
    int top = request->farm.highest_fd;

    if (!pb_case_chooses(request, PB_FACTOR_highest_fd))
        for (int m = 63; m <= top;
             m += to_next(m, words_apart[request->preset]))
            pb_ladder_add(&ms, m, 1, top);
    else
        pb_case_ladder(&ms, request, PB_FACTOR_highest_fd, NULL, 0);
    if (is_counted(request, PB_FACTOR_highest_fd))
        add_bits(&ms, top);
    pb_case_ladder(&ns, request, PB_FACTOR_fd_count, &fd_count, 1);
    int error = add_grid(this, plan, &narrowed, &ms, &ns);
    pb_ladder_free(&ms);
    pb_ladder_free(&ns);
    return error;
}

static int scan_n(const struct pb_case *this, struct pb_plan *plan,
                  const struct pb_request *request)
{
    static const int last[PB_PRESETS] = {96, 640, 1152, 96};
    static const int apart[PB_PRESETS] = {8, 16, 8, 8};
    struct pb_request narrowed = pb_case_about(request, "fd_count", false);
    struct pb_ladder ms = {0}, ns = {0};
    int held_m = pb_case_held_m(request);

    pb_case_ladder(&ms, request, PB_FACTOR_highest_fd, &held_m, 1);
    if (!pb_case_chooses(request, PB_FACTOR_fd_count))
        for (int n = 1; n <= last[request->preset];
             n += n < 96 ? 1 : apart[request->preset])
            pb_ladder_add(&ns, n, 1, held_m);
    else
        pb_case_ladder(&ns, request, PB_FACTOR_fd_count, NULL, 0);
    if (is_counted(request, PB_FACTOR_fd_count))
        pb_case_add_pages(&ns, INT_MAX, held_m);
    int error = add_grid(this, plan, &narrowed, &ms, &ns);
    pb_ladder_free(&ms);
    pb_ladder_free(&ns);
    return error;
}

static int add_points(const struct pb_case *this, struct pb_plan *plan,
                      const struct pb_request *request)
{
    int error = scan_m(this, plan, request);
    return error ? error : scan_n(this, plan, request);
}

const struct pb_case pb_case_steps = {
    .name = "steps",
    .question = "Where does the cost jump instead of grow?",
    .held_fixed = "over M: N = 1, by 16 or more; over N: M at the largest "
                  "2^k - 1 below the limit, by 1; "
                  "one ready fd, packed",
    .not_for = "slopes: one fd far up is not a usual set",
    .varies = {PB_FACTOR_highest_fd, PB_FACTOR_fd_count},
    .n_varies = 2,
    .figure = "steps",
    .add_points = add_points,
};
