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

    if (low > margin_ns || high < -margin_ns)
        return PA_CHANGES;
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

/* --- what differences.csv says of a case ---------------------------------- */

/* Whether they are of one comparison. */
static int are_alike(const struct pb_differences_row *a,
                     const struct pb_differences_row *b)
{
    const struct pb_factors of_a = pa_factors_of((const void *)a);
    const struct pb_factors of_b = pa_factors_of((const void *)b);

    return pa_is(a->sweep, b->sweep) && pa_is(a->differs, b->differs) &&
           pa_is(a->other, b->other) &&
           !(pb_factors_differ(&of_a, &of_b) & 1u << pb_factor_of(a->differs));
}

static int64_t x_of(const struct pb_differences_row *row)
{
    const struct pb_factors factors = pa_factors_of((const void *)row);
    return pb_factor_number(&factors, pb_factor_of(row->variable));
}

/* Backends differ in what is ready; where caches are outgrown, more does. */
static int may_be_said(const struct pb_differences_row *row)
{
    return !isnan(row->per_low_ns) &&
           (!pa_is(row->differs, "backend") || row->ready_count > 1) &&
           (!pa_is(row->variable, "fd_count") ||
            x_of(row) <= PB_DIFFERENCE_FDS);
}

/* What all rows of a backend say at one x. */
struct range {
    double least, most, low, high;
    size_t n;
};

static struct range range_of(const struct pa_run_tables *run,
                             const struct pb_differences_row *like,
                             const char *backend)
{
    struct range range = {NAN, NAN, NAN, NAN, 0};

    PA_EACH (row, run, differences) {
        if (!are_alike(row, like) || !may_be_said(row) ||
            x_of(row) != x_of(like) || !pa_is(row->backend, backend))
            continue;
        range.least = fmin(range.least, row->per_ns);
        range.most = fmax(range.most, row->per_ns);
        range.low = fmin(range.low, row->per_low_ns);
        range.high = fmax(range.high, row->per_high_ns);
        range.n++;
    }
    return range;
}

static void say_range(FILE *title, FILE *sentence, const struct range *range)
{
    struct pa_shown least = pa_show_number(range->least);
    struct pa_shown most = pa_show_number(range->most);

    fprintf(title, " %s%s", range->least > 0 ? "+" : "", least.text);
    if (range->n == 1) {
        fprintf(
            sentence, " %s",
            pa_show_interval(range->least, range->low, range->high, "ns").text);
    } else {
        fprintf(title, " to %s", most.text);
        fprintf(
            sentence, " %s to %s ns (%zu series; intervals within %s to %s)",
            least.text, most.text, range->n, pa_show_number(range->low).text,
            pa_show_number(range->high).text);
    }
    fputs(" ns", title);
}

/* "last instead of first". */
static void say_values(FILE *out, const struct pb_differences_row *row)
{
    enum pb_factor factor = pb_factor_of(row->differs);
    const struct pb_factors factors = pa_factors_of((const void *)row);
    int is_number = pb_factor_infos[factor].type == PB_INTEGER;

    fprintf(out, "%s%s%s instead of %s%s", row->other, is_number ? " " : "",
            is_number ? pb_factor_infos[factor].words : "",
            pa_show_factor(&factors, factor).text,
            factor == PB_FACTOR_backend ? " where all are ready" : "");
}

void pa_difference_say(FILE *title, FILE *sentence,
                       const struct pa_run_tables *run,
                       const struct pb_differences_row *row)
{
    const struct pb_factor_info *x =
        &pb_factor_infos[pb_factor_of(row->variable)];
    const char *gap = ",";

    say_values(title, row);
    fprintf(title, " (each %s):", x->per);
    say_values(sentence, row);
    fprintf(sentence, ": from %lld to %lld %s each %s adds to the difference",
            (long long)row->since, (long long)x_of(row), x->words, x->per);
    for (size_t i = 0; i < run->backends.n; i++) {
        const char *backend = run->backends.backends[i].name;
        struct range range = range_of(run, row, backend);
        if (range.n == 0)
            continue;
        if (!pa_is(row->differs, "backend")) {
            fprintf(title, "%s %s", *gap == ',' ? "" : gap, backend);
            fprintf(sentence, "%s with %s", gap, backend);
        }
        gap = ";";
        say_range(title, sentence, &range);
    }
}

const struct pb_differences_row *
pa_difference_of(const struct pa_run_tables *run,
                 const struct pb_differences_row *first)
{
    const struct pb_differences_row *best = NULL;

    if (!may_be_said(first))
        return NULL;
    PA_EACH (row, run, differences) {
        if (!are_alike(row, first) || !may_be_said(row))
            continue;
        if (row < first)
            return NULL;
        if (!best || x_of(row) > x_of(best))
            best = row;
    }
    return best;
}
