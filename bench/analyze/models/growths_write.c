/* SPDX-License-Identifier: MIT */
/* growth.csv and slopes.csv. */
#include "growths.h"

#include "metrics.h"
#include "points.h"
#include "show.h"
#include "term.h"

#include <math.h>

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
    static const struct pa_interval none = {NAN, NAN, NAN};
    const struct pa_growth_class *found = &growth->found;
    int is_bent = found->class == PA_CLASS_BENT;
    const struct pa_interval *bend = is_bent ? &found->bend : &none;
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
        PA_INTERVAL(bend, bend_low, bend_high, *bend),
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
