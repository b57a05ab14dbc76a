/* SPDX-License-Identifier: MIT */
#include "plan.h"

#include "operation.h"

#include <errno.h>
#include <stdint.h>
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
    free(plan->slots);
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

/* Where the watch with these factors is or would be: its index + 1, or 0. */
static int *slot_of(const struct pb_plan *plan,
                    const struct pb_factors *factors)
{
    size_t mask = (size_t)plan->slot_room - 1;
    size_t i = pb_factors_hash(factors) & mask;
    while (plan->slots[i] &&
           pb_factors_differ(&plan->watches[plan->slots[i] - 1].got, factors))
        i = (i + 1) & mask;
    return &plan->slots[i];
}

/* Room for one more watch, with at least half of the slots free. */
static int make_watch_room(struct pb_plan *plan)
{
    if (make_room((void **)&plan->watches, plan->n_watches, &plan->watch_room,
                  sizeof *plan->watches) < 0)
        return -ENOMEM;
    if (plan->slot_room >= 2 * plan->watch_room)
        return 0;
    int *slots = calloc((size_t)plan->watch_room, 2 * sizeof *slots);
    if (!slots)
        return -ENOMEM;
    free(plan->slots);
    plan->slots = slots;
    plan->slot_room = 2 * plan->watch_room;
    for (int i = 0; i < plan->n_watches; i++)
        *slot_of(plan, &plan->watches[i].got) = i + 1;
    return 0;
}

/* Index of the watch that has what wanted comes out as; -errno. */
static int find_watch(struct pb_plan *plan, const struct pb_factors *wanted)
{
    if (wanted->fd_count < 1 || wanted->fd_count > plan->farm.highest_fd)
        return -ERANGE;
    if (make_watch_room(plan) < 0)
        return -ENOMEM;
    struct pb_watch watch = {.last_series = -1};
    watch.fds = malloc((size_t)wanted->fd_count * sizeof *watch.fds);
    if (!watch.fds)
        return -ENOMEM;
    int error =
        pb_farm_choose(&plan->farm, wanted, plan->seed, watch.fds, &watch.got);
    int *slot = error ? NULL : slot_of(plan, &watch.got);
    if (error || *slot) {
        free(watch.fds);
        return error ? error : *slot - 1;
    }
    plan->watches[plan->n_watches] = watch;
    *slot = ++plan->n_watches;
    return *slot - 1;
}

static int is_planned(const struct pb_plan *plan, const struct pb_series *new)
{
    int i = plan->watches[new->watch].last_series;
    for (; i >= 0; i = plan->series[i].previous) {
        const struct pb_series *old = &plan->series[i];
        if (strcmp(old->sweep, new->sweep) == 0 &&
            strcmp(old->backend, new->backend) == 0 &&
            old->operation == new->operation)
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

static int own_fds(const char *backend)
{
    struct pollset_backend_info info;

    pollset_backend_find(backend, &info);
    return info.own_fds;
}

/* The number of the set for a series: that of an earlier series with the same
 * fds and backend, so that what is timed apart is timed on one object. */
static int find_set(struct pb_plan *plan, const struct pb_series *new)
{
    int i = plan->watches[new->watch].last_series;
    for (; i >= 0; i = plan->series[i].previous) {
        const struct pb_series *old = &plan->series[i];
        if (old->set >= 0 && strcmp(old->backend, new->backend) == 0)
            return old->set;
    }
    count_fds(plan, own_fds(new->backend));
    return plan->n_sets++;
}

static int append(struct pb_plan *plan, const struct pb_series *series)
{
    if (make_room((void **)&plan->series, plan->n_series, &plan->series_room,
                  sizeof *plan->series) < 0)
        return -ENOMEM;
    int index = plan->n_series++;
    plan->series[index] = *series;
    if (series->watch >= 0) {
        struct pb_watch *watch = &plan->watches[series->watch];
        plan->series[index].previous = watch->last_series;
        watch->last_series = index;
    }
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
        struct pb_series series = {.sweep = sweep,
                                   .backend = *backends,
                                   .operation = operation,
                                   .watch = watch,
                                   .set = -1};
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
    struct pb_series series = {.sweep = sweep,
                               .backend = name,
                               .operation = operation,
                               .watch = -1,
                               .set = -1};
    return append(plan, &series);
}
