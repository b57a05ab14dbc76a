/* SPDX-License-Identifier: MIT */
#include "growths.h"

#include "metrics.h"
#include "need.h"
#include "points.h"
#include "rules.h"
#include "show.h"
#include "term.h"

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

static void measure_slopes(struct pa_growth *growth,
                           const struct pa_growth_series *series)
{
    int is_in_words = series->is_in_words;
    double per = is_in_words ? PA_WORD_BITS : 1; /* of the variable in an x */

    for (size_t i = 0; i < PA_ARRAY_SIZE(windows); i++) {
        if (windows[i].variable != series->variable)
            continue;
        struct pa_window *window = &growth->windows[growth->n_windows++];
        window->from = windows[i].from;
        window->to = windows[i].to;
        pa_local_slope_measure(&window->found, &series->curve,
                               window->from / per + is_in_words,
                               window->to / per + is_in_words);
        window->found.slope.value /= per;
        window->found.slope.low /= per;
        window->found.slope.high /= per;
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

/* --- growth.csv and slopes.csv -------------------------------------------- */

static const char *left_of(const struct pa_growth_class *found,
                           struct pa_growth_texts *texts)
{
    char *text = texts->left;

    text[0] = '\0';
    for (unsigned form = 0; form < PA_PURE_FORMS; form++)
        if (found->left & 1u << form)
            pa_append(text, sizeof texts->left, "%s%s", *text ? "; " : "",
                      pa_class_name((enum pa_class)form));
    return text;
}

static const char *evidence_of(const struct pa_growth_class *found,
                               struct pa_growth_texts *texts)
{
    char *text = texts->evidence;

    text[0] = '\0';
    for (unsigned form = 0; form < PA_PURE_FORMS; form++) {
        const struct pa_evidence *evidence = &found->evidence[form];
        if (!isnan(evidence->rms))
            pa_append(text, sizeof texts->evidence, "%s%s %.3g %% %+.3g%s",
                      *text ? "; " : "", pa_class_name((enum pa_class)form),
                      100 * evidence->rms, evidence->bic,
                      evidence->is_excluded ? " excluded" : "");
    }
    if (isfinite(found->bent_bic))
        pa_append(text, sizeof texts->evidence, "%s%s %+.3g", *text ? "; " : "",
                  pa_class_name(PA_CLASS_BENT), found->bent_bic);
    return text;
}

/* Words occupied follow the number of fds. */
static int64_t words_of(const struct pa_growth *growth)
{
    return growth->variable == PB_FACTOR_fd_count ? PA_NONE
                                                  : growth->base.occupied_words;
}

struct pb_growth_row pa_growth_row(const struct pa_growth *growth,
                                   struct pa_growth_texts *texts)
{
    const struct pa_growth_class *found = &growth->found;
    int is_bent = found->class == PA_CLASS_BENT;
    struct pa_interval bend = is_bent ? found->bend : pa_around(NAN, NAN);
    struct pb_growth_row row = {
        .occupied_words = words_of(growth),
        .class = pa_class_name(found->class),
        .left = left_of(found, texts),
        PA_INTERVAL(exponent, exponent_low, exponent_high, found->exponent),
        PA_INTERVAL(change_ns, change_low_ns, change_high_ns, found->change),
        PA_INTERVAL(factor, factor_low, factor_high, found->ratio),
        .from = growth->from,
        .to = growth->to,
        .from_ns = growth->from_ns,
        .to_ns = growth->to_ns,
        PA_INTERVAL(bend, bend_low, bend_high, bend),
        .bend_factor = is_bent ? found->bend_factor : (double)NAN,
        .slope_rise = found->slope_rise,
        .evidence = evidence_of(found, texts),
        .allowed_for = growth->places,
        .points = (int64_t)growth->n_points,
        .left_out = (int64_t)growth->n_left_out,
        .invocations = (int64_t)growth->n_invocations,
        .flags = pa_flags_text(growth->flags),
        .typical = growth->is_typical};

    PA_BASE_TO_ROW(&row, growth);
    row.counts = growth->is_in_words ? "words" : row.variable;
    return row;
}

static void write_slopes(struct pb_csv *csv, const struct pa_growth *growth)
{
    const struct pa_term line = {.kind = PA_LINEAR,
                                 .variable = growth->variable};
    char unit[PA_TERM_UNIT_BYTES];

    pa_term_unit(&line, pb_metric_unit(growth->base.metric), unit);
    for (size_t i = 0; i < growth->n_windows; i++) {
        const struct pa_window *window = &growth->windows[i];
        const struct pa_local_slope *found = &window->found;
        struct pb_slopes_row row = {
            .occupied_words = words_of(growth),
            .window_from = (int64_t)window->from,
            .window_to = (int64_t)window->to,
            PA_INTERVAL(slope, slope_low, slope_high, found->slope),
            .unit = unit,
            .rms_percent = 100 * found->rms,
            .points = (int64_t)found->n_points,
            .typical = growth->is_typical};
        PA_BASE_TO_ROW(&row, growth);
        if (!isnan(found->slope.value))
            pb_slopes_put(csv, &row);
    }
}

void pa_growths_write(struct pb_csv *csv, const struct pa_growths *growths)
{
    PB_CSV_HEADER(csv, PB_GROWTH);
    for (size_t i = 0; i < growths->n_growths; i++) {
        struct pa_growth_texts texts;
        struct pb_growth_row row = pa_growth_row(&growths->growths[i], &texts);
        pb_growth_put(csv, &row);
    }
}

void pa_slopes_write(struct pb_csv *csv, const struct pa_growths *growths)
{
    PB_CSV_HEADER(csv, PB_SLOPES);
    for (size_t i = 0; i < growths->n_growths; i++)
        write_slopes(csv, &growths->growths[i]);
}
