/* SPDX-License-Identifier: MIT */
/* The calculator: its fields, the numbers that page.js works it with, and what
 * they are worth. The formulas are those of predict.c and serve.c. */
#include "report_sections.h"
#include "rules.h"
#include "show.h"

#include <string.h>

/* page_assets.S */
extern const char pa_calculator_html[];
extern const char pa_server_html[];

/* The lines of such a file as one, without the first, a comment; to be freed.
 * Where no tag ends a line, its end is a space. */
static char *joined(const char *html)
{
    struct pa_string text = {0};

    for (size_t n = strcspn(html, "\n"); html[n]; n = strcspn(html, "\n")) {
        html += n + strspn(html + n, "\n ");
        n = strcspn(html, "\n");
        pa_string_add(&text, html, n);
        if (n > 0 && html[n - 1] != '>')
            pa_string_add(&text, " ", 1);
    }
    return text.text;
}

static int is_used(const struct pb_models_row *row, enum pa_model_of of)
{
    return pa_is(row->stage, "all") && pa_is_model_of(row, of);
}

/* --- what they are worth -------------------------------------------------- */

/* "0.687 %, 7.15 % at worst": of predictions beyond what was fitted. */
static void add_error_cell(struct pa_report *report, const char *backend,
                           const char *test)
{
    pa_doc_cell(&report->doc);
    PA_EACH (row, report->run, holdout) {
        if (pa_is(row->stage, "all") && pa_is(row->model, "selected") &&
            pa_is(row->backend, backend) && pa_is(row->test, test))
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

    pa_doc_row(&report->doc);
    pa_report_cell(report, "%s", row->backend);
    for (size_t i = 0; i < PA_ARRAY_SIZE(ends); i++)
        pa_report_cell(report, "%lld", (long long)ends[i]);
    add_error_cell(report, row->backend, "small");
    add_error_cell(report, row->backend, "large");
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
        if (!is_used(row, PA_USUAL_WAIT) || pa_is(row->backend, backend))
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
        if (!pa_is(backend, row->backend))
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
    PA_FREED char *form = joined(pa_calculator_html);

    pa_doc_html(&report->doc,
                "<form id=\"calculator-form\" data-citation=\"%s\" hidden>%s",
                html, form);
    add_models(report, PA_USUAL_WAIT);
}

/* Of the same law as serve.c, whose thresholds go with it. */
static void add_server_form(struct pa_report *report)
{
    PA_FREED char *form = joined(pa_server_html);

    for (enum pa_model_of of = PA_WARM_LOOK; of < PA_N_MODELS_OF; of++)
        if (!has_models(report, of))
            return;
    pa_doc_html(&report->doc,
                "<form id=\"server-form\" data-sleep-cold=\"%g\" "
                "data-overload-share=\"%g\" data-p50-waits=\"%g\" "
                "data-proved-idle=\"%d\" hidden>%s",
                PB_SLEEP_COLD, PB_OVERLOAD_SHARE, PB_P50_WAITS, PB_PROVED_IDLE,
                form);
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
           "this machine and kernel, its fds as dense as possible. Predictions "
           "hold in the range below. To see what they are worth beyond, each "
           "model was also fitted on the lowest quarter of the range alone: by "
           "so much it then missed the rest, in the median and at worst.",
           report->doc.format == PA_HTML ? ", as this calculator," : "");
    add_ranges(report);
    pa_report_close_details(report);
    pa_doc_close_section(&report->doc);
}
