/* SPDX-License-Identifier: MIT */
/* What pollbench compare tells: words, warnings, comparison.csv. */
#include "compare.h"

#include "need.h"
#include "output.h"
#include "rules.h"
#include "run_tables.h"
#include "show.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_SHOWN = 10, RUNS_NAMED = 12, VALUE_BYTES = 300 };

const char *pa_compare_kind(enum pa_kind kind)
{
    static const char *const names[] = {"class", "mean",      "change",
                                        "slope", "crossover", "cost"};
    return names[kind];
}

const char *pa_compare_word(const struct pa_quantity *quantity,
                            enum pa_verdict verdict)
{
    static const char *const names[] = {"same",    "smaller", "larger",
                                        "differs", "odd",     "cannot-tell"};

    if (quantity->is_time && verdict == PA_LESS)
        return "faster";
    if (quantity->is_time && verdict == PA_MORE)
        return "slower";
    return names[verdict];
}

/* --- hosts --------------------------------------------------------------- */

/* Values of a key, joined; keys may repeat. */
static void host_value(const struct pa_table *host, const char *key,
                       const char *usual, char text[VALUE_BYTES])
{
    *text = '\0';
    for (size_t i = 0; i < host->n_rows; i++) {
        const union pa_cell *row = pa_table_row(host, i);
        if (strcmp(row[0].text, key) == 0)
            pa_append(text, VALUE_BYTES, "%s%s", *text ? "; " : "",
                      row[1].text);
    }
    if (!*text)
        pa_append(text, VALUE_BYTES, "%s", usual);
}

/* Between the first run and any other. */
static void compare_fact(const struct pa_comparison *by, const char *key,
                         const char *usual, FILE *out)
{
    char first[VALUE_BYTES], value[VALUE_BYTES], other[VALUE_BYTES];
    struct pa_problem line;
    size_t n = 0;

    host_value(&by->runs[0].host, key, usual, first);
    for (size_t r = 1; r < by->n_runs; r++) {
        host_value(&by->runs[r].host, key, usual, value);
        if (strcmp(value, first) != 0 && n++ == 0)
            memcpy(other, value, sizeof other);
    }
    if (n == 0)
        return;
    pa_problem_set(&line, "the runs differ in %s: \"%s\" and \"%s\"", key,
                   first, other);
    fprintf(out, "pollbench compare: warning: %s", line.text);
    if (by->n_runs > 2)
        fprintf(out, " (%zu of %zu are not as the first)", n, by->n_runs);
    fprintf(out, "\n");
}

void pa_compare_hosts(const struct pa_comparison *comparison, FILE *out)
{
    /* Older runs do not say: what is usual, then. */
    static const char *const facts[][2] = {
        {"kernel", ""},         {"kernel_build", ""},
        {"machine", ""},        {"cpu_model", ""},
        {"cache_l2", ""},       {"cpus_online", ""},
        {"cpus_used", ""},      {"mitigations", ""},
        {"hypervisor", ""},     {"governor", ""},
        {"clock_source", ""},   {"libc", ""},
        {"compiler", ""},       {"page_size", ""},
        {"compiler_flags", ""}, {"project_version", ""},
        {"commit", ""},         {"preset", ""},
        {"cpu_quota", "none"},  {"scheduling", "SCHED_OTHER, nice 0"},
        {"aslr", "on"},         {"seccomp_filters", "0"},
        {"preloaded", ""},      {"tracer", ""},
        {"emulator", ""},       {"emulator_command", ""},
        {"kernel_image", ""},   {"kernel_config", ""}};

    for (size_t i = 0; i < PA_ARRAY_SIZE(facts); i++)
        compare_fact(comparison, facts[i][0], facts[i][1], out);
}

/* --- words --------------------------------------------------------------- */

static void print_heading(const struct pa_comparison *by, FILE *out)
{
    fprintf(out, "%zu runs, ", by->n_runs);
    for (size_t c = 0; c < by->n_columns; c++)
        fprintf(out, "%s%s (%zu)", c ? ", " : "", by->columns[c], by->n_in[c]);
    if (by->is_counted)
        fprintf(out, ", counts of instructions, exact, threshold %g %%:\n",
                100 * by->threshold);
    else
        fprintf(out,
                ", times in %s, threshold %g %%, %g %% false discoveries "
                "allowed:\n",
                by->uses_ref ? "reference loops" : "ns", 100 * by->threshold,
                100 * PB_FALSE_SHARE);
    if (!by->is_pooled && !by->is_counted)
        fprintf(out, "One run each: a run's own luck is in every difference "
                     "(a study saw 2 to 25 %% between runs of one machine); "
                     "three runs a label tell.\n");
    for (size_t r = 0; r < by->n_runs; r++)
        if (!pa_is_judged(&by->runs[r]))
            fprintf(out,
                    "%s is unsettled and not judged: the level of its "
                    "invocations spreads by %.1f %%; measure it again.\n",
                    by->runs[r].folder, 100 * by->runs[r].spread);
}

static void print_what(FILE *out, const struct pa_quantity *quantity)
{
    fprintf(out, "%s of %s", pa_compare_kind(quantity->kind),
            quantity->backend);
    if (strcmp(quantity->stage, "all") != 0)
        fprintf(out, " (%s)", quantity->stage);
    if (!pb_metric_is_cost(pb_metric_of(quantity->metric)))
        fprintf(out, ", %s", quantity->metric);
    fprintf(out, ", %s", quantity->where);
    if (quantity->kind == PA_CHANGE || quantity->kind == PA_SLOPE)
        fprintf(out, ", %s", quantity->unit);
}

static void print_value(FILE *out, const struct pa_value *value)
{
    fprintf(out, " %s", value->text);
    if (!isnan(value->value))
        fprintf(
            out, "%s%s", *value->text ? " " : "",
            pa_show_interval(value->value, value->low, value->high, "").text);
}

static void print_effect(FILE *out, const struct pa_difference *difference)
{
    const struct pa_quantity *of = difference->quantity;
    struct pa_interval effect = difference->effect;
    int is_percent = of->is_log && isfinite(effect.value);
    int is_pair = !difference->is_run;

    fprintf(out, " (%s", pa_compare_word(of, difference->verdict));
    if (is_pair && *of->unit &&
        pb_metric_info(of->metric)->estimator == PB_MINIMUM)
        fprintf(out, ", %+.6g",
                of->in[difference->b].value - of->in[difference->a].value);
    if (is_percent)
        fprintf(out, ", %+.1f %%", 100 * (effect.value - 1));
    if (is_percent && is_pair && effect.high > effect.low)
        fprintf(out, " [%+.1f, %+.1f]", 100 * (effect.low - 1),
                100 * (effect.high - 1));
    fprintf(out, ")");
}

/* The differences of one quantity, which lie together. */
struct row {
    const struct pa_difference *first;
    size_t n;
    int is_changed, is_untold;
    double most; /* the largest change among them, on logarithms */
};

static struct row row_of(const struct pa_comparison *by, size_t first)
{
    struct row row = {.first = &by->differences[first]};

    for (size_t i = first; i < by->n_differences; i++) {
        const struct pa_difference *difference = &by->differences[i];
        double effect = difference->effect.value;
        if (difference->quantity != row.first->quantity)
            break;
        row.n++;
        row.is_untold |= difference->verdict == PA_UNTOLD;
        if (!pa_is_change(difference->verdict))
            continue;
        row.is_changed = 1;
        row.most =
            fmax(row.most,
                 fabs(difference->quantity->is_log ? log(effect) : effect));
    }
    return row;
}

static int largest_first(const void *left, const void *right)
{
    const struct row *a = left, *b = right;
    enum pa_kind x = a->first->quantity->kind, y = b->first->quantity->kind;

    if (x != y)
        return x < y ? -1 : 1;
    return (a->most < b->most) - (a->most > b->most);
}

/* Each column's value, and what is said of it against the first. */
static void print_columns(const struct pa_comparison *by, FILE *out,
                          const struct row *row)
{
    const struct pa_quantity *quantity = row->first->quantity;

    for (size_t c = 0; c < by->n_columns; c++) {
        if (!quantity->in[c].is_known)
            continue;
        fprintf(out, "%s %s", c ? ";" : "", by->columns[c]);
        print_value(out, &quantity->in[c]);
        fprintf(out, "%s%s", *quantity->letters[c] ? " " : "",
                quantity->letters[c]);
        for (size_t i = 0; i < row->n; i++)
            if (!row->first[i].is_run && row->first[i].a == 0 &&
                row->first[i].b == c)
                print_effect(out, &row->first[i]);
    }
}

static void print_odd(const struct pa_comparison *by, FILE *out,
                      const struct row *row)
{
    size_t n = 0;

    for (size_t i = 0; i < row->n; i++) {
        const struct pa_difference *difference = &row->first[i];
        if (difference->verdict != PA_ODD || ++n > RUNS_NAMED)
            continue;
        struct pa_value value = difference->quantity->in_run[difference->b];
        value.low = NAN;
        fprintf(out, "; %s", by->runs[difference->b].folder);
        print_value(out, &value);
        print_effect(out, difference);
    }
    if (n > RUNS_NAMED)
        fprintf(out, "; and %zu more", n - RUNS_NAMED);
}

/* What changed, and the means of whole calls in any case. */
static int is_told(const struct row *row)
{
    return row->is_changed || (row->first->quantity->kind == PA_MEAN &&
                               strcmp(row->first->quantity->stage, "all") == 0);
}

/* Of one kind: the rows that are told, and how many there are of what. */
static void print_kind(const struct pa_comparison *by, FILE *out,
                       const struct row *rows, size_t n_rows)
{
    size_t n_told = 0, n_changed = 0, n_untold = 0;

    for (size_t i = 0; i < n_rows; i++) {
        n_changed += (size_t)rows[i].is_changed;
        n_untold += (size_t)(rows[i].is_untold && !rows[i].is_changed);
        if (!is_told(&rows[i]) || ++n_told > ROWS_SHOWN)
            continue;
        print_what(out, rows[i].first->quantity);
        fprintf(out, ":");
        print_columns(by, out, &rows[i]);
        print_odd(by, out, &rows[i]);
        fprintf(out, ".\n");
    }
    fprintf(out, "Of kind %s: %zu changed, %zu same, %zu cannot be told%s.\n",
            pa_compare_kind(rows->first->quantity->kind), n_changed,
            n_rows - n_changed - n_untold, n_untold,
            n_told > ROWS_SHOWN ? "; those that changed most are shown" : "");
}

static void print_rows(const struct pa_comparison *by, FILE *out)
{
    PA_FREED struct row *rows = pa_room(by->n_quantities, sizeof *rows);
    size_t n = 0;

    for (size_t i = 0; i < by->n_differences; i += rows[n++].n)
        rows[n] = row_of(by, i);
    qsort(rows, n, sizeof *rows, largest_first);
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i; end < n && rows[end].first->quantity->kind ==
                                     rows[i].first->quantity->kind;)
            end++;
        print_kind(by, out, rows + i, end - i);
    }
}

static void print_open(const struct pa_comparison *by, FILE *out)
{
    double needed = 0;

    fprintf(out, "Cannot tell whether anything changed in");
    for (size_t i = 0; i < by->n_open; i++) {
        const struct pa_open *open = &by->open[i];
        fprintf(out, "%s %s (%s)", i ? "," : "", open->like->backend,
                open->like->stage);
        needed = fmax(needed, open->needed);
    }
    if (isinf(needed))
        fprintf(out, ": too much is failed, dirty, contended or unsettled; "
                     "measure again, with nothing beside it.\n");
    else if (by->is_pooled)
        fprintf(out, ": measure at least %.0f runs of each label.\n", needed);
    else
        fprintf(out, ": measure at least %.0f invocations in each run.\n",
                needed);
}

void pa_compare_print(const struct pa_comparison *comparison, FILE *out)
{
    print_heading(comparison, out);
    print_rows(comparison, out);
    if (comparison->n_unshared)
        fprintf(out, "Not compared: %zu of one label alone.\n",
                comparison->n_unshared);
    if (pa_compare_is_open(comparison))
        print_open(comparison, out);
}

/* --- comparison.csv ------------------------------------------------------ */

static void write_difference(struct pb_csv *csv, const struct pa_comparison *by,
                             const struct pa_difference *difference)
{
    const struct pa_quantity *quantity = difference->quantity;
    size_t a = difference->a, b = difference->b;
    const struct pa_value *of_b =
        difference->is_run ? &quantity->in_run[b] : &quantity->in[b];
    struct pb_comparison_row row = {
        .label_a = by->columns[a],
        .label_b = difference->is_run ? by->runs[b].folder : by->columns[b],
        .of = difference->is_run ? "run" : "label",
        .kind = pa_compare_kind(quantity->kind),
        .backend = quantity->backend,
        .stage = quantity->stage,
        .metric = quantity->metric,
        .quantity = quantity->where,
        .unit = quantity->unit,
        .a = quantity->in[a].value,
        .b = of_b->value,
        .text_a = quantity->in[a].text,
        .text_b = of_b->text,
        .scale = quantity->is_log ? "ratio" : "difference",
        .effect = difference->effect.value,
        .low = difference->effect.low,
        .high = difference->effect.high,
        .p_adjusted = difference->adjusted,
        .verdict = pa_compare_word(quantity, difference->verdict),
        .headline = quantity->is_headline,
        .letters_a = quantity->letters[a],
        .letters_b = difference->is_run ? "" : quantity->letters[b]};

    pb_comparison_put(csv, &row);
}

int pa_compare_write(const struct pa_comparison *comparison, const char *path,
                     struct pa_problem *problem)
{
    struct pa_output output;

    if (pa_output_open_path(&output, path, problem) < 0)
        return -1;
    PB_CSV_HEADER(&output.csv, PB_COMPARISON);
    for (size_t i = 0; i < comparison->n_differences; i++)
        write_difference(&output.csv, comparison, &comparison->differences[i]);
    return pa_output_close(&output, problem);
}
