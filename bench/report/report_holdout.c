/* SPDX-License-Identifier: MIT */
/* How far off the models were where they had not been fitted: a row for each
 * backend and size of set, a column for each kind of model. */
#include "report_pivot.h"
#include "report_sections.h"
#include "rules.h"
#include "show.h"

#include <string.h>

static int is_of_call(const union pa_cell *row)
{
    return strcmp(row[HOLDOUT_stage].text, "all") == 0;
}

/* In the order of the columns. */
static const struct {
    const char *model, *head;
} models[] = {{"selected", "this model"},
              {"linear", "straight line"},
              {"one-term", "one-term fit"}};

/* "0.687 %, 7.15 %": the median and the worst. */
static void add_errors(struct pa_pivot *pivot, const union pa_cell *row,
                       const char *head)
{
    int is_small = strcmp(row[HOLDOUT_test].text, "small") == 0;

    pa_pivot_add(
        pivot,
        (struct pa_pivot_cell){
            pa_format("%s, %s %d fds", row[HOLDOUT_backend].text,
                      is_small ? "up to" : "more than", PB_SMALL_FDS),
            pa_format("%s", head),
            pa_format("%s %%, %s %%",
                      pa_show_number(row[HOLDOUT_median_percent].real).text,
                      pa_show_number(row[HOLDOUT_max_percent].real).text)});
}

static void add_table(struct pa_report *report)
{
    struct pa_pivot pivot = {0};

    for (size_t m = 0; m < PA_ARRAY_SIZE(models); m++)
        for (size_t i = 0; i < pa_run_rows(report->run, PA_HOLDOUT); i++) {
            const union pa_cell *row = pa_run_row(report->run, PA_HOLDOUT, i);
            if (is_of_call(row) &&
                strcmp(row[HOLDOUT_model].text, models[m].model) == 0)
                add_errors(&pivot, row, models[m].head);
        }
    pa_pivot_show(&pivot, &report->doc, "backend, fds watched");
}

void pa_report_holdout(struct pa_report *report)
{
    if (pa_run_rows(report->run, PA_HOLDOUT) == 0)
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
    add_table(report);
    pa_doc_close_section(&report->doc);
}
