/* SPDX-License-Identifier: MIT */
#include "export.h"

#include "growth_rows.h"
#include "summary.h"

#include <stdio.h>
#include <stdlib.h>

struct taker {
    int (*take)(void *context, const struct pa_headline *headline);
    void *context;
};

/* The series of a row of growth.csv, as a name; NULL: no memory. */
static char *name_of(const union pa_cell *row)
{
    const struct pb_factors factors = {
        .sweep = "",
        .backend = row[GROWTH_backend].text,
        .stage = row[GROWTH_stage].text,
        .layout = row[GROWTH_layout].text,
        .highest_fd =
            pb_factor_in_block(row[GROWTH_highest_fd].integer, "highest_fd"),
        .fd_count = row[GROWTH_fd_count].integer,
        .ready_count = row[GROWTH_ready_count].integer,
        .occupied_words = row[GROWTH_occupied_words].integer,
        .fd_kind = row[GROWTH_fd_kind].text,
        .tables = row[GROWTH_tables].integer,
        .metric = row[GROWTH_metric].text};

    return pa_export_name(&factors);
}

/* Name it "SERIES/slope/fd_count:64..512", and hand it over. */
static int hand_over(const struct taker *taker, struct pa_headline headline,
                     const union pa_cell *row, int64_t from, int64_t to)
{
    char *series = name_of(row), *name = NULL;

    if (series &&
        asprintf(&name, "%s/%s/%s:%lld..%lld", series,
                 headline.is_cost ? "change" : "slope",
                 row[GROWTH_variable].text, (long long)from, (long long)to) < 0)
        name = NULL;
    char *clean = name ? pa_utf8(name) : NULL;
    headline.name = clean;
    int error = clean ? taker->take(taker->context, &headline) : -1;
    free(series);
    free(name);
    free(clean);
    return error;
}

static int take_change(const struct taker *taker, const union pa_cell *row)
{
    const char *variable = row[GROWTH_variable].text;

    return hand_over(
        taker,
        (struct pa_headline){.unit = "ns",
                             .value = row[GROWTH_change_ns].real,
                             .low = row[GROWTH_change_low_ns].real,
                             .high = row[GROWTH_change_high_ns].real,
                             .is_cost = 1},
        row, pb_factor_in_block(row[GROWTH_from].integer, variable),
        pb_factor_in_block(row[GROWTH_to].integer, variable));
}

static int take_slopes(const struct taker *taker,
                       const struct pa_run_tables *run,
                       const union pa_cell *row)
{
    for (size_t i = 0; i < pa_run_rows(run, PA_SLOPES); i++) {
        const union pa_cell *slope = pa_run_row(run, PA_SLOPES, i);
        struct pa_headline headline = {.unit = slope[SLOPES_unit].text,
                                       .value = slope[SLOPES_slope].real,
                                       .low = slope[SLOPES_slope_low].real,
                                       .high = slope[SLOPES_slope_high].real};
        if (pa_slope_is_of(slope, row) &&
            hand_over(taker, headline, row, slope[SLOPES_window_from].integer,
                      slope[SLOPES_window_to].integer) < 0)
            return -1;
    }
    return 0;
}

static int take_all(const struct taker *taker, const struct pa_run_tables *run)
{
    const union pa_cell *rows[PA_GROWTHS_MOST];

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
