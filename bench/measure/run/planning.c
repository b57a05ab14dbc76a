/* SPDX-License-Identifier: MIT */
#include "planning.h"

#include <errno.h>

enum {
    SPARE_FDS = 4, /* above the farm and the sets, for what libraries open */
    WHOLE_WORDS_FROM = 2000,
    FEW_SETS = 32 /* sets may take up to 1 / FEW_SETS of the descriptors */
};

/* The farm below so many descriptors for sets: whole bitmap words where that
 * shortens it little. */
static struct pb_farm farm_for(int usable_fds, int n_set_fds)
{
    int end = usable_fds - SPARE_FDS - n_set_fds;
    if (end > WHOLE_WORDS_FROM)
        end -= end % 64;
    return pb_farm_below(pb_fd_kinds, end);
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

static int add_cases(struct pb_plan *plan, const struct pb_options *options,
                     const struct pb_farm *farm)
{
    struct pb_request request;
    int error = pb_options_request(options, farm, &request);
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
                int usable_fds, int n_set_fds, struct pb_farm *farm)
{
    *farm = farm_for(usable_fds, n_set_fds);
    if (farm->highest_fd < 2 * farm->lowest_fd)
        return -EMFILE;
    pb_plan_init(plan, pb_scene_free);
    int error = add_cases(plan, options, farm);
    if (error)
        pb_plan_free(plan);
    return error;
}

/* Descriptors besides the farm's. */
struct need {
    int all;  /* of all sets and series that may be open at once */
    int most; /* the most that one of them takes */
};

/* Those of a series, but not again those of a set that another has, too. */
static int fds_of(const struct pb_series *series, int *n_sets)
{
    int (*own_fds)(const char *) = series->operation->own_fds;
    if (series->set < 0)
        return own_fds ? own_fds(series->backend) : 0;
    if (series->set < *n_sets)
        return 0;
    *n_sets = series->set + 1; /* they are numbered as they come */
    struct pollset_backend_info info;
    pollset_backend_find(series->backend, &info);
    return info.own_fds;
}

static void count_kind(const struct pb_plan *plan, const char *fd_kind,
                       struct need *need)
{
    int n_sets = 0, all = 0;
    for (int i = 0; i < plan->n_series; i++) {
        const struct pb_series *series = &plan->series[i];
        int n_fds = fds_of(series, &n_sets);
        if (series->point < 0 ||
            plan->points[series->point].got->fd_kind != fd_kind)
            continue;
        all += n_fds;
        need->most = n_fds > need->most ? n_fds : need->most;
    }
    need->all = all > need->all ? all : need->all;
}

/* Kinds are not open at once. */
static struct need count_fds(const struct pb_plan *plan)
{
    struct need need = {0};
    for (int i = 0; pb_fd_kind_name(i); i++)
        count_kind(plan, pb_fd_kind_name(i), &need);
    return need;
}

/* The first try counts the descriptors for sets. If all of them may be open at
 * once, the second leaves room for them above the farm, which makes it no
 * larger; else for those of one series. */
int pb_plan_make(struct pb_plan *plan, const struct pb_options *options,
                 int usable_fds, struct pb_farm *farm, int *keep_sets)
{
    int error = make(plan, options, usable_fds, 1, farm);
    if (error)
        return error;
    struct need need = count_fds(plan);
    *keep_sets = need.all <= usable_fds / FEW_SETS;
    int n_set_fds = *keep_sets ? need.all + 8 : need.most;
    if (need.all <= 1 || n_set_fds <= 1)
        return 0;
    pb_plan_free(plan);
    error = make(plan, options, usable_fds, n_set_fds, farm);
    if (!error && count_fds(plan).all > n_set_fds)
        *keep_sets = 0;
    return error;
}
