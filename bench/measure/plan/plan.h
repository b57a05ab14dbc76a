/* SPDX-License-Identifier: MIT */
/* What a run will measure: series, each a point, a backend and an operation.
 * Made once, before anything is measured; nothing changes it afterwards. It
 * knows neither what scenes are nor what operations do. */
#ifndef PB_PLAN_H
#define PB_PLAN_H

#include "metrics.h"
#include "point.h"

#include <stdbool.h>

struct pb_operation;
struct pb_scene;
struct pb_staging;

/* Shared by all series that have what it is. */
struct pb_point {
    const struct pb_factors *got; /* as they came out; the scene's */
    const struct pb_staging
        *staging;           /* tells scenes of the same factors apart */
    struct pb_scene *scene; /* the plan's */
    int last_series;        /* of the plan's at this point; -1: none */
};

struct pb_series {
    const char *sweep;   /* the case that asked */
    const char *backend; /* of libpollset, or a reference's name */
    const struct pb_operation *operation;
    int point;    /* index into points; -1: a reference loop */
    int set;      /* sets made alike have the same number, from 0; -1: none */
    int previous; /* series at the same point; -1: none */
};

struct pb_plan {
    void (*free_scene)(struct pb_scene *scene);
    struct pb_point *points;
    int n_points, point_room;
    int *slots;    /* hash table over their factors: index + 1, 0 is free */
    int slot_room; /* a power of two */
    struct pb_series *series;
    int n_series, series_room;
    int n_sets;
    int n_left_out;      /* points that there is no room for */
    enum pb_metric cost; /* what the cost of a call is measured as */
};

void pb_plan_init(struct pb_plan *plan,
                  void (*free_scene)(struct pb_scene *scene));
void pb_plan_free(struct pb_plan *plan);

/* The point that has this one's factors and staging: it becomes one of the
 * plan's, if none of them has yet; else its scene is freed, as after an error.
 *
 * Returns  its index, or -ENOMEM.
 */
int pb_plan_point(struct pb_plan *plan, const struct pb_point *point);

/* Add a series, unless the same operation on the same backend and point is
 * planned for the sweep. With a set, if it wants one, which is that of earlier
 * series at the point with the backend, so that what is timed apart is timed
 * on one object. Returns 0 or -ENOMEM. */
int pb_plan_add(struct pb_plan *plan, const struct pb_series *series,
                bool wants_set);

/* Add a reference loop: no fds. Returns 0 or -ENOMEM. */
int pb_plan_add_reference(struct pb_plan *plan, const char *sweep,
                          const char *name,
                          const struct pb_operation *operation);

#endif
