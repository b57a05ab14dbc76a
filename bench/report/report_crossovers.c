/* SPDX-License-Identifier: MIT */
/* Where one backend becomes cheaper than another. */
#include "findings.h"
#include "report_sections.h"

/* Whether there is more to say than that one is always cheaper, or neither. */
static int is_telling(const struct pb_crossovers_row *row)
{
    return row->typical == 1 && !pa_is(row->status, "always") &&
           !pa_is(row->status, "level");
}

void pa_report_crossovers(struct pa_report *report)
{
    size_t n = PA_N_ROWS(report->run->crossovers), n_telling = 0;
    struct pa_string text;

    if (n == 0)
        return;
    PA_EACH (row, report->run, crossovers)
        n_telling += (size_t)is_telling(row);
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
    pa_report_open_details(report, "Each place");
    PA_EACH (row, report->run, crossovers) {
        if (!is_telling(row))
            continue;
        FILE *out = pa_string_open(&text);
        pa_crossing_say(out, row);
        pa_report_close_item(report, &text, out);
    }
    pa_report_close_details(report);
}
