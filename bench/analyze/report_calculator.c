/* SPDX-License-Identifier: MIT */
/* The calculator: its fields, and the numbers that page.js works it with, which
 * are tables of the page like any other. The formula is that of predict.c. */
#include "report_sections.h"
#include "show.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char form[] =
    "<form id=\"calculator-form\" hidden>"
    "<label>highest fd"
    "<input name=\"highest_fd\" type=\"number\" value=\"1023\" min=\"0\" "
    "max=\"2147483647\" required></label>"
    "<label>fds watched"
    "<input name=\"fd_count\" type=\"number\" value=\"500\" min=\"1\" "
    "max=\"2147483647\" required></label>"
    "<label>ready per wait"
    "<input name=\"ready_count\" type=\"number\" value=\"10\" min=\"0\" "
    "max=\"2147483647\" required></label>"
    "<label>waits a second"
    "<input name=\"waits_per_second\" type=\"number\" value=\"1000\" min=\"0\" "
    "max=\"1000000000000\" step=\"any\" required></label>"
    "<p id=\"calculator-problem\" role=\"alert\"></p>"
    "<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
    "aria-label=\"answers\"><table>"
    "<thead><tr><th>backend</th><th align=\"right\">one wait</th>"
    "<th align=\"right\">95 % interval</th>"
    "<th align=\"right\">share of a core</th><th>note</th></tr></thead>"
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
    pa_report_flags_cell(report, PA_FLAGS(MODELS), row);
}

static void add_ranges(struct pa_report *report)
{
    static const char *const heads[] = {"backend", "highest fd from",
                                        "to",      "fds from",
                                        "to",      "ready from",
                                        "to",      "%",
                                        "note",    NULL};

    pa_doc_open_section(&report->doc, "calculator", "models");
    pa_doc_open_table(&report->doc, "lrrrrrrrl");
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

/* --- the coefficients, a row a term, a column an invocation --------------- */

enum { INVOCATIONS_MAX = 1000 };

struct invocations {
    size_t n;
    int64_t ids[INVOCATIONS_MAX];
};

static void gather_invocations(const struct pa_report *report,
                               struct invocations *invocations)
{
    for (size_t i = 0; i < pa_run_rows(report->run, PA_FITS); i++) {
        int64_t id =
            pa_run_row(report->run, PA_FITS, i)[FITS_invocation].integer;
        size_t place = 0;
        while (place < invocations->n && invocations->ids[place] != id)
            place++;
        if (place == invocations->n && place < INVOCATIONS_MAX)
            invocations->ids[invocations->n++] = id;
    }
}

static int is_same_term(const union pa_cell *a, const union pa_cell *b)
{
    return strcmp(a[FITS_backend].text, b[FITS_backend].text) == 0 &&
           strcmp(a[FITS_term].text, b[FITS_term].text) == 0 &&
           a[FITS_at].integer == b[FITS_at].integer &&
           is_of_call(b, FITS_stage);
}

static void add_coefficient(struct pa_report *report, const union pa_cell *term,
                            int64_t invocation)
{
    pa_doc_cell(&report->doc);
    for (size_t i = 0; i < pa_run_rows(report->run, PA_FITS); i++) {
        const union pa_cell *row = pa_run_row(report->run, PA_FITS, i);
        if (!is_same_term(term, row) ||
            row[FITS_invocation].integer != invocation ||
            isnan(row[FITS_value].real))
            continue;
        pa_doc_text(&report->doc, "%.17g", row[FITS_value].real);
        return;
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

static void add_coefficients(struct pa_report *report,
                             const struct invocations *invocations)
{
    char *alignments = pa_need(calloc(invocations->n + 4, 1));

    memset(alignments, 'r', invocations->n + 3);
    pa_doc_open_section(&report->doc, "calculator", "fits");
    pa_doc_open_table(&report->doc, alignments);
    pa_doc_row(&report->doc);
    pa_report_cell(report, "backend");
    pa_report_cell(report, "term");
    pa_report_cell(report, "at");
    for (size_t k = 0; k < invocations->n; k++)
        pa_report_cell(report, "%lld", (long long)invocations->ids[k]);
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
        for (size_t k = 0; k < invocations->n; k++)
            add_coefficient(report, row, invocations->ids[k]);
    }
    pa_doc_close_table(&report->doc);
    pa_doc_close_section(&report->doc);
    free(alignments);
}

void pa_report_calculator(struct pa_report *report)
{
    struct invocations invocations = {0};

    gather_invocations(report, &invocations);
    if (invocations.n == 0 || report->doc.format != PA_HTML)
        return;
    pa_report_part(report, "calculator", "What your set would cost");
    pa_doc_paragraph(&report->doc);
    pa_doc_text(&report->doc,
                "Predicted from this run's models, for this machine and "
                "kernel; the fds are taken to lie as densely as possible. "
                "pollpredict gives the same answers.");
    pa_doc_html(&report->doc, form);
    pa_doc_html(&report->doc, "<details><summary>The numbers it works with: "
                              "range and error of each model; coefficients, "
                              "ns, by invocation</summary>");
    add_ranges(report);
    add_coefficients(report, &invocations);
    pa_doc_html(&report->doc, "</details>");
    pa_doc_close_section(&report->doc);
}
