/* SPDX-License-Identifier: MIT */
/* What the library adds, the field's history, and the targets. */
#include "report_figures.h"
#include "report_sections.h"
#include "show.h"

#include <math.h>
#include <stdlib.h>

void pa_report_layer(struct pa_report *report)
{
    static const char *const heads[] = {
        "backend",      "highest fd",       "watched", "bare call",
        "library adds", "of the bare call", "note",    NULL};
    size_t n = pa_run_rows(report->run, PA_LAYER);

    if (n == 0)
        return;
    pa_report_part(report, "layer", "What the library adds to the bare call");
    pa_doc_paragraph(&report->doc);
    pa_doc_text(&report->doc,
                "Every number on this page includes the polling library that "
                "all backends share. This is its part, from pairs of batches "
                "in the same round.");
    pa_report_common_flags(report, PA_FLAGS(LAYER));
    pa_doc_open_table(&report->doc, "lrrrrrl");
    pa_report_head_row(report, heads);
    for (size_t i = 0; i < n; i++) {
        const union pa_cell *row = pa_run_row(report->run, PA_LAYER, i);
        pa_doc_row(&report->doc);
        pa_report_cell(report, "%s", row[LAYER_backend].text);
        pa_report_cell(report, "%s",
                       pa_show_integer(row[LAYER_highest_fd].integer).text);
        pa_report_cell(report, "%s",
                       pa_show_integer(row[LAYER_fd_count].integer).text);
        pa_report_cell(report, "%s", pa_show_ns(row[LAYER_raw_ns].real).text);
        pa_report_cell(report, "%s",
                       pa_show_ns_interval(row[LAYER_layer_ns].real,
                                           row[LAYER_low_ns].real,
                                           row[LAYER_high_ns].real)
                           .text);
        pa_report_cell(report, "%s %%",
                       pa_show_number(row[LAYER_layer_percent].real).text);
        pa_report_flags_cell(report, PA_FLAGS(LAYER), row);
    }
    pa_doc_close_table(&report->doc);
    pa_doc_close_section(&report->doc);
}

static void add_history_row(struct pa_report *report, const union pa_cell *row)
{
    int64_t year = row[HISTORY_year].integer;

    pa_doc_row(&report->doc);
    if (year == PA_NONE)
        pa_report_cell(report, "this run");
    else
        pa_report_cell(report, "%lld", (long long)year);
    pa_report_cell(report, "%s", row[HISTORY_series].text);
    pa_report_cell(report, "%s", row[HISTORY_kernel].text);
    pa_report_cell(report, "%s", row[HISTORY_backend].text);
    pa_report_cell(report, "%s",
                   pa_show_integer(row[HISTORY_fds].integer).text);
    pa_report_cell(report, "%s", pa_show_ns(row[HISTORY_call_ns].real).text);
    pa_report_cell(report, "%s", pa_show_ns(row[HISTORY_fd_ns].real).text);
    pa_report_cell(report, "%s", row[HISTORY_growth].text);
    pa_report_cell(report, "%s", row[HISTORY_includes].text);
}

void pa_report_history(struct pa_report *report)
{
    static const char *const heads[] = {
        "year",     "who",         "kernel", "backend",       "watched",
        "one call", "per watched", "grows",  "also includes", NULL};
    size_t n = pa_run_rows(report->run, PA_HISTORY);

    if (n == 0)
        return;
    pa_report_part(report, "history", "Beside what others have published");
    pa_doc_paragraph(&report->doc);
    pa_doc_text(&report->doc,
                "Other machines, other kernels, other decades: compare how the "
                "lines rise, not how high they lie.");
    pa_figure_file(report, "history",
                   "Cost per watched fd in this run and as published since "
                   "2000");
    pa_doc_html(&report->doc, "<details><summary>The figures</summary>");
    pa_doc_open_table(&report->doc, "llllrrrll");
    pa_report_head_row(report, heads);
    for (size_t i = 0; i < n; i++)
        add_history_row(report, pa_run_row(report->run, PA_HISTORY, i));
    pa_doc_close_table(&report->doc);
    pa_doc_html(&report->doc, "</details>");
    pa_doc_close_section(&report->doc);
}

void pa_report_targets(struct pa_report *report)
{
    static const char *const heads[] = {
        "target", "what", "at most", "reached", "met", "over what", NULL};
    size_t n = pa_run_rows(report->run, PA_TARGETS);

    if (n == 0)
        return;
    pa_report_part(report, "targets", "How good this run is");
    pa_doc_paragraph(&report->doc);
    pa_doc_text(&report->doc,
                "The targets that docs/method.md sets for a measurement, and "
                "what this run reached.");
    pa_doc_open_table(&report->doc, "llrrll");
    pa_report_head_row(report, heads);
    for (size_t i = 0; i < n; i++) {
        const union pa_cell *row = pa_run_row(report->run, PA_TARGETS, i);
        pa_doc_row(&report->doc);
        pa_report_cell(report, "%s", row[TARGETS_target].text);
        pa_report_cell(report, "%s", row[TARGETS_quantity].text);
        pa_report_cell(report, "%s %s",
                       pa_show_number(row[TARGETS_limit].real).text,
                       row[TARGETS_unit].text);
        pa_report_cell(
            report, "%s %s", pa_show_number(row[TARGETS_reached].real).text,
            isnan(row[TARGETS_reached].real) ? "" : row[TARGETS_unit].text);
        pa_report_cell(report, "%s", row[TARGETS_met].text);
        pa_report_cell(report, "%s", row[TARGETS_note].text);
    }
    pa_doc_close_table(&report->doc);
    pa_doc_close_section(&report->doc);
}
