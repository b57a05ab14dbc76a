/* SPDX-License-Identifier: MIT */
#include "report_compare.h"

#include "report_sections.h"
#include "show.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LABELS_MOST = 16 };

static const struct pa_column columns[] = {PB_COMPARISON(PA_COLUMN)};

struct comparison {
    struct pa_report report;
    const struct pa_compared *compared;
    char **citations;      /* of the runs */
    struct pa_table table; /* comparison.csv */
    struct {
        const struct pb_comparison_row *first, *end;
    } comparison;
    int is_headline; /* only these rows are shown */
};

/* The lines of a text, one an item, without what a terminal needs in front. */
static void add_lines(struct pa_report *report, const char *anchor,
                      const char *heading, const char *text)
{
    static const char prefix[] = "pollbench compare: warning: ";
    char *copy = pa_format("%s", text), *rest;

    pa_report_part(report, anchor, heading);
    for (char *line = strtok_r(copy, "\n", &rest); line;
         line = strtok_r(NULL, "\n", &rest)) {
        pa_doc_item(&report->doc);
        if (strncmp(line, prefix, strlen(prefix)) == 0)
            line += strlen(prefix);
        pa_doc_text(&report->doc, "%s", line);
    }
    pa_doc_close_section(&report->doc);
    free(copy);
}

/* Whether the row compares the label of the table's first row with another. */
static int is_of_first(const struct comparison *comparison,
                       const struct pb_comparison_row *row)
{
    return strcmp(row->of, "label") == 0 &&
           strcmp(row->label_a, comparison->comparison.first->label_a) == 0;
}

static void add_value(struct pa_report *report, const char *class,
                      double number, const char *letters)
{
    pa_report_cell(report, "%s%s%s%s%s", class, *class ? " " : "",
                   *class && isnan(number) ? "" : pa_show_number(number).text,
                   *letters ? " " : "", letters);
}

/* What a row says of label_b, in a colour of which nothing hangs. */
static void add_verdict(struct pa_report *report,
                        const struct pb_comparison_row *row)
{
    const char *verdict = row->verdict;
    double effect = row->effect;
    int is_ratio = strcmp(row->scale, "ratio") == 0;
    const char *class = pa_has_word("slower larger", verdict)    ? "refuted"
                        : pa_has_word("faster smaller", verdict) ? "supported"
                                                                 : "open";
    PA_FREED char *words =
        is_ratio && !isnan(effect)
            ? pa_format("%s %+.1f %%", pa_plain_words(verdict),
                        100 * (effect - 1))
            : pa_format("%s", pa_plain_words(verdict));

    pa_doc_text(&report->doc, " ");
    if (strcmp(verdict, "same") != 0)
        pa_doc_badge(&report->doc, class, words);
}

static void add_quantity(struct pa_report *report,
                         const struct pb_comparison_row *row)
{
    pa_doc_row(&report->doc);
    pa_report_cell(report, "%s of %s (%s), %s%s%s", row->kind, row->backend,
                   row->stage, row->quantity, *row->unit ? ", " : "",
                   row->unit);
    add_value(report, row->text_a, row->a, row->letters_a);
}

/* The other labels than the first. */
static size_t labels_of(const struct comparison *comparison,
                        const char *labels[LABELS_MOST])
{
    size_t n = 0;

    PA_EACH (row, comparison, comparison) {
        size_t known = 0;
        while (known < n && strcmp(labels[known], row->label_b) != 0)
            known++;
        if (known == n && n < LABELS_MOST && is_of_first(comparison, row))
            labels[n++] = row->label_b;
    }
    return n;
}

/* Whether two rows are about one quantity; texts of a table are one each. */
static int is_alike(const struct pb_comparison_row *a,
                    const struct pb_comparison_row *b)
{
    return a->kind == b->kind && a->backend == b->backend &&
           a->stage == b->stage && a->metric == b->metric &&
           a->quantity == b->quantity;
}

/* Of counts hardly a point is the same to the last one. */
static int is_counted_cost(const struct pb_comparison_row *row)
{
    return strcmp(row->kind, "cost") == 0 &&
           strcmp(row->unit, "instructions") == 0;
}

/* What there is to see of it: points and crossovers are many. */
static int is_shown(const struct comparison *comparison,
                    const struct pb_comparison_row *row)
{
    if (comparison->is_headline)
        return is_of_first(comparison, row) && row->headline == 1;
    return is_of_first(comparison, row) &&
           (!pa_has_word("cost crossover", row->kind) ||
            (strcmp(row->verdict, "same") != 0 && !is_counted_cost(row)));
}

/* The cells of the labels, which end with NULL, those of a quantity in one row.
 */
static void add_cells(struct pa_report *report,
                      const struct comparison *comparison,
                      const char *const *labels)
{
    const struct pb_comparison_row *before = NULL;
    size_t next = 0;

    PA_EACH (row, comparison, comparison) {
        if (!is_shown(comparison, row))
            continue;
        if (!before || !is_alike(before, row)) {
            add_quantity(report, row);
            next = 0;
        }
        for (; labels[next] && strcmp(labels[next], row->label_b) != 0; next++)
            pa_report_cell(report, "%s", "");
        next++;
        before = row;
        add_value(report, row->text_b, row->b, row->letters_b);
        add_verdict(report, row);
    }
}

/* The value of the first label, and of each other its value with what is said
 * of it. */
static void add_matrix(struct pa_report *report,
                       const struct comparison *comparison, const char *anchor,
                       const char *heading)
{
    const char *labels[LABELS_MOST + 1] = {NULL};
    size_t n = labels_of(comparison, labels);

    if (n == 0)
        return;
    pa_report_part(report, anchor, heading);
    if (comparison->is_headline)
        pa_figure_file(report, "compared", heading, "");
    pa_doc_open_table(&report->doc, "l");
    pa_doc_row(&report->doc);
    pa_report_cell(report, "quantity");
    pa_report_cell(report, "%s", comparison->comparison.first->label_a);
    for (size_t i = 0; i < n; i++)
        pa_report_cell(report, "%s", labels[i]);
    add_cells(report, comparison, labels);
    pa_doc_close_table(&report->doc);
    pa_doc_close_section(&report->doc);
}

/* Of the report that a comparison begins with. */
static void build(struct pa_report *report)
{
    struct comparison *comparison = (struct comparison *)report;
    const struct pa_compared *compared = comparison->compared;

    pa_doc_heading(&report->doc, 1, "What differs between runs");
    add_lines(report, "answer", "In words", compared->words);
    if (*compared->differences)
        add_lines(report, "warnings", "What else differs",
                  compared->differences);
    comparison->is_headline = compared->is_counted;
    if (compared->is_counted)
        add_matrix(report, comparison, "headlines", "What each costs");
    comparison->is_headline = 0;
    add_matrix(report, comparison, "matrix", "Label beside label");
    pa_report_part(report, "runs", "The runs");
    for (size_t i = 0; i < compared->n_folders; i++) {
        pa_doc_item(&report->doc);
        pa_doc_text(&report->doc, "%s: %s", compared->folders[i],
                    comparison->citations[i]);
    }
    pa_doc_paragraph(&report->doc);
    pa_doc_link(&report->doc, "comparison.csv", "comparison.csv");
    pa_doc_text(&report->doc, " has every comparison, changed or not.");
    pa_doc_close_section(&report->doc);
}

/* To be freed; NULL with *problem set. */
static char *citation_of(const char *folder, struct pa_problem *problem)
{
    struct pa_run_tables run = {.folder = folder};
    char id[PA_RUN_ID_HEX];

    if (pa_run_id(folder, id, problem) < 0 ||
        pa_run_file_read(&run.tables[PA_HOST], folder, PA_HOST, problem) < 0)
        return NULL;
    char *citation = pa_cite_sentence(&run, id);
    pa_run_tables_free(&run);
    return citation;
}

static int read_all(struct comparison *comparison, const char *folder,
                    struct pa_problem *problem)
{
    const struct pa_compared *compared = comparison->compared;
    PA_FREED char *path = pa_path(folder, "comparison.csv");
    int error = pa_table_read(&comparison->table, path, columns,
                              PA_ARRAY_SIZE(columns), problem);

    comparison->comparison.first = (const void *)comparison->table.cells;
    comparison->comparison.end =
        comparison->comparison.first + comparison->table.n_rows;
    for (size_t i = 0; i < compared->n_folders && error == 0; i++) {
        comparison->citations[i] = citation_of(compared->folders[i], problem);
        error = comparison->citations[i] ? 0 : -1;
    }
    return error;
}

int pa_compare_report(const char *folder, const struct pa_compared *compared,
                      struct pa_problem *problem)
{
    const struct pa_run_tables tables = {.folder = folder};
    struct comparison comparison = {
        .compared = compared,
        .report = {.run = &tables},
        .citations = pa_room(compared->n_folders, sizeof(char *))};
    int error = pa_set_locale(problem);

    if (error == 0)
        error = read_all(&comparison, folder, problem);
    if (error == 0)
        error =
            pa_report_files_write(&comparison.report, folder,
                                  "pollbench: runs compared", build, problem);
    for (size_t i = 0; i < compared->n_folders; i++)
        free(comparison.citations[i]);
    free(comparison.citations);
    pa_table_free(&comparison.table);
    return error;
}
