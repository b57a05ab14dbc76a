/* SPDX-License-Identifier: MIT */
#include "residue.h"

#include "points.h"
#include "rules.h"

#include <inttypes.h>
#include <stdio.h>

/* Factors that say who asked, what was timed, or follow from others. */
static unsigned accounted_for(const struct pa_case *asked)
{
    return asked->varies | pb_factors_with(PB_ASKED) |
           pb_factors_with(PB_TIMED) | PB_BIT(occupied_words);
}

static unsigned residue_of(const struct pa_point *a, const struct pa_point *b)
{
    unsigned residue = pb_factors_differ(&a->factors, &b->factors);

    /* A farm gives the highest fd that is asked for to within a block. */
    if (a->factors.highest_fd / PB_FD_BLOCK ==
        b->factors.highest_fd / PB_FD_BLOCK)
        residue &= ~PB_BIT(highest_fd);
    return residue & ~accounted_for(a->asked);
}

static void print_value(char text[64], const struct pb_factors *factors,
                        enum pb_factor factor)
{
    if (pb_factor_infos[factor].type == PB_TEXT)
        snprintf(text, 64, "%.60s", pb_factor_text(factors, factor));
    else
        snprintf(text, 64, "%" PRId64, pb_factor_number(factors, factor));
}

static int complain(const struct pa_point *a, const struct pa_point *b,
                    unsigned residue, struct pa_problem *problem)
{
    enum pb_factor factor = 0;
    char values[2][64];

    while (!(residue & 1u << factor))
        factor++;
    print_value(values[0], &a->factors, factor);
    print_value(values[1], &b->factors, factor);
    return pa_problem_set(
        problem,
        "%s differs within sweep %s (%s, %s), which holds it: are there rows "
        "of another run? Else the case has to say that it varies it",
        pb_factor_infos[factor].name, a->factors.sweep, values[0], values[1]);
}

int pa_residue_check(const struct pa_run *run, struct pa_problem *problem)
{
    /* Points are sorted by sweep: the first of each is what others are held
     * against. */
    const struct pa_point *first = NULL;

    /* Older runs do not say which ranges the user chose. */
    if (run->host.schema < 2)
        return 0;
    for (size_t i = 0; i < run->n_points; i++) {
        const struct pa_point *point = &run->points[i];
        if (!point->asked || !pa_point_is_measured(point))
            continue;
        if (!first || first->asked != point->asked)
            first = point;
        unsigned residue = residue_of(first, point);
        if (residue)
            return complain(first, point, residue, problem);
    }
    return 0;
}
