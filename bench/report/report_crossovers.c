/* SPDX-License-Identifier: MIT */
/* Where one backend becomes cheaper than another. */
#include "phrase.h"
#include "report_sections.h"
#include "show.h"

#include <stdlib.h>

/* Whether there is more to say than that one is always cheaper, or neither. */
static int is_telling(const struct pb_crossovers_row *row)
{
    return row->typical == 1 && !pa_is(row->status, "always") &&
           !pa_is(row->status, "level");
}

static void add_crossover(struct pa_report *report,
                          const struct pb_crossovers_row *row)
{
    struct pa_string held;
    FILE *out = pa_string_open(&held);

    pa_phrase_held(out, row->highest_fd, row->fd_count, row->ready_count,
                   row->layout);
    pa_doc_row(&report->doc);
    pa_report_cell(report, "%s", row->first);
    pa_report_cell(report, "%s", row->second);
    if (pa_is(row->status, "found"))
        pa_report_cell(
            report, "%s",
            pa_show_place(row->variable, row->place, row->low, row->high).text);
    else
        pa_report_cell(report, "cannot tell: %s", row->reason);
    pa_report_close_cell(report, &held, out);
}

void pa_report_crossovers(struct pa_report *report)
{
    size_t n = PA_N_ROWS(report->run->crossovers), n_telling = 0;

    PA_EACH (row, report->run, crossovers)
        n_telling += (size_t)is_telling(row);
    if (n == 0)
        return;
    pa_report_part(report, "crossovers", "Where one overtakes the other");
    pa_doc_paragraph(&report->doc);
    pa_doc_text(
        &report->doc,
        "In %zu of %zu comparisons one is cheaper up to some place and "
        "dearer beyond, or it cannot be told; in the others one "
        "backend is cheaper in the whole range, or both cost the same. ",
        n_telling, n);
    pa_doc_link(&report->doc, "crossovers.csv", "crossovers.csv");
    pa_doc_text(&report->doc, " has each of them.");
    if (n_telling > 0) {
        pa_report_open_details(report, "Each place");
        pa_report_open_table(report, "l",
                             "cheaper below|cheaper above|where they meet|"
                             "held");
        PA_EACH (row, report->run, crossovers)
            if (is_telling(row))
                add_crossover(report, row);
        pa_doc_close_table(&report->doc);
        pa_report_close_details(report);
    }
}
