/* SPDX-License-Identifier: MIT */
/* A run of pollscale: how what each fd costs, and a wait, grow with their
 * number. */
#include "report_figures.h"
#include "report_sections.h"
#include "show.h"

#include <string.h>

enum { SERIES_MAX = 32, FDS_MAX = 64 };

/* The columns of a table, in the order of the file, and its rows. */
struct matrix {
    const char *sweep;
    size_t n_series;
    struct {
        const char *backend, *stage;
    } series[SERIES_MAX];
    size_t n_fds;
    int64_t fds[FDS_MAX];
};

static int is_of_scale(const union pa_cell *row)
{
    return strcmp(row[POINTS_sweep].text, "scale") == 0 ||
           strcmp(row[POINTS_sweep].text, "beyond_limit") == 0;
}

const char *pa_report_scale_sweep(const struct pa_run_tables *run)
{
    for (size_t i = 0; i < pa_run_rows(run, PA_POINTS); i++)
        if (is_of_scale(pa_run_row(run, PA_POINTS, i)))
            return pa_run_row(run, PA_POINTS, i)[POINTS_sweep].text;
    return NULL;
}

static int is_wait(const union pa_cell *row)
{
    return strcmp(row[POINTS_stage].text, "all") == 0 ||
           strcmp(row[POINTS_stage].text, "raw") == 0;
}

static int is_of_series(const struct matrix *matrix, size_t series,
                        const union pa_cell *row)
{
    return strcmp(row[POINTS_sweep].text, matrix->sweep) == 0 &&
           strcmp(row[POINTS_backend].text, matrix->series[series].backend) ==
               0 &&
           strcmp(row[POINTS_stage].text, matrix->series[series].stage) == 0;
}

static void note_fds(struct matrix *matrix, int64_t fd_count)
{
    size_t at = matrix->n_fds;
    for (size_t i = 0; i < matrix->n_fds; i++)
        if (matrix->fds[i] == fd_count)
            return;
    if (matrix->n_fds == FDS_MAX)
        return;
    for (; at > 0 && matrix->fds[at - 1] > fd_count; at--)
        matrix->fds[at] = matrix->fds[at - 1];
    matrix->fds[at] = fd_count;
    matrix->n_fds++;
}

static void note(struct matrix *matrix, const union pa_cell *row)
{
    size_t i = 0;

    note_fds(matrix, row[POINTS_fd_count].integer);
    while (i < matrix->n_series && !is_of_series(matrix, i, row))
        i++;
    if (i < matrix->n_series || i == SERIES_MAX)
        return;
    matrix->series[i].backend = row[POINTS_backend].text;
    matrix->series[i].stage = row[POINTS_stage].text;
    matrix->n_series++;
}

static struct matrix collect(const struct pa_report *report, int waits)
{
    struct matrix matrix = {.sweep = pa_report_scale_sweep(report->run)};

    for (size_t i = 0; i < pa_run_rows(report->run, PA_POINTS); i++) {
        const union pa_cell *row = pa_run_row(report->run, PA_POINTS, i);
        if (matrix.sweep && is_of_scale(row) && is_wait(row) == waits)
            note(&matrix, row);
    }
    return matrix;
}

static void add_cost(struct pa_report *report, const struct matrix *matrix,
                     size_t series, int64_t fd_count)
{
    pa_doc_cell(&report->doc);
    for (size_t i = 0; i < pa_run_rows(report->run, PA_POINTS); i++) {
        const union pa_cell *row = pa_run_row(report->run, PA_POINTS, i);
        if (!is_of_series(matrix, series, row) ||
            row[POINTS_fd_count].integer != fd_count)
            continue;
        pa_doc_text(&report->doc, "%s",
                    pa_show_ns_interval(row[POINTS_estimate_ns].real,
                                        row[POINTS_low_ns].real,
                                        row[POINTS_high_ns].real)
                        .text);
        return;
    }
}

/* A row for each series, a column for each number of fds. */
static void add_matrix(struct pa_report *report, const struct matrix *matrix)
{
    struct pa_doc *doc = &report->doc;

    pa_doc_open_table(doc, "lr");
    pa_doc_row(doc);
    pa_report_cell(report, "fds watched");
    for (size_t n = 0; n < matrix->n_fds; n++)
        pa_report_cell(report, "%s", pa_show_integer(matrix->fds[n]).text);
    for (size_t i = 0; i < matrix->n_series; i++) {
        const char *backend = matrix->series[i].backend;
        const char *stage = matrix->series[i].stage;
        int has_backend = strcmp(backend, "none") != 0;
        pa_doc_row(doc);
        pa_report_cell(report, "%s%s%s", has_backend ? backend : "",
                       has_backend ? ", " : "", stage);
        for (size_t n = 0; n < matrix->n_fds; n++)
            add_cost(report, matrix, i, matrix->fds[n]);
    }
    pa_doc_close_table(doc);
}

void pa_report_scale(struct pa_report *report)
{
    struct pa_doc *doc = &report->doc;
    struct matrix waits = collect(report, 1), each = collect(report, 0);
    int beyond = strcmp(waits.sweep ? waits.sweep : "", "beyond_limit") == 0;

    pa_report_part(report, "waits", "What one wait costs");
    pa_doc_paragraph(doc);
    pa_doc_text(doc, "One fd is ready. %s",
                beyond ? "The fds lie in as many descriptor tables as their "
                         "number takes: a set of the kernel's watches all of "
                         "them, and of the other backends the calls of each "
                         "table are added up."
                       : "All fds lie in one descriptor table.");
    pa_figure_file(report, waits.sweep ? waits.sweep : "",
                   "Cost of a wait, and time and memory of each fd, against "
                   "the number of fds watched");
    add_matrix(report, &waits);
    pa_doc_close_section(doc);
    pa_report_part(report, "each", "What each fd costs");
    pa_doc_paragraph(doc);
    pa_doc_text(doc, "Time per fd for opening one of a set of that size "
                     "(build), registering, unregistering and closing it: "
                     "level where there is no quadratic path. What memory it "
                     "took is in memory.csv.");
    add_matrix(report, &each);
    pa_doc_close_section(doc);
}
