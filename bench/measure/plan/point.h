/* SPDX-License-Identifier: MIT */
/* A point is its factors (store/factors.h); here, the names of layouts. */
#ifndef PB_POINT_H
#define PB_POINT_H

#include "factors.h"

/* Where in [lowest, M] the N watched fds lie; M itself is always one. In a
 * request occupied_words is 0 where the layout decides. */
enum pb_layout {
    PB_PACKED,    /* next to each other, ending at M */
    PB_STRIDED,   /* evenly spread from the lowest number to M */
    PB_RANDOM,    /* drawn without replacement, by the run's seed */
    PB_TOP_HEAVY, /* three quarters packed below M, the rest strided below */
    PB_LAYOUTS
};

/* Name of a layout as in the CSV files; NULL when out of range. */
const char *pb_layout_name(int layout);

/* The layout called name (NULL: packed), or PB_LAYOUTS when there is none. */
enum pb_layout pb_layout_of(const char *name);

#endif
