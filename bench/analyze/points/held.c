/* SPDX-License-Identifier: MIT */
#include "held.h"

#include "points.h"

#include <stdio.h>
#include <string.h>

/* The next name=value of the text, whose place it moves on; PB_N_FACTORS: there
 * is none, or one that is no factor, and then *text is not at its end. */
static enum pb_factor next_held(const char **text, char value[64])
{
    char name[64];
    int n_read = 0;

    if (sscanf(*text, " %63[^= ]=%63s%n", name, value, &n_read) < 2)
        return PB_N_FACTORS;
    enum pb_factor factor = pb_factor_of(name);
    *text += factor == PB_N_FACTORS ? 0 : n_read;
    return factor;
}

int pa_held_is_valid(const char *held)
{
    char value[64];

    while (next_held(&held, value) != PB_N_FACTORS)
        ;
    return held[strspn(held, " ")] == '\0';
}

/* Whether all that is named has its value; in *named what that is. */
static int has_values(const struct pb_factors *factors, const char *held,
                      unsigned *named)
{
    enum pb_factor factor;
    char value[64];

    *named = 0;
    while ((factor = next_held(&held, value)) != PB_N_FACTORS) {
        const char *text = pb_factor_text(factors, factor);
        *named |= 1u << factor;
        if (strcmp(value, "each") != 0 &&
            (text ? strcmp(text, value) != 0
                  : pb_factor_number(factors, factor) != pa_count_of(value)))
            return 0;
    }
    return 1;
}

int pa_held_matches(const struct pa_run *run, const char *held,
                    enum pb_factor varies, const struct pb_factors *factors)
{
    unsigned named;

    if (!has_values(factors, held, &named))
        return 0;
    if (varies != PB_N_FACTORS)
        named |= 1u << varies;
    return !run->usual || !(pb_factors_differ(factors, run->usual) &
                            pb_factors_with(PB_HELD) & ~named);
}

const struct pa_point *pa_held_partner(const struct pa_run *run,
                                       const struct pa_point *point,
                                       const char *held)
{
    unsigned named;

    for (size_t i = 0; i < run->n_points; i++)
        if (has_values(&run->points[i].factors, held, &named) &&
            !(pa_points_differ(point, &run->points[i]) & ~named) &&
            pa_point_is_usable(&run->points[i]))
            return &run->points[i];
    return NULL;
}
