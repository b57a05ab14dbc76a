/* SPDX-License-Identifier: MIT */
/* Figures that others have published, beside this run's own. */
#include "claims_parts.h"
#include "need.h"
#include "output.h"
#include "points.h"
#include "run_tables.h"

#include <stdlib.h>
#include <string.h>

PB_ROW(published, PB_PUBLISHED)

static const struct pa_column published_columns[] = {PB_PUBLISHED(PA_COLUMN)};

/* How many ns a unit is; 0 if it is none of time. */
static double ns_of(const char *unit)
{
    static const struct {
        const char *name;
        double ns;
    } units[] = {{"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}};

    for (size_t i = 0; i < PA_ARRAY_SIZE(units); i++)
        if (pa_is(unit, units[i].name))
            return units[i].ns;
    return 0;
}

/* The rows of history.csv. */
struct figures {
    struct pb_history_row *rows;
    size_t n;
};

static void add(struct figures *figures, struct pb_history_row row)
{
    row.fd_ns = row.call_ns / (double)row.fds;
    figures->rows[figures->n++] = row;
}

/* Those that are no cost of one call (throughputs, percentages) are left out.
 */
static void take_row(struct figures *figures,
                     const struct pb_published_row *row)
{
    double unit_ns = ns_of(row->unit);

    if (row->calls < 1 || row->fds < 1 || !(row->value * unit_ns > 0))
        return;
    add(figures, (struct pb_history_row){.source = row->source,
                                         .series = row->series,
                                         .year = row->year,
                                         .kernel = row->kernel,
                                         .backend = row->backend,
                                         .fds = row->fds,
                                         .active = row->active,
                                         .call_ns = row->value * unit_ns /
                                                    (double)row->calls,
                                         .includes = row->includes});
}

/* This run's line: packed, one fd ready, the whole call, M at its largest; of
 * times, which is what others have published. */
static void take_run(struct figures *figures, const struct pa_run *run)
{
    for (size_t i = 0; i < run->n_points; i++) {
        const struct pa_point *point = &run->points[i];
        if (!pa_point_is_typical(point) ||
            !pa_is(point->factors.stage, "all") ||
            !pa_is(point->factors.layout, "packed") ||
            point->factors.ready_count != 1 ||
            !pa_point_is_shown_by(point, "series") ||
            point->asked->axis != PB_FACTOR_fd_count ||
            !pb_metric_is_time(point->metric))
            continue;
        add(figures,
            (struct pb_history_row){
                .source = pa_host_fact(&run->host, "run_id", "this run"),
                .series = "this run",
                .year = PA_NONE,
                .kernel = pa_host_fact(&run->host, "kernel", ""),
                .backend = point->factors.backend,
                .fds = point->factors.fd_count,
                .active = 1,
                .call_ns = point->estimate_ns,
                .includes = ""});
    }
}

static int compare_lines(const struct pb_history_row *a,
                         const struct pb_history_row *b)
{
    int order = (a->year > b->year) - (a->year < b->year);

    order = order ? order : strcmp(a->series, b->series);
    order = order ? order : strcmp(a->kernel, b->kernel);
    return order ? order : strcmp(a->backend, b->backend);
}

static int compare(const void *left, const void *right)
{
    const struct pb_history_row *a = left, *b = right;
    int order = compare_lines(a, b);

    return order ? order : (a->fds > b->fds) - (a->fds < b->fds);
}

/* In the words of history.csv. */
static const char *word_of(enum pa_class class)
{
    static const char *const words[PA_CLASSES] = {
        [PA_CLASS_CONSTANT] = "flat",      [PA_CLASS_LOG] = "log",
        [PA_CLASS_SQRT] = "sqrt",          [PA_CLASS_LINE] = "linear",
        [PA_CLASS_N_LOG_N] = "n-log-n",    [PA_CLASS_SQUARE] = "quadratic",
        [PA_CLASS_BENT] = "bent",          [PA_CLASS_BETWEEN] = "cannot-tell",
        [PA_CLASS_UNKNOWN] = "cannot-tell"};
    return words[class];
}

/* Of a line of n rows; this run's own lines have the class that growth.csv has.
 */
static const char *growth_of(const struct pb_history_row *line, size_t n,
                             const struct pa_growths *growths)
{
    const struct pa_claim claim = {.backend = line->backend,
                                   .stage = "all",
                                   .layout = "packed",
                                   .highest_fd = "max",
                                   .fd_count = "",
                                   .ready_count = "1",
                                   .held = ""};
    const struct pa_trial trial = {
        .claim = &claim, .growths = growths, .variable = PB_FACTOR_fd_count};
    const struct pa_growth *own =
        line->year == PA_NONE ? pa_base_growth(&trial) : NULL;
    PA_FREED double *x = pa_room(2 * n, sizeof *x);

    if (own)
        return word_of(own->found.class);
    for (size_t i = 0; i < n; i++) {
        x[i] = (double)line[i].fds;
        x[n + i] = line[i].call_ns;
    }
    return pa_growth(x, x + n, n);
}

static void write_lines(struct pb_csv *csv, struct figures *figures,
                        const struct pa_growths *growths)
{
    PB_CSV_HEADER(csv, PB_HISTORY);
    qsort(figures->rows, figures->n, sizeof *figures->rows, compare);
    for (size_t i = 0, n; i < figures->n; i += n) {
        struct pb_history_row *line = &figures->rows[i];
        for (n = 1; i + n < figures->n && !compare_lines(line, line + n);)
            n++;
        const char *growth = growth_of(line, n, growths);
        for (size_t j = 0; j < n; j++) {
            line[j].growth = growth;
            pb_history_put(csv, &line[j]);
        }
    }
}

int pa_history_write(const struct pa_run *run, const struct pa_growths *growths,
                     const char *published, const char *folder,
                     struct pa_problem *problem)
{
    struct pa_table table;
    struct pa_output output;

    if (pa_table_read(&table, published, published_columns,
                      PA_ARRAY_SIZE(published_columns), problem) < 0)
        return -1;
    struct figures figures = {
        .rows = pa_room(table.n_rows + run->n_points, sizeof *figures.rows)};
    int error = pa_output_open(&output, folder, "history.csv", problem);
    if (error == 0) {
        for (size_t i = 0; i < table.n_rows; i++)
            take_row(&figures, (const void *)pa_table_row(&table, i));
        take_run(&figures, run);
        write_lines(&output.csv, &figures, growths);
        error = pa_output_close(&output, problem);
    }
    free(figures.rows);
    pa_table_free(&table);
    return error;
}
