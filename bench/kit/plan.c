/* SPDX-License-Identifier: MIT */
#include "plan.h"

#include "operation.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void pb_plan_init(struct pb_plan *plan, const struct pb_farm *farm,
                  unsigned seed)
{
    *plan = (struct pb_plan){.farm = *farm, .seed = seed};
}

void pb_plan_free(struct pb_plan *plan)
{
    for (int i = 0; i < plan->n_watches; i++)
        free(plan->watches[i].fds);
    free(plan->watches);
    free(plan->series);
    *plan = (struct pb_plan){0};
}

/* Room for one more in an array that doubles; 0 or -ENOMEM. */
static int make_room(void **array, int n, int *room, size_t element_size)
{
    if (n < *room)
        return 0;
    int more = *room ? 2 * *room : 64;
    void *grown = realloc(*array, (size_t)more * element_size);
    if (!grown)
        return -ENOMEM;
    *array = grown;
    *room = more;
    return 0;
}

static int same_factors(const struct pb_factors *a, const struct pb_factors *b)
{
    return a->layout == b->layout && a->highest_fd == b->highest_fd &&
           a->fd_count == b->fd_count && a->ready_count == b->ready_count &&
           a->occupied_words == b->occupied_words;
}

/* Index of the watch that comes out as wanted does; -errno. */
static int find_watch(struct pb_plan *plan, const struct pb_factors *wanted)
{
    for (int i = 0; i < plan->n_watches; i++)
        if (same_factors(&plan->watches[i].wanted, wanted))
            return i;
    if (make_room((void **)&plan->watches, plan->n_watches, &plan->watch_room,
                  sizeof *plan->watches) < 0)
        return -ENOMEM;
    if (wanted->fd_count < 1 || wanted->fd_count > plan->farm.highest_fd)
        return -ERANGE;
    struct pb_watch watch = {.wanted = *wanted};
    watch.fds = malloc((size_t)wanted->fd_count * sizeof *watch.fds);
    if (!watch.fds)
        return -ENOMEM;
    int error =
        pb_farm_choose(&plan->farm, wanted, plan->seed, watch.fds, &watch.got);
    if (error) {
        free(watch.fds);
        return error;
    }
    plan->watches[plan->n_watches] = watch;
    return plan->n_watches++;
}

static int is_planned(const struct pb_plan *plan, const struct pb_series *new)
{
    const struct pb_factors *got = &plan->watches[new->watch].got;
    for (int i = 0; i < plan->n_series; i++) {
        const struct pb_series *old = &plan->series[i];
        if (old->watch >= 0 && strcmp(old->sweep, new->sweep) == 0 &&
            strcmp(old->backend, new->backend) == 0 &&
            old->operation == new->operation &&
            same_factors(&plan->watches[old->watch].got, got))
            return 1;
    }
    return 0;
}

static void count_fds(struct pb_plan *plan, int n_fds)
{
    plan->n_epoll_fds += n_fds;
    if (n_fds > plan->most_fds)
        plan->most_fds = n_fds;
}

/* The number of the set for a series: that of an earlier series with the same
 * fds and backend, so that what is timed apart is timed on one object. */
static int find_set(struct pb_plan *plan, const struct pb_series *new)
{
    for (int i = 0; i < plan->n_series; i++) {
        const struct pb_series *old = &plan->series[i];
        if (old->set >= 0 && old->watch == new->watch &&
            strcmp(old->backend, new->backend) == 0)
            return old->set;
    }
    count_fds(plan, strncmp(new->backend, "epoll", 5) == 0);
    return plan->n_sets++;
}

static int append(struct pb_plan *plan, const struct pb_series *series)
{
    if (make_room((void **)&plan->series, plan->n_series, &plan->series_room,
                  sizeof *plan->series) < 0)
        return -ENOMEM;
    plan->series[plan->n_series++] = *series;
    return 0;
}

int pb_plan_add(struct pb_plan *plan, const char *sweep,
                const struct pb_factors *wanted, const char *const *backends,
                const struct pb_operation *operation)
{
    int watch = find_watch(plan, wanted);
    if (watch == -ERANGE) {
        plan->n_left_out++;
        return 0;
    }
    if (watch < 0)
        return watch;
    for (; *backends; backends++) {
        struct pb_series series = {sweep, *backends, operation, watch, -1};
        if (is_planned(plan, &series))
            continue;
        if (operation->needs_set)
            series.set = find_set(plan, &series);
        else if (operation->own_fds)
            count_fds(plan, operation->own_fds(series.backend));
        int error = append(plan, &series);
        if (error)
            return error;
    }
    return 0;
}

int pb_plan_add_reference(struct pb_plan *plan, const char *sweep,
                          const char *name,
                          const struct pb_operation *operation)
{
    struct pb_series series = {sweep, name, operation, -1, -1};
    return append(plan, &series);
}
