/* SPDX-License-Identifier: MIT */
#include "case.h"

static int add_points(const struct pb_case *this, struct pb_plan *plan,
                      const struct pb_request *request)
{
    const char *names[PB_CALLS_MOST + 1] = {NULL};
    struct pb_request of_calls = *request;
    const struct pb_factors wanted = {
        .layout = pb_layout_name(PB_PACKED),
        .highest_fd = pb_farm_lowest_m(&request->farm, 1, 1),
        .fd_count = 1,
        .ready_count = 1,
    };

    for (unsigned i = 0; pb_call_name(i); i++)
        names[i] = pb_call_name(i);
    of_calls.backends = names;
    return pb_case_add(this, plan, &of_calls, &wanted, &pb_operation_call);
}

const struct pb_case pb_case_variants = {
    .name = "variants",
    .question = "What do ppoll, pselect6, epoll_pwait and epoll_pwait2 cost, "
                "with a mask of signals and without, over the older calls?",
    .held_fixed = "one fd, which is ready, at the lowest number there is, "
                  "timeout 0; one loop makes all calls, by their numbers",
    .not_for = "choosing a call by its speed: a mask is there so that no "
               "signal is lost between looking and waiting, and a struct "
               "timespec for finer timeouts",
    .figure = "",
    .add_points = add_points,
};
