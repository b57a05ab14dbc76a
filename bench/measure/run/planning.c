/* SPDX-License-Identifier: MIT */
#include "planning.h"

#include <errno.h>

enum {
    SPARE_FDS = 4, /* above the farm and the sets, for what libraries open */
    WHOLE_WORDS_FROM = 2000,
    /* Sets get so many descriptors, and from MANY_FDS on 1 / FEW_SETS of them
     * more, whatever is planned: with the same limit the farm is the same in
     * every run. If they need more, each is made for its batch. */
    SET_FDS_LEAST = 8, /* as many as an event loop takes */
    MANY_FDS = 8192,
    FEW_SETS = 32
};

static int set_fds(int usable_fds)
{
    return SET_FDS_LEAST + (usable_fds < MANY_FDS ? 0 : usable_fds / FEW_SETS);
}

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
    bool is_time = pb_metric_is_time(plan->cost);
    int error = is_time
                    ? pb_plan_add_reference(plan, "reference", "memory-probe",
                                            &pb_operation_memory_probe)
                    : 0;
    if (!error && is_time)
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
        error = pb_case_add_points(options->cases[i], plan, &request);
    if (!error && plan->n_series == 0)
        error = -ERANGE;
    if (!error)
        error = add_references(plan);
    free_request(&request);
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
    int n_sets = 0, all = 0, aside = 0;
    for (int i = 0; i < plan->n_series; i++) {
        const struct pb_series *series = &plan->series[i];
        int n_fds = fds_of(series, &n_sets);
        if (series->point < 0 ||
            plan->points[series->point].got->fd_kind != fd_kind)
            continue;
        if (pb_operation_stays(series->operation,
                               plan->points[series->point].staging))
            all += n_fds;
        else if (n_fds > aside) /* one at a time */
            aside = n_fds;
        need->most = n_fds > need->most ? n_fds : need->most;
    }
    need->all = all + aside > need->all ? all + aside : need->all;
}

/* Kinds are not open at once. */
static struct need count_fds(const struct pb_plan *plan)
{
    struct need need = {0};
    for (int i = 0; pb_fd_kind_name(i); i++)
        count_kind(plan, pb_fd_kind_name(i), &need);
    return need;
}

int pb_plan_make(struct pb_plan *plan, const struct pb_options *options,
                 int usable_fds, struct pb_farm *farm, int *keep_sets)
{
    int n_set_fds = set_fds(usable_fds);
    *farm = farm_for(usable_fds, n_set_fds);
    if (farm->highest_fd < 2 * farm->lowest_fd)
        return -EMFILE;
    pb_plan_init(plan, pb_scene_free);
    plan->cost =
        options->preset == PB_COUNT ? PB_METRIC_instructions : PB_METRIC_cost;
    int error = add_cases(plan, options, farm);
    if (!error && count_fds(plan).most > n_set_fds)
        error = -EMFILE;
    if (error)
        pb_plan_free(plan);
    else
        *keep_sets = count_fds(plan).all <= n_set_fds;
    return error;
}
