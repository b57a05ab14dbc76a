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

#define INTERVAL_TO_ROW(row, name, unit, interval)                             \
    do {                                                                       \
        (row)->name##unit = (interval).value;                                  \
        (row)->name##_low##unit = (interval).low;                              \
        (row)->name##_high##unit = (interval).high;                            \
    } while (0)

/* Words occupied follow the number of fds. */
#define WORDS_OF(growth)                                                       \
    ((growth)->variable == PB_FACTOR_fd_count ? PA_NONE                        \
                                              : (growth)->base.occupied_words)

struct pb_growth_row pa_growth_row(const struct pa_growth *growth,
                                   struct pa_growth_texts *texts)
{
    const struct pa_growth_class *found = &growth->found;
    struct pb_growth_row row = pb_growth_none();

    PA_BASE_TO_ROW(&row, growth);
    row.occupied_words = WORDS_OF(growth);
    INTERVAL_TO_ROW(&row, exponent, , found->exponent);
    INTERVAL_TO_ROW(&row, change, _ns, found->change);
    INTERVAL_TO_ROW(&row, factor, , found->ratio);
    row.class = pa_class_name(found->class);
    row.left = left_of(found, texts);
    row.counts = growth->is_in_words ? "words" : row.variable;
    row.from = growth->from;
    row.to = growth->to;
    row.from_ns = growth->from_ns;
    row.to_ns = growth->to_ns;
    if (found->class == PA_CLASS_BENT) {
        INTERVAL_TO_ROW(&row, bend, , found->bend);
        row.bend_factor = found->bend_factor;
    }
    row.slope_rise = found->slope_rise;
    row.evidence = evidence_of(found, texts);
    row.allowed_for = growth->places;
    row.points = (int64_t)growth->n_points;
    row.left_out = (int64_t)growth->n_left_out;
    row.invocations = (int64_t)growth->n_invocations;
    row.flags = pa_flags_text(growth->flags);
    row.typical = growth->is_typical;
    return row;
}

static void write_slopes(struct pb_csv *csv, const struct pa_growth *growth)
{
    for (size_t i = 0; i < growth->n_windows; i++) {
        const struct pa_window *window = &growth->windows[i];
        struct pb_slopes_row row = pb_slopes_none();
        char unit[PA_TERM_UNIT_BYTES];
        if (isnan(window->found.slope.value))
            continue;
        PA_BASE_TO_ROW(&row, growth);
        row.occupied_words = WORDS_OF(growth);
        INTERVAL_TO_ROW(&row, slope, , window->found.slope);
        row.window_from = (int64_t)window->from;
        row.window_to = (int64_t)window->to;
        row.unit = pa_term_unit(
            &(struct pa_term){.kind = PA_LINEAR, .variable = growth->variable},
            pb_metric_infos[pb_metric_of(growth->base.metric)].unit, unit);
        row.rms_percent = 100 * window->found.rms;
        row.points = (int64_t)window->found.n_points;
        row.typical = growth->is_typical;
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
