/* SPDX-License-Identifier: MIT */
/* A section for each case of the run, in the order of cases.csv: what it asks,
 * what was found, its figure, its table, and what it is not for. */
#include "findings.h"
#include "metrics.h"
#include "report_sections.h"
#include "show.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- a table whose rows and columns are named by what is in them --------- */

enum { ROW, COLUMN, TEXT, N_TEXTS };

struct cell {
    char *texts[N_TEXTS];
};

struct pivot {
    size_t n_cells;
    struct cell *cells;
};

/* Take a cell, whose texts it will free; one that is there already stays. */
static void add_cell(struct pivot *pivot, char *row, char *column, char *text)
{
    size_t n = pivot->n_cells;

    if ((n & (n - 1)) == 0) /* full, as it always holds a power of two */
        pivot->cells = pa_need(
            realloc(pivot->cells, (n ? 2 * n : 1) * sizeof *pivot->cells));
    pivot->cells[pivot->n_cells++] = (struct cell){{row, column, text}};
}

/* Whether cell i is the first of its row, or its column. */
static int is_first(const struct pivot *pivot, size_t i, int of)
{
    size_t j = 0;

    while (strcmp(pivot->cells[j].texts[of], pivot->cells[i].texts[of]) != 0)
        j++;
    return i == j;
}

static const char *text_at(const struct pivot *pivot, const char *row,
                           const char *column)
{
    for (size_t i = 0; i < pivot->n_cells; i++)
        if (strcmp(pivot->cells[i].texts[ROW], row) == 0 &&
            strcmp(pivot->cells[i].texts[COLUMN], column) == 0)
            return pivot->cells[i].texts[TEXT];
    return "";
}

/* A row, or above them all the names of the columns. */
static void add_row(struct pa_report *report, const struct pivot *pivot,
                    const char *name, int is_head)
{
    pa_doc_row(&report->doc);
    pa_report_cell(report, "%s", name);
    for (size_t i = 0; i < pivot->n_cells; i++) {
        const char *column = pivot->cells[i].texts[COLUMN];
        if (is_first(pivot, i, COLUMN))
            pa_report_cell(report, "%s",
                           is_head ? column : text_at(pivot, name, column));
    }
}

/* Rows and columns in the order of their first cells, corner above the names of
 * the rows; nothing if there are no cells. Frees them. */
static void show_pivot(struct pa_report *report, struct pivot *pivot,
                       const char *corner)
{
    if (pivot->n_cells > 0) {
        pa_doc_open_table(&report->doc, "lr");
        add_row(report, pivot, corner, 1);
        for (size_t i = 0; i < pivot->n_cells; i++)
            if (is_first(pivot, i, ROW))
                add_row(report, pivot, pivot->cells[i].texts[ROW], 0);
        pa_doc_close_table(&report->doc);
    }
    for (size_t i = 0; i < N_TEXTS * pivot->n_cells; i++)
        free(pivot->cells[i / N_TEXTS].texts[i % N_TEXTS]);
    free(pivot->cells);
}

/* --- costs --------------------------------------------------------------- */

/* Of a count or of memory nothing is something to be told; of a time it means
 * that there was none; and why there is no number is, too. */
static int is_shown(const struct pa_case *asked,
                    const struct pb_points_row *row)
{
    return strcmp(row->sweep, asked->sweep) == 0 &&
           (isnan(row->estimate_ns)
                ? *row->reason != '\0'
                : row->estimate_ns > 0 ||
                      !pb_metric_is_time(pb_metric_of(row->metric)));
}

static struct pb_factors factors_of(const struct pb_points_row *row)
{
    return pa_factors_of((const void *)row);
}

/* What varies that has to be named to tell the rows of the case apart: the
 * axis, and more only where that is not enough; a table is of one metric, and
 * a row of it of one backend and stage. */
static unsigned telling_factors(const struct pa_report *report,
                                const struct pa_case *asked)
{
    unsigned told = asked->varies & ~(PB_BIT(metric) | PB_BIT(stage));
    unsigned named = told & 1u << asked->axis;

    PA_EACH (row, report->run, points) {
        struct pb_factors factors = factors_of(row);
        for (const struct pb_points_row *other = report->run->points.first;
             is_shown(asked, row) && other < row; other++) {
            struct pb_factors others = factors_of(other);
            unsigned all = pb_factors_differ(&factors, &others);
            unsigned differ = all & told;
            if (is_shown(asked, other) && !(differ & named) &&
                !(all & PB_BIT(stage)))
                named |= differ & -differ; /* its first */
        }
    }
    return named;
}

/* "8, 1": those factors of a row; without one, what they are. To be freed. */
static char *factor_texts(unsigned named, const struct pb_points_row *row)
{
    struct pb_factors factors = row ? factors_of(row) : (struct pb_factors){0};
    char *text = pa_format("%s", "");

    for (int i = 0; i < PB_N_FACTORS; i++) {
        const struct pb_factor_info *info = &pb_factor_infos[i];
        if (!(named & 1u << i))
            continue;
        const char *comma = *text ? ", " : "";
        char *longer =
            row && info->type != PB_TEXT
                ? pa_format("%s%s%lld", text, comma,
                            (long long)pb_factor_number(&factors, i))
                : pa_format("%s%s%s", text, comma,
                            row ? pb_factor_text(&factors, i) : info->words);
        free(text);
        text = longer;
    }
    return text;
}

/* "epoll, register"; what all rows have is not said. */
static char *series_text(const struct pb_points_row *row)
{
    const char *backend = row->backend;
    const char *stage = row->stage;
    int has_backend = strcmp(backend, "none") != 0;
    int has_stage = strcmp(stage, "all") != 0;

    if (!has_backend && !has_stage)
        return pa_format("no call");
    return pa_format("%s%s%s", has_backend ? backend : "",
                     has_backend && has_stage ? ", " : "",
                     has_stage ? stage : "");
}

static struct pa_shown cost_of(const struct pb_points_row *row)
{
    double value = row->estimate_ns;
    double low = row->low_ns, high = row->high_ns;

    return pa_show_cost_interval(value, low, high, row->unit);
}

/* The case's rows of a metric, in the order of their backends. */
static struct pivot costs_of(const struct pa_report *report,
                             const struct pa_case *asked, unsigned named,
                             const struct pb_metric_info *metric)
{
    const struct pa_backend_list *backends = &report->run->backends;
    struct pivot pivot = {0};

    for (size_t place = 0; place <= backends->n; place++)
        PA_EACH (row, report->run, points) {
            const char *backend = row->backend;
            if (!is_shown(asked, row) ||
                strcmp(row->metric, metric->name) != 0 ||
                pa_backend_place(backends, backend) != place)
                continue;
            add_cell(&pivot, series_text(row),
                     named ? factor_texts(named, row)
                           : pa_format("%s", metric->name),
                     pa_format("%s", isnan(row->estimate_ns)
                                         ? row->reason
                                         : cost_of(row).text));
        }
    return pivot;
}

/* For each metric a row for each backend and stage, a column for each value of
 * what varies. */
static void add_costs(struct pa_report *report, const struct pa_case *asked)
{
    unsigned named = telling_factors(report, asked);
    PA_FREED char *corner = factor_texts(named, NULL);

    for (int i = 0; i < PB_N_METRICS; i++) {
        const struct pb_metric_info *metric = &pb_metric_infos[i];
        struct pivot pivot = costs_of(report, asked, named, metric);
        if (i != PB_METRIC_cost && pivot.n_cells > 0) {
            pa_doc_paragraph(&report->doc);
            pa_doc_text(&report->doc, "For each call, %s:", metric->meaning);
        }
        show_pivot(report, &pivot, corner);
    }
}

/* --- how costs grow ------------------------------------------------------ */

/* "359 ns at highest fd 8". */
static void add_end(struct pa_report *report, const struct pb_growth_row *row,
                    double cost_ns, int64_t value)
{
    struct pa_string cell;
    FILE *out = pa_string_open(&cell);

    fprintf(out, "%s at ",
            pa_show_cost(cost_ns, pb_metric_unit(row->metric)).text);
    pa_phrase_value(out, row->variable, value);
    pa_report_close_cell(report, &cell, out);
}

static void add_growth(struct pa_report *report,
                       const struct pb_growth_row *row)
{
    struct pa_string cell;

    pa_doc_row(&report->doc);
    FILE *out = pa_string_open(&cell);
    pa_phrase_subject(out, row->backend, row->stage);
    pa_report_close_cell(report, &cell, out);
    out = pa_string_open(&cell);
    pa_phrase_held(out, row->highest_fd, row->fd_count, row->ready_count,
                   row->layout);
    pa_report_close_cell(report, &cell, out);
    add_end(report, row, row->from_ns, row->from);
    add_end(report, row, row->to_ns, row->to);
    pa_report_cell(report, "%s",
                   pa_show_cost_interval(row->change_ns, row->change_low_ns,
                                         row->change_high_ns,
                                         pb_metric_unit(row->metric))
                       .text);
    pa_report_cell(report, "%s", pa_class_words(row->class));
    pa_report_cell(report, "%s",
                   pa_show_interval(row->exponent, row->exponent_low,
                                    row->exponent_high, "")
                       .text);
    out = pa_string_open(&cell);
    pa_growth_slopes(out, report->run, row, "");
    pa_report_close_cell(report, &cell, out);
}

/* The rows of growth.csv that the figure is of. */
static void add_growths(struct pa_report *report, const struct pa_case *asked)
{
    int is_open = 0;

    PA_EACH (row, report->run, growth) {
        if (!pa_growth_is_of(report->run, row, asked))
            continue;
        if (!is_open++) {
            pa_report_open_details(report, "How each cost grows");
            pa_report_open_table(report, "l",
                                 "cost of|held|from|to|change|class|exponent|"
                                 "one more is");
        }
        add_growth(report, row);
    }
    if (!is_open)
        return;
    pa_doc_close_table(&report->doc);
    pa_report_close_details(report);
}

/* --- where they jump ----------------------------------------------------- */

static void add_step(struct pa_report *report, const struct pb_steps_row *row)
{
    pa_doc_row(&report->doc);
    pa_report_cell(report, "%s", row->backend);
    pa_report_cell(report, "%s between %lld and %lld",
                   pa_factor_words(row->variable), (long long)row->before,
                   (long long)row->place);
    pa_report_cell(report, "%s",
                   pa_show_cost_interval(row->size_ns, row->low_ns,
                                         row->high_ns,
                                         pb_metric_unit(row->metric))
                       .text);
    pa_report_cell(report, "%s %%", pa_show_number(row->share_percent).text);
    pa_doc_cell(&report->doc);
    pa_report_flags(report, PA_FLAGS(STEPS, steps), row->flags, "");
}

static void add_steps(struct pa_report *report, const struct pa_case *asked)
{
    (void)asked;
    if (PA_N_ROWS(report->run->steps) == 0)
        return;
    pa_report_flag_notes(report, PA_FLAGS(STEPS, steps), PA_NO_NAMES);
    pa_report_open_table(report, "llrrl",
                         "backend|where|height|of the cost below|note");
    PA_EACH (row, report->run, steps)
        add_step(report, row);
    pa_doc_close_table(&report->doc);
}

/* --- what the library adds ----------------------------------------------- */

static void add_layer(struct pa_report *report, const struct pa_case *asked)
{
    const char *unit = pa_run_unit(report->run);
    struct pivot pivot = {0};

    (void)asked;
    pa_doc_paragraph(&report->doc);
    pa_doc_text(&report->doc,
                "Every number on this page includes the polling library that "
                "all backends share. This is what it adds to the bare call, "
                "from pairs of batches in the same round.");
    pa_report_flag_notes(report, PA_FLAGS(LAYER, layer),
                         PA_COLUMN_OF(layer, backend));
    PA_EACH (row, report->run, layer) {
        struct pa_shown more = pa_show_cost_interval(row->layer_ns, row->low_ns,
                                                     row->high_ns, unit);
        char *set = pa_format("%lld, %lld", (long long)row->highest_fd,
                              (long long)row->fd_count);
        add_cell(&pivot, set, pa_format("%s", row->backend),
                 pa_format("%s on %s", more.text,
                           pa_show_cost(row->raw_ns, unit).text));
    }
    show_pivot(report, &pivot, "highest fd, watched");
}

/* --- servers, as predicted ----------------------------------------------- */

static void add_prediction(struct pa_report *report,
                           const struct pb_predictions_row *row)
{
    const struct pb_metric_info *metric = pb_metric_info(row->metric);
    const char *rest = strstr(metric->meaning, " (");
    struct pa_shown predicted = pa_show_cost_interval(row->predicted, row->low,
                                                      row->high, metric->unit);

    pa_doc_row(&report->doc);
    pa_report_cell(report, "%s", row->backend);
    pa_report_cell(report, "%lld", (long long)row->fd_count);
    pa_report_cell(report, "%lld", (long long)row->busy_fds);
    pa_report_cell(report, row->rate > 0 ? "%lld" : "flat out",
                   (long long)row->rate);
    pa_report_cell(report, "%.*s",
                   (int)(rest ? rest - metric->meaning : INT_MAX),
                   metric->meaning);
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
        if (strcmp(row->sweep, asked->sweep) != 0)
            continue;
        if (n++ == 0) {
            pa_doc_paragraph(&report->doc);
            pa_doc_text(&report->doc,
                        "As predicted by the costs of a pass over the fds "
                        "alone, from warm to cold, and of a request as it is "
                        "with the calls that look through ready fds:");
            pa_report_open_table(report, "lrrrlrrr",
                                 "backend|watched|busy|requests/s|what|"
                                 "predicted|measured|error");
        }
        add_prediction(report, row);
    }
    if (n > 0)
        pa_doc_close_table(&report->doc);
}

/* --- the section --------------------------------------------------------- */

/* The tables that a case's figure goes with. */
static const struct {
    const char *figure;
    void (*add)(struct pa_report *report, const struct pa_case *asked);
} tables[] = {
    {"", add_costs},       {"scale", add_costs},    {"facets", add_costs},
    {"memory", add_costs}, {"flows", add_costs},    {"layer", add_layer},
    {"steps", add_steps},  {"series", add_growths}, {"stages", add_growths},
};

/* Whether the run has points of the case. */
static int is_measured(const struct pa_report *report,
                       const struct pa_case *asked)
{
    PA_EACH (row, report->run, points)
        if (strcmp(row->sweep, asked->sweep) == 0)
            return 1;
    return 0;
}

static int is_figure(const struct pa_case *asked, const char *figure)
{
    return strcmp(asked->figure, figure) == 0;
}

/* Of growth its title, for the table has the numbers; else the sentence. */
static void add_findings(struct pa_report *report, const struct pa_case *asked)
{
    int is_growth = is_figure(asked, "series") || is_figure(asked, "stages");

    PA_EACH (row, report->run, findings) {
        if (strcmp(row->sweep, asked->sweep) != 0)
            continue;
        pa_doc_item(&report->doc);
        if (is_growth && row->fd_count != PA_NONE)
            pa_doc_text(&report->doc, "%lld watched, ",
                        (long long)row->fd_count);
        pa_doc_text(&report->doc, "%s", is_growth ? row->title : row->sentence);
    }
}

static int add_figure(struct pa_report *report, const char *name,
                      const char *words, const char *caption)
{
    PA_FREED char *finding = pa_findings_text(report, name, words);
    return pa_figure_file(report, name, finding, caption);
}

/* Costs that a panel of the page shows are folded away. */
static void add_table(struct pa_report *report, const struct pa_case *asked,
                      void (*add)(struct pa_report *, const struct pa_case *),
                      int is_drawn)
{
    int is_folded = is_drawn && add == add_costs;

    if (is_folded)
        pa_report_open_details(report, "Each cost");
    add(report, asked);
    if (is_folded)
        pa_report_close_details(report);
}

static void add_case(struct pa_report *report, const struct pa_case *asked)
{
    struct pa_doc *doc = &report->doc;
    int is_page = doc->format == PA_HTML;
    /* Panels of the page have their titles above them. */
    int is_titled = is_page && is_figure(asked, "series");
    PA_FREED char *limits = pa_format("Held fixed: %s. Not to be used for %s.",
                                      asked->held_fixed, asked->not_for);

    pa_doc_open_section(doc, "case", asked->sweep);
    pa_doc_heading(doc, 2, asked->question);
    if (!is_titled)
        add_findings(report, asked);
    int is_drawn =
        add_figure(report, asked->sweep, asked->question, limits) && is_page;
    if (is_figure(asked, "steps"))
        add_figure(report, "sawtooth",
                   "Cost within and across words of the bitmap", "");
    if (is_titled && !is_drawn) {
        add_findings(report, asked);
        add_costs(report, asked);
    }
    for (size_t i = 0; i < PA_ARRAY_SIZE(tables); i++)
        if (is_figure(asked, tables[i].figure))
            add_table(report, asked, tables[i].add, is_drawn);
    add_predictions(report, asked);
    if (!is_drawn) {
        pa_doc_paragraph(doc);
        pa_doc_text(doc, "%s", limits);
    }
    pa_doc_close_section(doc);
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
    const struct pa_case_list *list = &report->run->cases;
    int n_measured = 0;

    for (size_t i = 0; i < list->n; i++) {
        if (!is_measured(report, &list->cases[i]))
            continue;
        if (strcmp(list->cases[i].figure, figure) != 0)
            return 0;
        n_measured++;
    }
    return n_measured > 0;
}

/* --- times beside counts -------------------------------------------------- */

void pa_report_memory(struct pa_report *report)
{
    static const char name[] = "per_instruction";
    char *finding = pa_findings_text(report, name, "");

    if (*finding) {
        pa_report_part(report, name, "What is work, and what is memory");
        PA_EACH (row, report->run, findings) {
            if (strcmp(row->sweep, name) != 0)
                continue;
            pa_doc_item(&report->doc);
            pa_doc_text(&report->doc, "%s", row->sentence);
        }
        pa_figure_file(report, name, finding, "");
        pa_doc_close_section(&report->doc);
    }
    free(finding);
}

/* --- beside what others have published ----------------------------------- */

void pa_report_history(struct pa_report *report)
{
    PA_FREED char *finding = pa_findings_text(report, "history", "");

    if (*finding) {
        pa_report_part(report, "history", "Beside what others have published");
        pa_doc_paragraph(&report->doc);
        pa_doc_text(&report->doc,
                    "Other machines, other kernels, other decades: compare how "
                    "the lines rise, not how high they lie. Every figure and "
                    "its source are in ");
        pa_report_file_link(report, "history.csv");
        pa_doc_text(&report->doc, ".");
        pa_report_contended_note(report);
        pa_figure_file(report, "history", finding, finding);
        pa_doc_close_section(&report->doc);
    }
}
