/* SPDX-License-Identifier: MIT */
/* A point is its factors (store/factors.h); here, the values of those that are
 * texts. */
#ifndef PB_POINT_H
#define PB_POINT_H

#include "factors.h"

/* Of the other texts: one address each. What a case does not say is what all
 * older runs had. */
extern const char pb_cold[];                          /* cache */
extern const char pb_first[], pb_middle[], pb_last[]; /* ready_place */
extern const char pb_anywhere[];                      /* ready_place: random */
extern const char pb_modify[], pb_modify_random[];    /* change */
extern const char pb_add_again[], pb_add_again_random[], pb_rebuild[];
extern const char pb_same_cpu[], pb_other_cpu[]; /* writer */

/* The factors with what all older runs had where a text is NULL. */
struct pb_factors pb_point_complete(struct pb_factors factors);

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
