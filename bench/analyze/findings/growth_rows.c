/* SPDX-License-Identifier: MIT */
#include "findings.h"

#include "metrics.h"
#include "rules.h"
#include "show.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

/* Whether what is held is the same, but what the row is along. */
#define SAME_PB_TEXT(name)    (pa_is(other->name, row->name))
#define SAME_PB_INTEGER(name) (row->name == PA_NONE || other->name == row->name)
/* clang-format off */
#define SAME(name, type, unit, fallback, meaning) && SAME_##type(name)
/* clang-format on */
#define HOLDS_THE_SAME (true PB_HELD_FACTORS(SAME))

/* Whether a point lies where the row's others lie. */
static int is_on(const struct pb_points_row *other,
                 const struct pb_growth_row *row)
{
    return pa_is(other->backend, row->backend) &&
           pa_is(other->stage, row->stage) &&
           pa_is(other->layout, row->layout) && HOLDS_THE_SAME &&
           (row->highest_fd == PA_NONE ||
            other->highest_fd / PB_FD_BLOCK == row->highest_fd / PB_FD_BLOCK) &&
           (row->fd_count == PA_NONE || other->fd_count == row->fd_count) &&
           (row->ready_count == PA_NONE ||
            other->ready_count == row->ready_count);
}

int pa_growth_is_of(const struct pa_run_tables *run,
                    const struct pb_growth_row *row,
                    const struct pa_case *asked)
{
    enum pb_factor variable = pb_factor_of(row->variable);
    int is_whole = pa_is(row->stage, "all");
    int is_shown =
        is_whole
            ? variable == asked->axis && pa_is(asked->figure, "series")
            : pa_is(asked->figure, "stages") && asked->varies & 1u << variable;

    if (!is_shown || row->typical != 1)
        return 0;
    PA_EACH (point, run, points) {
        if (pa_is(point->sweep, asked->sweep) && is_on(point, row))
            return 1;
    }
    return 0;
}

double pa_growth_margin_ns(const struct pb_growth_row *row)
{
    return pb_metric_margin(row->metric, row->from_ns,
                            pb_metric_info(row->metric)->share);
}

enum pa_outcome pa_growth_outcome(const struct pb_growth_row *row)
{
    double margin_ns = pa_growth_margin_ns(row);
    double low = row->change_low_ns;
    double high = row->change_high_ns;

    if (low > margin_ns)
        return PA_RISES_BY;
    if (high < -margin_ns)
        return PA_FALLS_BY;
    if ((low >= -margin_ns && high <= margin_ns) || pa_is(row->class, "O(1)"))
        return PA_SAME;
    return PA_UNSEEN;
}

int pa_slope_is_of(const struct pb_slopes_row *other,
                   const struct pb_growth_row *row)
{
    return pa_is(other->backend, row->backend) &&
           pa_is(other->stage, row->stage) &&
           pa_is(other->layout, row->layout) &&
           pa_is(other->variable, row->variable) && HOLDS_THE_SAME &&
           other->highest_fd == row->highest_fd &&
           other->fd_count == row->fd_count &&
           other->ready_count == row->ready_count &&
           other->occupied_words == row->occupied_words;
}

/* "; that is 50.5 [49.4, 51.6] ns per fd from 2 to 24, 54.4 [53.6, 55.2] ns
 * from 64 to 512"; nothing if no slope is other than 0. */
static void say_slopes(FILE *out, const struct pa_run_tables *run,
                       const struct pb_growth_row *row)
{
    int is_number = pa_is(row->variable, "highest_fd");
    double times = is_number ? 64 : 1; /* a word of the bitmap */
    const char *unit = pb_metric_unit(row->metric);
    char per_word[64];
    int n_printed = 0;

    snprintf(per_word, sizeof per_word, "%s per 64 fd numbers", unit);
    PA_EACH (slope, run, slopes) {
        if (!pa_slope_is_of(slope, row) ||
            (slope->slope_low < 0 && slope->slope_high > 0))
            continue;
        const char *per = n_printed ? unit : is_number ? per_word : slope->unit;
        fprintf(out, "%s%s from %lld to %lld", n_printed ? ", " : "; that is ",
                pa_show_interval(times * slope->slope, times * slope->slope_low,
                                 times * slope->slope_high, per)
                    .text,
                (long long)slope->window_from, (long long)slope->window_to);
        n_printed++;
    }
    if (n_printed && is_number && strpbrk(row->allowed_for, "0123456789"))
        fputs(", steps apart", out);
}

void pa_growth_say(FILE *out, const char *with, const struct pa_run_tables *run,
                   const struct pb_growth_row *row)
{
    pa_phrase_change(out, with, row);
    if (pa_growth_outcome(row) == PA_SAME)
        return;
    say_slopes(out, run, row);
    pa_phrase_exponent(out, "; ", row);
}
