/* SPDX-License-Identifier: MIT */
/* How far off the models were where they had not been fitted: a row for each
 * backend and size of set, a column for each kind of model. */
#include "report_sections.h"
#include "rules.h"
#include "show.h"

#include <string.h>

static int is_of_call(const union pa_cell *row)
{
    return strcmp(row[HOLDOUT_stage].text, "all") == 0;
}

static int is_same_test(const union pa_cell *a, const union pa_cell *b)
{
    return strcmp(a[HOLDOUT_backend].text, b[HOLDOUT_backend].text) == 0 &&
           strcmp(a[HOLDOUT_test].text, b[HOLDOUT_test].text) == 0 &&
           is_of_call(a) && is_of_call(b);
}

static int is_first_of_test(const struct pa_report *report, size_t i)
{
    const union pa_cell *row = pa_run_row(report->run, PA_HOLDOUT, i);

    for (size_t j = 0; j < i; j++)
        if (is_same_test(row, pa_run_row(report->run, PA_HOLDOUT, j)))
            return 0;
    return is_of_call(row);
}

/* "0.687 %, 7.15 %": the median and the worst. */
static void add_errors(struct pa_report *report, const union pa_cell *test,
                       const char *model)
{
    pa_doc_cell(&report->doc);
    for (size_t i = 0; i < pa_run_rows(report->run, PA_HOLDOUT); i++) {
        const union pa_cell *row = pa_run_row(report->run, PA_HOLDOUT, i);
        if (!is_same_test(test, row) ||
            strcmp(row[HOLDOUT_model].text, model) != 0)
            continue;
        pa_doc_text(&report->doc, "%s %%, %s %%",
                    pa_show_number(row[HOLDOUT_median_percent].real).text,
                    pa_show_number(row[HOLDOUT_max_percent].real).text);
        return;
    }
}

static void add_test(struct pa_report *report, const union pa_cell *test)
{
    static const char *const models[] = {"selected", "linear", "one-term"};
    int is_small = strcmp(test[HOLDOUT_test].text, "small") == 0;

    pa_doc_row(&report->doc);
    pa_report_cell(report, "%s", test[HOLDOUT_backend].text);
    pa_report_cell(report, "%s %d", is_small ? "up to" : "more than",
                   PB_SMALL_FDS);
    pa_report_cell(report, "%s",
                   pa_show_integer(test[HOLDOUT_test_points].integer).text);
    for (size_t i = 0; i < PA_ARRAY_SIZE(models); i++)
        add_errors(report, test, models[i]);
}

void pa_report_holdout(struct pa_report *report)
{
    static const char *const heads[] = {
        "backend",       "fds watched",  "points", "this model",
        "straight line", "one-term fit", NULL};
    size_t n = pa_run_rows(report->run, PA_HOLDOUT);

    if (n == 0)
        return;
    pa_report_part(report, "holdout", "How far the models can be trusted");
    pa_doc_paragraph(&report->doc);
    pa_doc_text(&report->doc,
                "Each model was also fitted on the lowest quarter of the range "
                "alone and made to predict the rest, which it had not seen. "
                "This is by how much it missed, in the median and at worst, "
                "beside a straight line and the one-term Big-O fit that other "
                "tools use. ");
    pa_doc_link(&report->doc, "holdout.csv", "holdout.csv");
    pa_doc_text(&report->doc, " says where it missed most.");
    pa_report_flag_notes(report, PA_FLAGS(HOLDOUT), HOLDOUT_backend);
    pa_doc_open_table(&report->doc, "llr");
    pa_report_head_row(report, heads);
    for (size_t i = 0; i < n; i++)
        if (is_first_of_test(report, i))
            add_test(report, pa_run_row(report->run, PA_HOLDOUT, i));
    pa_doc_close_table(&report->doc);
    pa_doc_close_section(&report->doc);
}
