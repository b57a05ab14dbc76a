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
    const struct pb_host_row *facts = (const void *)host->cells;

    *text = '\0';
    for (size_t i = 0; i < host->n_rows; i++)
        if (pa_is(facts[i].key, key))
            pa_append(text, VALUE_BYTES, "%s%s", *text ? "; " : "",
                      facts[i].value);
    if (!*text)
        pa_append(text, VALUE_BYTES, "%s", usual);
}

/* Between the first run and any other. */
static void compare_fact(const struct pa_comparison *by, const char *key,
                         const char *usual, FILE *out)
{
    char first[VALUE_BYTES], value[VALUE_BYTES];
    struct pa_problem line;
    size_t n = 0;

    host_value(&by->runs[0].host, key, usual, first);
    for (size_t r = 1; r < by->n_runs; r++) {
        host_value(&by->runs[r].host, key, usual, value);
        if (!pa_is(value, first) && n++ == 0)
            pa_problem_set(&line, "the runs differ in %s: \"%s\" and \"%s\"",
                           key, first, value);
    }
    if (n > 0)
        fprintf(out, "pollbench compare: warning: %s", line.text);
    if (n > 0 && by->n_runs > 2)
        fprintf(out, " (%zu of %zu are not as the first)", n, by->n_runs);
    fputs(n > 0 ? "\n" : "", out);
}

void pa_compare_hosts(const struct pa_comparison *by, FILE *out)
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
        compare_fact(by, facts[i][0], facts[i][1], out);
}

/* --- words --------------------------------------------------------------- */

static void print_heading(const struct pa_comparison *by, FILE *out)
{
    fprintf(out, "%zu runs, ", by->n_runs);
    for (size_t c = 0; c < by->n_columns; c++)
        fprintf(out, "%s%s (%zu)", c ? ", " : "", by->columns[c].name,
                by->columns[c].n_runs);
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
        if (!by->runs[r].is_settled)
            fprintf(out,
                    "%s is unsettled and not judged: the level of its "
                    "invocations spreads by %.1f %%; measure it again.\n",
                    by->runs[r].folder, 100 * by->runs[r].spread);
}

static void print_what(FILE *out, const struct pa_quantity *quantity)
{
    fprintf(out, "%s of %s", pa_compare_kind(quantity->kind),
            quantity->backend);
    if (!pa_is(quantity->stage, "all"))
        fprintf(out, " (%s)", quantity->stage);
    if (!pb_metric_is_cost(pb_metric_of(quantity->metric)))
        fprintf(out, ", %s", quantity->metric);
    fprintf(out, ", %s", quantity->where);
    if (quantity->kind == PA_CHANGE || quantity->kind == PA_SLOPE)
        fprintf(out, ", %s", quantity->unit);
}

static void print_value(FILE *out, const struct pa_value *value)
{
    struct pa_interval number = value->number;

    fprintf(out, " %s", value->text);
    if (!isnan(number.value))
        fprintf(
            out, "%s%s", *value->text ? " " : "",
            pa_show_interval(number.value, number.low, number.high, "").text);
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
                of->in[difference->b].number.value -
                    of->in[difference->a].number.value);
    if (is_percent)
        fprintf(out, ", %+.1f %%", 100 * (effect.value - 1));
    if (is_percent && is_pair && effect.high > effect.low)
        fprintf(out, " [%+.1f, %+.1f]", 100 * (effect.low - 1),
                100 * (effect.high - 1));
    fprintf(out, ")");
}

static int largest_first(const void *left, const void *right)
{
    const struct pa_quantity *const *a = left, *const *b = right;

    if ((*a)->kind != (*b)->kind)
        return (*a)->kind < (*b)->kind ? -1 : 1;
    return ((*a)->most < (*b)->most) - ((*a)->most > (*b)->most);
}

/* Each column's value, and what is said of it against the first. */
static void print_columns(const struct pa_comparison *by, FILE *out,
                          const struct pa_quantity *quantity)
{
    for (size_t c = 0; c < by->n_columns; c++) {
        if (!quantity->in[c].is_known)
            continue;
        fprintf(out, "%s %s", c ? ";" : "", by->columns[c].name);
        print_value(out, &quantity->in[c]);
        fprintf(out, "%s%s", *quantity->letters[c] ? " " : "",
                quantity->letters[c]);
        for (size_t i = 0; i < quantity->n_differences; i++) {
            const struct pa_difference *difference = &quantity->differences[i];
            if (!difference->is_run && difference->a == 0 && difference->b == c)
                print_effect(out, difference);
        }
    }
}

static void print_odd(const struct pa_comparison *by, FILE *out,
                      const struct pa_quantity *quantity)
{
    size_t n = 0;

    for (size_t i = 0; i < quantity->n_differences; i++) {
        const struct pa_difference *difference = &quantity->differences[i];
        if (difference->verdict != PA_ODD || ++n > RUNS_NAMED)
            continue;
        struct pa_value value = quantity->in_run[difference->b];
        value.number.low = NAN;
        fprintf(out, "; %s", by->runs[difference->b].folder);
        print_value(out, &value);
        print_effect(out, difference);
    }
    if (n > RUNS_NAMED)
        fprintf(out, "; and %zu more", n - RUNS_NAMED);
}

/* Of one kind: what changed, and the means of whole calls in any case; and how
 * many there are of what. */
static void print_kind(const struct pa_comparison *by, FILE *out,
                       struct pa_quantity *const *of, size_t n)
{
    size_t n_told = 0, n_changed = 0, n_untold = 0;

    for (size_t i = 0; i < n; i++) {
        n_changed += (size_t)of[i]->is_changed;
        n_untold += (size_t)(of[i]->is_untold && !of[i]->is_changed);
        int is_told = of[i]->is_changed ||
                      (of[i]->kind == PA_MEAN && pa_is(of[i]->stage, "all"));
        if (!is_told || ++n_told > ROWS_SHOWN)
            continue;
        print_what(out, of[i]);
        fprintf(out, ":");
        print_columns(by, out, of[i]);
        print_odd(by, out, of[i]);
        fprintf(out, ".\n");
    }
    fprintf(out, "Of kind %s: %zu changed, %zu same, %zu cannot be told%s.\n",
            pa_compare_kind(of[0]->kind), n_changed, n - n_changed - n_untold,
            n_untold,
            n_told > ROWS_SHOWN ? "; those that changed most are shown" : "");
}

static void print_quantities(const struct pa_comparison *by, FILE *out)
{
    PA_FREED struct pa_quantity **all = pa_room(by->n_quantities, sizeof *all);
    size_t n = 0;

    for (size_t i = 0; i < by->n_quantities; i++)
        if (by->quantities[i]->n_differences > 0)
            all[n++] = by->quantities[i];
    qsort(all, n, sizeof *all, largest_first);
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i; end < n && all[end]->kind == all[i]->kind;)
            end++;
        print_kind(by, out, all + i, end - i);
    }
}

static void print_open(const struct pa_comparison *by, FILE *out)
{
    double needed = 0;

    fprintf(out, "Cannot tell whether anything changed in");
    for (size_t i = 0; i < by->n_quantities; i++) {
        const struct pa_quantity *of = by->quantities[i];
        if (of->needed > 0)
            fprintf(out, "%s %s (%s)", needed > 0 ? "," : "", of->backend,
                    of->stage);
        needed = fmax(needed, of->needed);
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

void pa_compare_print(const struct pa_comparison *by, FILE *out)
{
    print_heading(by, out);
    print_quantities(by, out);
    if (by->n_unshared)
        fprintf(out, "Not compared: %zu of one label alone.\n", by->n_unshared);
    if (by->is_open && !by->has_changed)
        print_open(by, out);
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
        .label_a = by->columns[a].name,
        .label_b =
            difference->is_run ? by->runs[b].folder : by->columns[b].name,
        .of = difference->is_run ? "run" : "label",
        .kind = pa_compare_kind(quantity->kind),
        .backend = quantity->backend,
        .stage = quantity->stage,
        .metric = quantity->metric,
        .quantity = quantity->where,
        .unit = quantity->unit,
        .a = quantity->in[a].number.value,
        .b = of_b->number.value,
        .text_a = quantity->in[a].text,
        .text_b = of_b->text,
        .scale = quantity->is_log ? "ratio" : "difference",
        .effect = difference->effect.value,
        .low = difference->effect.low,
        .high = difference->effect.high,
        .p_adjusted = difference->chance,
        .verdict = pa_compare_word(quantity, difference->verdict),
        .headline = quantity->is_headline,
        .letters_a = quantity->letters[a],
        .letters_b = difference->is_run ? "" : quantity->letters[b]};

    pb_comparison_put(csv, &row);
}

int pa_compare_write(const struct pa_comparison *by, const char *path,
                     struct pa_problem *problem)
{
    struct pa_output output;

    if (pa_output_open_path(&output, path, problem) < 0)
        return -1;
    PB_CSV_HEADER(&output.csv, PB_COMPARISON);
    for (size_t i = 0; i < by->n_differences; i++)
        write_difference(&output.csv, by, &by->differences[i]);
    return pa_output_close(&output, problem);
}
