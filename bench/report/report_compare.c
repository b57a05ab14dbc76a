/* SPDX-License-Identifier: MIT */
#include "report_compare.h"

#include "report_chart.h"
#include "report_cite.h"
#include "report_figures.h"
#include "report_sections.h"
#include "report_write.h"
#include "show.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define COMPARISON_COLUMN(name, ...) COMPARISON_##name,
enum { PB_COMPARISON(COMPARISON_COLUMN) };

static const struct pa_column columns[] = {PB_COMPARISON(PA_COLUMN)};

struct comparison {
    const struct pa_compared *compared;
    struct pa_run_tables runs[2];
    char ids[2][PA_RUN_ID_HEX];
    struct pa_table table; /* comparison.csv */
};

/* --- head and answer ----------------------------------------------------- */

/* The lines of a text, one an item, without what a terminal needs in front. */
static void add_lines(struct pa_report *report, const char *text)
{
    static const char prefix[] = "pollcompare: warning: ";
    char *copy = pa_format("%s", text), *rest;

    for (char *line = strtok_r(copy, "\n", &rest); line;
         line = strtok_r(NULL, "\n", &rest)) {
        pa_doc_item(&report->doc);
        if (strncmp(line, prefix, strlen(prefix)) == 0)
            line += strlen(prefix);
        pa_doc_text(&report->doc, "%s", line);
    }
    free(copy);
}

/* In a page: all the words with both citations. */
static void add_copy_button(struct pa_report *report,
                            const struct comparison *comparison)
{
    char *a = pa_cite_sentence(&comparison->runs[0], comparison->ids[0]);
    char *b = pa_cite_sentence(&comparison->runs[1], comparison->ids[1]);
    char *copied =
        pa_format("%s(A: %s. B: %s)", comparison->compared->words, a, b);

    if (report->doc.format == PA_HTML) {
        pa_doc_paragraph(&report->doc);
        pa_report_copy_button(report, copied);
    }
    free(copied);
    free(b);
    free(a);
}

/* What was compared, and how, in the first line; then what was found. */
static void add_words(struct pa_report *report,
                      const struct comparison *comparison)
{
    const char *words = comparison->compared->words;
    int length = (int)strcspn(words, "\n");

    pa_report_part(report, "answer", "In words");
    pa_doc_paragraph(&report->doc);
    pa_doc_text(&report->doc, "%.*s", length, words);
    add_lines(report, words + length);
    add_copy_button(report, comparison);
    pa_doc_close_section(&report->doc);
}

static void add_differences(struct pa_report *report,
                            const struct comparison *comparison)
{
    if (!*comparison->compared->differences)
        return;
    pa_report_part(report, "warnings", "What else differs");
    add_lines(report, comparison->compared->differences);
    pa_doc_close_section(&report->doc);
}

static void add_head(struct pa_report *report,
                     const struct comparison *comparison)
{
    struct pa_doc *doc = &report->doc;

    pa_doc_heading(doc, 1, "What changed between two runs");
    for (size_t i = 0; i < 2; i++) {
        char *citation =
            pa_cite_sentence(&comparison->runs[i], comparison->ids[i]);
        pa_doc_item(doc);
        pa_doc_text(doc, "%s: %s", i == 0 ? "A" : "B", citation);
        free(citation);
    }
}

/* --- the figure: B over A in the sweeps of the main figure ---------------- */

static char *mark_text(const union pa_cell *row)
{
    return pa_format(
        "%s: %s times, %s\nA %s, B %s\nhighest fd %lld, %lld watched, %lld "
        "ready, %s",
        row[COMPARISON_backend].text,
        pa_show_interval(row[COMPARISON_ratio].real, row[COMPARISON_low].real,
                         row[COMPARISON_high].real, "")
            .text,
        row[COMPARISON_verdict].text, pa_show_ns(row[COMPARISON_a].real).text,
        pa_show_ns(row[COMPARISON_b].real).text,
        (long long)row[COMPARISON_highest_fd].integer,
        (long long)row[COMPARISON_fd_count].integer,
        (long long)row[COMPARISON_ready_count].integer,
        row[COMPARISON_layout].text);
}

/* A panel: a sweep, what varies in it, and the fds watched or PA_NONE. */
struct panel {
    const char *sweep;
    int x_column;
    int64_t fd_count;
};

static int is_in_panel(const union pa_cell *row, const struct panel *panel)
{
    return strcmp(row[COMPARISON_kind].text, "point") == 0 &&
           strcmp(row[COMPARISON_sweep].text, panel->sweep) == 0 &&
           strcmp(row[COMPARISON_stage].text, "all") == 0 &&
           (panel->fd_count == PA_NONE ||
            row[COMPARISON_fd_count].integer == panel->fd_count) &&
           row[COMPARISON_ratio].real > 0 && row[panel->x_column].integer > 0;
}

static int by_column(const void *a, const void *b, void *context)
{
    int column = *(const int *)context;
    int64_t first = (*(const union pa_cell *const *)a)[column].integer;
    int64_t second = (*(const union pa_cell *const *)b)[column].integer;

    return (first > second) - (first < second);
}

/* The rows of a panel by what varies; n_rows says how many. To be freed. */
static const union pa_cell **panel_rows(const struct pa_table *table,
                                        const struct panel *panel,
                                        size_t *n_rows)
{
    const union pa_cell **rows =
        pa_need(calloc(table->n_rows + 1, sizeof(union pa_cell *)));
    int column = panel->x_column;

    *n_rows = 0;
    for (size_t i = 0; i < table->n_rows; i++)
        if (is_in_panel(pa_table_row(table, i), panel))
            rows[(*n_rows)++] = pa_table_row(table, i);
    qsort_r(rows, *n_rows, sizeof *rows, by_column, &column);
    return rows;
}

static void add_ratio_panel(struct pa_report *report,
                            const struct comparison *comparison,
                            const struct panel *panel, const char *label)
{
    char *title = pa_format("Cost in B over cost in A, in ns, by %s",
                            pa_factor_words(columns[panel->x_column].name));
    struct pa_chart chart = {.finding = comparison->compared->words,
                             .x_label = label,
                             .backends = &report->run->backends,
                             .x = {.kind = PA_AXIS_COUNT, .is_log = 1},
                             .y = {.kind = PA_AXIS_RATIO}};
    size_t n_rows;
    const union pa_cell **rows = panel_rows(&comparison->table, panel, &n_rows);

    for (size_t i = 0; i < n_rows; i++)
        pa_chart_add(
            &chart, rows[i][COMPARISON_backend].text,
            (struct pa_mark){.x = (double)rows[i][panel->x_column].integer,
                             .y = rows[i][COMPARISON_ratio].real,
                             .low = rows[i][COMPARISON_low].real,
                             .high = rows[i][COMPARISON_high].real,
                             .is_doubtful =
                                 pa_is_doubtful(rows[i][COMPARISON_flags].text),
                             .text = mark_text(rows[i])});
    pa_chart_fit(&chart);
    if (n_rows > 0)
        pa_figure_panel(report, &chart, title);
    pa_chart_free(&chart);
    free(rows);
    free(title);
}

/* The fewest fds watched in the sweep. */
static int64_t fewest_fds(const struct pa_table *table, const char *sweep)
{
    int64_t fewest = PA_NONE;

    for (size_t i = 0; i < table->n_rows; i++) {
        const union pa_cell *row = pa_table_row(table, i);
        int64_t count = row[COMPARISON_fd_count].integer;
        if (strcmp(row[COMPARISON_sweep].text, sweep) == 0 &&
            (fewest == PA_NONE || count < fewest))
            fewest = count;
    }
    return fewest;
}

static const char *sweep_over(const struct comparison *comparison,
                              enum pb_factor axis)
{
    const struct pa_case *asked =
        pa_case_over(&comparison->runs[0].cases, "series", axis);

    return asked ? asked->sweep : "";
}

static void add_figure(struct pa_report *report,
                       const struct comparison *comparison)
{
    const char *sweep_m = sweep_over(comparison, PB_FACTOR_highest_fd);
    struct panel over_m = {sweep_m, COMPARISON_highest_fd,
                           fewest_fds(&comparison->table, sweep_m)};
    struct panel over_n = {sweep_over(comparison, PB_FACTOR_fd_count),
                           COMPARISON_fd_count, PA_NONE};
    char *label = pa_format("highest watched fd (M); %lld watched",
                            (long long)over_m.fd_count);

    pa_doc_open_section(&report->doc, "figure", "ratio");
    pa_figure_open_panels(report);
    if (over_m.fd_count != PA_NONE)
        add_ratio_panel(report, comparison, &over_m, label);
    add_ratio_panel(report, comparison, &over_n, "fds watched (N)");
    pa_figure_close_panels(report);
    pa_doc_close_section(&report->doc);
    free(label);
}

/* --- tables -------------------------------------------------------------- */

static void add_ratio_cells(struct pa_report *report, const union pa_cell *row)
{
    pa_report_cell(report, "%s",
                   pa_show_interval(row[COMPARISON_ratio].real,
                                    row[COMPARISON_low].real,
                                    row[COMPARISON_high].real, "")
                       .text);
    pa_report_cell(report, "%s",
                   pa_show_interval(row[COMPARISON_ratio_ref].real,
                                    row[COMPARISON_low_ref].real,
                                    row[COMPARISON_high_ref].real, "")
                       .text);
    pa_report_cell(report, "%s", pa_plain_words(row[COMPARISON_verdict].text));
}

static int has_changed(const union pa_cell *row)
{
    return strcmp(row[COMPARISON_verdict].text, "slower") == 0 ||
           strcmp(row[COMPARISON_verdict].text, "faster") == 0;
}

static int is_judged_coefficient(const union pa_cell *row)
{
    return strcmp(row[COMPARISON_kind].text, "coefficient") == 0 &&
           strcmp(row[COMPARISON_verdict].text, "cannot-tell") != 0;
}

static void add_coefficient_row(struct pa_report *report,
                                const union pa_cell *row)
{
    pa_doc_row(&report->doc);
    pa_report_cell(report, "%s", row[COMPARISON_backend].text);
    pa_report_cell(report, "%s", row[COMPARISON_stage].text);
    pa_report_cell(
        report, "%s",
        pa_show_term(row[COMPARISON_term].text, row[COMPARISON_at].integer)
            .text);
    pa_report_cell(report, "%s", pa_show_number(row[COMPARISON_a].real).text);
    pa_report_cell(report, "%s", pa_show_number(row[COMPARISON_b].real).text);
    add_ratio_cells(report, row);
}

static void add_coefficients(struct pa_report *report,
                             const struct pa_table *table)
{
    static const char *const heads[] = {
        "backend",  "stage",         "what is paid", "A, ns", "B, ns",
        "B over A", "in ref. loops", "verdict",      NULL};

    pa_report_part(report, "coefficients", "Each part of a call");
    pa_doc_paragraph(&report->doc);
    pa_doc_text(&report->doc,
                "Those of which something can be told. Of the others the "
                "interval is too wide, or the models of the two runs have "
                "different terms, so that they share the cost out differently: "
                "compare points then. ");
    pa_doc_link(&report->doc, "comparison.csv", "comparison.csv");
    pa_doc_text(&report->doc, " has all.");
    pa_doc_open_table(&report->doc, "lllrrrrl");
    pa_report_head_row(report, heads);
    for (size_t i = 0; i < table->n_rows; i++)
        if (is_judged_coefficient(pa_table_row(table, i)))
            add_coefficient_row(report, pa_table_row(table, i));
    pa_doc_close_table(&report->doc);
    pa_doc_close_section(&report->doc);
}

enum { POINTS_SHOWN = 30 };

static void add_point_row(struct pa_report *report, const union pa_cell *row)
{
    pa_doc_row(&report->doc);
    pa_report_cell(report, "%s", row[COMPARISON_backend].text);
    pa_report_cell(report, "%s", row[COMPARISON_stage].text);
    pa_report_cell(report, "%s: highest fd %lld, %lld watched, %lld ready, %s",
                   row[COMPARISON_sweep].text,
                   (long long)row[COMPARISON_highest_fd].integer,
                   (long long)row[COMPARISON_fd_count].integer,
                   (long long)row[COMPARISON_ready_count].integer,
                   row[COMPARISON_layout].text);
    pa_report_cell(report, "%s", pa_show_ns(row[COMPARISON_a].real).text);
    pa_report_cell(report, "%s", pa_show_ns(row[COMPARISON_b].real).text);
    add_ratio_cells(report, row);
}

static int largest_change_first(const void *a, const void *b)
{
    const union pa_cell *first = *(const union pa_cell *const *)a;
    const union pa_cell *second = *(const union pa_cell *const *)b;
    double x = fabs(log(first[COMPARISON_ratio].real));
    double y = fabs(log(second[COMPARISON_ratio].real));

    return (x < y) - (x > y);
}

/* The points that changed, those that changed most first. To be freed. */
static const union pa_cell **changed_points(const struct pa_table *table,
                                            size_t *n)
{
    const union pa_cell **rows =
        pa_need(calloc(table->n_rows + 1, sizeof(union pa_cell *)));

    *n = 0;
    for (size_t i = 0; i < table->n_rows; i++) {
        const union pa_cell *row = pa_table_row(table, i);
        if (strcmp(row[COMPARISON_kind].text, "point") == 0 && has_changed(row))
            rows[(*n)++] = row;
    }
    qsort(rows, *n, sizeof *rows, largest_change_first);
    return rows;
}

static void add_points(struct pa_report *report, const struct pa_table *table)
{
    static const char *const heads[] = {
        "backend",  "stage",         "where",   "A", "B",
        "B over A", "in ref. loops", "verdict", NULL};
    size_t n;
    const union pa_cell **rows = changed_points(table, &n);

    pa_report_part(report, "points", "Points that changed");
    if (n > 0) {
        pa_doc_open_table(&report->doc, "lllrrrrl");
        pa_report_head_row(report, heads);
        for (size_t i = 0; i < n && i < POINTS_SHOWN; i++)
            add_point_row(report, rows[i]);
        pa_doc_close_table(&report->doc);
    }
    pa_doc_paragraph(&report->doc);
    pa_doc_text(&report->doc, "%zu changed by more than the threshold%s. ", n,
                n > POINTS_SHOWN ? "; the 30 that changed most are shown" : "");
    pa_doc_link(&report->doc, "comparison.csv", "comparison.csv");
    pa_doc_text(&report->doc, " has every comparison, changed or not.");
    pa_doc_close_section(&report->doc);
    free(rows);
}

/* --- both machines ------------------------------------------------------- */

static void add_machines(struct pa_report *report,
                         const struct comparison *comparison)
{
    static const char *const heads[] = {"fact", "A", "B", NULL};
    static const char *const facts[] = {
        "cpu_model", "kernel",         "kernel_build", "libc",
        "compiler",  "compiler_flags", "commit",       "project_version",
        "governor",  "hypervisor",     "container",    "preset",
        "started",   "invocations"};

    pa_report_part(report, "machine", "The machines");
    pa_doc_open_table(&report->doc, "l");
    pa_report_head_row(report, heads);
    for (size_t i = 0; i < PA_ARRAY_SIZE(facts); i++) {
        pa_doc_row(&report->doc);
        pa_report_cell(report, "%s", facts[i]);
        for (size_t r = 0; r < 2; r++)
            pa_report_cell(report, "%s",
                           pa_run_fact(&comparison->runs[r], facts[i], ""));
    }
    pa_doc_close_table(&report->doc);
    pa_doc_close_section(&report->doc);
}

/* --- all of it ----------------------------------------------------------- */

static void build(struct pa_doc *doc, void *context)
{
    const struct comparison *comparison = context;
    struct pa_report report = {.doc = *doc, .run = &comparison->runs[0]};

    add_head(&report, comparison);
    add_words(&report, comparison);
    add_differences(&report, comparison);
    add_figure(&report, comparison);
    add_points(&report, &comparison->table);
    add_coefficients(&report, &comparison->table);
    add_machines(&report, comparison);
    *doc = report.doc;
}

static int read_run(struct comparison *comparison, size_t i, const char *folder,
                    struct pa_problem *problem)
{
    if (pa_run_id(folder, comparison->ids[i], problem) < 0)
        return -1;
    return pa_run_tables_read(&comparison->runs[i], folder, problem);
}

static int read_all(struct comparison *comparison, const char *folder,
                    struct pa_problem *problem)
{
    char *path = pa_need(pa_path(folder, "comparison.csv"));
    int error = pa_table_read(&comparison->table, path, columns,
                              PA_ARRAY_SIZE(columns), problem);

    free(path);
    if (error == 0)
        error =
            read_run(comparison, 0, comparison->compared->folder_a, problem);
    if (error == 0)
        error =
            read_run(comparison, 1, comparison->compared->folder_b, problem);
    return error;
}

int pa_compare_report(const char *folder, const struct pa_compared *compared,
                      struct pa_problem *problem)
{
    struct comparison comparison = {.compared = compared};
    int error = pa_set_locale(problem);

    if (error == 0)
        error = read_all(&comparison, folder, problem);

    if (error == 0)
        error = pa_write_report(folder, "pollbench: two runs compared", build,
                                &comparison, problem);
    if (error == 0)
        error = pa_digest_write(folder, problem);
    pa_table_free(&comparison.table);
    pa_run_tables_free(&comparison.runs[0]);
    pa_run_tables_free(&comparison.runs[1]);
    return error;
}
