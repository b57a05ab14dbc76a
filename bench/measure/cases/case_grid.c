/* SPDX-License-Identifier: MIT */
#include "case.h"

/* Every other octave, every octave, or two points in each. */
static void add_ms(struct pb_ladder *ms, const struct pb_request *request)
{
    static const int per_octave[PB_PRESETS] = {1, 1, 2, 1};
    static const int every[PB_PRESETS] = {2, 1, 1, 2};
    int held_m = pb_case_held_m(request);
    struct pb_ladder counts = {0};

    pb_ladder_add_rungs(&counts, 128, held_m + 1, per_octave[request->preset]);
    for (int i = 0; i < counts.n; i++)
        if (i % every[request->preset] == 0)
            pb_ladder_add(ms, counts.values[i] - 1, 1, held_m);
    pb_ladder_add(ms, held_m, 1, held_m);
    pb_ladder_sort(ms);
    ms->error = ms->error ? ms->error : counts.error;
    pb_ladder_free(&counts);
}

static int add_points(const struct pb_case *this, struct pb_plan *plan,
                      const struct pb_request *request)
{
    static const int fd_counts[] = {1, 4, 16, 64, 256, 1024, 2048, 3072, 8192};
    struct pb_ladder ms = {0}, ns = {0}, few = {0};

    if (pb_case_chooses(request, PB_FACTOR_highest_fd))
        pb_case_ladder(&ms, request, PB_FACTOR_highest_fd, NULL, 0);
    else
        add_ms(&ms, request);
    pb_case_ladder(&ns, request, PB_FACTOR_fd_count, fd_counts, 9);
    /* Beyond these, spread fds measure the cache more than the kernel. */
    pb_case_ladder(&few, request, PB_FACTOR_fd_count, fd_counts, 6);
    struct pb_request spread = *request;
    spread.layout = pb_case_layout(request, PB_STRIDED);
    int error = pb_case_add_grid(this, plan, request, &ms, &ns);
    if (!error)
        error = pb_case_add_grid(this, plan, &spread, &ms, &few);
    pb_ladder_free(&ms);
    pb_ladder_free(&ns);
    pb_ladder_free(&few);
    return error;
}

const struct pb_case pb_case_grid = {
    .name = "grid",
    .question = "What does each backend cost over the plane of M and N, and "
                "where do they cross?",
    .held_fixed = "one ready fd, timeout 0, interest in POLLIN; packed and "
                  "strided sets",
    .not_for = "reading the effect of M off strided sets alone: the objects "
               "of spread fds lie far apart too, and cost more cache and TLB",
    .varies = {PB_FACTOR_fd_count, PB_FACTOR_highest_fd, PB_FACTOR_layout},
    .n_varies = 3,
    .figure = "ratios",
    .add_points = add_points,
};
