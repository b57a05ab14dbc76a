/* SPDX-License-Identifier: MIT */
/* The calculator: its fields, the numbers that page.js works it with, and what
 * they are worth. The formulas are those of predict.c and serve.c. */
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

static const char server_form[] =
    "<p>Of a server that waits for all its connections:</p>"
    "<label>idle connections"
    "<input name=\"idle\" type=\"number\" value=\"1000\" min=\"0\" "
    "max=\"2147483647\" required></label>"
    "<label>busy connections"
    "<input name=\"busy\" type=\"number\" value=\"16\" min=\"1\" "
    "max=\"2147483647\" required></label>"
    "<label>requests a second"
    "<input name=\"per_second\" type=\"number\" value=\"2000\" min=\"0\" "
    "max=\"1000000000000\" step=\"any\" required></label>"
    "<label>CPU time of a request but for the wait, ns"
    "<input name=\"service_ns\" type=\"number\" value=\"10000\" min=\"0\" "
    "max=\"1000000000000\" step=\"any\" required></label>"
    "<label><input name=\"is_spread\" type=\"checkbox\"> busy ones among the "
    "idle, not behind them</label>"
    "<p id=\"server-problem\" role=\"alert\"></p>"
    "<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
    "aria-label=\"answers for a server\"><table>"
    "<thead><tr><th>backend</th><th>the server is</th>"
    "<th align=\"right\">share of a core, from warm to cold</th>"
    "<th align=\"right\">requests a wait</th>"
    "<th align=\"right\">median latency</th><th>note</th></tr></thead>"
    "<tbody id=\"server-answers\"></tbody></table></div></form>";

static int is_used(const struct pb_models_row *row, enum pa_model_of of)
{
    return strcmp(row->stage, "all") == 0 && pa_is_model_of(row, of);
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
        if (!is_used(row, PA_USUAL_WAIT) || strcmp(row->backend, backend) == 0)
            continue;
        backend = row->backend;
        add_range_row(report, row);
    }
    pa_doc_close_table(&report->doc);
    pa_doc_close_section(&report->doc);
}

/* --- the coefficients, for page.js --------------------------------------- */

static void add_data(struct pa_report *report, const char *class,
                     const char *value)
{
    PA_FREED char *html = pa_html_text(value);

    pa_doc_html(&report->doc, "<data class=\"%s\" value=\"%s\"></data>", class,
                html);
}

/* What it is a model of and each backend, term, place (- if none), ns and
 * spread; before the terms of a backend, the range that they were fitted in. */
static void add_models(struct pa_report *report, enum pa_model_of of)
{
    const char *backend = "";

    PA_EACH (row, report->run, models) {
        if (!is_used(row, of))
            continue;
        PA_FREED char *place = row->at == PA_NONE
                                   ? pa_format("-")
                                   : pa_format("%lld", (long long)row->at);
        PA_FREED char *term =
            pa_format("%d %s %s %s %.17g %s", of, row->backend, row->term,
                      place, row->value, row->spread);
        PA_FREED char *range = pa_format(
            "%d %s %lld %lld %lld %lld %lld %lld", of, row->backend,
            (long long)row->from_highest_fd, (long long)row->to_highest_fd,
            (long long)row->from_fd_count, (long long)row->to_fd_count,
            (long long)row->from_ready_count, (long long)row->to_ready_count);
        if (strcmp(backend, row->backend) != 0)
            add_data(report, "model", range);
        add_data(report, "term", term);
        backend = row->backend;
    }
}

static int has_models(const struct pa_report *report, enum pa_model_of of)
{
    PA_EACH (row, report->run, models)
        if (is_used(row, of))
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
    add_models(report, PA_USUAL_WAIT);
}

/* Of the same law as serve.c, whose thresholds go with it. */
static void add_server_form(struct pa_report *report)
{
    for (enum pa_model_of of = PA_WARM_LOOK; of < PA_N_MODELS_OF; of++)
        if (!has_models(report, of))
            return;
    pa_doc_html(&report->doc,
                "<form id=\"server-form\" data-sleep-cold=\"%g\" "
                "data-overload-share=\"%g\" data-p50-waits=\"%g\" "
                "data-proved-idle=\"%d\" hidden>%s",
                PB_SLEEP_COLD, PB_OVERLOAD_SHARE, PB_P50_WAITS, PB_PROVED_IDLE,
                server_form);
    for (enum pa_model_of of = PA_WARM_LOOK; of < PA_N_MODELS_OF; of++)
        add_models(report, of);
}

void pa_report_calculator(struct pa_report *report)
{
    /* It answers in time. */
    if (!has_models(report, PA_USUAL_WAIT) || pa_run_is_counted(report->run))
        return;
    pa_report_part(report, "calculator", "What this means for you");
    if (report->doc.format == PA_HTML) {
        add_form(report);
        add_server_form(report);
    }
    pa_report_open_details(report, "How far these predictions can be trusted");
    PA_SAY(report, paragraph,
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
