/* SPDX-License-Identifier: MIT */
#include "findings.h"

#include "rules.h"
#include "show.h"

#include <math.h>
#include <string.h>

static enum pb_factor differs(const struct pb_differences_row *row)
{
    return pb_factor_of(row->differs);
}

/* The factors of a row, which come first in it. */
static struct pb_factors factors_of(const struct pb_differences_row *row)
{
    return pa_factors_of((const void *)row);
}

static int is_number(enum pb_factor factor)
{
    return pb_factor_infos[factor].type == PB_INTEGER;
}

/* Whether they are of one comparison. */
static int are_alike(const struct pb_differences_row *a,
                     const struct pb_differences_row *b)
{
    const struct pb_factors of_a = factors_of(a), of_b = factors_of(b);
    enum pb_factor factor = differs(a);

    return strcmp(a->sweep, b->sweep) == 0 && factor == differs(b) &&
           strcmp(a->other, b->other) == 0 &&
           (is_number(factor) ? pb_factor_number(&of_a, factor) ==
                                    pb_factor_number(&of_b, factor)
                              : strcmp(pb_factor_text(&of_a, factor),
                                       pb_factor_text(&of_b, factor)) == 0);
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
           (differs(row) != PB_FACTOR_backend || row->ready_count > 1) &&
           (strcmp(row->variable, "fd_count") != 0 ||
            x_of(row) <= PB_DIFFERENCE_FDS);
}

/* What all rows of a backend say at the largest x. */
struct range {
    double least, most, low, high;
    size_t n;
};

static struct range range_of(const struct pa_run_tables *run,
                             const struct pb_differences_row *like, int64_t x,
                             const char *backend)
{
    struct range range = {NAN, NAN, NAN, NAN, 0};

    PA_EACH (row, run, differences) {
        if (!are_alike(row, like) || !may_be_said(row) || x_of(row) != x ||
            strcmp(row->backend, backend) != 0)
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
    fprintf(title, " %s%s", range->least > 0 ? "+" : "",
            pa_show_number(range->least).text);
    if (range->n > 1)
        fprintf(title, " to %s", pa_show_number(range->most).text);
    fputs(" ns", title);
    if (range->n > 1)
        fprintf(sentence,
                " %s to %s ns (%zu series; intervals within %s to "
                "%s)",
                pa_show_number(range->least).text,
                pa_show_number(range->most).text, range->n,
                pa_show_number(range->low).text,
                pa_show_number(range->high).text);
    else
        fprintf(
            sentence, " %s",
            pa_show_interval(range->least, range->low, range->high, "ns").text);
}

/* "last instead of first". */
static void say_values(FILE *out, const struct pb_differences_row *row)
{
    enum pb_factor factor = differs(row);
    const struct pb_factors factors = factors_of(row);
    const char *words = is_number(factor) ? pb_factor_infos[factor].words : "";

    fprintf(out, "%s%s%s instead of ", row->other, *words ? " " : "", words);
    if (is_number(factor))
        fprintf(out, "%lld", (long long)pb_factor_number(&factors, factor));
    else
        fputs(pb_factor_text(&factors, factor), out);
    if (factor == PB_FACTOR_backend)
        fputs(" where all are ready", out);
}

/* Of the row with the largest x. */
static void say(FILE *title, FILE *sentence, const struct pa_run_tables *run,
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
        struct range range = range_of(run, row, x_of(row), backend);
        if (range.n == 0)
            continue;
        if (differs(row) != PB_FACTOR_backend) {
            fprintf(title, "%s %s", *gap == ',' ? "" : gap, backend);
            fprintf(sentence, "%s with %s", gap, backend);
        }
        gap = ";";
        say_range(title, sentence, &range);
    }
}

/* The row with the largest x of a comparison, if it is the first of it. */
static const struct pb_differences_row *
best_of(const struct pa_run_tables *run, const struct pb_differences_row *first)
{
    const struct pb_differences_row *best = NULL;

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

int pa_difference_say(FILE *title, FILE *sentence,
                      const struct pa_run_tables *run, const char *sweep,
                      size_t *i)
{
    while (*i < PA_N_ROWS(run->differences)) {
        const struct pb_differences_row *row = &run->differences.first[(*i)++];
        const struct pb_differences_row *best =
            strcmp(row->sweep, sweep) == 0 && may_be_said(row)
                ? best_of(run, row)
                : NULL;
        if (!best)
            continue;
        say(title, sentence, run, best);
        return 1;
    }
    return 0;
}

/* --- where one overtakes another ------------------------------------------ */

static int scans(const struct pa_run_tables *run, const char *backend,
                 const char *what)
{
    const struct pa_backend *known = pa_backend_of(&run->backends, backend);
    return known && strcmp(known->scans, what) == 0;
}

/* What asks the kernel less, against what looks through all fds. */
static int is_told(const struct pa_run_tables *run,
                   const struct pb_crossovers_row *row, const char *variable,
                   int64_t fd_count)
{
    return strcmp(row->variable, variable) == 0 &&
           strcmp(row->status, "found") == 0 && row->fd_count == fd_count &&
           scans(run, row->second, "fd_count") &&
           scans(run, row->first, "ready_count");
}

void pa_overtaking_say(FILE *title, FILE *sentence,
                       const struct pa_run_tables *run, const char *variable,
                       int64_t fd_count)
{
    const char *gap = "";

    PA_EACH (row, run, crossovers) {
        if (!is_told(run, row, variable, fd_count))
            continue;
        if (!*gap) {
            fprintf(title, "%s below %s up to: ", row->first, row->second);
            fprintf(sentence, "With %lld fds watched, ", (long long)fd_count);
        }
        fprintf(title, "%s%s %s", gap, row->change,
                pa_show_number(row->place).text);
        fprintf(sentence, "%s%s: %s is cheaper than %s up to %s", gap,
                row->change, row->first, row->second,
                pa_show_place(variable, row->place, row->low, row->high).text);
        gap = "; ";
    }
}
