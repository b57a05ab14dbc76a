/* SPDX-License-Identifier: MIT */
#include "export.h"

#include "findings.h"
#include "metrics.h"

#include <stdio.h>
#include <stdlib.h>

struct taker {
    int (*take)(void *context, const struct pa_headline *headline);
    void *context;
};

/* The series of a row of growth.csv, as a name; NULL: no memory. */
static char *name_of(const struct pb_growth_row *row)
{
    const struct pb_factors factors = {
        .sweep = "",
        .backend = row->backend,
        .stage = row->stage,
        .layout = row->layout,
        .highest_fd = pb_factor_in_block(row->highest_fd, "highest_fd"),
        .fd_count = row->fd_count,
        .ready_count = row->ready_count,
        .occupied_words = row->occupied_words,
        .fd_kind = row->fd_kind,
        .tables = row->tables,
        .metric = row->metric};

    return pa_export_name(&factors);
}

/* Name it "SERIES/slope/fd_count:64..512", and hand it over. */
static int hand_over(const struct taker *taker, struct pa_headline headline,
                     const struct pb_growth_row *row, int64_t from, int64_t to)
{
    char *series = name_of(row), *name = NULL;

    if (series && asprintf(&name, "%s/%s/%s:%lld..%lld", series,
                           headline.is_cost ? "change" : "slope", row->variable,
                           (long long)from, (long long)to) < 0)
        name = NULL;
    char *clean = name ? pa_utf8(name) : NULL;
    headline.name = clean;
    int error = clean ? taker->take(taker->context, &headline) : -1;
    free(series);
    free(name);
    free(clean);
    return error;
}

static int take_change(const struct taker *taker,
                       const struct pb_growth_row *row)
{
    const char *variable = row->variable;

    return hand_over(taker,
                     (struct pa_headline){.unit = pb_metric_unit(row->metric),
                                          .value = row->change_ns,
                                          .low = row->change_low_ns,
                                          .high = row->change_high_ns,
                                          .is_cost = 1},
                     row, pb_factor_in_block(row->from, variable),
                     pb_factor_in_block(row->to, variable));
}

static int take_slopes(const struct taker *taker,
                       const struct pa_run_tables *run,
                       const struct pb_growth_row *row)
{
    PA_EACH (slope, run, slopes) {
        struct pa_headline headline = {.unit = slope->unit,
                                       .value = slope->slope,
                                       .low = slope->slope_low,
                                       .high = slope->slope_high};
        if (pa_slope_is_of(slope, row) &&
            hand_over(taker, headline, row, slope->window_from,
                      slope->window_to) < 0)
            return -1;
    }
    return 0;
}

static int take_all(const struct taker *taker, const struct pa_run_tables *run)
{
    const struct pb_growth_row *rows[PA_GROWTHS_MOST];

    for (size_t i = 0; i < run->backends.n; i++) {
        size_t n = pa_summary_growths(run, &run->backends.backends[i], rows);
        for (size_t j = 0; j < n; j++)
            if (take_change(taker, rows[j]) < 0 ||
                take_slopes(taker, run, rows[j]) < 0)
                return -1;
    }
    return 0;
}

int pa_headlines(const char *folder,
                 int (*take)(void *context, const struct pa_headline *headline),
                 void *context, struct pa_problem *problem)
{
    struct taker taker = {take, context};
    struct pa_run_tables run;

    if (pa_run_tables_read_some(&run, folder, 1u << PA_GROWTH | 1u << PA_SLOPES,
                                problem) < 0)
        return -1;
    int error = take_all(&taker, &run);
    pa_run_tables_free(&run);
    return error < 0 ? pa_problem_set(problem, "out of memory") : 0;
}
