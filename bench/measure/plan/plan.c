/* SPDX-License-Identifier: MIT */
#include "plan.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

void pb_plan_init(struct pb_plan *plan,
                  void (*free_scene)(struct pb_scene *scene))
{
    *plan = (struct pb_plan){.free_scene = free_scene};
}

void pb_plan_free(struct pb_plan *plan)
{
    for (int i = 0; i < plan->n_points; i++)
        plan->free_scene(plan->points[i].scene);
    free(plan->points);
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

static bool are_alike(const struct pb_point *a, const struct pb_point *b)
{
    return a->staging == b->staging && !pb_factors_differ(a->got, b->got);
}

/* Where such a point is or would be: its index + 1, or 0. */
static int *slot_of(const struct pb_plan *plan, const struct pb_point *point)
{
    size_t mask = (size_t)plan->slot_room - 1;
    size_t i = pb_factors_hash(point->got) & mask;
    while (plan->slots[i] &&
           !are_alike(&plan->points[plan->slots[i] - 1], point))
        i = (i + 1) & mask;
    return &plan->slots[i];
}

/* Room for one more point, with at least half of the slots free. */
static int make_point_room(struct pb_plan *plan)
{
    if (make_room((void **)&plan->points, plan->n_points, &plan->point_room,
                  sizeof *plan->points) < 0)
        return -ENOMEM;
    if (plan->slot_room >= 2 * plan->point_room)
        return 0;
    int *slots = calloc((size_t)plan->point_room, 2 * sizeof *slots);
    if (!slots)
        return -ENOMEM;
    free(plan->slots);
    plan->slots = slots;
    plan->slot_room = 2 * plan->point_room;
    for (int i = 0; i < plan->n_points; i++)
        *slot_of(plan, &plan->points[i]) = i + 1;
    return 0;
}

int pb_plan_point(struct pb_plan *plan, const struct pb_point *point)
{
    int error = make_point_room(plan);
    int *slot = error ? NULL : slot_of(plan, point);
    if (error || *slot) {
        plan->free_scene(point->scene);
        return error ? error : *slot - 1;
    }
    plan->points[plan->n_points] = *point;
    plan->points[plan->n_points].last_series = -1;
    *slot = ++plan->n_points;
    return *slot - 1;
}

static int last_series(const struct pb_plan *plan, int point)
{
    return point < 0 ? -1 : plan->points[point].last_series;
}

static bool is_planned(const struct pb_plan *plan, const struct pb_series *new)
{
    int i = last_series(plan, new->point);
    for (; i >= 0; i = plan->series[i].previous) {
        const struct pb_series *old = &plan->series[i];
        if (strcmp(old->sweep, new->sweep) == 0 &&
            strcmp(old->backend, new->backend) == 0 &&
            old->operation == new->operation)
            return true;
    }
    return false;
}

static int find_set(struct pb_plan *plan, const struct pb_series *new)
{
    int i = last_series(plan, new->point);
    for (; i >= 0; i = plan->series[i].previous) {
        const struct pb_series *old = &plan->series[i];
        if (old->set >= 0 && strcmp(old->backend, new->backend) == 0)
            return old->set;
    }
    return plan->n_sets++;
}

int pb_plan_add(struct pb_plan *plan, const struct pb_series *series,
                bool wants_set)
{
    if (is_planned(plan, series))
        return 0;
    if (make_room((void **)&plan->series, plan->n_series, &plan->series_room,
                  sizeof *plan->series) < 0)
        return -ENOMEM;
    struct pb_series *added = &plan->series[plan->n_series];
    *added = *series;
    added->set = wants_set ? find_set(plan, series) : -1;
    added->previous = last_series(plan, series->point);
    if (series->point >= 0)
        plan->points[series->point].last_series = plan->n_series;
    plan->n_series++;
    return 0;
}

int pb_plan_add_reference(struct pb_plan *plan, const char *sweep,
                          const char *name,
                          const struct pb_operation *operation)
{
    const struct pb_series series = {
        .sweep = sweep, .backend = name, .operation = operation, .point = -1};
    return pb_plan_add(plan, &series, false);
}
