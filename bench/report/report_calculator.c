/* SPDX-License-Identifier: MIT */
/* The calculator: its fields, and the numbers that page.js works it with, which
 * are tables of the page like any other. The formula is that of predict.c. */
#include "report_sections.h"

#include <string.h>

static const char form[] =
    "<form id=\"calculator-form\" hidden>"
    "<label>highest fd"
    "<input name=\"highest_fd\" type=\"number\" value=\"1023\" min=\"0\" "
    "max=\"2147483647\" required><small></small></label>"
    "<label>fds watched"
    "<input name=\"fd_count\" type=\"number\" value=\"500\" min=\"1\" "
    "max=\"2147483647\" required><small></small></label>"
    "<label>ready per wait"
    "<input name=\"ready_count\" type=\"number\" value=\"10\" min=\"0\" "
    "max=\"2147483647\" required><small></small></label>"
    "<label>waits a second"
    "<input name=\"waits_per_second\" type=\"number\" value=\"1000\" min=\"0\" "
    "max=\"1000000000000\" step=\"any\" required></label>"
    "<p id=\"calculator-problem\" role=\"alert\"></p>"
    "<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
    "aria-label=\"answers\"><table>"
    "<thead><tr><th>backend</th><th align=\"right\">one wait</th>"
    "<th align=\"right\">share of a core</th>"
    "<th align=\"right\">95 % interval</th><th>from 0, with interval</th>"
    "<th>note</th></tr></thead>"
    "<tbody id=\"calculator-answers\"></tbody></table></div></form>"
    "<noscript><p>The calculator needs JavaScript. <code>pollpredict "
    "--highest-fd 1023 --fds 500 --ready 10 --waits-per-second 1000 RUN</code> "
    "gives the same answers; the costs they are made of are in the next "
    "part.</p></noscript>";

static int is_of_call(const union pa_cell *row, int stage_column)
{
    return strcmp(row[stage_column].text, "all") == 0;
}

/* --- what was fitted, one row a model ------------------------------------ */

static void add_range_row(struct pa_report *report, const union pa_cell *row)
{
    static const int columns[] = {
        MODELS_from_highest_fd, MODELS_to_highest_fd,    MODELS_from_fd_count,
        MODELS_to_fd_count,     MODELS_from_ready_count, MODELS_to_ready_count};

    pa_doc_row(&report->doc);
    pa_report_cell(report, "%s", row[MODELS_backend].text);
    for (size_t i = 0; i < PA_ARRAY_SIZE(columns); i++)
        pa_report_cell(report, "%lld", (long long)row[columns[i]].integer);
    pa_report_cell(report, "%.17g", row[MODELS_rms_percent].real);
}

static void add_ranges(struct pa_report *report)
{
    static const char *const heads[] = {
        "backend", "highest fd from", "to", "fds from",
        "to",      "ready from",      "to", "%",
        NULL};

    pa_doc_open_section(&report->doc, "calculator", "models");
    pa_doc_open_table(&report->doc, "lrrrrrrr");
    pa_report_head_row(report, heads);
    for (size_t i = 0; i < pa_run_rows(report->run, PA_MODELS); i++) {
        const union pa_cell *row = pa_run_row(report->run, PA_MODELS, i);
        if (row[MODELS_selected].integer == 1 &&
            is_of_call(row, MODELS_stage) &&
            strcmp(row[MODELS_term].text, "intercept") == 0)
            add_range_row(report, row);
    }
    pa_doc_close_table(&report->doc);
    pa_doc_close_section(&report->doc);
}

/* --- the coefficients, a row a term -------------------------------------- */

static int is_same_term(const union pa_cell *a, const union pa_cell *b)
{
    return strcmp(a[FITS_backend].text, b[FITS_backend].text) == 0 &&
           strcmp(a[FITS_term].text, b[FITS_term].text) == 0 &&
           a[FITS_at].integer == b[FITS_at].integer &&
           is_of_call(b, FITS_stage);
}

/* fits.csv has the terms of an invocation one after the other, so that place k
 * is the same invocation for every term of a backend. */
static void add_coefficients_of(struct pa_report *report,
                                const union pa_cell *term)
{
    const char *gap = "";

    pa_doc_cell(&report->doc);
    for (size_t i = 0; i < pa_run_rows(report->run, PA_FITS); i++) {
        const union pa_cell *row = pa_run_row(report->run, PA_FITS, i);
        if (!is_same_term(term, row))
            continue;
        pa_doc_text(&report->doc, "%s%.9g", gap, row[FITS_value].real);
        gap = " ";
    }
}

static int is_first_of_term(const struct pa_report *report, size_t i)
{
    const union pa_cell *row = pa_run_row(report->run, PA_FITS, i);

    if (!is_of_call(row, FITS_stage))
        return 0;
    for (size_t j = 0; j < i; j++)
        if (is_same_term(row, pa_run_row(report->run, PA_FITS, j)))
            return 0;
    return 1;
}

static void add_coefficients(struct pa_report *report)
{
    static const char *const heads[] = {"backend", "term", "at",
                                        "ns, by invocation", NULL};

    pa_doc_open_section(&report->doc, "calculator", "fits");
    pa_doc_open_table(&report->doc, "llrl");
    pa_report_head_row(report, heads);
    for (size_t i = 0; i < pa_run_rows(report->run, PA_FITS); i++) {
        const union pa_cell *row = pa_run_row(report->run, PA_FITS, i);
        if (!is_first_of_term(report, i))
            continue;
        pa_doc_row(&report->doc);
        pa_report_cell(report, "%s", row[FITS_backend].text);
        pa_report_cell(report, "%s", row[FITS_term].text);
        pa_doc_cell(&report->doc);
        if (row[FITS_at].integer != PA_NONE)
            pa_doc_text(&report->doc, "%lld", (long long)row[FITS_at].integer);
        add_coefficients_of(report, row);
    }
    pa_doc_close_table(&report->doc);
    pa_doc_close_section(&report->doc);
}

void pa_report_calculator(struct pa_report *report)
{
    if (pa_run_rows(report->run, PA_FITS) == 0 || report->doc.format != PA_HTML)
        return;
    pa_report_part(report, "calculator", "What your set would cost");
    pa_doc_paragraph(&report->doc);
    pa_doc_text(&report->doc,
                "Predicted from this run's models, for this machine and "
                "kernel; the fds are taken to lie as densely as possible. "
                "pollpredict gives the same answers.");
    pa_doc_html(&report->doc, form);
    pa_report_open_details(report, "The numbers it works with: range and error "
                                   "of each model, and its coefficients");
    add_ranges(report);
    add_coefficients(report);
    pa_report_close_details(report);
    pa_doc_close_section(&report->doc);
}
