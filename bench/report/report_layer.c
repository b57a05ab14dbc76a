/* SPDX-License-Identifier: MIT */
/* What the library adds: a row for each set, a column for each backend. */
#include "report_sections.h"
#include "show.h"

#include <string.h>

/* Whether row i is the first of layer.csv with its backend, or its set. */
static int is_first(const struct pa_report *report, size_t i,
                    int (*is_same)(const union pa_cell *,
                                   const union pa_cell *))
{
    const union pa_cell *row = pa_run_row(report->run, PA_LAYER, i);

    for (size_t j = 0; j < i; j++)
        if (is_same(row, pa_run_row(report->run, PA_LAYER, j)))
            return 0;
    return 1;
}

static int is_same_backend(const union pa_cell *a, const union pa_cell *b)
{
    return strcmp(a[LAYER_backend].text, b[LAYER_backend].text) == 0;
}

static int is_same_set(const union pa_cell *a, const union pa_cell *b)
{
    return a[LAYER_highest_fd].integer == b[LAYER_highest_fd].integer &&
           a[LAYER_fd_count].integer == b[LAYER_fd_count].integer &&
           a[LAYER_ready_count].integer == b[LAYER_ready_count].integer;
}

static void add_cost(struct pa_report *report, const union pa_cell *backend,
                     const union pa_cell *set)
{
    pa_doc_cell(&report->doc);
    for (size_t i = 0; i < pa_run_rows(report->run, PA_LAYER); i++) {
        const union pa_cell *row = pa_run_row(report->run, PA_LAYER, i);
        if (!is_same_backend(row, backend) || !is_same_set(row, set))
            continue;
        pa_doc_text(&report->doc, "%s on %s",
                    pa_show_ns_interval(row[LAYER_layer_ns].real,
                                        row[LAYER_low_ns].real,
                                        row[LAYER_high_ns].real)
                        .text,
                    pa_show_ns(row[LAYER_raw_ns].real).text);
        return;
    }
}

static void add_set(struct pa_report *report, const union pa_cell *set)
{
    pa_doc_row(&report->doc);
    pa_report_cell(report, "%s",
                   pa_show_integer(set[LAYER_highest_fd].integer).text);
    pa_report_cell(report, "%s",
                   pa_show_integer(set[LAYER_fd_count].integer).text);
    for (size_t i = 0; i < pa_run_rows(report->run, PA_LAYER); i++)
        if (is_first(report, i, is_same_backend))
            add_cost(report, pa_run_row(report->run, PA_LAYER, i), set);
}

static void add_heads(struct pa_report *report)
{
    size_t n = pa_run_rows(report->run, PA_LAYER);

    pa_doc_open_table(&report->doc, "r");
    pa_doc_row(&report->doc);
    pa_report_cell(report, "highest fd");
    pa_report_cell(report, "watched");
    for (size_t i = 0; i < n; i++)
        if (is_first(report, i, is_same_backend))
            pa_report_cell(
                report, "%s",
                pa_run_row(report->run, PA_LAYER, i)[LAYER_backend].text);
}

void pa_report_layer(struct pa_report *report)
{
    size_t n = pa_run_rows(report->run, PA_LAYER);

    if (n == 0)
        return;
    pa_report_part(report, "layer", "What the library adds to the bare call");
    pa_doc_paragraph(&report->doc);
    pa_doc_text(&report->doc,
                "Every number on this page includes the polling library that "
                "all backends share. This is what it adds to the bare call, "
                "from pairs of batches in the same round.");
    pa_report_flag_notes(report, PA_FLAGS(LAYER), LAYER_backend);
    add_heads(report);
    for (size_t i = 0; i < n; i++)
        if (is_first(report, i, is_same_set))
            add_set(report, pa_run_row(report->run, PA_LAYER, i));
    pa_doc_close_table(&report->doc);
    pa_doc_close_section(&report->doc);
}
