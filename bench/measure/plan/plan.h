/* SPDX-License-Identifier: MIT */
/* What a run will measure: series, each a point, a backend and an operation.
 * Made once, before anything is measured; nothing changes it afterwards. */
#ifndef PB_PLAN_H
#define PB_PLAN_H

#include "farm.h"
#include "point.h"

struct pb_operation;

/* The fds of a point; shared by all series of the point. */
struct pb_watch {
    struct pb_factors got; /* as the farm gave it */
    int *fds;              /* got.fd_count numbers, ascending */
    int last_series;       /* of the plan's with this watch; -1: none */
};

struct pb_series {
    const char *sweep;   /* the case that asked */
    const char *backend; /* of libpollset, or a reference's name */
    const struct pb_operation *operation;
    int watch;    /* index into watches; -1: a reference loop */
    int set;      /* sets made alike have the same number, from 0; -1: none */
    int previous; /* series with the same watch; -1: none */
};

struct pb_plan {
    struct pb_farm farm;
    unsigned seed; /* for random layouts */
    struct pb_watch *watches;
    int n_watches, watch_room;
    int *slots;    /* hash table over their factors: index + 1, 0 is free */
    int slot_room; /* a power of two */
    struct pb_series *series;
    int n_series, series_room;
    int n_sets;
    int n_epoll_fds; /* descriptors all sets and series need besides */
    int most_fds;    /* the most that one series needs of them */
    int n_left_out;  /* points that the farm has no room for */
};

void pb_plan_init(struct pb_plan *plan, const struct pb_farm *farm,
                  unsigned seed);
void pb_plan_free(struct pb_plan *plan);

/* Add the point with each of the backends (a list that ends with NULL).
 * A point that does not fit the farm is counted in n_left_out; one that comes
 * out like an earlier point of the same sweep is not added twice.
 *
 * Returns  0 or -ENOMEM.
 */
int pb_plan_add(struct pb_plan *plan, const char *sweep,
                const struct pb_factors *wanted, const char *const *backends,
                const struct pb_operation *operation);

/* Add a reference loop: no fds. Returns 0 or -ENOMEM. */
int pb_plan_add_reference(struct pb_plan *plan, const char *sweep,
                          const char *name,
                          const struct pb_operation *operation);

#endif
