/* SPDX-License-Identifier: MIT */
#include "growths.h"

#include "need.h"
#include "points.h"
#include "rules.h"
#include "show.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

/* Windows of local slopes, the same for every run. */
static const struct {
    enum pb_factor variable;
    double from, to;
} windows[] = {
    {PB_FACTOR_fd_count, 2, 24},         {PB_FACTOR_fd_count, 64, 512},
    {PB_FACTOR_fd_count, 2048, 8192},    {PB_FACTOR_ready_count, 1, 16},
    {PB_FACTOR_ready_count, 64, 512},    {PB_FACTOR_highest_fd, 1000, 8500},
    {PB_FACTOR_highest_fd, 11000, 16700}};

/* The series' x that a value of its variable has. */
static double x_of(const struct pa_growth_series *series, double value)
{
    return series->is_in_words ? value / PA_WORD_BITS + 1 : value;
}

static void measure_slopes(struct pa_growth *growth,
                           const struct pa_growth_series *series)
{
    double per = series->is_in_words ? 1.0 / PA_WORD_BITS : 1;

    for (size_t i = 0; i < PA_ARRAY_SIZE(windows); i++) {
        if (windows[i].variable != series->variable)
            continue;
        struct pa_window *window = &growth->windows[growth->n_windows++];
        window->from = windows[i].from;
        window->to = windows[i].to;
        pa_local_slope_measure(&window->found, &series->curve,
                               x_of(series, window->from),
                               x_of(series, window->to));
        window->found.slope.value *= per;
        window->found.slope.low *= per;
        window->found.slope.high *= per;
    }
}

/* "329 969 bit": columns beside the variable. */
static void name_places(struct pa_growth *growth,
                        const struct pa_growth_series *series)
{
    char *places = growth->places;

    for (size_t i = 0; i < series->n_steps; i++)
        pa_append(places, sizeof growth->places, "%s%" PRId64,
                  *places ? " " : "", series->places[i]);
    if (series->n_bits)
        pa_append(places, sizeof growth->places, "%sbit", *places ? " " : "");
}

int pa_growths_have(const struct pa_growths *growths,
                    const struct pb_factors *base, enum pb_factor variable)
{
    for (size_t i = 0; i < growths->n_growths; i++)
        if (growths->growths[i].variable == variable &&
            pa_growth_agrees(&growths->growths[i].base, base, variable))
            return 1;
    return 0;
}

static struct pa_growth study(const struct pa_run *run,
                              const struct pa_growth_series *series,
                              const struct pa_curve *curve)
{
    size_t last = curve->n_points - 1;
    struct pa_growth growth = {.base = series->base,
                               .variable = series->variable,
                               .is_typical = pa_is_typical(run, &series->base),
                               .is_in_words = series->is_in_words,
                               .from = series->values[0],
                               .to = series->values[last],
                               .from_ns = curve->estimates[0],
                               .to_ns = curve->estimates[last],
                               .n_points = curve->n_points,
                               .n_left_out = series->n_left_out,
                               .flags = series->flags};

    name_places(&growth, series);
    pa_growth_classify(&growth.found, curve);
    growth.n_invocations = growth.found.n_invocations;
    measure_slopes(&growth, series);
    return growth;
}

static void take(struct pa_growths *growths, const struct pa_run *run,
                 const struct pa_steps *steps, const struct pb_factors *base,
                 enum pb_factor variable)
{
    struct pa_growth_series series;

    if (pa_growths_have(growths, base, variable))
        return;
    pa_growth_series_collect(&series, run, base, variable);
    pa_growth_series_add_steps(&series, run, steps);
    struct pa_curve curve =
        pa_curve_between(&series.curve, 0, pa_growth_most(run, variable));
    if (curve.n_points >= PB_LINE_POINTS) {
        growths->growths = pa_grown(growths->growths, growths->n_growths,
                                    sizeof *growths->growths);
        growths->growths[growths->n_growths++] = study(run, &series, &curve);
    }
    pa_growth_series_free(&series);
}

/* The factors along which a point's case is looked at; a scan for steps along
 * the one that its backend looks through. */
static unsigned variables_of(const struct pa_run *run,
                             const struct pa_point *point)
{
    const struct pa_backend *backend =
        pa_backend_of(&run->backends, point->factors.backend);

    if (pa_point_is_shown_by(point, "series") ||
        pa_point_is_shown_by(point, "variants") ||
        pa_point_is_shown_by(point, "kinds"))
        return 1u << point->asked->axis;
    if (pa_point_is_shown_by(point, "stages"))
        return point->asked->varies;
    if (backend && pa_point_is_shown_by(point, "steps"))
        return point->asked->varies & 1u << pb_factor_of(backend->scans);
    return 0;
}

/* A number that a cost is known to grow with, or that a case asks about. */
static int can_grow(const struct pa_point *point, enum pb_factor variable)
{
    return pb_factor_infos[variable].role == PB_FITTED ||
           (variable == point->asked->axis &&
            pb_factor_infos[variable].type == PB_INTEGER);
}

void pa_growths_make(struct pa_growths *growths, const struct pa_run *run,
                     const struct pa_steps *steps)
{
    *growths = (struct pa_growths){0};
    for (size_t i = 0; i < run->n_points; i++)
        for (enum pb_factor v = 0; v < PB_N_FACTORS; v++)
            if (variables_of(run, &run->points[i]) & 1u << v &&
                can_grow(&run->points[i], v))
                take(growths, run, steps, &run->points[i].factors, v);
}

void pa_growths_free(struct pa_growths *growths)
{
    free(growths->growths);
    *growths = (struct pa_growths){0};
}
