/* SPDX-License-Identifier: MIT */
/* A point: the values of everything that is varied on purpose. */
#ifndef PB_POINT_H
#define PB_POINT_H

#include "fd_kind.h"

/* Where in [lowest, M] the N watched fds lie; M itself is always one. */
enum pb_layout {
    PB_PACKED,    /* next to each other, ending at M */
    PB_STRIDED,   /* evenly spread from the lowest number to M */
    PB_RANDOM,    /* drawn without replacement, by the run's seed */
    PB_TOP_HEAVY, /* three quarters packed below M, the rest strided below */
    PB_LAYOUTS
};

struct pb_factors {
    enum pb_layout layout;
    int highest_fd;          /* M */
    int fd_count;            /* N */
    int ready_count;         /* R <= N */
    int occupied_words;      /* W; 0 in a request: what the layout gives */
    enum pb_fd_kind fd_kind; /* the farm's */
    int tables; /* descriptor tables that the N fds are spread over */
};

/* Name of a layout as in the CSV files; NULL when out of range. */
const char *pb_layout_name(enum pb_layout layout);

/* The layout called name, or PB_LAYOUTS when there is none. */
enum pb_layout pb_layout_of(const char *name);

#endif
