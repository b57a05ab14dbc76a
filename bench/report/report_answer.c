/* SPDX-License-Identifier: MIT */
/* What a reader sees first: what was measured on, the verdicts; below, what
 * they rest on, and what follows for claims and choices. */
#include "findings.h"
#include "report_sections.h"

#include <stdlib.h>
#include <string.h>

void pa_report_head(struct pa_report *report)
{
    const struct pa_run_tables *run = report->run;
    struct pa_doc *doc = &report->doc;
    PA_FREED char *machine = pa_machine_text(run);

    pa_doc_heading(doc, 1,
                   "What select, poll and epoll cost, and how it grows");
    PA_SAY(report, paragraph, "Measured on %s; %s. %.10s, preset %s, run ",
           machine, pa_run_fact(run, "kernel", "kernel unknown"),
           pa_run_fact(run, "started", "date unknown"),
           pa_run_fact(run, "preset", "unknown"));
    pa_doc_code(doc, report->id);
    pa_doc_text(doc, ", by pollbench %s.",
                pa_run_fact(run, "project_version", "(version unknown)"));
}

/* The items of the summary below its line with a colon, or those above. */
static void add_lines(struct pa_report *report, int is_measured)
{
    struct pa_string sentences;
    FILE *out = pa_string_open(&sentences);
    char *rest;
    int is_below = 0;

    pa_summary_print(out, report->run);
    pa_string_close(out);
    for (char *line = strtok_r(sentences.text, "\n", &rest); line;
         line = strtok_r(NULL, "\n", &rest)) {
        is_below |= line[strlen(line) - 1] == ':';
        if (is_below != is_measured || line[strlen(line) - 1] == ':')
            continue;
        PA_SAY(report, item, "%s",
               line + (strncmp(line, "- ", 2) == 0 ? 2 : 0));
    }
    free(sentences.text);
}

void pa_report_answer(struct pa_report *report)
{
    pa_doc_open_section(&report->doc, "answer", "");
    pa_doc_html(&report->doc, "<div class=\"answer\">");
    add_lines(report, 0);
    pa_doc_html(&report->doc, "</div>");
    if (!pa_figure_file(report, "growth",
                        "Cost of one call against the highest fd and against "
                        "the number of fds",
                        "")) {
        PA_SAY(report, paragraph,
               "The main figure, over the highest fd and the fds watched, is "
               "not here: this run did not measure both sweeps, or pollbench "
               "draw and gnuplot have not drawn them.");
    }
    pa_doc_contents(&report->doc);
    pa_doc_close_section(&report->doc);
}

void pa_report_measured(struct pa_report *report)
{
    struct pa_doc *doc = &report->doc;

    pa_report_part(report, "measured", "What that rests on");
    pa_figure_file(report, "classes", "Class of growth and exponent", "");
    pa_doc_paragraph(doc);
    if (!pa_run_is_counted(report->run))
        pa_doc_text(doc,
                    "Square brackets hold 95 %% intervals over invocations. ");
    pa_doc_text(doc, "O(n) is of the n that is named, in the range that is "
                     "named; the exponent is of that range.");
    add_lines(report, 1);
}

/* --- claims made in public, their verdicts and the evidence -------------- */

/* In full, with the year; to be freed. */
static char *source_of(const struct pb_claims_row *row)
{
    return row->year == PA_NONE
               ? pa_format("%s", row->source)
               : pa_format("%s, %lld", row->source, (long long)row->year);
}

/* The sentence that can stand alone anywhere. To be freed. */
static char *quotation(const struct pa_report *report,
                       const struct pb_claims_row *row, const char *source)
{
    PA_FREED char *citation = pa_cite_sentence(report->run, report->id);
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
    PA_FREED char *source = source_of(row);
    PA_FREED char *copied = quotation(report, row, source);
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
        pa_doc_text(
            &report->doc,
            "This run has no verdicts: claims.csv is missing or has no rows.");
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

/* --- where one backend becomes cheaper than another ---------------------- */

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
    PA_SAY(report, paragraph,
           "In %zu of %zu comparisons one is cheaper up to some place and "
           "dearer beyond, or it cannot be told; in the others one backend is "
           "cheaper in the whole range, or both cost the same. ",
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
