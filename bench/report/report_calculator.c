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

static int is_used(const union pa_cell *row)
{
    return row[MODELS_typical].integer == 1 &&
           strcmp(row[MODELS_stage].text, "all") == 0;
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
}

static void add_ranges(struct pa_report *report)
{
    static const char *const heads[] = {
        "backend", "highest fd from", "to", "fds from",
        "to",      "ready from",      "to", NULL};
    const char *backend = "";

    pa_doc_open_section(&report->doc, "calculator", "models");
    pa_doc_open_table(&report->doc, "lr");
    pa_report_head_row(report, heads);
    for (size_t i = 0; i < pa_run_rows(report->run, PA_MODELS); i++) {
        const union pa_cell *row = pa_run_row(report->run, PA_MODELS, i);
        if (!is_used(row) || strcmp(row[MODELS_backend].text, backend) == 0)
            continue;
        backend = row[MODELS_backend].text;
        add_range_row(report, row);
    }
    pa_doc_close_table(&report->doc);
    pa_doc_close_section(&report->doc);
}

/* --- the coefficients, a row a term -------------------------------------- */

static void add_term_row(struct pa_report *report, const union pa_cell *row)
{
    pa_doc_row(&report->doc);
    pa_report_cell(report, "%s", row[MODELS_backend].text);
    pa_report_cell(report, "%s", row[MODELS_term].text);
    pa_doc_cell(&report->doc);
    if (row[MODELS_at].integer != PA_NONE)
        pa_doc_text(&report->doc, "%lld", (long long)row[MODELS_at].integer);
    pa_report_cell(report, "%.17g", row[MODELS_value].real);
    pa_report_cell(report, "%s", row[MODELS_spread].text);
}

static void add_terms(struct pa_report *report)
{
    static const char *const heads[] = {"backend", "term",   "at",
                                        "ns",      "spread", NULL};

    pa_doc_open_section(&report->doc, "calculator", "terms");
    pa_doc_open_table(&report->doc, "llrrl");
    pa_report_head_row(report, heads);
    for (size_t i = 0; i < pa_run_rows(report->run, PA_MODELS); i++)
        if (is_used(pa_run_row(report->run, PA_MODELS, i)))
            add_term_row(report, pa_run_row(report->run, PA_MODELS, i));
    pa_doc_close_table(&report->doc);
    pa_doc_close_section(&report->doc);
}

/* Whether any model is there to work with. */
static int has_models(const struct pa_report *report)
{
    size_t i = 0, n = pa_run_rows(report->run, PA_MODELS);

    while (i < n && !is_used(pa_run_row(report->run, PA_MODELS, i)))
        i++;
    return i < n;
}

void pa_report_calculator(struct pa_report *report)
{
    if (!has_models(report) || report->doc.format != PA_HTML)
        return;
    pa_report_part(report, "calculator", "What your set would cost");
    pa_doc_paragraph(&report->doc);
    pa_doc_text(&report->doc,
                "Predicted from this run's models, for this machine and "
                "kernel; the fds are taken to lie as densely as possible. "
                "pollpredict gives the same answers.");
    pa_doc_html(&report->doc, form);
    pa_report_open_details(report, "The numbers it works with: the range of "
                                   "each model, and its coefficients");
    add_ranges(report);
    add_terms(report);
    pa_report_close_details(report);
    pa_doc_close_section(&report->doc);
}
