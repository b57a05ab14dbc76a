/* SPDX-License-Identifier: MIT */
#include "history.h"

#include "base_point.h"
#include "growth.h"
#include "output.h"
#include "points.h"
#include "row.h"
#include "series.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PUBLISHED_INDEX(name, type, unit, fallback, meaning) PUBLISHED_##name,
enum published_column { PB_PUBLISHED(PUBLISHED_INDEX) PUBLISHED_COLUMNS };

static const struct pa_column published_columns[] = {PB_PUBLISHED(PA_COLUMN)};

#define ECHO "reading and writing of every event"
#define PASS "writing one byte, dispatch"

/* How each source's figure becomes the cost of one call: which rows (source
 * and metric hold these texts), the name in a legend, ns in one of its units,
 * calls that one figure covers, and what else the figure holds. A chain of w
 * writes among a active fds takes (a + w) / a waits of a events each. */
static const struct rule {
    const char *source, *metric, *series;
    double unit_ns, n_calls;
    const char *includes;
} rules[] = {
    {"Kerrisk TLPI", "100000 monitoring", "Kerrisk 2010", 1e9, 1e5, ""},
    {"Kerrisk LCA2006", "100000 operations", "Kerrisk 2006", 1e9, 1e5, ""},
    {"Kegel Poller_bench via LKML 2001-07", "per pass", "Kegel 2000", 1e3, 1,
     PASS},
    {"Kegel Poller_bench via LKML 2001-01", "per pass", "Kegel 2001", 1e3, 1,
     PASS},
    {"Randy Hron lmbench", "files", "lmbench 2002, files", 1e3, 1, ""},
    {"Randy Hron lmbench", "tcp", "lmbench 2002, TCP", 1e3, 1, ""},
    {"lmbench 2.5", "files", "lmbench 1994, files", 1e3, 1, ""},
    {"lmbench 2.5", "tcp", "lmbench 1994, TCP", 1e3, 1, ""},
    {"whatacold", "one blocking wait", "whatacold 2016", 1e3, 1,
     "blocking until ready"},
    {"coroio bench data (coroio)", "1+100 events", "coroio 2023", 1e3, 101,
     ECHO},
    {"coroio bench data (coroio)", "100+1000 events", "coroio 2023, 100 ready",
     1e3, 11, ECHO},
    {"coroio bench data (libevent", "1+100 events", "libevent 2023", 1e3, 101,
     ECHO},
    {"coroio bench data (libevent", "100+1000 events",
     "libevent 2023, 100 ready", 1e3, 11, ECHO},
};

static const struct rule *rule_of(const union pa_cell *row)
{
    for (size_t i = 0; i < PA_ARRAY_SIZE(rules); i++)
        if (strstr(row[PUBLISHED_source].text, rules[i].source) &&
            strstr(row[PUBLISHED_metric].text, rules[i].metric))
            return &rules[i];
    return NULL;
}

static void take_row(struct pa_history *history, const union pa_cell *row)
{
    const struct rule *rule = rule_of(row);

    if (!rule || row[PUBLISHED_fds].integer < 1 ||
        !(row[PUBLISHED_value].real > 0))
        return;
    history->figures[history->n_figures++] = (struct pa_history_figure){
        .source = row[PUBLISHED_source].text,
        .series = rule->series,
        .kernel = row[PUBLISHED_kernel].text,
        .backend = row[PUBLISHED_backend].text,
        .includes = rule->includes,
        .year = row[PUBLISHED_year].integer,
        .fds = row[PUBLISHED_fds].integer,
        .active = row[PUBLISHED_active].integer,
        .call_ns = row[PUBLISHED_value].real * rule->unit_ns / rule->n_calls};
}

/* This run's line: packed, one fd ready, the whole call, M at its largest. */
static void take_run(struct pa_history *history, const struct pa_run *run)
{
    static const struct pa_filter filter = {.stage = "all",
                                            .layout = "packed",
                                            .highest_fd = PA_ANY,
                                            .fd_count = PA_ANY,
                                            .ready_count = 1};

    for (size_t i = 0; i < run->n_points; i++) {
        const struct pa_point *point = &run->points[i];
        if (!pa_filter_matches(&filter, point) || !pa_point_is_usable(point) ||
            !pa_point_is_shown_by(point, "series") ||
            point->asked->axis != PB_FACTOR_fd_count)
            continue;
        history->figures[history->n_figures++] = (struct pa_history_figure){
            .source = *run->host.run_id ? run->host.run_id : "this run",
            .series = "this run",
            .kernel = run->host.kernel,
            .backend = point->factors.backend,
            .includes = "",
            .year = PA_NONE,
            .fds = point->factors.fd_count,
            .active = 1,
            .call_ns = point->estimate_ns};
    }
}

static int compare_lines(const struct pa_history_figure *a,
                         const struct pa_history_figure *b)
{
    int order = (a->year > b->year) - (a->year < b->year);

    if (!order)
        order = strcmp(a->series, b->series);
    if (!order)
        order = strcmp(a->kernel, b->kernel);
    return order ? order : strcmp(a->backend, b->backend);
}

static int compare(const void *left, const void *right)
{
    const struct pa_history_figure *a = left;
    const struct pa_history_figure *b = right;
    int order = compare_lines(a, b);

    return order ? order : (a->fds > b->fds) - (a->fds < b->fds);
}

static int name_growth(struct pa_history *history)
{
    double *x = malloc((2 * history->n_figures + 1) * sizeof *x);

    if (!x)
        return -1;
    double *y = x + history->n_figures;
    for (size_t i = 0, n; i < history->n_figures; i += n) {
        for (n = 0;
             i + n < history->n_figures &&
             compare_lines(&history->figures[i], &history->figures[i + n]) == 0;
             n++) {
            x[n] = (double)history->figures[i + n].fds;
            y[n] = history->figures[i + n].call_ns;
        }
        const char *growth = pa_growth(x, y, n);
        if (!growth) {
            free(x);
            return -1;
        }
        for (size_t j = 0; j < n; j++)
            history->figures[i + j].growth = growth;
    }
    free(x);
    return 0;
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

/* This run's own lines have the class that growth.csv has. */
static void name_own_growth(struct pa_history *history,
                            const struct pa_growths *growths)
{
    for (size_t i = 0; i < history->n_figures; i++) {
        struct pa_history_figure *figure = &history->figures[i];
        const struct pa_base base = {.backend = figure->backend,
                                     .stage = "all",
                                     .layout = "packed",
                                     .highest_fd = "max",
                                     .fd_count = "",
                                     .ready_count = "1",
                                     .variable = PB_FACTOR_fd_count};
        const struct pa_growth *growth =
            figure->year == PA_NONE ? pa_base_growth(growths, &base) : NULL;
        if (growth)
            figure->growth = word_of(growth->found.class);
    }
}

PB_ROW(history, PB_HISTORY)

static void write_figure(struct pb_csv *csv,
                         const struct pa_history_figure *figure)
{
    pb_history_put(csv, &(struct pb_history_row){
                            .source = figure->source,
                            .series = figure->series,
                            .year = figure->year,
                            .kernel = figure->kernel,
                            .backend = figure->backend,
                            .fds = figure->fds,
                            .active = figure->active,
                            .call_ns = figure->call_ns,
                            .fd_ns = figure->call_ns / (double)figure->fds,
                            .growth = figure->growth,
                            .includes = figure->includes,
                        });
}

int pa_history_write(const struct pa_history *history, const char *folder,
                     struct pa_problem *problem)
{
    struct pa_output output;

    if (pa_output_open(&output, folder, "history.csv", problem) < 0)
        return -1;
    PB_CSV_HEADER(&output.csv, PB_HISTORY);
    for (size_t i = 0; i < history->n_figures; i++)
        write_figure(&output.csv, &history->figures[i]);
    return pa_output_close(&output, problem);
}

static int fill(struct pa_history *history, const struct pa_run *run)
{
    size_t n = history->table.n_rows;

    history->figures = calloc(n + run->n_points + 1, sizeof *history->figures);
    if (!history->figures)
        return -1;
    for (size_t i = 0; i < n; i++)
        take_row(history, pa_table_row(&history->table, i));
    take_run(history, run);
    qsort(history->figures, history->n_figures, sizeof *history->figures,
          compare);
    return name_growth(history);
}

int pa_history_make(struct pa_history *history, const struct pa_run *run,
                    const struct pa_growths *growths, const char *path,
                    struct pa_problem *problem)
{
    *history = (struct pa_history){0};
    if (pa_table_read(&history->table, path, published_columns,
                      PUBLISHED_COLUMNS, problem) < 0)
        return -1;
    if (fill(history, run) == 0) {
        name_own_growth(history, growths);
        return 0;
    }
    pa_history_free(history);
    return pa_problem_set(problem, "out of memory");
}

void pa_history_free(struct pa_history *history)
{
    free(history->figures);
    pa_table_free(&history->table);
    *history = (struct pa_history){0};
}
