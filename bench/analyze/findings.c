/* SPDX-License-Identifier: MIT */
#include "findings.h"

#include "output.h"
#include "points.h"
#include "series.h"
#include "stats.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BACKENDS_MOST 16
#define LARGEST_SET   1024 /* beyond, a busy machine's cache decides */

enum verdict { RISES, FALLS, LEVEL, UNCLEAR };

/* What became of one backend's cost from one end of a sweep to the other. */
struct change {
    const char *backend;
    struct pa_interval more_ns; /* cost at the far end minus the near end */
    double margin_ns;           /* less than this is no change */
    enum verdict verdict;
};

struct sweep {
    const char *name;           /* of the sweep, and of the row */
    const char *before, *after; /* the values of what varies */
    enum pa_variable variable;
    int64_t fixed_count; /* fds watched; PA_ANY if that is what varies */
    int64_t fixed_ready; /* fds ready, likewise */
    double from, to;
    size_t n_changes;
    struct change changes[BACKENDS_MOST]; /* largest first */
};

static const struct sweep sweeps[] = {
    {.name = "highest_fd",
     .before = "highest fd ",
     .after = "",
     .variable = PA_HIGHEST_FD},
    {.name = "fd_count",
     .before = "",
     .after = " fds watched",
     .variable = PA_FD_COUNT},
    {.name = "ready_count",
     .before = "",
     .after = " fds ready",
     .variable = PA_READY_COUNT},
};
#define N_SWEEPS (sizeof sweeps / sizeof *sweeps)

/* Equivalence rule: level only if the interval says so, not because nothing
 * could be seen. */
static enum verdict judge(struct pa_interval more_ns, double margin_ns)
{
    if (!isfinite(more_ns.low) || !isfinite(more_ns.high))
        return UNCLEAR;
    if (fmax(fabs(more_ns.low), fabs(more_ns.high)) < margin_ns)
        return LEVEL;
    if (more_ns.low > margin_ns)
        return RISES;
    return more_ns.high < -margin_ns ? FALLS : UNCLEAR;
}

/* Returns 0, or -1 when there is no memory. */
static int measure(struct change *change, const struct pa_run *run,
                   const struct pa_point *near, const struct pa_point *far)
{
    double *more_ns = malloc((run->n_invocations + 1) * sizeof *more_ns);

    if (!more_ns)
        return -1;
    for (size_t i = 0; i < run->n_invocations; i++)
        more_ns[i] = far->cost_ns[i] - near->cost_ns[i];
    change->backend = near->factors.backend;
    change->more_ns = pa_t_interval(more_ns, run->n_invocations);
    change->margin_ns = fmax(5, 0.03 * near->estimate_ns);
    change->verdict = judge(change->more_ns, change->margin_ns);
    free(more_ns);
    return 0;
}

static int is_known(const struct sweep *sweep, const char *backend)
{
    for (size_t i = 0; i < sweep->n_changes; i++)
        if (strcmp(sweep->changes[i].backend, backend) == 0)
            return 1;
    return 0;
}

/* The points of a sweep that are compared, but for the backend. */
static struct pa_filter filter_of(const struct sweep *sweep, const char *layout)
{
    return (struct pa_filter){.sweep = sweep->name,
                              .stage = "all",
                              .layout = layout,
                              .highest_fd = PA_ANY,
                              .fd_count = sweep->fixed_count,
                              .ready_count = sweep->fixed_ready};
}

/* Narrow the sweep's range to where this backend can be used, too. */
static void narrow(struct sweep *sweep, const struct pa_series *series)
{
    size_t last = series->n_points - 1;

    /* More than that outgrows the cache: the neighbours' doing. */
    while (sweep->variable == PA_FD_COUNT && last > 1 &&
           pa_series_x(series, last) > LARGEST_SET)
        last--;
    sweep->from = fmax(sweep->from, pa_series_x(series, 0));
    sweep->to = fmin(sweep->to, pa_series_x(series, last));
}

/* The points at both ends of the range that all backends share. */
static int measure_ends(struct sweep *sweep, const struct pa_run *run,
                        const struct pa_series *series)
{
    size_t first = 0, last = series->n_points - 1;

    while (first < last && pa_series_x(series, first) < sweep->from)
        first++;
    while (last > first && pa_series_x(series, last) > sweep->to)
        last--;
    if (first == last)
        return 0;
    return measure(&sweep->changes[sweep->n_changes++], run,
                   series->points[first], series->points[last]);
}

/* Do one of the two above. Returns 0, or -1 when there is no memory. */
static int visit(struct sweep *sweep, const struct pa_run *run,
                 const struct pa_factors *factors, int is_measured)
{
    struct pa_filter filter = filter_of(sweep, factors->layout);
    struct pa_series series;
    int error = 0;

    filter.backend = factors->backend;
    if (pa_series_collect(&series, run, filter, sweep->variable) < 0)
        return -1;
    if (series.n_points >= 2 && is_measured)
        error = measure_ends(sweep, run, &series);
    else if (series.n_points >= 2)
        narrow(sweep, &series);
    pa_series_free(&series);
    return error;
}

static int larger_first(const void *a, const void *b)
{
    const struct change *left = a;
    const struct change *right = b;
    double difference = right->more_ns.value - left->more_ns.value;

    if (left->verdict != right->verdict)
        return left->verdict < right->verdict ? -1 : 1;
    return difference > 0 ? 1 : difference < 0 ? -1 : 0;
}

/* Visit each backend's first point of the sweep; again and again while it is
 * only narrowed, which does no harm. */
static int visit_all(struct sweep *sweep, const struct pa_run *run,
                     int is_measured)
{
    struct pa_filter filter = filter_of(sweep, NULL);

    for (size_t i = 0; i < run->n_points; i++) {
        const struct pa_factors *factors = &run->points[i].factors;
        if (!pa_filter_matches(&filter, &run->points[i]) ||
            sweep->n_changes == BACKENDS_MOST ||
            is_known(sweep, factors->backend))
            continue;
        if (visit(sweep, run, factors, is_measured) < 0)
            return -1;
    }
    return 0;
}

/* Returns 0, or -1 when there is no memory. */
static int look_at(struct sweep *sweep, const struct pa_run *run)
{
    sweep->from = 0;
    sweep->to = INFINITY;
    if (visit_all(sweep, run, 0) < 0 || visit_all(sweep, run, 1) < 0)
        return -1;
    qsort(sweep->changes, sweep->n_changes, sizeof *sweep->changes,
          larger_first);
    return 0;
}

static void print_cost(FILE *out, double cost_ns)
{
    static const char *const units[] = {"ns", "µs", "ms", "s"};
    int unit = 0;

    for (; unit < 3 && fabs(cost_ns) >= 999.5; unit++)
        cost_ns /= 1000;
    fprintf(out, unit == 0 ? "%.0f %s" : "%.3g %s", cost_ns, units[unit]);
}

static void print_interval(FILE *out, struct pa_interval cost_ns, double sign)
{
    double low = sign > 0 ? cost_ns.low : -cost_ns.high;
    double high = sign > 0 ? cost_ns.high : -cost_ns.low;

    print_cost(out, sign * cost_ns.value);
    fputs(sign > 0 ? " more [" : " less [", out);
    print_cost(out, low);
    fputs(", ", out);
    print_cost(out, high);
    fputs("]", out);
}

/* "a", "a and b", "a, b and c": what goes before item i of n. */
static const char *before(size_t i, size_t n)
{
    return i == 0 ? "" : i + 1 == n ? " and " : ", ";
}

/* The backends of one verdict, as one part of the sentence. */
static void print_group(FILE *out, const struct sweep *sweep,
                        enum verdict verdict, const char *text)
{
    size_t n = 0, printed = 0;
    double margin_ns = 0;

    for (size_t i = 0; i < sweep->n_changes; i++)
        if (sweep->changes[i].verdict == verdict) {
            margin_ns = fmax(margin_ns, sweep->changes[i].margin_ns);
            n++;
        }
    if (n == 0)
        return;
    fputs(text, out);
    if (verdict == LEVEL) {
        fputs(" (within ", out);
        print_cost(out, margin_ns);
        fputs(")", out);
    }
    fputs(" with ", out);
    for (size_t i = 0; i < sweep->n_changes; i++)
        if (sweep->changes[i].verdict == verdict)
            fprintf(out, "%s%s", before(printed++, n),
                    sweep->changes[i].backend);
}

/* From highest fd 8 to 19833, 1 fd watched: a call costs ... */
static void print_sentence(FILE *out, const struct sweep *sweep)
{
    const char *separator = "a call costs ";

    fprintf(out, "From %s%.0f to %.0f%s", sweep->before, sweep->from, sweep->to,
            sweep->after);
    if (sweep->fixed_count != PA_ANY)
        fprintf(out, " (%lld fd%s watched)", (long long)sweep->fixed_count,
                sweep->fixed_count == 1 ? "" : "s");
    fputs(": ", out);
    for (size_t i = 0; i < sweep->n_changes; i++) {
        const struct change *change = &sweep->changes[i];
        if (change->verdict != RISES && change->verdict != FALLS)
            continue;
        fputs(separator, out);
        print_interval(out, change->more_ns, change->verdict == RISES ? 1 : -1);
        fprintf(out, " with %s", change->backend);
        separator = ", ";
    }
    int any = separator[0] == ',';
    print_group(out, sweep, LEVEL,
                any ? "; the same" : "a call costs the same");
    print_group(out, sweep, UNCLEAR, "; cannot tell");
    fputs(".", out);
}

/* As short as a title must be, and without commas: gnuplot ends a field at
 * its first. */
static void print_title(FILE *out, const struct sweep *sweep)
{
    fprintf(out, "%.0f to %.0f: ", sweep->from, sweep->to);
    for (size_t i = 0; i < sweep->n_changes; i++) {
        const struct change *change = &sweep->changes[i];
        fprintf(out, "%s%s ", i == 0 ? "" : "; ", change->backend);
        if (change->verdict == LEVEL) {
            fputs("level", out);
        } else if (change->verdict == UNCLEAR) {
            fputs("cannot tell", out);
        } else {
            fputs(change->verdict == RISES ? "+" : "", out);
            print_cost(out, change->more_ns.value);
        }
    }
}

/* print(out, sweep) into a new string; NULL when there is no memory. */
static char *text_of(void (*print)(FILE *, const struct sweep *),
                     const struct sweep *sweep)
{
    char *text = NULL;
    size_t n_bytes = 0;
    FILE *out = open_memstream(&text, &n_bytes);

    if (!out)
        return NULL;
    print(out, sweep);
    if (fclose(out) == 0)
        return text;
    free(text);
    return NULL;
}

/* Returns 0, or -1 when there is no memory. */
static int write_sweep(struct pb_csv *csv, const struct sweep *sweep)
{
    char *title = text_of(print_title, sweep);
    char *sentence = text_of(print_sentence, sweep);
    int error = title && sentence ? 0 : -1;

    if (!error && sweep->n_changes) {
        pb_csv_text(csv, sweep->name);
        if (sweep->fixed_count == PA_ANY)
            pb_csv_none(csv);
        else
            pb_csv_integer(csv, sweep->fixed_count);
        pb_csv_text(csv, title);
        pb_csv_text(csv, sentence);
        pb_csv_end_row(csv);
    }
    free(title);
    free(sentence);
    return error;
}

/* The smallest number watched in a sweep that is larger than count; PA_ANY if
 * there is none. */
static int64_t next_count(const struct pa_run *run, const char *name,
                          int64_t count)
{
    int64_t next = PA_ANY;

    for (size_t i = 0; i < run->n_points; i++) {
        const struct pa_factors *factors = &run->points[i].factors;
        if (strcmp(factors->sweep, name) == 0 && factors->fd_count > count &&
            (next == PA_ANY || factors->fd_count < next))
            next = factors->fd_count;
    }
    return next;
}

/* The smallest number ready in a sweep; a user's own range may have several,
 * and only points alike in all but what varies can be compared. */
static int64_t fewest_ready(const struct pa_run *run, const char *name)
{
    int64_t fewest = PA_ANY;

    for (size_t i = 0; i < run->n_points; i++) {
        const struct pa_factors *factors = &run->points[i].factors;
        if (strcmp(factors->sweep, name) == 0 &&
            (fewest == PA_ANY || factors->ready_count < fewest))
            fewest = factors->ready_count;
    }
    return fewest;
}

/* One row for each number watched, or one where that is what varies. Returns
 * 0, or -1 when there is no memory. */
static int write_sweeps(struct pb_csv *csv, const struct pa_run *run,
                        const struct sweep *kind)
{
    int64_t count = PA_ANY;

    if (kind->variable != PA_FD_COUNT)
        count = next_count(run, kind->name, 0);
    do {
        struct sweep sweep = *kind;
        sweep.fixed_count = count;
        sweep.fixed_ready = sweep.variable == PA_READY_COUNT
                                ? PA_ANY
                                : fewest_ready(run, sweep.name);
        if (look_at(&sweep, run) < 0 || write_sweep(csv, &sweep) < 0)
            return -1;
        if (count != PA_ANY)
            count = next_count(run, kind->name, count);
    } while (count != PA_ANY);
    return 0;
}

int pa_findings_write(const struct pa_run *run, const char *folder,
                      struct pa_problem *problem)
{
    struct pa_output output;
    int error = 0;

    if (pa_output_open(&output, folder, "findings.csv", problem) < 0)
        return -1;
    PB_CSV_HEADER(&output.csv, PB_FINDINGS);
    for (size_t i = 0; i < N_SWEEPS; i++)
        error |= write_sweeps(&output.csv, run, &sweeps[i]);
    int closed = pa_output_close(&output, problem);
    return error ? pa_problem_set(problem, "no memory for the findings")
                 : closed;
}
