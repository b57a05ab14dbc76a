/* SPDX-License-Identifier: MIT */
/* What a call costs more at the far end of a sweep than at its near end. */
#include "findings.h"

#include "finding_row.h"
#include "rules.h"
#include "series.h"
#include "show.h"
#include "stats.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BACKENDS_MOST 16

struct backend_change {
    const char *backend;
    struct pa_change change;
};

struct sweep {
    const char *name; /* of the sweep, and of the row */
    enum pb_factor variable;
    int is_beyond_cache; /* all of it, so that the range is kept */
    int64_t fixed_count; /* fds watched; PA_ANY if that is what varies */
    int64_t fixed_ready; /* fds ready, likewise */
    double from, to;
    size_t n_changes;
    struct backend_change changes[BACKENDS_MOST]; /* largest first */
};

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
    while (sweep->variable == PB_FACTOR_fd_count && !sweep->is_beyond_cache &&
           last > 1 && pa_series_x(series, last) > PB_SMALL_FDS)
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
    struct backend_change *change = &sweep->changes[sweep->n_changes++];
    change->backend = series->points[0]->factors.backend;
    return pa_change_measure(&change->change, run,
                             (struct pa_cost){{series->points[first]}},
                             (struct pa_cost){{series->points[last]}});
}

/* Do one of the two above. Returns 0, or -1 when there is no memory. */
static int visit(struct sweep *sweep, const struct pa_run *run,
                 const struct pb_factors *factors, int is_measured)
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
    const struct pa_change *left = &((const struct backend_change *)a)->change;
    const struct pa_change *right = &((const struct backend_change *)b)->change;
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

    pa_filter_release(&filter, run, sweep->variable);
    for (size_t i = 0; i < run->n_points; i++) {
        const struct pb_factors *factors = &run->points[i].factors;
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

/* The backends of one verdict, as one part of the sentence. Returns whether
 * there are any. */
static int print_group(FILE *out, const struct sweep *sweep,
                       enum pa_change_verdict verdict, const char *text)
{
    size_t n = 0, printed = 0;
    double margin_ns = 0;

    for (size_t i = 0; i < sweep->n_changes; i++)
        if (sweep->changes[i].change.verdict == verdict) {
            margin_ns = fmax(margin_ns, sweep->changes[i].change.margin_ns);
            n++;
        }
    if (n == 0)
        return 0;
    fputs(text, out);
    if (verdict == PA_LEVEL) {
        fputs(" (within ", out);
        pa_print_cost(out, margin_ns);
        fputs(")", out);
    }
    fputs(" with ", out);
    for (size_t i = 0; i < sweep->n_changes; i++)
        if (sweep->changes[i].change.verdict == verdict)
            fprintf(out, "%s%s", pa_before_item(printed++, n),
                    sweep->changes[i].backend);
    return 1;
}

/* From highest fd 8 to 19833, 1 fd watched: a call costs ... */
static void print_sentence(FILE *out, const struct sweep *sweep)
{
    const char *separator = "a call costs ";

    fprintf(out, "From %s",
            pa_show_range(pb_factor_infos[sweep->variable].name, sweep->from,
                          sweep->to)
                .text);
    if (sweep->fixed_count != PA_ANY)
        fprintf(out, " (%lld fd%s watched)", (long long)sweep->fixed_count,
                sweep->fixed_count == 1 ? "" : "s");
    fputs(": ", out);
    for (size_t i = 0; i < sweep->n_changes; i++) {
        const struct backend_change *change = &sweep->changes[i];
        if (change->change.verdict != PA_RISES &&
            change->change.verdict != PA_FALLS)
            continue;
        fputs(separator, out);
        pa_print_change_interval(out, &change->change);
        fprintf(out, " with %s", change->backend);
        separator = ", ";
    }
    int any = separator[0] == ',';
    any |= print_group(out, sweep, PA_LEVEL,
                       any ? "; the same" : "a call costs the same");
    print_group(out, sweep, PA_UNCLEAR, any ? "; cannot tell" : "cannot tell");
    fputs(".", out);
}

/* As short as a title must be. */
static void print_title(FILE *out, const struct sweep *sweep)
{
    fprintf(out, "%.0f to %.0f: ", sweep->from, sweep->to);
    for (size_t i = 0; i < sweep->n_changes; i++) {
        fprintf(out, "%s%s ", i == 0 ? "" : "; ", sweep->changes[i].backend);
        pa_print_change(out, &sweep->changes[i].change);
    }
}

/* Returns 0, or -1 when there is no memory. */
static int write_sweep(struct pb_csv *csv, const struct sweep *sweep)
{
    struct pa_finding_row row;

    if (sweep->n_changes == 0)
        return 0;
    if (pa_finding_row_open(&row) < 0)
        return -1;
    print_title(row.title, sweep);
    print_sentence(row.sentence, sweep);
    return pa_finding_row_close(&row, csv, sweep->name, sweep->fixed_count);
}

/* The smallest number watched in a sweep that is larger than count; PA_ANY if
 * there is none. */
static int64_t next_count(const struct pa_run *run, const char *name,
                          int64_t count)
{
    int64_t next = PA_ANY;

    for (size_t i = 0; i < run->n_points; i++) {
        const struct pb_factors *factors = &run->points[i].factors;
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
        const struct pb_factors *factors = &run->points[i].factors;
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

    if (kind->variable != PB_FACTOR_fd_count)
        count = next_count(run, kind->name, 0);
    do {
        struct sweep sweep = *kind;
        sweep.fixed_count = count;
        sweep.fixed_ready = sweep.variable == PB_FACTOR_ready_count
                                ? PA_ANY
                                : fewest_ready(run, sweep.name);
        if (look_at(&sweep, run) < 0 || write_sweep(csv, &sweep) < 0)
            return -1;
        if (count != PA_ANY)
            count = next_count(run, kind->name, count);
    } while (count != PA_ANY);
    return 0;
}

int pa_findings_of_sweeps(struct pb_csv *csv, const struct pa_run *run)
{
    for (size_t i = 0; i < run->cases.n; i++) {
        const struct pa_case *asked = &run->cases.cases[i];
        struct sweep kind = {.name = asked->sweep,
                             .variable = asked->axis,
                             .is_beyond_cache =
                                 strcmp(asked->figure, "scale") == 0};
        if ((kind.is_beyond_cache || strcmp(asked->figure, "series") == 0) &&
            asked->axis != PB_N_FACTORS && write_sweeps(csv, run, &kind) < 0)
            return -1;
    }
    return 0;
}
