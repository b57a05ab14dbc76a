/* SPDX-License-Identifier: MIT */
/* Claims made in public, their verdicts and the evidence. */
#include "report_cite.h"
#include "report_sections.h"
#include "show.h"

#include <stdlib.h>
#include <string.h>

struct verdict {
    const char *name, *class, *words;
};

/* One that is not known here is shown as it is. */
static struct verdict verdict_of(const union pa_cell *row)
{
    static const struct verdict known[] = {
        {"supported", "verdict supported", "supported"},
        {"refuted", "verdict refuted", "refuted"},
        {"cannot-tell", "verdict open", "cannot tell"}};
    const char *name = row[CLAIMS_verdict].text;

    for (size_t i = 0; i < PA_ARRAY_SIZE(known); i++)
        if (strcmp(name, known[i].name) == 0)
            return known[i];
    return (struct verdict){name, "verdict", name};
}

/* Who said it: the source up to its first comma, and the year. */
static void add_author(struct pa_report *report, const union pa_cell *row)
{
    const char *source = row[CLAIMS_source].text;

    pa_doc_text(&report->doc, " \xE2\x80\x94 %.*s", (int)strcspn(source, ",("),
                source);
    if (row[CLAIMS_year].integer != PA_NONE)
        pa_doc_text(&report->doc, " %lld", (long long)row[CLAIMS_year].integer);
}

/* The sentence that can stand alone anywhere. To be freed. */
static char *quotation(const struct pa_report *report, const union pa_cell *row)
{
    char *citation = pa_cite_sentence(report->run, report->id);
    char *year = row[CLAIMS_year].integer == PA_NONE
                     ? pa_format("%s", "")
                     : pa_format(", %lld", (long long)row[CLAIMS_year].integer);
    char *text =
        pa_format("Claim: %s (%s%s). Verdict: %s. %s. (%s)",
                  row[CLAIMS_statement].text, row[CLAIMS_source].text, year,
                  verdict_of(row).words, row[CLAIMS_finding].text, citation);

    free(year);
    free(citation);
    return text;
}

/* The claim leads to its evidence, which only the page has. */
static void add_claim_row(struct pa_report *report, const union pa_cell *row)
{
    struct pa_doc *doc = &report->doc;
    struct verdict verdict = verdict_of(row);
    char *anchor = pa_anchor("claim", row[CLAIMS_claim].text);
    char *url = pa_format("#%s", anchor);
    char *copied = quotation(report, row);

    pa_doc_row(doc);
    pa_doc_cell(doc);
    pa_doc_badge(doc, verdict.class, verdict.words);
    pa_doc_cell(doc);
    if (doc->format == PA_HTML)
        pa_doc_link(doc, url, row[CLAIMS_statement].text);
    else
        pa_doc_text(doc, "%s", row[CLAIMS_statement].text);
    add_author(report, row);
    pa_report_cell(report, "%s", row[CLAIMS_finding].text);
    if (doc->format == PA_HTML) {
        pa_doc_cell(doc);
        pa_report_copy_button(report, copied);
    }
    free(copied);
    free(url);
    free(anchor);
}

/* --- evidence, in the page ----------------------------------------------- */

/* The sentence itself is in the table. */
static void add_claim(struct pa_report *report, const union pa_cell *row)
{
    struct pa_doc *doc = &report->doc;
    struct verdict verdict = verdict_of(row);

    pa_doc_open_section(doc, "claim", row[CLAIMS_claim].text);
    pa_doc_heading(doc, 3, row[CLAIMS_claim].text);
    pa_doc_paragraph(doc);
    pa_doc_badge(doc, verdict.class, verdict.words);
    pa_doc_text(doc, ": %s \xE2\x80\x94 %s", row[CLAIMS_statement].text,
                row[CLAIMS_source].text);
    if (row[CLAIMS_year].integer != PA_NONE)
        pa_doc_text(doc, ", %lld", (long long)row[CLAIMS_year].integer);
    pa_doc_text(doc, ". From %s points in %s invocations",
                pa_show_integer(row[CLAIMS_points].integer).text,
                pa_show_integer(row[CLAIMS_invocations].integer).text);
    pa_report_flags(report, PA_FLAGS(CLAIMS), row, "; note: ");
    pa_doc_text(doc, ".");
    pa_doc_close_section(doc);
}

static void add_claims(struct pa_report *report, size_t n)
{
    int is_page = report->doc.format == PA_HTML;

    pa_report_open_table(report, "l",
                         is_page ? "verdict|claim|tested and found|"
                                 : "verdict|claim|tested and found");
    for (size_t i = 0; i < n; i++)
        add_claim_row(report, pa_run_row(report->run, PA_CLAIMS, i));
    pa_doc_close_table(&report->doc);
    if (!is_page)
        return;
    pa_report_open_details(report, "The source of each in full, and on how "
                                   "many points its verdict rests");
    for (size_t i = 0; i < n; i++)
        add_claim(report, pa_run_row(report->run, PA_CLAIMS, i));
    pa_report_close_details(report);
}

void pa_report_claims(struct pa_report *report)
{
    size_t n = pa_run_rows(report->run, PA_CLAIMS);

    pa_report_part(report, "claims", "What has been claimed, and the verdicts");
    pa_doc_paragraph(&report->doc);
    if (n == 0) {
        pa_doc_text(&report->doc, "This run has no verdicts: claims.csv is "
                                  "missing or has no rows.");
        pa_doc_close_section(&report->doc);
        return;
    }
    pa_doc_text(&report->doc,
                "Each says what was tested, what was found, and what would "
                "have turned the verdict. What the whole interval does not "
                "decide is \xE2\x80\x9C"
                "cannot tell\xE2\x80\x9D.");
    pa_report_flag_notes(report, PA_FLAGS(CLAIMS), PA_NO_NAMES);
    add_claims(report, n);
    pa_doc_close_section(&report->doc);
}
