/* SPDX-License-Identifier: MIT */
/* A section for each case of the run, in the order of cases.csv: what it asks,
 * what was found, its figure, its table, and what it is not for. */
#include "findings.h"
#include "metrics.h"
#include "report_sections.h"
#include "show.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- costs --------------------------------------------------------------- */

/* Of a count or of memory nothing is something to be told; of a time it means
 * that there was none; and why there is no number is, too. */
static int is_shown(const struct pa_case *asked,
                    const struct pb_points_row *row)
{
    return pa_is(row->sweep, asked->sweep) &&
           (isnan(row->estimate_ns)
                ? *row->reason != '\0'
                : row->estimate_ns > 0 ||
                      !pb_metric_is_time(pb_metric_of(row->metric)));
}

/* What varies in the rows of the case that has a column of its own. */
static unsigned columns_of(const struct pa_report *report,
                           const struct pa_case *asked)
{
    struct pb_factors first, factors;
    unsigned differ = 0;
    int n = 0;

    PA_EACH (row, report->run, points) {
        if (!is_shown(asked, row))
            continue;
        factors = pa_factors_of((const void *)row);
        first = n++ ? first : factors;
        differ |= pb_factors_differ(&first, &factors);
    }
    return differ & asked->varies & ~(PB_BIT(metric) | PB_BIT(stage));
}

/* "epoll, register"; what all rows have is not said. */
static void add_series(struct pa_report *report,
                       const struct pb_points_row *row)
{
    int has_backend = !pa_is(row->backend, "none");
    int has_stage = !pa_is(row->stage, "all");

    pa_report_cell(report, "%s%s%s%s", has_backend ? row->backend : "",
                   has_backend && has_stage ? ", " : "",
                   has_stage ? row->stage : "",
                   has_backend || has_stage ? "" : "no call");
}

/* A row, or without one the heads of the columns. */
static void add_point(struct pa_report *report, unsigned columns,
                      const struct pb_points_row *row)
{
    struct pb_factors factors =
        row ? pa_factors_of((const void *)row) : (struct pb_factors){0};

    pa_doc_row(&report->doc);
    if (row)
        add_series(report, row);
    else
        pa_report_cell(report, "backend");
    for (enum pb_factor i = 0; i < PB_N_FACTORS; i++)
        if (columns & 1u << i)
            pa_report_cell(report, "%s",
                           row ? pa_show_factor(&factors, i).text
                               : pb_factor_infos[i].words);
    if (!row)
        pa_report_cell(report, "each call");
    else if (isnan(row->estimate_ns))
        pa_report_cell(report, "%s", row->reason);
    else
        pa_report_cell(report, "%s",
                       pa_show_cost_interval(row->estimate_ns, row->low_ns,
                                             row->high_ns, row->unit)
                           .text);
    if (row && !isnan(row->estimate_ns))
        pa_report_flags(report, PA_FLAGS(POINTS, points), row->flags, "; ");
}

/* The case's rows of a metric, in the order of their backends. */
static void add_metric(struct pa_report *report, const struct pa_case *asked,
                       unsigned columns, const struct pb_metric_info *metric)
{
    const struct pa_backend_list *backends = &report->run->backends;
    int is_open = 0;

    for (size_t place = 0; place <= backends->n; place++)
        PA_EACH (row, report->run, points) {
            if (!is_shown(asked, row) || !pa_is(row->metric, metric->name) ||
                pa_backend_place(backends, row->backend) != place)
                continue;
            if (!is_open++) {
                if (!pa_is(metric->name, "cost")) {
                    PA_SAY(report, paragraph,
                           "For each call, %s:", metric->meaning);
                }
                pa_doc_open_table(&report->doc, "lr");
                add_point(report, columns, NULL);
            }
            add_point(report, columns, row);
        }
    if (is_open)
        pa_doc_close_table(&report->doc);
}

static void add_costs(struct pa_report *report, const struct pa_case *asked)
{
    unsigned columns = columns_of(report, asked);

    for (int i = 0; i < PB_N_METRICS; i++)
        add_metric(report, asked, columns, &pb_metric_infos[i]);
}

/* --- how costs grow ------------------------------------------------------ */

/* The rows of growth.csv that the figure is of. */
static void add_growths(struct pa_report *report, const struct pa_case *asked)
{
    struct pa_string text;
    int is_open = 0;

    PA_EACH (row, report->run, growth) {
        if (!pa_growth_is_of(report->run, row, asked))
            continue;
        if (!is_open++)
            pa_report_open_details(report, "How each cost grows");
        FILE *out = pa_string_open(&text);
        pa_phrase_subject(out, row->backend, row->stage);
        fputs(" is ", out);
        pa_phrase_class(out, row);
        pa_growth_say(out, ": with", report->run, row);
        pa_report_close_item(report, &text, out);
    }
    if (is_open)
        pa_report_close_details(report);
}

/* --- where they jump ----------------------------------------------------- */

static void add_steps(struct pa_report *report, const struct pa_case *asked)
{
    (void)asked;
    if (PA_N_ROWS(report->run->steps) == 0)
        return;
    pa_report_flag_notes(report, PA_FLAGS(STEPS, steps), PA_NO_NAMES);
    pa_report_open_details(report, "Each step");
    PA_EACH (row, report->run, steps) {
        PA_SAY(
            report, item,
            "%s jumps between %s %lld and %lld by %s, %s %% of the cost below",
            row->backend, pa_factor_words(row->variable),
            (long long)row->before, (long long)row->place,
            pa_show_cost_interval(row->size_ns, row->low_ns, row->high_ns,
                                  pb_metric_unit(row->metric))
                .text,
            pa_show_number(row->share_percent).text);
        pa_report_flags(report, PA_FLAGS(STEPS, steps), row->flags, "; ");
    }
    pa_report_close_details(report);
}

/* --- what the library adds ----------------------------------------------- */

static void add_layer(struct pa_report *report, const struct pa_case *asked)
{
    const char *unit = pa_run_unit(report->run);

    (void)asked;
    PA_SAY(report, paragraph,
           "Every number on this page includes the polling library that all "
           "backends share. This is what it adds to the bare call, from pairs "
           "of batches in the same round.");
    pa_report_flag_notes(report, PA_FLAGS(LAYER, layer),
                         PA_COLUMN_OF(layer, backend));
    pa_report_open_table(
        report, "lr", "backend|highest fd|watched|bare call|the library adds");
    PA_EACH (row, report->run, layer) {
        pa_doc_row(&report->doc);
        pa_report_cell(report, "%s", row->backend);
        pa_report_cell(report, "%lld", (long long)row->highest_fd);
        pa_report_cell(report, "%lld", (long long)row->fd_count);
        pa_report_cell(report, "%s", pa_show_cost(row->raw_ns, unit).text);
        pa_report_cell(report, "%s",
                       pa_show_cost_interval(row->layer_ns, row->low_ns,
                                             row->high_ns, unit)
                           .text);
    }
    pa_doc_close_table(&report->doc);
}

/* --- servers, as predicted ----------------------------------------------- */

static void add_prediction(struct pa_report *report,
                           const struct pb_predictions_row *row)
{
    const struct pb_metric_info *metric = pb_metric_info(row->metric);
    int is_own = pa_report_is_own_server(row->server);
    struct pa_shown predicted = pa_show_cost_interval(row->predicted, row->low,
                                                      row->high, metric->unit);

    pa_doc_row(&report->doc);
    pa_report_cell(report, "%s%s%s", row->backend, is_own ? "" : " in ",
                   is_own ? "" : row->server);
    pa_report_cell(report, "%lld", (long long)row->fd_count);
    pa_report_cell(report, "%lld", (long long)row->busy_fds);
    pa_report_cell(report, row->rate > 0 ? "%lld" : "flat out",
                   (long long)row->rate);
    pa_report_cell(report, "%.*s", pb_metric_words(metric), metric->meaning);
    pa_report_cell(report, "%s%s", predicted.text,
                   *row->beyond ? ", extrapolated" : "");
    pa_report_cell(report, "%s",
                   pa_show_cost(row->measured, metric->unit).text);
    pa_report_cell(report, "%.1f %%", row->error_percent);
}

static void add_predictions(struct pa_report *report,
                            const struct pa_case *asked)
{
    int n = 0;

    PA_EACH (row, report->run, predictions) {
        if (!pa_is(row->sweep, asked->sweep))
            continue;
        if (n++ == 0) {
            pa_report_open_details(report, "As predicted, and as measured");
            PA_SAY(report, paragraph,
                   "As predicted, dotted in the figure, by the costs of a pass "
                   "over the fds alone, from warm to cold, and of a request as "
                   "it is with the calls that look through ready fds:");
            pa_report_open_table(report, "lrrrlrrr",
                                 "backend|watched|busy|requests/s|what|"
                                 "predicted|measured|error");
        }
        add_prediction(report, row);
    }
    if (n == 0)
        return;
    pa_doc_close_table(&report->doc);
    pa_report_close_details(report);
}

/* --- the section --------------------------------------------------------- */

/* The tables that a case's figure goes with. */
static const struct {
    const char *figure;
    void (*add)(struct pa_report *report, const struct pa_case *asked);
} tables[] = {
    {"", add_costs},          {"scale", add_costs},  {"facets", add_costs},
    {"latencies", add_costs}, {"memory", add_costs}, {"flows", add_costs},
    {"layer", add_layer},     {"steps", add_steps},  {"series", add_growths},
    {"stages", add_growths},
};

/* Whether the run has points of the case. */
static int is_measured(const struct pa_report *report,
                       const struct pa_case *asked)
{
    PA_EACH (row, report->run, points)
        if (pa_is(row->sweep, asked->sweep))
            return 1;
    return 0;
}

/* Sentences, or of growth titles alone, for a table has the numbers. */
static void add_findings(struct pa_report *report, const char *sweep,
                         int has_titles)
{
    PA_EACH (row, report->run, findings) {
        if (!pa_is(row->sweep, sweep))
            continue;
        pa_doc_item(&report->doc);
        if (has_titles && row->fd_count != PA_NONE)
            pa_doc_text(&report->doc, "%lld watched, ",
                        (long long)row->fd_count);
        pa_doc_text(&report->doc, "%s",
                    has_titles ? row->title : row->sentence);
    }
}

static void add_case(struct pa_report *report, const struct pa_case *asked)
{
    struct pa_doc *doc = &report->doc;
    int is_page = doc->format == PA_HTML;
    int is_series = pa_is(asked->figure, "series");
    int has_titles = is_series || pa_is(asked->figure, "stages");
    /* Panels of the page have their titles above them. */
    int is_titled = is_page && is_series;
    PA_FREED char *limits = pa_format("Held fixed: %s. Not to be used for %s.",
                                      asked->held_fixed, asked->not_for);

    pa_doc_part(doc, "case", asked->sweep, asked->question);
    if (!is_titled)
        add_findings(report, asked->sweep, has_titles);
    int is_drawn =
        pa_figure_file(report, asked->sweep, asked->question, limits) &&
        is_page;
    if (pa_is(asked->figure, "steps"))
        pa_figure_file(report, "sawtooth",
                       "Cost within and across words of the bitmap", "");
    if (is_titled && !is_drawn) {
        add_findings(report, asked->sweep, has_titles);
        add_costs(report, asked);
    }
    for (size_t i = 0; i < PA_ARRAY_SIZE(tables); i++) {
        /* Costs that a panel of the page shows are folded away. */
        int is_folded = is_drawn && tables[i].add == add_costs;
        if (!pa_is(asked->figure, tables[i].figure))
            continue;
        if (is_folded)
            pa_report_open_details(report, "Each cost");
        tables[i].add(report, asked);
        if (is_folded)
            pa_report_close_details(report);
    }
    add_predictions(report, asked);
    if (!is_drawn) {
        PA_SAY(report, paragraph, "%s", limits);
    }
}

void pa_report_cases(struct pa_report *report)
{
    const struct pa_case_list *list = &report->run->cases;

    for (size_t i = 0; i < list->n; i++)
        if (is_measured(report, &list->cases[i]))
            add_case(report, &list->cases[i]);
}

int pa_report_is_of(const struct pa_report *report, const char *figure)
{
    int n = 0;

    PA_EACH (row, report->run, points) {
        const struct pa_case *asked =
            pa_case_of(&report->run->cases, row->sweep);
        if (asked && !pa_is(asked->figure, figure))
            return 0;
        n |= asked != NULL;
    }
    return n;
}

/* --- times beside counts, and beside what others have published ----------- */

void pa_report_memory(struct pa_report *report)
{
    static const char name[] = "per_instruction";
    PA_FREED char *finding = pa_findings_text(report, name, "");

    if (!*finding)
        return;
    pa_report_part(report, name, "What is work, and what is memory");
    PA_SAY(report, paragraph,
           "Where an instruction takes the same whatever there is to look "
           "through, a cost grows as its instructions do; where it takes "
           "longer, they wait for memory.");
    pa_figure_file(report, name, "", "");
    pa_report_open_details(report, "The same with intervals");
    add_findings(report, name, 0);
    pa_report_close_details(report);
}

void pa_report_history(struct pa_report *report)
{
    PA_FREED char *finding = pa_findings_text(report, "history", "");

    if (!*finding)
        return;
    pa_report_part(report, "history", "Beside what others have published");
    PA_SAY(
        report, paragraph,
        "Other machines, other kernels, other decades: compare how the lines "
        "rise, not how high they lie. Every figure and its source are in ");
    pa_report_file_link(report, "history.csv");
    pa_doc_text(&report->doc, ".");
    pa_report_contended_note(report);
    pa_figure_file(report, "history", "", finding);
}
