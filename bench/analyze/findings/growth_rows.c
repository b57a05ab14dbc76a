/* SPDX-License-Identifier: MIT */
#include "growth_rows.h"

#include "rules.h"
#include "show.h"

#include <math.h>
#include <string.h>

/* Factors come first in points.csv, so that one is a column there. */
_Static_assert((int)POINTS_fd_kind == (int)PB_FACTOR_fd_kind,
               "points.csv begins with the factors");

static int is_same(const union pa_cell *a, int a_column, const union pa_cell *b,
                   int b_column)
{
    return strcmp(a[a_column].text, b[b_column].text) == 0;
}

#define TOLD(row, name, unit)                                                  \
    {                                                                          \
        (row)[GROWTH_##name##unit].real,                                       \
            (row)[GROWTH_##name##_low##unit].real,                             \
            (row)[GROWTH_##name##_high##unit].real                             \
    }

struct pa_phrase pa_growth_phrase(const union pa_cell *row)
{
    return (struct pa_phrase){.backend = row[GROWTH_backend].text,
                              .stage = row[GROWTH_stage].text,
                              .layout = row[GROWTH_layout].text,
                              .variable = row[GROWTH_variable].text,
                              .highest_fd = row[GROWTH_highest_fd].integer,
                              .fd_count = row[GROWTH_fd_count].integer,
                              .ready_count = row[GROWTH_ready_count].integer,
                              .from = row[GROWTH_from].integer,
                              .to = row[GROWTH_to].integer,
                              .from_ns = row[GROWTH_from_ns].real,
                              .to_ns = row[GROWTH_to_ns].real,
                              .change_ns = TOLD(row, change, _ns),
                              .factor = TOLD(row, factor, ),
                              .exponent = TOLD(row, exponent, ),
                              .class = row[GROWTH_class].text,
                              .left = row[GROWTH_left].text};
}

/* Whether a point lies where the row's others lie. */
static int is_on(const union pa_cell *point, const union pa_cell *row)
{
    int64_t highest_fd = row[GROWTH_highest_fd].integer;
    int64_t fd_count = row[GROWTH_fd_count].integer;
    int64_t ready_count = row[GROWTH_ready_count].integer;

    return is_same(point, POINTS_backend, row, GROWTH_backend) &&
           is_same(point, POINTS_stage, row, GROWTH_stage) &&
           is_same(point, POINTS_layout, row, GROWTH_layout) &&
           is_same(point, POINTS_fd_kind, row, GROWTH_fd_kind) &&
           is_same(point, POINTS_metric, row, GROWTH_metric) &&
           (highest_fd == PA_NONE ||
            point[POINTS_highest_fd].integer / PB_FD_BLOCK ==
                highest_fd / PB_FD_BLOCK) &&
           (fd_count == PA_NONE ||
            point[POINTS_fd_count].integer == fd_count) &&
           (ready_count == PA_NONE ||
            point[POINTS_ready_count].integer == ready_count);
}

int pa_growth_is_of(const struct pa_run_tables *run, const union pa_cell *row,
                    const struct pa_case *asked)
{
    enum pb_factor variable = pb_factor_of(row[GROWTH_variable].text);
    int is_whole = strcmp(row[GROWTH_stage].text, "all") == 0;
    int is_shown = is_whole ? variable == asked->axis &&
                                  strcmp(asked->figure, "series") == 0
                            : strcmp(asked->figure, "stages") == 0 &&
                                  asked->varies & 1u << variable;

    if (!is_shown || row[GROWTH_typical].integer != 1)
        return 0;
    for (size_t i = 0; i < pa_run_rows(run, PA_POINTS); i++) {
        const union pa_cell *point = pa_run_row(run, PA_POINTS, i);
        if (strcmp(point[POINTS_sweep].text, asked->sweep) == 0 &&
            is_on(point, row))
            return 1;
    }
    return 0;
}

double pa_growth_margin_ns(const union pa_cell *row)
{
    return fmax(PB_NOTHING_NS, PB_NOTHING_SHARE * row[GROWTH_from_ns].real);
}

enum pa_outcome pa_growth_outcome(const union pa_cell *row)
{
    double margin_ns = pa_growth_margin_ns(row);
    double low = row[GROWTH_change_low_ns].real;
    double high = row[GROWTH_change_high_ns].real;

    if (low > margin_ns)
        return PA_RISES_BY;
    if (high < -margin_ns)
        return PA_FALLS_BY;
    if ((low > -margin_ns && high < margin_ns) ||
        strcmp(row[GROWTH_class].text, "O(1)") == 0)
        return PA_SAME;
    return PA_UNSEEN;
}

int pa_slope_is_of(const union pa_cell *slope, const union pa_cell *row)
{
    static const int texts[][2] = {
        {SLOPES_backend, GROWTH_backend}, {SLOPES_stage, GROWTH_stage},
        {SLOPES_layout, GROWTH_layout},   {SLOPES_variable, GROWTH_variable},
        {SLOPES_fd_kind, GROWTH_fd_kind}, {SLOPES_metric, GROWTH_metric}};
    static const int numbers[][2] = {
        {SLOPES_highest_fd, GROWTH_highest_fd},
        {SLOPES_fd_count, GROWTH_fd_count},
        {SLOPES_ready_count, GROWTH_ready_count},
        {SLOPES_occupied_words, GROWTH_occupied_words},
        {SLOPES_tables, GROWTH_tables}};

    for (size_t i = 0; i < PA_ARRAY_SIZE(texts); i++)
        if (!is_same(slope, texts[i][0], row, texts[i][1]))
            return 0;
    for (size_t i = 0; i < PA_ARRAY_SIZE(numbers); i++)
        if (slope[numbers[i][0]].integer != row[numbers[i][1]].integer)
            return 0;
    return 1;
}

static int may_be_0(const union pa_cell *slope)
{
    return slope[SLOPES_slope_low].real < 0 &&
           slope[SLOPES_slope_high].real > 0;
}

void pa_growth_slopes(FILE *out, const struct pa_run_tables *run,
                      const union pa_cell *row, const char *before)
{
    int is_number = strcmp(row[GROWTH_variable].text, "highest_fd") == 0;
    double times = is_number ? 64 : 1; /* a word of the bitmap */
    int n_printed = 0;

    for (size_t i = 0; i < pa_run_rows(run, PA_SLOPES); i++) {
        const union pa_cell *slope = pa_run_row(run, PA_SLOPES, i);
        if (!pa_slope_is_of(slope, row) || may_be_0(slope))
            continue;
        const char *per = n_printed   ? "ns"
                          : is_number ? "ns per 64 fd numbers"
                                      : slope[SLOPES_unit].text;
        fprintf(out, "%s%s from %lld to %lld", n_printed ? ", " : before,
                pa_show_interval(times * slope[SLOPES_slope].real,
                                 times * slope[SLOPES_slope_low].real,
                                 times * slope[SLOPES_slope_high].real, per)
                    .text,
                (long long)slope[SLOPES_window_from].integer,
                (long long)slope[SLOPES_window_to].integer);
        n_printed++;
    }
    if (n_printed && is_number &&
        strpbrk(row[GROWTH_allowed_for].text, "0123456789"))
        fputs(", steps apart", out);
}
