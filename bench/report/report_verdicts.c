/* SPDX-License-Identifier: MIT */
/* Claims made in public, their verdicts and the evidence. */
#include "report_sections.h"

#include <string.h>

/* In full, with the year; to be freed. */
static char *source_of(const struct pb_claims_row *row)
{
    return row->year == PA_NONE
               ? pa_format("%s", row->source)
               : pa_format("%s, %lld", row->source, (long long)row->year);
}

/* The sentence that can stand alone anywhere. To be freed. */
static char *quotation(const struct pa_report *report,
                       const struct pb_claims_row *row)
{
    PA_FREED char *citation = pa_cite_sentence(report->run, report->id);
    PA_FREED char *source = source_of(row);
    return pa_format("Claim: %s (%s). Verdict: %s. %s. (%s)", row->statement,
                     source, pa_plain_words(row->verdict), row->finding,
                     citation);
}

/* What a reader on paper can do without: which other result would have turned
 * the verdict, which ends the sentence, and from how many points it is. */
static void add_finding(struct pa_report *report,
                        const struct pb_claims_row *row)
{
    const char *turn = row->finding + strlen(row->finding);

    for (const char *at = row->finding; (at = strstr(at, "; ")); at++)
        turn = at;
    pa_report_cell(report, "%.*s", (int)(turn - row->finding), row->finding);
    pa_doc_inline_html(&report->doc, "<span class=\"more\">");
    pa_doc_text(&report->doc, "%s", turn);
    if (row->points > 0)
        pa_doc_text(&report->doc, "; %lld point%s, %lld invocation%s",
                    (long long)row->points, row->points == 1 ? "" : "s",
                    (long long)row->invocations,
                    row->invocations == 1 ? "" : "s");
    pa_doc_inline_html(&report->doc, "</span>");
    pa_report_flags(report, PA_FLAGS(CLAIMS, claims), row->flags, "; note: ");
}

static void add_claim(struct pa_report *report, const struct pb_claims_row *row)
{
    struct pa_doc *doc = &report->doc;
    PA_FREED char *anchor = pa_anchor("claim", row->claim);
    PA_FREED char *copied = quotation(report, row);
    PA_FREED char *source = source_of(row);
    const char *verdict = row->verdict;

    pa_doc_row(doc);
    pa_doc_cell(doc);
    pa_doc_badge(doc,
                 pa_is(verdict, "supported") ? "verdict supported"
                 : pa_is(verdict, "refuted") ? "verdict refuted"
                                             : "verdict open",
                 pa_plain_words(verdict));
    pa_report_cell(report, "%s \xE2\x80\x94 %s", row->statement, source);
    pa_doc_inline_html(doc,
                       " <a class=\"permalink\" id=\"%s\" href=\"#%s\" "
                       "aria-label=\"link to this verdict\">#</a>",
                       anchor, anchor);
    add_finding(report, row);
    if (doc->format == PA_HTML) {
        pa_doc_cell(doc);
        pa_report_copy_button(report, copied);
    }
}

void pa_report_claims(struct pa_report *report)
{
    size_t n = PA_N_ROWS(report->run->claims);

    pa_report_part(report, "claims", "What has been claimed, and the verdicts");
    pa_doc_paragraph(&report->doc);
    if (n == 0) {
        pa_doc_text(&report->doc, "This run has no verdicts: claims.csv is "
                                  "missing or has no rows.");
        return;
    }
    pa_doc_text(&report->doc, "Each says what was tested and found");
    pa_doc_inline_html(&report->doc, "<span class=\"more\">");
    pa_doc_text(&report->doc, ", and what would have turned the verdict");
    pa_doc_inline_html(&report->doc, "</span>");
    pa_doc_text(&report->doc, ". What the whole interval does not decide is "
                              "\xE2\x80\x9C"
                              "cannot tell\xE2\x80\x9D.");
    pa_report_flag_notes(report, PA_FLAGS(CLAIMS, claims), PA_NO_NAMES);
    pa_report_open_table(report, "l",
                         report->doc.format == PA_HTML
                             ? "verdict|claim|tested and found|"
                             : "verdict|claim|tested and found");
    PA_EACH (row, report->run, claims)
        add_claim(report, row);
    pa_doc_close_table(&report->doc);
}
