/* SPDX-License-Identifier: MIT */
/* Ascending lists of values that a factor takes. */
#ifndef PB_LADDER_H
#define PB_LADDER_H

#include <stddef.h>

enum { PB_LADDER_PROBLEM = 256 }; /* bytes */

struct pb_ladder {
    int *values; /* ascending, each once, after pb_ladder_sort() */
    int n;
    int error; /* -ENOMEM when a value could not be added */
};

void pb_ladder_free(struct pb_ladder *ladder);

/* Add one value, or nothing when it is outside [low, high]. */
void pb_ladder_add(struct pb_ladder *ladder, int value, int low, int high);

/* Add 1, 2, 4, ... and, between them, what divides each doubling into so many
 * equal parts (a power of two; those that are whole): the same values between
 * any bounds, within [low, high]. */
void pb_ladder_add_rungs(struct pb_ladder *ladder, int low, int high,
                         int per_octave);

/* Sort, and drop values that are there twice. */
void pb_ladder_sort(struct pb_ladder *ladder);

/* Read a user's list of values and ranges:
 *   8          that value
 *   8:1024     8, 16, 32, ... and 1024
 *   64:640:32  in steps of 32
 *   1:512:*4   each 4 times the last
 * with commas between them; "max" stands for the highest value allowed.
 *
 * problem  receives why not, in words.
 * Returns  0, -EINVAL or -ENOMEM.
 */
int pb_ladder_parse(struct pb_ladder *ladder, const char *text, int low,
                    int high, char problem[PB_LADDER_PROBLEM]);

#endif
