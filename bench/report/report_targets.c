/* SPDX-License-Identifier: MIT */
/* The measurement targets and what was reached: first those that were missed.
 */
#include "report_sections.h"
#include "show.h"

#include <math.h>
#include <string.h>

static int is_met(const union pa_cell *row)
{
    return strcmp(row[TARGETS_met].text, "yes") == 0;
}

/* In short what was met; of the others what is known. */
static void add_row(struct pa_report *report, const union pa_cell *row)
{
    const char *unit = row[TARGETS_unit].text;
    double reached = row[TARGETS_reached].real;

    pa_doc_row(&report->doc);
    pa_report_cell(report, "%s", row[TARGETS_target].text);
    pa_report_cell(report, "%s", row[TARGETS_quantity].text);
    pa_report_cell(report, "%s %s",
                   pa_show_number(row[TARGETS_limit].real).text, unit);
    pa_report_cell(report, "%s %s", pa_show_number(reached).text,
                   isnan(reached) ? "" : unit);
    if (is_met(row))
        return;
    pa_report_cell(report, "%s", pa_plain_words(row[TARGETS_met].text));
    pa_report_cell(report, "%s", row[TARGETS_note].text);
}

/* The rows that were met, or those that were not. */
static void add_table(struct pa_report *report, int wants_met)
{
    static const char *const heads[] = {
        "target", "what", "at most", "reached", "met", "over what", NULL};
    static const char *const heads_met[] = {"target", "what", "at most",
                                            "reached", NULL};

    pa_doc_open_table(&report->doc, wants_met ? "llrr" : "llrrll");
    pa_report_head_row(report, wants_met ? heads_met : heads);
    for (size_t i = 0; i < pa_run_rows(report->run, PA_TARGETS); i++) {
        const union pa_cell *row = pa_run_row(report->run, PA_TARGETS, i);
        if (is_met(row) == wants_met)
            add_row(report, row);
    }
    pa_doc_close_table(&report->doc);
}

void pa_report_targets(struct pa_report *report)
{
    size_t n = pa_run_rows(report->run, PA_TARGETS), n_met = 0;

    if (n == 0)
        return;
    for (size_t i = 0; i < n; i++)
        n_met += (size_t)is_met(pa_run_row(report->run, PA_TARGETS, i));
    pa_report_part(report, "targets", "How good this run is");
    pa_doc_paragraph(&report->doc);
    pa_doc_text(&report->doc,
                "Of the %zu targets that docs/method.md sets for a "
                "measurement, this run meets %zu%s. ",
                n, n_met, n_met < n ? ", but not these" : "");
    pa_doc_link(&report->doc, "targets.csv", "targets.csv");
    pa_doc_text(&report->doc, " has all.");
    if (n_met < n)
        add_table(report, 0);
    if (n_met > 0 && report->doc.format == PA_HTML) {
        pa_report_open_details(report, "Those it meets");
        add_table(report, 1);
        pa_report_close_details(report);
    }
    pa_doc_close_section(&report->doc);
}
