/* SPDX-License-Identifier: MIT */
#include "findings.h"

#include "rules.h"
#include "show.h"

#include <math.h>

/* The factors of a row, which come first in it. */
static struct pb_factors factors_of(const struct pb_differences_row *row)
{
    return pa_factors_of((const void *)row);
}

/* Whether they are of one comparison. */
static int are_alike(const struct pb_differences_row *a,
                     const struct pb_differences_row *b)
{
    const struct pb_factors of_a = factors_of(a), of_b = factors_of(b);

    return pa_is(a->sweep, b->sweep) && pa_is(a->differs, b->differs) &&
           pa_is(a->other, b->other) &&
           !(pb_factors_differ(&of_a, &of_b) & 1u << pb_factor_of(a->differs));
}

static int64_t x_of(const struct pb_differences_row *row)
{
    const struct pb_factors factors = factors_of(row);
    return pb_factor_number(&factors, pb_factor_of(row->variable));
}

/* Backends differ in what is ready; and where caches are outgrown, more does.
 */
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
    const struct pb_factors factors = factors_of(row);
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
