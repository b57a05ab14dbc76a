/* SPDX-License-Identifier: MIT */
#include "case.h"
#include "rules.h"

/* A farm has four times as many fds as are ready; so not more of these. */
enum { ALL_READY_MOST = 64 };

/* One ready, looked at; one ready, and the others queued on; all ready. */
static int add_states(const struct pb_case *this, struct pb_plan *plan,
                      const struct pb_request *request, int fd_count,
                      const char *fd_kind)
{
    int n_states = fd_count > ALL_READY_MOST ? 2 : 3, error = 0;

    for (int i = 0; i < n_states && !error; i++) {
        struct pb_factors wanted = {
            .layout = pb_layout_name(PB_PACKED),
            .highest_fd = request->farm.highest_fd,
            .fd_count = fd_count,
            .ready_count = i == 2 ? fd_count : 1,
            .ready_place = i == 2 ? NULL : pb_last,
            .timeout = i == 1 ? PB_CASE_TIMEOUT_MS : 0,
            .fd_kind = fd_kind,
        };
        error = pb_case_add(this, plan, request, &wanted, &pb_operation_all);
    }
    return error;
}

/* In as long a farm as the kind may have here. */
static int add_kind(const struct pb_case *this, struct pb_plan *plan,
                    const struct pb_request *request,
                    const struct pb_ladder *ns, const struct pb_fd_kind *kind)
{
    struct pb_request of_kind = *request;
    int most = pb_fd_kind_most(kind), error = 0;

    /* Up to this number there are no more than that, less the lowest ones. */
    if (most <= of_kind.farm.highest_fd)
        pb_farm_shorten(&of_kind.farm, most);
    for (int i = 0; i < ns->n && !error; i++)
        error = add_states(this, plan, &of_kind, ns->values[i], kind->name);
    return error;
}

static int add_points(const struct pb_case *this, struct pb_plan *plan,
                      const struct pb_request *request)
{
    static const int fd_counts[] = {16, 64, 256, 128};
    static const int n_fd_counts[PB_PRESETS] = {3, 3, 4, 3};
    struct pb_request near = *request;
    struct pb_ladder ns = {0};
    int error = 0, most = 256;

    pb_case_ladder(&ns, request, PB_FACTOR_fd_count, fd_counts,
                   n_fd_counts[request->preset]);
    for (int i = 0; i < ns.n; i++)
        most = ns.values[i] > most ? ns.values[i] : most;
    /* And the ready one, the last, in one more block. */
    most = pb_farm_lowest_m(&near.farm, most, 1) + PB_FD_BLOCK;
    if (most < near.farm.highest_fd)
        pb_farm_shorten(&near.farm, most);
    for (const struct pb_fd_kind *kind = pb_fd_kinds; kind->name && !error;
         kind++)
        error = add_kind(this, plan, &near, &ns, kind);
    pb_ladder_free(&ns);
    return error;
}

const struct pb_case pb_case_fd_kinds = {
    .name = "fd_kinds",
    .question = "Is it the call or the file: what does each kind of fd cost, "
                "idle, queued on and ready?",
    .held_fixed = "one farm for each kind, with M at its end; one ready fd, "
                  "the last, or all of them; packed",
    .not_for = "what reading or writing of a kind costs",
    .varies = {PB_FACTOR_fd_count, PB_FACTOR_fd_kind, PB_FACTOR_ready_count,
               PB_FACTOR_ready_place, PB_FACTOR_timeout, PB_FACTOR_highest_fd},
    .n_varies = 6,
    .compares = "timeout=0/1000 backend",
    .figure = "kinds",
    .staging = &pb_small_farm,
    .of_heads = true,
    .add_points = add_points,
};
