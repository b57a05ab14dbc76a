/* SPDX-License-Identifier: MIT */
/* Whose cost it is: what grows in the program (prepare and collect) and what
 * in the call (wait), over the stages sweep. */
#include "findings.h"

#include "finding_row.h"
#include "pairs.h"
#include "points.h"
#include "rules.h"
#include "series.h"

#include <math.h>
#include <string.h>

/* One arm of the sweep's cross, and the range that all backends share. */
struct arm {
    enum pb_factor variable;
    struct pa_filter filter; /* of stage wait, any backend */
    size_t n_points;         /* of its longest series */
    double from, to;
};

struct part {
    const char *backend;
    struct pa_change program, call;
};

static int is_of_stages(const struct pa_point *point)
{
    return pa_point_is_shown_by(point, "stages") && !point->is_unusual &&
           strcmp(point->factors.stage, "wait") == 0;
}

/* The longest series along the variable says what the arm holds fixed. */
static int find_arm(struct arm *arm, const struct pa_run *run)
{
    for (size_t i = 0; i < run->n_points; i++) {
        const struct pb_factors *factors = &run->points[i].factors;
        struct pa_series series;
        if (!is_of_stages(&run->points[i]) ||
            !pa_series_starts(run, i, arm->variable))
            continue;
        if (pa_series_of_point(&series, run, i, arm->variable) < 0)
            return -1;
        if (series.n_points > arm->n_points) {
            arm->n_points = series.n_points;
            arm->filter =
                (struct pa_filter){.sweep = factors->sweep,
                                   .stage = "wait",
                                   .layout = factors->layout,
                                   .highest_fd = factors->highest_fd,
                                   .fd_count = factors->fd_count,
                                   .ready_count = factors->ready_count};
        }
        pa_series_free(&series);
    }
    return 0;
}

static int collect(struct pa_series *series, const struct arm *arm,
                   const struct pa_run *run, const char *backend)
{
    struct pa_filter filter = arm->filter;

    filter.backend = backend;
    return pa_series_collect(series, run, filter, arm->variable);
}

/* Narrow the arm to where this backend was measured, and to sets that fit the
 * cache. */
static int narrow(struct arm *arm, const struct pa_run *run,
                  const char *backend)
{
    struct pa_series series;

    if (collect(&series, arm, run, backend) < 0)
        return -1;
    if (series.n_points >= 2) {
        size_t last = series.n_points - 1;
        while (arm->variable == PB_FACTOR_fd_count && last > 1 &&
               pa_series_x(&series, last) > PB_SMALL_FDS)
            last--;
        arm->from = fmax(arm->from, pa_series_x(&series, 0));
        arm->to = fmin(arm->to, pa_series_x(&series, last));
    }
    pa_series_free(&series);
    return 0;
}

/* The program's stages at a point; one that was not told from nothing is left
 * out. */
static struct pa_cost program_at(const struct pa_run *run,
                                 const struct pa_point *wait)
{
    const struct pa_point *prepare = pa_stage_of(run, wait, "prepare");
    const struct pa_point *collect = pa_stage_of(run, wait, "collect");

    return prepare ? (struct pa_cost){{prepare, collect}}
                   : (struct pa_cost){{collect, NULL}};
}

static int is_comparable(const struct pa_cost *near, const struct pa_cost *far)
{
    return near->parts[0] && far->parts[0] &&
           !near->parts[1] == !far->parts[1] &&
           strcmp(near->parts[0]->factors.stage,
                  far->parts[0]->factors.stage) == 0;
}

static int measure_ends(struct part *part, const struct pa_run *run,
                        const struct pa_point *near, const struct pa_point *far)
{
    struct pa_cost before = program_at(run, near);
    struct pa_cost after = program_at(run, far);

    part->program = (struct pa_change){.verdict = PA_UNCLEAR};
    if (is_comparable(&before, &after) &&
        pa_change_measure(&part->program, run, before, after) < 0)
        return -1;
    return pa_change_measure(&part->call, run, (struct pa_cost){{near}},
                             (struct pa_cost){{far}});
}

/* Returns 1 if the backend has both ends of the range, 0 if not, -1 when there
 * is no memory. */
static int measure(struct part *part, const struct arm *arm,
                   const struct pa_run *run, const char *backend)
{
    struct pa_series series;
    size_t first = 0;

    if (collect(&series, arm, run, backend) < 0)
        return -1;
    size_t last = series.n_points;
    while (first < last && pa_series_x(&series, first) < arm->from)
        first++;
    while (last > first && pa_series_x(&series, last - 1) > arm->to)
        last--;
    int is_there = last > first + 1;
    part->backend = backend;
    if (is_there && measure_ends(part, run, series.points[first],
                                 series.points[last - 1]) < 0)
        is_there = -1;
    pa_series_free(&series);
    return is_there;
}

static int is_level(const struct part *part)
{
    return part->program.verdict == PA_LEVEL && part->call.verdict == PA_LEVEL;
}

static void print_change_of(FILE *out, const struct part *part)
{
    int is_program = part->program.verdict != PA_LEVEL;

    fputs(part->backend, out);
    if (is_program) {
        fputs(" program ", out);
        pa_print_change(out, &part->program);
    }
    if (part->call.verdict != PA_LEVEL) {
        fputs(is_program ? " and call " : " call ", out);
        pa_print_change(out, &part->call);
    }
}

/* Those that change, and last those that do not. */
static void print_title(FILE *out, const struct arm *arm,
                        const struct part *parts, size_t n_parts)
{
    const char *separator = "";

    fprintf(out, "%.0f to %.0f: ", arm->from, arm->to);
    for (size_t i = 0; i < n_parts; i++) {
        if (is_level(&parts[i]))
            continue;
        fputs(separator, out);
        print_change_of(out, &parts[i]);
        separator = "; ";
    }
    size_t n_level = 0;
    for (size_t i = 0; i < n_parts; i++)
        if (is_level(&parts[i]))
            fprintf(out, "%s%s", n_level++ ? " and " : separator,
                    parts[i].backend);
    fputs(n_level ? " level" : "", out);
}

static void print_outcome(FILE *out, const struct pa_change *change)
{
    if (change->verdict == PA_RISES || change->verdict == PA_FALLS) {
        pa_print_change_interval(out, change);
    } else if (change->verdict == PA_LEVEL) {
        fputs("the same (within ", out);
        pa_print_cost(out, change->margin_ns);
        fputs(")", out);
    } else {
        fputs("what cannot be told", out);
    }
}

/* In the order of the title. */
static void print_outcomes(FILE *out, const struct part *parts, size_t n_parts)
{
    size_t n_level = 0, printed = 0;
    const char *separator = "";
    double margin_ns = 0;

    for (size_t i = 0; i < n_parts; i++) {
        if (is_level(&parts[i])) {
            margin_ns = fmax(margin_ns, fmax(parts[i].program.margin_ns,
                                             parts[i].call.margin_ns));
            n_level++;
            continue;
        }
        fprintf(out, "%swith %s the program costs ", separator,
                parts[i].backend);
        separator = "; ";
        print_outcome(out, &parts[i].program);
        fputs(" and the call ", out);
        print_outcome(out, &parts[i].call);
    }
    if (n_level == 0)
        return;
    fprintf(out, "%sboth cost the same (within ", separator);
    pa_print_cost(out, margin_ns);
    fputs(") with ", out);
    for (size_t i = 0; i < n_parts; i++)
        if (is_level(&parts[i]))
            fprintf(out, "%s%s", pa_before_item(printed++, n_level),
                    parts[i].backend);
}

static void print_range(FILE *out, const struct arm *arm)
{
    if (arm->variable == PB_FACTOR_fd_count)
        fprintf(out, "From %.0f to %.0f fds watched", arm->from, arm->to);
    else
        fprintf(out, "From highest fd %.0f to %.0f (%lld fd%s watched)",
                arm->from, arm->to, (long long)arm->filter.fd_count,
                arm->filter.fd_count == 1 ? "" : "s");
    fputs(", the program (prepare and collect) and the call (wait) timed "
          "apart: ",
          out);
}

static int write_arm(struct pb_csv *csv, const struct arm *arm,
                     const struct part *parts, size_t n_parts)
{
    struct pa_finding_row row;

    if (pa_finding_row_open(&row) < 0)
        return -1;
    print_title(row.title, arm, parts, n_parts);
    print_range(row.sentence, arm);
    print_outcomes(row.sentence, parts, n_parts);
    fputs(".", row.sentence);
    return pa_finding_row_close(
        &row, csv, arm->filter.sweep,
        arm->variable == PB_FACTOR_fd_count ? PA_NONE : arm->filter.fd_count);
}

static int find(struct pb_csv *csv, struct arm *arm, const struct pa_run *run)
{
    const char *backends[PA_BACKENDS_MAX];
    struct part parts[PA_BACKENDS_MAX];
    size_t n = pa_backends(run, backends, PA_BACKENDS_MAX), n_parts = 0;

    if (find_arm(arm, run) < 0)
        return -1;
    for (size_t i = 0; i < n && arm->n_points >= 2; i++)
        if (narrow(arm, run, backends[i]) < 0)
            return -1;
    for (size_t i = 0; i < n && arm->n_points >= 2; i++) {
        int is_there = measure(&parts[n_parts], arm, run, backends[i]);
        if (is_there < 0)
            return -1;
        n_parts += (size_t)is_there;
    }
    return n_parts > 0 ? write_arm(csv, arm, parts, n_parts) : 0;
}

int pa_findings_of_stages(struct pb_csv *csv, const struct pa_run *run)
{
    struct arm over_m = {.variable = PB_FACTOR_highest_fd, .to = INFINITY};
    struct arm over_n = {.variable = PB_FACTOR_fd_count, .to = INFINITY};

    return find(csv, &over_m, run) < 0 ? -1 : find(csv, &over_n, run);
}
