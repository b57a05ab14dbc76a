/* SPDX-License-Identifier: MIT */
#include "case.h"

#include <errno.h>
#include <stdlib.h>

enum { MOST = 1024, RATE = 10000 };

/* Most of what is asked for first, so that a smaller preset leaves out the
 * rest: how many of them each way of waiting has in each preset. */
static const int fd_counts[] = {512, 1, 64, MOST};
static const struct {
    const struct pb_operation *operation, *in_full;
    const char *writer;
    int n[PB_PRESETS];
} ways[] = {
    {&pb_operation_wakeup_asleep,
     &pb_operation_wakeup_asleep_long,
     pb_other_cpu,
     {[PB_QUICK] = 1, [PB_DEFAULT] = 4, [PB_FULL] = 4, [PB_COUNT] = 1}},
    {&pb_operation_wakeup_spinning,
     &pb_operation_wakeup_spinning,
     pb_other_cpu,
     {[PB_DEFAULT] = 2, [PB_FULL] = 4}},
    {&pb_operation_wakeup_asleep,
     &pb_operation_wakeup_asleep,
     pb_same_cpu,
     {[PB_DEFAULT] = 2, [PB_FULL] = 4}},
};

static int add_way(const struct pb_case *this, struct pb_plan *plan,
                   const struct pb_request *request, int way)
{
    static const int rates[] = {RATE};
    const struct pb_operation *operation =
        request->preset == PB_FULL ? ways[way].in_full : ways[way].operation;
    struct pb_ladder ns = {0}, rates_asked = {0};
    int error = 0;

    pb_case_ladder(&ns, request, PB_FACTOR_fd_count, fd_counts,
                   ways[way].n[request->preset]);
    pb_case_ladder(&rates_asked, request, PB_FACTOR_rate, rates, 1);
    for (int i = 0; i < ns.n * rates_asked.n && !error; i++) {
        struct pb_factors wanted = {
            .layout = pb_layout_name(PB_PACKED),
            .highest_fd = pb_farm_lowest_m(&request->farm, MOST, 0),
            .fd_count = ns.values[i / rates_asked.n],
            .fd_kind = pb_fd_kind_of("eventfd")->name,
            .writer = ways[way].writer,
            .rate = rates_asked.values[i % rates_asked.n],
        };
        if (wanted.highest_fd > request->farm.highest_fd ||
            wanted.fd_count > MOST)
            wanted.highest_fd = request->farm.highest_fd;
        if (wanted.rate > 0)
            error = pb_case_add(this, plan, request, &wanted, operation);
    }
    error = error ? error : ns.error ? ns.error : rates_asked.error;
    pb_ladder_free(&ns);
    pb_ladder_free(&rates_asked);
    return error;
}

/* What is said of one backend that looks through a bitmap is said by those that
 * look through an array. */
static int add_points(const struct pb_case *this, struct pb_plan *plan,
                      const struct pb_request *request)
{
    static const char *const scans[] = {"fd_count", "ready_count"};
    int error = 0;

    for (int i = 0; i < 2 && !error; i++) {
        struct pb_request about = pb_case_about(request, scans[i], false);
        error = about.backends ? 0 : -ENOMEM;
        for (int way = 0; way < 3 && !error; way++)
            error = add_way(this, plan, &about, way);
        free((void *)about.backends);
    }
    return error;
}

const struct pb_case pb_case_wakeup = {
    .name = "wakeup",
    .question = "How long is it from the write to the return of the wait?",
    .held_fixed = "eventfds, M that of 1,024 of them, none ready but the one "
                  "that is written to, one event outstanding, each due at its "
                  "time",
    .not_for = "ranking the calls at few fds in a guest, whose idle CPUs take "
               "longer to wake than they differ; nor at another rate, which "
               "changes how deep they sleep",
    .varies = {PB_FACTOR_fd_count, PB_FACTOR_metric, PB_FACTOR_stage,
               PB_FACTOR_writer},
    .n_varies = 4,
    .figure = "latencies",
    .staging = &pb_own_farm,
    .add_points = add_points,
};
