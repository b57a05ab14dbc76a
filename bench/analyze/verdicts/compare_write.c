/* SPDX-License-Identifier: MIT */
/* What pollcompare tells: words, warnings, comparison.csv. */
#include "compare.h"

#include "compare_columns.h"
#include "output.h"
#include "row.h"
#include "rules.h"
#include "show.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const change_names[] = {"same", "faster", "slower",
                                           "cannot-tell"};

/* Values of a key, joined; keys may repeat. */
static void host_value(const struct pa_table *host, const char *key, char *text,
                       size_t room)
{
    size_t n = 0;

    text[0] = '\0';
    for (size_t i = 0; i < host->n_rows && n < room; i++) {
        const union pa_cell *row = pa_table_row(host, i);
        if (strcmp(row[0].text, key) == 0)
            n += (size_t)snprintf(text + n, room - n, "%s%s", n ? "; " : "",
                                  row[1].text);
    }
}

static void compare_fact(const struct pa_comparison *comparison,
                         const char *key, const char *usual, FILE *out)
{
    char a[1024], b[1024];

    host_value(&comparison->a.host, key, a, sizeof a);
    host_value(&comparison->b.host, key, b, sizeof b);
    const char *of_a = *a ? a : usual, *of_b = *b ? b : usual;
    if (strcmp(of_a, of_b) != 0)
        fprintf(out,
                "pollcompare: warning: the runs differ in %s: \"%s\" and "
                "\"%s\"\n",
                key, of_a, of_b);
}

void pa_compare_hosts(const struct pa_comparison *comparison, FILE *out)
{
    static const char *const keys[] = {
        "kernel",     "kernel_build", "machine",        "cpu_model",
        "cache_l2",   "cpus_online",  "cpus_used",      "mitigations",
        "hypervisor", "governor",     "clock_source",   "libc",
        "compiler",   "page_size",    "compiler_flags", "project_version",
        "commit",     "preset"};
    /* Older runs do not say: what is usual, then. */
    static const char *const conditions[][2] = {
        {"scheduling", "SCHED_OTHER, nice 0"},
        {"cpu_quota", "none"},
        {"seccomp_filters", "0"},
        {"aslr", "on"},
        {"preloaded", ""},
        {"tracer", ""}};

    for (size_t i = 0; i < PA_ARRAY_SIZE(keys); i++)
        compare_fact(comparison, keys[i], "", out);
    for (size_t i = 0; i < PA_ARRAY_SIZE(conditions); i++)
        compare_fact(comparison, conditions[i][0], conditions[i][1], out);
}

static const struct pa_interval *unit_ratio(const struct pa_comparison *by,
                                            const struct pa_change_row *row)
{
    return by->uses_ref ? &row->ratio_ref : &row->ratio;
}

/* Sums over the points of one backend. */
struct tally {
    size_t n[4]; /* by enum pa_change */
    size_t n_ratios;
    double log_sum;
    const struct pa_change_row *worst;
};

static int is_of(const struct pa_change_row *row, const char *backend)
{
    return !row->is_coefficient &&
           strcmp(row->point[POINT_backend].text, backend) == 0;
}

static struct tally tally_of(const struct pa_comparison *comparison,
                             const char *backend)
{
    struct tally tally = {0};
    double most = 0;

    for (size_t i = 0; i < comparison->n_rows; i++) {
        const struct pa_change_row *row = &comparison->rows[i];
        if (!is_of(row, backend))
            continue;
        double log_ratio = log(unit_ratio(comparison, row)->value);
        tally.n[row->change]++;
        if (!isfinite(log_ratio))
            continue;
        tally.n_ratios++;
        tally.log_sum += log_ratio;
        if ((row->change == PA_SLOWER || row->change == PA_FASTER) &&
            fabs(log_ratio) > most) {
            most = fabs(log_ratio);
            tally.worst = row;
        }
    }
    return tally;
}

static double percent(double ratio)
{
    return 100 * (ratio - 1);
}

static void print_worst(FILE *out, const struct pa_change_row *row,
                        const struct pa_interval *ratio)
{
    const union pa_cell *point = row->point;
    int is_stage = strcmp(point[POINT_stage].text, "all") != 0;

    fprintf(
        out,
        "; most%s%s at highest fd %lld, %lld watched, %lld ready (%s): "
        "%+.1f %% [%+.1f, %+.1f]",
        is_stage ? " in stage " : "", is_stage ? point[POINT_stage].text : "",
        (long long)point[POINT_highest_fd].integer,
        (long long)point[POINT_fd_count].integer,
        (long long)point[POINT_ready_count].integer, point[POINT_sweep].text,
        percent(ratio->value), percent(ratio->low), percent(ratio->high));
}

static void print_backend(const struct pa_comparison *comparison, FILE *out,
                          const char *backend)
{
    struct tally tally = tally_of(comparison, backend);

    fprintf(out,
            "%s: %zu points: %zu same, %zu slower, %zu faster, %zu cannot "
            "be told",
            backend, tally.n[0] + tally.n[1] + tally.n[2] + tally.n[3],
            tally.n[PA_SAME], tally.n[PA_SLOWER], tally.n[PA_FASTER],
            tally.n[PA_UNDECIDED]);
    if (tally.n_ratios)
        fprintf(out, "; on the whole %+.1f %%",
                percent(exp(tally.log_sum / (double)tally.n_ratios)));
    if (tally.worst)
        print_worst(out, tally.worst, unit_ratio(comparison, tally.worst));
    fprintf(out, ".\n");
}

static int is_first(const struct pa_comparison *comparison, size_t i)
{
    const struct pa_change_row *row = &comparison->rows[i];

    if (row->is_coefficient)
        return 0;
    for (size_t j = 0; j < i; j++)
        if (is_of(&comparison->rows[j], row->point[POINT_backend].text))
            return 0;
    return 1;
}

static void print_terms(const struct pa_comparison *comparison, FILE *out)
{
    for (size_t i = 0; i < comparison->n_rows; i++) {
        const struct pa_change_row *row = &comparison->rows[i];
        const struct pa_interval *ratio = unit_ratio(comparison, row);
        if (!row->is_coefficient ||
            (row->change != PA_SLOWER && row->change != PA_FASTER))
            continue;
        fprintf(out, "%s, stage %s: %s", row->term[MODEL_backend].text,
                row->term[MODEL_stage].text,
                pa_show_term(row->term[MODEL_term].text,
                             row->term[MODEL_at].integer)
                    .text);
        fprintf(out, " went from %.4g to %.4g %s: %+.1f %% [%+.1f, %+.1f].\n",
                row->a, row->b, row->term[MODEL_unit].text,
                percent(ratio->value), percent(ratio->low),
                percent(ratio->high));
    }
}

static void print_open(const struct pa_comparison *comparison, FILE *out)
{
    double needed = 0;

    fprintf(out, "Cannot tell whether anything changed in");
    for (size_t i = 0; i < comparison->n_open; i++) {
        const struct pa_open *open = &comparison->open[i];
        fprintf(out, "%s %s (%s)", i ? "," : "", open->backend, open->stage);
        needed = fmax(needed, open->invocations);
    }
    if (isinf(needed))
        fprintf(out, ": too many points are failed, dirty or contended; "
                     "measure again, with nothing beside it.\n");
    else
        fprintf(out, ": measure at least %.0f invocations in each run.\n",
                needed);
}

void pa_compare_print(const struct pa_comparison *comparison, FILE *out)
{
    fprintf(out,
            "%s against %s, in %s, threshold %g %%, %g %% false discoveries "
            "allowed:\n",
            comparison->b.folder, comparison->a.folder,
            comparison->uses_ref ? "units of the reference loop" : "ns",
            100 * comparison->threshold, 100 * PB_FALSE_SHARE);
    for (size_t i = 0; i < comparison->n_rows; i++)
        if (is_first(comparison, i))
            print_backend(comparison, out,
                          comparison->rows[i].point[POINT_backend].text);
    print_terms(comparison, out);
    if (comparison->n_only_a || comparison->n_only_b)
        fprintf(out,
                "Not compared: %zu points of the first run and %zu of "
                "the second have no partner.\n",
                comparison->n_only_a, comparison->n_only_b);
    if (pa_compare_is_open(comparison))
        print_open(comparison, out);
}

PB_ROW(comparison, PB_COMPARISON)

/* A coefficient has a backend and a stage, and no other factor. */
static struct pb_comparison_row row_of(const struct pa_change_row *row)
{
    struct pb_comparison_row out = pb_comparison_none();

    if (row->is_coefficient) {
        out.kind = "coefficient";
        out.backend = row->term[MODEL_backend].text;
        out.stage = row->term[MODEL_stage].text;
        out.term = row->term[MODEL_term].text;
        out.at = row->term[MODEL_at].integer;
    } else {
        struct pb_factors factors = pa_factors_of(row->point);
        out.kind = "point";
        PB_FACTORS_TO_ROW(&out, &factors);
    }
    return out;
}

static void write_row(struct pb_csv *csv, const struct pa_change_row *row)
{
    struct pb_comparison_row out = row_of(row);

    out.a = row->a;
    out.b = row->b;
    out.ratio = row->ratio.value;
    out.low = row->ratio.low;
    out.high = row->ratio.high;
    out.p_value = row->chance;
    out.p_adjusted = row->adjusted;
    out.ratio_ref = row->ratio_ref.value;
    out.low_ref = row->ratio_ref.low;
    out.high_ref = row->ratio_ref.high;
    out.p_adjusted_ref = row->adjusted_ref;
    out.verdict = change_names[row->change];
    out.flags = row->flags;
    pb_comparison_put(csv, &out);
}

int pa_compare_write(const struct pa_comparison *comparison, const char *path,
                     struct pa_problem *problem)
{
    struct pa_output output;
    const char *slash = strrchr(path, '/');
    char *folder =
        slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");

    if (!folder)
        return pa_problem_set(problem, "out of memory");
    int error =
        pa_output_open(&output, folder, slash ? slash + 1 : path, problem);
    free(folder);
    if (error < 0)
        return -1;
    PB_CSV_HEADER(&output.csv, PB_COMPARISON);
    for (size_t i = 0; i < comparison->n_rows; i++)
        write_row(&output.csv, &comparison->rows[i]);
    return pa_output_close(&output, problem);
}
