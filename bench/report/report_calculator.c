/* SPDX-License-Identifier: MIT */
/* The calculator: its fields, the numbers that page.js works it with, and what
 * they are worth. The formula is that of predict.c. */
#include "report_sections.h"
#include "rules.h"
#include "show.h"

#include <stdlib.h>
#include <string.h>

static const char form[] =
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
    "<thead><tr><th>backend</th><th align=\"right\">one wait, 95 % "
    "interval</th>"
    "<th align=\"right\">share of a core</th>"
    "<th>from 0, with interval</th><th>note</th></tr></thead>"
    "<tbody id=\"calculator-answers\"></tbody></table></div>"
    "<button type=\"button\" id=\"calculator-copy\" "
    "data-copy=\"\" hidden>Copy as Markdown"
    "</button></form>"
    "<noscript><p>The calculator needs JavaScript. <code>pollbench predict "
    "--highest-fd 1023 --fds 500 --ready 10 --waits-per-second 1000 RUN</code> "
    "gives the same answers.</p></noscript>";

static int is_used(const struct pb_models_row *row)
{
    return row->typical == 1 && strcmp(row->stage, "all") == 0;
}

/* --- what they are worth -------------------------------------------------- */

/* "0.687 %, 7.15 % at worst": of predictions beyond what was fitted. */
static void add_error_cell(struct pa_report *report, const char *backend,
                           const char *test)
{
    pa_doc_cell(&report->doc);
    PA_EACH (row, report->run, holdout) {
        if (strcmp(row->stage, "all") == 0 &&
            strcmp(row->model, "selected") == 0 &&
            strcmp(row->backend, backend) == 0 && strcmp(row->test, test) == 0)
            pa_doc_text(&report->doc, "%s %%, at worst %s %%",
                        pa_show_number(row->median_percent).text,
                        pa_show_number(row->max_percent).text);
    }
}

static void add_range_row(struct pa_report *report,
                          const struct pb_models_row *row)
{
    const int64_t ends[] = {row->from_highest_fd,  row->to_highest_fd,
                            row->from_fd_count,    row->to_fd_count,
                            row->from_ready_count, row->to_ready_count};
    const char *backend = row->backend;

    pa_doc_row(&report->doc);
    pa_report_cell(report, "%s", backend);
    for (size_t i = 0; i < PA_ARRAY_SIZE(ends); i++)
        pa_report_cell(report, "%lld", (long long)ends[i]);
    add_error_cell(report, backend, "small");
    add_error_cell(report, backend, "large");
}

/* One row a model: where it was fitted, and by how much it misses elsewhere. */
static void add_ranges(struct pa_report *report)
{
    const char *backend = "";

    _Static_assert(PB_SMALL_FDS == 1024, "a head above says so");
    pa_report_flag_notes(report, PA_FLAGS(HOLDOUT, holdout),
                         PA_COLUMN_OF(holdout, backend));
    pa_doc_open_section(&report->doc, "calculator", "models");
    pa_report_open_table(report, "lrrrrrrrr",
                         "backend|highest fd from|to|watched from|to|ready "
                         "from|to|misses up to 1024 watched|beyond");
    PA_EACH (row, report->run, models) {
        if (!is_used(row) || strcmp(row->backend, backend) == 0)
            continue;
        backend = row->backend;
        add_range_row(report, row);
    }
    pa_doc_close_table(&report->doc);
    pa_doc_close_section(&report->doc);
}

/* --- the coefficients, for page.js --------------------------------------- */

/* Each backend, term, place (- if none), ns and spread. */
static void add_terms(struct pa_report *report)
{
    PA_EACH (row, report->run, models) {
        if (!is_used(row))
            continue;
        PA_FREED char *place = row->at == PA_NONE
                                   ? pa_format("-")
                                   : pa_format("%lld", (long long)row->at);
        PA_FREED char *text =
            pa_format("%s %s %s %.17g %s", row->backend, row->term, place,
                      row->value, row->spread);
        PA_FREED char *html = pa_html_text(text);
        pa_doc_html(&report->doc, "<data class=\"term\" value=\"%s\"></data>",
                    html);
    }
}

/* Whether any model is there to work with. */
static int has_models(const struct pa_report *report)
{
    PA_EACH (row, report->run, models)
        if (is_used(row))
            return 1;
    return 0;
}

/* What the copied paragraph ends with. */
static void add_form(struct pa_report *report)
{
    PA_FREED char *citation = pa_cite_markdown(report->run, report->id);
    PA_FREED char *html = pa_html_text(citation);

    pa_doc_html(&report->doc,
                "<form id=\"calculator-form\" data-citation=\"%s\" hidden>%s",
                html, form);
}

void pa_report_calculator(struct pa_report *report)
{
    /* It answers in time. */
    if (!has_models(report) || pa_run_is_counted(report->run))
        return;
    pa_report_part(report, "calculator", "What this means for you");
    if (report->doc.format == PA_HTML) {
        add_form(report);
        add_terms(report);
    }
    pa_report_open_details(report, "How far these predictions can be trusted");
    pa_doc_paragraph(&report->doc);
    pa_doc_text(
        &report->doc,
        "pollbench predict%s answers what a set of your own would cost on "
        "this machine and kernel, its fds as dense as possible. "
        "Predictions hold in the range below. To see what they are "
        "worth beyond, each model was also fitted on the lowest quarter "
        "of the range alone: by so much it then missed the rest, in the "
        "median and at worst.",
        report->doc.format == PA_HTML ? ", as this calculator," : "");
    add_ranges(report);
    pa_report_close_details(report);
    pa_doc_close_section(&report->doc);
}
