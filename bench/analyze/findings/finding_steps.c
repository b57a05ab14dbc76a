/* SPDX-License-Identifier: MIT */
/* Where cost jumps: the steps of one scan in a title. */
#include "findings.h"

#include "finding_row.h"
#include "points.h"
#include "rules.h"
#include "series.h"

#include <string.h>

struct scan {
    enum pb_factor variable;
    const struct pb_factors *base; /* NULL: the run has no such scan */
    size_t n_points;
    double from, to;
};

/* The longest series of the steps sweep along the variable. */
static int find_scan(struct scan *scan, const struct pa_run *run)
{
    for (size_t i = 0; i < run->n_points; i++) {
        struct pa_series series;
        if (!pa_point_is_shown_by(&run->points[i], "steps") ||
            !pa_series_starts(run, i, scan->variable))
            continue;
        if (pa_series_of_point(&series, run, i, scan->variable) < 0)
            return -1;
        if (series.n_points > scan->n_points) {
            scan->base = &run->points[i].factors;
            scan->n_points = series.n_points;
            scan->from = pa_series_x(&series, 0);
            scan->to = pa_series_x(&series, series.n_points - 1);
        }
        pa_series_free(&series);
    }
    return 0;
}

static int is_of(const struct pa_step *step, const struct scan *scan)
{
    return step->variable == scan->variable && !step->is_minor &&
           strcmp(step->base.layout, scan->base->layout) == 0;
}

static void print_step(struct pa_finding_row *row, const struct pa_step *step,
                       const struct pa_step *last)
{
    const char *backend = step->base.backend;
    int is_other = !last || strcmp(last->base.backend, backend) != 0;

    fprintf(row->title, "%s%s%s%s", last ? "; " : "", is_other ? backend : "",
            is_other ? " " : "", step->size_ns < 0 ? "" : "+");
    pa_print_cost(row->title, step->size_ns);
    fprintf(row->title, " above %lld", (long long)step->before);
    fprintf(row->sentence, "%s%s by ", last ? ", " : " jumps: ", backend);
    pa_print_cost(row->sentence, step->size_ns);
    fputs(" [", row->sentence);
    pa_print_cost(row->sentence, step->low_ns);
    fputs(", ", row->sentence);
    pa_print_cost(row->sentence, step->high_ns);
    fprintf(row->sentence, "] between %lld and %lld", (long long)step->before,
            (long long)step->place);
}

static void print_steps(struct pa_finding_row *row, const struct scan *scan,
                        const struct pa_steps *steps)
{
    const struct pa_step *last = NULL;

    for (size_t i = 0; i < steps->n_steps; i++)
        if (is_of(&steps->steps[i], scan)) {
            print_step(row, &steps->steps[i], last);
            last = &steps->steps[i];
        }
    if (last)
        return;
    int is_short = scan->n_points < PB_SCAN_POINTS;
    fputs(is_short ? "too few points to tell a step" : "no step found",
          row->title);
    fputs(is_short ? " too few points to tell a step" : " no step was found",
          row->sentence);
}

static int write_scan(struct pb_csv *csv, const struct scan *scan,
                      const struct pa_steps *steps)
{
    struct pa_finding_row row;
    int is_over_n = scan->variable == PB_FACTOR_fd_count;

    if (pa_finding_row_open(&row) < 0)
        return -1;
    fprintf(row.sentence, "In a fine scan from %s%.0f to %.0f%s:",
            is_over_n ? "" : "highest fd ", scan->from, scan->to,
            is_over_n ? " fds watched" : "");
    print_steps(&row, scan, steps);
    fputs(".", row.sentence);
    return pa_finding_row_close(&row, csv, scan->base->sweep,
                                is_over_n ? PA_NONE : scan->base->fd_count);
}

int pa_findings_of_steps(struct pb_csv *csv, const struct pa_run *run,
                         const struct pa_steps *steps)
{
    struct scan scans[] = {{.variable = PB_FACTOR_highest_fd},
                           {.variable = PB_FACTOR_fd_count}};

    for (size_t i = 0; i < 2; i++) {
        if (find_scan(&scans[i], run) < 0)
            return -1;
        if (scans[i].n_points >= 2 && write_scan(csv, &scans[i], steps) < 0)
            return -1;
    }
    return 0;
}
