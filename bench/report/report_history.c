/* SPDX-License-Identifier: MIT */
/* The field's history: a row for each published series, with this run's figures
 * at the same numbers of fds beside it. */
#include "report_figures.h"
#include "report_sections.h"
#include "show.h"

#include <stdlib.h>
#include <string.h>

/* history.csv has the rows of a series one after the other, by ascending fds;
 * those of this run have no year. */
static int is_same_series(const union pa_cell *a, const union pa_cell *b)
{
    return a[HISTORY_year].integer == b[HISTORY_year].integer &&
           strcmp(a[HISTORY_series].text, b[HISTORY_series].text) == 0 &&
           strcmp(a[HISTORY_kernel].text, b[HISTORY_kernel].text) == 0 &&
           strcmp(a[HISTORY_backend].text, b[HISTORY_backend].text) == 0;
}

/* The row of this run whose number of fds is nearest, by its ratio, to that of
 * the row given; NULL if it is not within a factor of two. */
static const union pa_cell *own_row(const struct pa_report *report,
                                    const union pa_cell *row)
{
    double fds = (double)row[HISTORY_fds].integer, least = 2;
    const union pa_cell *nearest = NULL;

    for (size_t i = 0; i < pa_run_rows(report->run, PA_HISTORY); i++) {
        const union pa_cell *own = pa_run_row(report->run, PA_HISTORY, i);
        double ratio = (double)own[HISTORY_fds].integer / fds;
        ratio = ratio < 1 ? 1 / ratio : ratio;
        if (own[HISTORY_year].integer != PA_NONE || ratio > least ||
            strcmp(own[HISTORY_backend].text, row[HISTORY_backend].text) != 0)
            continue;
        least = ratio;
        nearest = own;
    }
    return nearest;
}

/* "610 ns" and, if that is at another number of fds, where. */
static void add_own_cell(struct pa_report *report, const union pa_cell *row)
{
    const union pa_cell *own = own_row(report, row);

    pa_doc_cell(&report->doc);
    if (!own || own == row)
        return;
    pa_doc_text(&report->doc, "%s", pa_show_ns(own[HISTORY_fd_ns].real).text);
    if (own[HISTORY_fds].integer != row[HISTORY_fds].integer)
        pa_doc_text(&report->doc, " at %lld",
                    (long long)own[HISTORY_fds].integer);
}

/* The number of fds at one end, the cost there, and this run's. */
static void add_end_cells(struct pa_report *report, const union pa_cell *row)
{
    pa_report_cell(report, "%lld", (long long)row[HISTORY_fds].integer);
    pa_report_cell(report, "%s", pa_show_ns(row[HISTORY_fd_ns].real).text);
    add_own_cell(report, row);
}

static void add_empty_cells(struct pa_report *report)
{
    for (int i = 0; i < 3; i++)
        pa_report_cell(report, "%s", "");
}

static void add_series(struct pa_report *report, const union pa_cell *from,
                       const union pa_cell *to)
{
    static const int texts[] = {HISTORY_series, HISTORY_kernel,
                                HISTORY_backend};

    pa_doc_row(&report->doc);
    for (size_t i = 0; i < PA_ARRAY_SIZE(texts); i++)
        pa_report_cell(report, "%s", from[texts[i]].text);
    pa_report_cell(report, "%s", pa_plain_words(from[HISTORY_growth].text));
    add_end_cells(report, from);
    if (from == to)
        add_empty_cells(report);
    else
        add_end_cells(report, to);
    pa_report_cell(report, "%s", from[HISTORY_includes].text);
}

static void add_all_series(struct pa_report *report)
{
    size_t n = pa_run_rows(report->run, PA_HISTORY);

    for (size_t i = 0, last; i < n; i = last + 1) {
        const union pa_cell *first = pa_run_row(report->run, PA_HISTORY, i);
        for (last = i; last + 1 < n; last++)
            if (!is_same_series(first,
                                pa_run_row(report->run, PA_HISTORY, last + 1)))
                break;
        add_series(report, first, pa_run_row(report->run, PA_HISTORY, last));
    }
}

void pa_report_history(struct pa_report *report)
{
    static const char *const heads[] = {
        "series",   "kernel",   "backend", "grows",    "fewest fds", "per fd",
        "this run", "most fds", "per fd",  "this run", "includes",   NULL};

    if (pa_run_rows(report->run, PA_HISTORY) == 0)
        return;
    pa_report_part(report, "history", "Beside what others have published");
    pa_doc_paragraph(&report->doc);
    pa_doc_text(&report->doc,
                "Other machines, other kernels, other decades: compare how the "
                "lines rise, not how high they lie.");
    char *finding = pa_findings_text(
        report, "history",
        "Cost per watched fd in this run and as published since 2000");
    pa_figure_file(report, "history", finding, finding);
    free(finding);
    pa_report_open_details(report, "The series, and this run beside them");
    pa_doc_paragraph(&report->doc);
    pa_doc_text(&report->doc,
                "Cost of a call per watched fd, at both ends of what was "
                "published; every figure and its source are in ");
    pa_report_file_link(report, "history.csv");
    pa_doc_text(&report->doc, ".");
    pa_report_contended_note(report);
    pa_doc_open_table(&report->doc, "llllrrrrrrl");
    pa_report_head_row(report, heads);
    add_all_series(report);
    pa_doc_close_table(&report->doc);
    pa_report_close_details(report);
    pa_doc_close_section(&report->doc);
}
