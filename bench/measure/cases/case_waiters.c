/* SPDX-License-Identifier: MIT */
#include "case.h"

#include <sched.h>
#include <string.h>

/* The same way of waiting is there with each of its counts. */
static int add_way(const struct pb_case *this, struct pb_plan *plan,
                   const struct pb_request *request,
                   const struct pb_factors *wanted, const char *way)
{
    static const struct pb_operation *const operations[] = {
        &pb_operation_waiters_switches, &pb_operation_waiters_returns,
        &pb_operation_waiters_busiest};
    const char *const one[] = {way, NULL};
    struct pb_request of_way = *request;
    int error = 0;

    of_way.backends = one;
    for (int i = 0; i < 3 && !error; i++)
        error = pb_case_add(this, plan, &of_way, wanted, operations[i]);
    return error;
}

static bool is_asked(const struct pb_request *request, const char *family)
{
    int i = 0;
    while (request->backends[i] && strcmp(request->backends[i], family) != 0)
        i++;
    return request->backends[i] != NULL;
}

static int add_ways(const struct pb_case *this, struct pb_plan *plan,
                    const struct pb_request *request,
                    const struct pb_factors *wanted)
{
    const char *way, *family;
    int error = 0;

    for (unsigned i = 0; (way = pb_waiters_way(i, &family)) && !error; i++)
        if (is_asked(request, family))
            error = add_way(this, plan, request, wanted, way);
    return error;
}

/* Twice as many as there are CPUs, so that they cannot all run at once. */
static int many(void)
{
    enum { MOST = 64 };
    cpu_set_t cpus;
    int n = sched_getaffinity(0, sizeof cpus, &cpus) < 0 ? 1 : CPU_COUNT(&cpus);
    return 2 * n < MOST ? 2 * n : MOST;
}

static int add_points(const struct pb_case *this, struct pb_plan *plan,
                      const struct pb_request *request)
{
    const int counts[] = {4, 1, 2, many()};
    struct pb_ladder ts = {0};
    int error = 0;

    pb_case_ladder(&ts, request, PB_FACTOR_waiters, counts,
                   request->preset == PB_QUICK ? 2 : 4);
    pb_ladder_sort(&ts);
    for (int i = 0; i < ts.n && !error; i++) {
        struct pb_factors wanted = {
            .layout = pb_layout_name(PB_PACKED),
            .highest_fd = pb_farm_lowest_m(&request->farm, 1, 0),
            .fd_count = 1,
            .fd_kind = pb_fd_kind_of("eventfd")->name,
            .waiters = ts.values[i],
        };
        if (wanted.waiters > 0)
            error = add_ways(this, plan, request, &wanted);
    }
    error = error ? error : ts.error;
    pb_ladder_free(&ts);
    return error;
}

const struct pb_case pb_case_waiters = {
    .name = "waiters",
    .question = "How many threads wake for one event, and who gets it?",
    .held_fixed = "one eventfd that all wait for, one event at a time, the "
                  "next when all sleep again; in the place of a backend stands "
                  "how they wait",
    .not_for = "what threads can do in a second: these are counts, and the one "
               "that writes takes a CPU",
    .varies = {PB_FACTOR_waiters, PB_FACTOR_metric},
    .n_varies = 2,
    .figure = "facets",
    .staging = &pb_own_farm,
    .add_points = add_points,
};
