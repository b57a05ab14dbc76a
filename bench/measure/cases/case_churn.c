/* SPDX-License-Identifier: MIT */
#include "case.h"

/* Where one way costs what another does can be told from any two numbers of
 * changes: what each more costs is the same. */
static int add_changes(const struct pb_case *this, struct pb_plan *plan,
                       const struct pb_request *request, int fd_count,
                       const char *change, const struct pb_operation *by)
{
    const int shares[] = {fd_count / 64, fd_count / 16, fd_count / 4,
                          fd_count / 2};
    struct pb_ladder changes = {0};
    int error = 0;

    if (change == pb_rebuild)
        pb_ladder_add(&changes, fd_count, 0, fd_count);
    else
        pb_case_ladder(&changes, request, PB_FACTOR_changes, shares, 4);
    for (int i = 0; i < changes.n && !error; i++) {
        struct pb_factors wanted = {
            .layout = pb_case_layout(request, PB_PACKED),
            .highest_fd = pb_case_held_m(request),
            .fd_count = fd_count,
            .ready_count = 1,
            .change = change,
            .changes = changes.values[i],
        };
        error = pb_case_add(this, plan, request, &wanted, by);
    }
    error = error ? error : changes.error;
    pb_ladder_free(&changes);
    return error;
}

static int add_points(const struct pb_case *this, struct pb_plan *plan,
                      const struct pb_request *request)
{
    static const char *const ways[] = {pb_modify_random, pb_modify,
                                       pb_add_again_random, pb_add_again,
                                       pb_rebuild};
    static const int fd_counts[] = {64, 256, 1024};
    static const int n_fd_counts[PB_PRESETS] = {2, 3, 3, 3};
    struct pb_request of_ways = *request;
    struct pb_ladder ns = {0};
    int error = 0;

    pb_case_ladder(&ns, request, PB_FACTOR_fd_count, fd_counts,
                   n_fd_counts[request->preset]);
    for (int i = 0; i < 5 * ns.n && !error; i++)
        error = add_changes(this, plan, request, ns.values[i / 5], ways[i % 5],
                            &pb_operation_change);
    /* And modified by bare calls, and by a ring, which takes them together. */
    of_ways.backends = pb_ring_ways(PB_RING_CHANGES, request->backends);
    for (int i = 0; i < ns.n && !error; i++)
        error = add_changes(this, plan, &of_ways, ns.values[i], pb_modify,
                            &pb_operation_ring_changes);
    pb_ladder_free(&ns);
    return error;
}

const struct pb_case pb_case_churn = {
    .name = "churn",
    .question = "How many changes of the set for each wait make epoll dearer "
                "than an array?",
    .held_fixed = "M at the largest 2^k - 1 below the limit, one ready fd, "
                  "packed, timeout 0; changes by libpollset's calls, to what "
                  "the fds were before; in the place of a backend also "
                  "epoll-ctl, bare calls, and io_uring-ctl, a ring's call for "
                  "all of them",
    .not_for = "what opening, connecting, accepting and closing cost, which is "
               "more than any of it",
    .varies = {PB_FACTOR_changes, PB_FACTOR_fd_count, PB_FACTOR_change},
    .n_varies = 3,
    .compares = "change=modify/modify-random change=re-add/re-add-random",
    .figure = "variants",
    .of_heads = true,
    .add_points = add_points,
};
