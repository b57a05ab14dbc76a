/* SPDX-License-Identifier: MIT */
/* A section for each case of the run, in the order of cases.csv: what it asks,
 * what was found, its figure, its table, and what it is not for. */
#include "growth_rows.h"
#include "metrics.h"
#include "report_sections.h"
#include "show.h"

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

static int is_shown(const struct pa_case *asked, const union pa_cell *row)
{
    return strcmp(row[POINTS_sweep].text, asked->sweep) == 0 &&
           row[POINTS_estimate_ns].real > 0;
}

/* What varies that has to be named to tell the rows of the case apart: the
 * axis, and more only where that is not enough; a table is of one metric. */
static unsigned telling_factors(const struct pa_report *report,
                                const struct pa_case *asked)
{
    unsigned told = asked->varies & ~(1u << PB_FACTOR_metric);
    unsigned named = told & 1u << asked->axis;

    for (size_t i = 0; i < pa_run_rows(report->run, PA_POINTS); i++) {
        const union pa_cell *row = pa_run_row(report->run, PA_POINTS, i);
        struct pb_factors factors = pa_factors_of(row);
        for (size_t j = 0; is_shown(asked, row) && j < i; j++) {
            const union pa_cell *other = pa_run_row(report->run, PA_POINTS, j);
            struct pb_factors others = pa_factors_of(other);
            unsigned differ = pb_factors_differ(&factors, &others) & told;
            if (is_shown(asked, other) && !(differ & named))
                named |= differ & -differ; /* its first */
        }
    }
    return named;
}

/* "8, 1": those factors of a row; without one, what they are. To be freed. */
static char *factor_texts(unsigned factors, const union pa_cell *row)
{
    char *text = pa_format("%s", "");

    for (int i = 0; i < PB_N_FACTORS; i++) {
        const struct pb_factor_info *info = &pb_factor_infos[i];
        if (!(factors & 1u << i))
            continue;
        const char *comma = *text ? ", " : "";
        char *longer =
            row && info->type != PB_TEXT
                ? pa_format("%s%s%lld", text, comma, (long long)row[i].integer)
                : pa_format("%s%s%s", text, comma,
                            row ? row[i].text : info->words);
        free(text);
        text = longer;
    }
    return text;
}

/* "epoll, register"; what all rows have is not said. */
static char *series_text(const union pa_cell *row)
{
    const char *backend = row[POINTS_backend].text;
    const char *stage = row[POINTS_stage].text;
    int has_backend = strcmp(backend, "none") != 0;
    int has_stage = strcmp(stage, "all") != 0;

    if (!has_backend && !has_stage)
        return pa_format("no call");
    return pa_format("%s%s%s", has_backend ? backend : "",
                     has_backend && has_stage ? ", " : "",
                     has_stage ? stage : "");
}

static struct pa_shown cost_of(const union pa_cell *row)
{
    double value = row[POINTS_estimate_ns].real;
    double low = row[POINTS_low_ns].real, high = row[POINTS_high_ns].real;

    return pb_metric_is_time(pb_metric_of(row[POINTS_metric].text))
               ? pa_show_ns_interval(value, low, high)
               : pa_show_interval(value, low, high, row[POINTS_unit].text);
}

/* The case's rows of a metric, in the order of their backends. */
static struct pivot costs_of(const struct pa_report *report,
                             const struct pa_case *asked, unsigned named,
                             const struct pb_metric_info *metric)
{
    const struct pa_backend_list *backends = &report->run->backends;
    struct pivot pivot = {0};

    for (size_t place = 0; place <= backends->n; place++)
        for (size_t i = 0; i < pa_run_rows(report->run, PA_POINTS); i++) {
            const union pa_cell *row = pa_run_row(report->run, PA_POINTS, i);
            const char *backend = row[POINTS_backend].text;
            if (!is_shown(asked, row) ||
                strcmp(row[POINTS_metric].text, metric->name) != 0 ||
                pa_backend_place(backends, backend) != place)
                continue;
            add_cell(&pivot, series_text(row),
                     named ? factor_texts(named, row)
                           : pa_format("%s", metric->name),
                     pa_format("%s", cost_of(row).text));
        }
    return pivot;
}

/* For each metric a row for each backend and stage, a column for each value of
 * what varies. */
static void add_costs(struct pa_report *report, const struct pa_case *asked)
{
    unsigned named = telling_factors(report, asked);
    char *corner = factor_texts(named, NULL);

    for (int i = 0; i < PB_N_METRICS; i++) {
        const struct pb_metric_info *metric = &pb_metric_infos[i];
        struct pivot pivot = costs_of(report, asked, named, metric);
        if (i != PB_METRIC_cost && pivot.n_cells > 0) {
            pa_doc_paragraph(&report->doc);
            pa_doc_text(&report->doc, "For each call, %s:", metric->meaning);
        }
        show_pivot(report, &pivot, corner);
    }
    free(corner);
}

/* --- how costs grow ------------------------------------------------------ */

/* "359 ns at highest fd 8". */
static void add_end(struct pa_report *report, const union pa_cell *row,
                    double cost_ns, int64_t value)
{
    struct pa_string cell;
    FILE *out = pa_string_open(&cell);

    fprintf(out, "%s at ", pa_show_ns(cost_ns).text);
    pa_phrase_value(out, row[GROWTH_variable].text, value);
    pa_report_close_cell(report, &cell, out);
}

static void add_growth(struct pa_report *report, const union pa_cell *row)
{
    struct pa_phrase told = pa_growth_phrase(row);
    struct pa_string cell;

    pa_doc_row(&report->doc);
    FILE *out = pa_string_open(&cell);
    pa_phrase_subject(out, told.backend, told.stage);
    pa_report_close_cell(report, &cell, out);
    out = pa_string_open(&cell);
    pa_phrase_held(out, told.highest_fd, told.fd_count, told.ready_count,
                   told.layout);
    pa_report_close_cell(report, &cell, out);
    add_end(report, row, told.from_ns, told.from);
    add_end(report, row, told.to_ns, told.to);
    pa_report_cell(report, "%s",
                   pa_show_ns_interval(told.change_ns.value, told.change_ns.low,
                                       told.change_ns.high)
                       .text);
    pa_report_cell(report, "%s", pa_class_words(told.class));
    pa_report_cell(report, "%s",
                   pa_show_interval(told.exponent.value, told.exponent.low,
                                    told.exponent.high, "")
                       .text);
    out = pa_string_open(&cell);
    pa_growth_slopes(out, report->run, row, "");
    pa_report_close_cell(report, &cell, out);
}

/* The rows of growth.csv that the figure is of. */
static void add_growths(struct pa_report *report, const struct pa_case *asked)
{
    int is_open = 0;

    for (size_t i = 0; i < pa_run_rows(report->run, PA_GROWTH); i++) {
        const union pa_cell *row = pa_run_row(report->run, PA_GROWTH, i);
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

static void add_step(struct pa_report *report, const union pa_cell *row)
{
    pa_doc_row(&report->doc);
    pa_report_cell(report, "%s", row[STEPS_backend].text);
    pa_report_cell(report, "%s between %lld and %lld",
                   pa_factor_words(row[STEPS_variable].text),
                   (long long)row[STEPS_before].integer,
                   (long long)row[STEPS_place].integer);
    pa_report_cell(report, "%s",
                   pa_show_ns_interval(row[STEPS_size_ns].real,
                                       row[STEPS_low_ns].real,
                                       row[STEPS_high_ns].real)
                       .text);
    pa_report_cell(report, "%s %%",
                   pa_show_number(row[STEPS_share_percent].real).text);
    pa_doc_cell(&report->doc);
    pa_report_flags(report, PA_FLAGS(STEPS), row, "");
}

static void add_steps(struct pa_report *report, const struct pa_case *asked)
{
    size_t n = pa_run_rows(report->run, PA_STEPS);

    (void)asked;
    if (n == 0)
        return;
    pa_report_flag_notes(report, PA_FLAGS(STEPS), PA_NO_NAMES);
    pa_report_open_table(report, "llrrl",
                         "backend|where|height|of the cost below|note");
    for (size_t i = 0; i < n; i++)
        add_step(report, pa_run_row(report->run, PA_STEPS, i));
    pa_doc_close_table(&report->doc);
}

/* --- what the library adds ----------------------------------------------- */

static void add_layer(struct pa_report *report, const struct pa_case *asked)
{
    struct pivot pivot = {0};

    (void)asked;
    pa_doc_paragraph(&report->doc);
    pa_doc_text(&report->doc,
                "Every number on this page includes the polling library that "
                "all backends share. This is what it adds to the bare call, "
                "from pairs of batches in the same round.");
    pa_report_flag_notes(report, PA_FLAGS(LAYER), LAYER_backend);
    for (size_t i = 0; i < pa_run_rows(report->run, PA_LAYER); i++) {
        const union pa_cell *row = pa_run_row(report->run, PA_LAYER, i);
        struct pa_shown more = pa_show_ns_interval(row[LAYER_layer_ns].real,
                                                   row[LAYER_low_ns].real,
                                                   row[LAYER_high_ns].real);
        char *set =
            pa_format("%lld, %lld", (long long)row[LAYER_highest_fd].integer,
                      (long long)row[LAYER_fd_count].integer);
        add_cell(&pivot, set, pa_format("%s", row[LAYER_backend].text),
                 pa_format("%s on %s", more.text,
                           pa_show_ns(row[LAYER_raw_ns].real).text));
    }
    show_pivot(report, &pivot, "highest fd, watched");
}

/* --- the section --------------------------------------------------------- */

/* The tables that a case's figure goes with. */
static const struct {
    const char *figure;
    void (*add)(struct pa_report *report, const struct pa_case *asked);
} tables[] = {
    {"", add_costs},      {"scale", add_costs},    {"layer", add_layer},
    {"steps", add_steps}, {"series", add_growths}, {"stages", add_growths},
};

int pa_report_is_measured(const struct pa_report *report,
                          const struct pa_case *asked)
{
    size_t i = 0;

    return pa_report_next(report, PA_POINTS, POINTS_sweep, asked->sweep, &i) !=
           NULL;
}

/* Of growth its title, for the table has the numbers; else the sentence. */
static void add_findings(struct pa_report *report, const struct pa_case *asked)
{
    int is_growth = strcmp(asked->figure, "series") == 0 ||
                    strcmp(asked->figure, "stages") == 0;
    const union pa_cell *row;

    for (size_t i = 0;
         (row = pa_report_next(report, PA_FINDINGS, FINDINGS_sweep,
                               asked->sweep, &i));) {
        int64_t fd_count = row[FINDINGS_fd_count].integer;
        pa_doc_item(&report->doc);
        if (is_growth && fd_count != PA_NONE)
            pa_doc_text(&report->doc, "%lld watched, ", (long long)fd_count);
        pa_doc_text(&report->doc, "%s",
                    row[is_growth ? FINDINGS_title : FINDINGS_sentence].text);
    }
}

static int add_figure_of(struct pa_report *report, const char *name,
                         const char *words, const char *caption)
{
    char *finding = pa_findings_text(report, name, words);
    int is_there = pa_figure_file(report, name, finding, caption);

    free(finding);
    return is_there;
}

/* Returns whether the caption is shown. */
static int add_figure(struct pa_report *report, const struct pa_case *asked,
                      const char *caption)
{
    int is_there =
        add_figure_of(report, asked->sweep, asked->question, caption);

    if (strcmp(asked->figure, "steps") == 0)
        add_figure_of(report, "sawtooth",
                      "Cost within and across words of the bitmap", "");
    if (report->doc.format != PA_HTML)
        return 0;
    if (!is_there && strcmp(asked->figure, "series") == 0)
        add_costs(report, asked);
    return is_there;
}

static void add_case(struct pa_report *report, const struct pa_case *asked)
{
    struct pa_doc *doc = &report->doc;
    char *held = pa_format("Held fixed: %s.", asked->held_fixed);

    pa_doc_open_section(doc, "case", asked->sweep);
    pa_doc_heading(doc, 2, asked->question);
    add_findings(report, asked);
    int is_said = add_figure(report, asked, held);
    for (size_t i = 0; i < PA_ARRAY_SIZE(tables); i++)
        if (strcmp(asked->figure, tables[i].figure) == 0)
            tables[i].add(report, asked);
    pa_doc_paragraph(doc);
    pa_doc_text(doc, "%s%sNot to be used for %s.", is_said ? "" : held,
                is_said ? "" : " ", asked->not_for);
    pa_doc_close_section(doc);
    free(held);
}

void pa_report_cases(struct pa_report *report)
{
    const struct pa_case_list *list = &report->run->cases;

    for (size_t i = 0; i < list->n; i++)
        if (pa_report_is_measured(report, &list->cases[i]))
            add_case(report, &list->cases[i]);
}

int pa_report_is_of(const struct pa_report *report, const char *figure)
{
    const struct pa_case_list *list = &report->run->cases;
    int n_measured = 0;

    for (size_t i = 0; i < list->n; i++) {
        if (!pa_report_is_measured(report, &list->cases[i]))
            continue;
        if (strcmp(list->cases[i].figure, figure) != 0)
            return 0;
        n_measured++;
    }
    return n_measured > 0;
}

/* --- beside what others have published ----------------------------------- */

void pa_report_history(struct pa_report *report)
{
    char *finding = pa_findings_text(report, "history", "");

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
    free(finding);
}
