/* SPDX-License-Identifier: MIT */
#include "differences.h"

#include "points.h"
#include "rules.h"
#include "run_tables.h"
#include "stats.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

const char *pa_value_text(const struct pb_factors *factors,
                          enum pb_factor factor, char room[PA_NUMBER_BYTES])
{
    const char *text = pb_factor_text(factors, factor);

    snprintf(room, PA_NUMBER_BYTES, "%" PRId64,
             pb_factor_number(factors, factor));
    return text ? text : room;
}

static int is_all_ready(const struct pa_point *point)
{
    return point->factors.ready_count == point->factors.fd_count;
}

/* Whether b is further along the x axis of what a is on; where all fds are
 * ready, that is so along it. */
static int is_along(const struct pa_point *a, const struct pa_point *b)
{
    unsigned differ = pa_points_differ(a, b);

    if (is_all_ready(a) && is_all_ready(b))
        differ &= ~PB_BIT(ready_count);
    return !(differ & ~(1u << a->asked->axis));
}

static int64_t x_of(const struct pa_point *point)
{
    return pb_factor_number(&point->factors, point->asked->axis);
}

/* "timeout=0/1000": whether these are the values of a and b; "backend": whether
 * b's is the next one or later. */
static int is_asked(const struct pa_run *run, const char *word,
                    enum pb_factor factor, const struct pb_factors *a,
                    const struct pb_factors *b)
{
    const char *name = pb_factor_infos[factor].name;
    size_t n = strcspn(word, "=");
    char left[PA_NUMBER_BYTES], right[PA_NUMBER_BYTES], both[128];

    if (strncmp(word, name, n) != 0 || name[n])
        return 0;
    if (!word[n])
        return pb_factor_infos[factor].type == PB_TEXT &&
               pa_backend_place(&run->backends, pb_factor_text(a, factor)) <
                   pa_backend_place(&run->backends, pb_factor_text(b, factor));
    snprintf(both, sizeof both, "%s/%s", pa_value_text(a, factor, left),
             pa_value_text(b, factor, right));
    return strcmp(word + n + 1, both) == 0;
}

/* The factor that alone differs, if the case compares it; PB_N_FACTORS. */
static enum pb_factor difference_of(const struct pa_run *run,
                                    const struct pa_point *a,
                                    const struct pa_point *b)
{
    unsigned differ = a->asked == b->asked ? pa_points_differ(a, b) : 0;
    enum pb_factor factor = (enum pb_factor)(ffs((int)differ) - 1);
    char words[512], *rest = words;

    if (!differ || differ & (differ - 1) || !pa_point_is_usable(b))
        return PB_N_FACTORS;
    snprintf(words, sizeof words, "%s", a->asked->compares);
    while (rest)
        if (is_asked(run, strsep(&rest, " "), factor, &a->factors, &b->factors))
            return factor;
    return PB_N_FACTORS;
}

/* Two points, and what the second costs more. */
struct pair {
    const struct pa_point *a, *b;
};

/* The pair with the smallest x on the two lines that these points are on. */
static struct pair first_of(const struct pa_run *run, struct pair pair)
{
    struct pair first = pair;

    for (size_t i = 0; i < run->n_points; i++) {
        const struct pa_point *a = &run->points[i];
        if (a->asked != pair.a->asked || !is_along(pair.a, a) ||
            !pa_point_is_usable(a) || x_of(a) >= x_of(first.a))
            continue;
        for (size_t j = 0; j < run->n_points; j++)
            if (run->points[j].asked == pair.b->asked &&
                is_along(pair.b, &run->points[j]) &&
                pa_point_is_usable(&run->points[j]) &&
                x_of(&run->points[j]) == x_of(a))
                first = (struct pair){a, &run->points[j]};
    }
    return first;
}

static double in_invocation(struct pair pair, size_t k)
{
    return pair.b->cost_ns[k] - pair.a->cost_ns[k];
}

static void write_pair(struct pb_csv *csv, const struct pa_run *run,
                       struct pair pair, enum pb_factor factor)
{
    struct pair first = first_of(run, pair);
    double more[PA_INVOCATIONS_MAX], per[PA_INVOCATIONS_MAX];
    double apart = (double)(x_of(pair.a) - x_of(first.a));
    char other[PA_NUMBER_BYTES];
    size_t n;

    for (size_t k = 0; k < run->n_invocations; k++) {
        more[k] = in_invocation(pair, k);
        per[k] = apart > 0 ? (more[k] - in_invocation(first, k)) / apart : NAN;
    }
    struct pa_interval ns = pa_t_interval(more, run->n_invocations);
    struct pa_interval slope = pa_t_interval(per, run->n_invocations);
    pa_mean(more, run->n_invocations, &n);
    struct pb_differences_row row = {
        .differs = pb_factor_infos[factor].name,
        .other = pa_value_text(&pair.b->factors, factor, other),
        .variable = pb_factor_infos[pair.a->asked->axis].name,
        PA_INTERVAL(difference_ns, low_ns, high_ns, ns),
        .since = x_of(first.a),
        PA_INTERVAL(per_ns, per_low_ns, per_high_ns, slope),
        .invocations = (int64_t)n,
        .flags = pa_flags_text(pair.a->flags | pair.b->flags)};
    PB_FACTORS_TO_ROW(&row, &pair.a->factors);
    pb_differences_put(csv, &row);
}

void pa_differences_write(struct pb_csv *csv, const struct pa_run *run)
{
    PB_CSV_HEADER(csv, PB_DIFFERENCES);
    for (size_t i = 0; i < run->n_points; i++) {
        const struct pa_point *a = &run->points[i];
        if (!a->asked || !pa_point_is_usable(a))
            continue;
        for (size_t j = 0; j < run->n_points; j++) {
            enum pb_factor factor = difference_of(run, a, &run->points[j]);
            if (factor != PB_N_FACTORS)
                write_pair(csv, run, (struct pair){a, &run->points[j]}, factor);
        }
    }
}
