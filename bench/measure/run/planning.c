/* SPDX-License-Identifier: MIT */
#include "planning.h"

#include <errno.h>

enum {
    LOWEST_FD = 8, /* below: standard streams, samples.csv, and filling */
    SPARE_FDS = 4, /* above the farm and the sets, for what libraries open */
    WHOLE_WORDS_FROM = 2000,
    FEW_SETS = 32 /* sets may take up to 1 / FEW_SETS of the descriptors */
};

/* The farm below so many descriptors for sets: whole blocks of 8, and whole
 * bitmap words where that shortens it little. */
static struct pb_farm farm_for(const struct pb_fd_kind *kind, int usable_fds,
                               int n_set_fds)
{
    int end = usable_fds - SPARE_FDS - n_set_fds;
    end -= end % (end > WHOLE_WORDS_FROM ? 64 : 8);
    return (struct pb_farm){
        .lowest_fd = LOWEST_FD, .highest_fd = end - 1, .kind = kind};
}

static int add_references(struct pb_plan *plan)
{
    int error = pb_plan_add_reference(plan, "reference", "memory-probe",
                                      &pb_operation_memory_probe);
    if (!error)
        error = pb_plan_add_reference(plan, "reference", "ref0",
                                      &pb_operation_ref0);
    /* Last: its row is the mark that a round is whole. */
    if (!error)
        error = pb_plan_add_reference(plan, "reference", "ref1",
                                      &pb_operation_ref1);
    return error;
}

static void free_request(struct pb_request *request)
{
    for (int i = 0; i < PB_N_FACTORS; i++)
        pb_ladder_free(&request->ladders[i]);
}

static int add_cases(struct pb_plan *plan, const struct pb_options *options)
{
    struct pb_request request;
    int error = pb_options_request(options, &plan->farm, &request);
    for (int i = 0; options->cases[i] && !error; i++)
        error =
            options->cases[i]->add_points(options->cases[i], plan, &request);
    if (!error && plan->n_series == 0)
        error = -ERANGE;
    if (!error)
        error = add_references(plan);
    free_request(&request);
    return error;
}

static int make(struct pb_plan *plan, const struct pb_options *options,
                int usable_fds, int n_set_fds)
{
    struct pb_farm farm = farm_for(options->fd_kind, usable_fds, n_set_fds);
    if (farm.highest_fd < 2 * LOWEST_FD)
        return -EMFILE;
    pb_plan_init(plan, &farm, options->seed);
    int error = add_cases(plan, options);
    if (error)
        pb_plan_free(plan);
    return error;
}

/* The first try counts the descriptors for sets. If all of them may be open at
 * once, the second leaves room for them above the farm, which makes it no
 * larger; else for those of one series. */
int pb_plan_make(struct pb_plan *plan, const struct pb_options *options,
                 int usable_fds, int *keep_sets)
{
    int error = make(plan, options, usable_fds, 1);
    if (error)
        return error;
    *keep_sets = plan->n_epoll_fds <= usable_fds / FEW_SETS;
    int n_set_fds = *keep_sets ? plan->n_epoll_fds + 8 : plan->most_fds;
    if (plan->n_epoll_fds <= 1 || n_set_fds <= 1)
        return 0;
    pb_plan_free(plan);
    error = make(plan, options, usable_fds, n_set_fds);
    if (!error && plan->n_epoll_fds > n_set_fds)
        *keep_sets = 0;
    return error;
}
