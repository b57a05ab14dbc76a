/* SPDX-License-Identifier: MIT */
/* Claims made in public with their verdicts, and crossovers. */
#include "report_cite.h"
#include "report_figures.h"
#include "report_sections.h"
#include "show.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void add_verdict(struct pa_report *report, const char *verdict)
{
    static const struct {
        const char *verdict;
        const char *class;
        const char *words;
    } known[] = {{"supported", "verdict supported", "supported"},
                 {"refuted", "verdict refuted", "refuted"},
                 {"cannot-tell", "verdict open", "cannot tell"}};

    for (size_t i = 0; i < PA_ARRAY_SIZE(known); i++) {
        if (strcmp(verdict, known[i].verdict) == 0) {
            pa_doc_badge(&report->doc, known[i].class, known[i].words);
            return;
        }
    }
    pa_doc_text(&report->doc, "%s", verdict);
}

static void add_claim_row(struct pa_report *report, const union pa_cell *row)
{
    struct pa_doc *doc = &report->doc;
    const char *name = row[CLAIMS_claim].text;
    char *prefix = report->doc.format == PA_HTML ? pa_anchor("claim", name)
                                                 : pa_anchor(name, "");
    char *url = pa_format("#%s", prefix);

    pa_doc_row(doc);
    pa_doc_cell(doc);
    add_verdict(report, row[CLAIMS_verdict].text);
    pa_doc_cell(doc);
    pa_doc_link(doc, url, row[CLAIMS_statement].text);
    pa_report_cell(report, "%s", row[CLAIMS_source].text);
    free(url);
    free(prefix);
}

static struct pa_shown show_effect(const union pa_cell *row)
{
    return pa_show_interval(row[CLAIMS_effect].real, row[CLAIMS_low].real,
                            row[CLAIMS_high].real, row[CLAIMS_unit].text);
}

/* "highest fd 19839, 1024 fds watched, 1 ready, packed": what was held. */
static void add_base_point(struct pa_report *report, const union pa_cell *row)
{
    static const struct {
        int column;
        const char *factor;
    } factors[] = {{CLAIMS_highest_fd, "highest_fd"},
                   {CLAIMS_fd_count, "fd_count"},
                   {CLAIMS_ready_count, "ready_count"}};
    const char *gap = "";

    pa_doc_item(&report->doc);
    pa_doc_text(&report->doc, "Base point: ");
    for (size_t i = 0; i < PA_ARRAY_SIZE(factors); i++) {
        int64_t value = row[factors[i].column].integer;
        if (value == PA_NONE)
            continue;
        pa_doc_text(&report->doc, "%s%s %lld", gap,
                    pa_factor_words(factors[i].factor), (long long)value);
        gap = ", ";
    }
    if (*row[CLAIMS_layout].text)
        pa_doc_text(&report->doc, "%s%s layout", gap, row[CLAIMS_layout].text);
    if (!isnan(row[CLAIMS_from].real) && *row[CLAIMS_variable].text)
        pa_doc_text(&report->doc, "; %s from %s to %s",
                    pa_factor_words(row[CLAIMS_variable].text),
                    pa_show_number(row[CLAIMS_from].real).text,
                    pa_show_number(row[CLAIMS_to].real).text);
}

/* What the effect amounts to: over a range, or between two backends. */
static void add_change(struct pa_report *report, const union pa_cell *row)
{
    struct pa_doc *doc = &report->doc;
    int is_range = strcmp(row[CLAIMS_expectation].text, "depends") == 0 ||
                   strcmp(row[CLAIMS_expectation].text, "independent") == 0;

    pa_doc_item(doc);
    pa_doc_text(doc,
                is_range ? "That is %s over the range tested; less than %s "
                           "would count as nothing"
                         : "A difference of %s; less than %s would count as "
                           "nothing",
                pa_show_ns(row[CLAIMS_change_ns].real).text,
                pa_show_ns(row[CLAIMS_margin_ns].real).text);
    if (is_range && !isnan(row[CLAIMS_share_percent].real))
        pa_doc_text(doc, "; it explains %s %% of the cost at its end",
                    pa_show_number(row[CLAIMS_share_percent].real).text);
}

static void add_evidence(struct pa_report *report, const union pa_cell *row)
{
    struct pa_doc *doc = &report->doc;

    pa_doc_open_list(doc);
    if (!isnan(row[CLAIMS_effect].real)) {
        pa_doc_item(doc);
        pa_doc_text(doc, "Effect: %s", show_effect(row).text);
    }
    if (!isnan(row[CLAIMS_change_ns].real))
        add_change(report, row);
    add_base_point(report, row);
    pa_doc_item(doc);
    pa_doc_text(doc, "From %s point%s in %s invocations",
                pa_show_integer(row[CLAIMS_points].integer).text,
                row[CLAIMS_points].integer == 1 ? "" : "s",
                pa_show_integer(row[CLAIMS_invocations].integer).text);
    pa_report_flags(report, PA_FLAGS(CLAIMS), row, "; note: ");
    pa_doc_close_list(doc);
}

static void add_claim(struct pa_report *report, const union pa_cell *row)
{
    struct pa_doc *doc = &report->doc;
    char *citation = pa_cite_sentence(report->run, report->id);
    char *copied = pa_format("%s (%s)", row[CLAIMS_finding].text, citation);

    pa_doc_open_section(doc, "claim", row[CLAIMS_claim].text);
    pa_doc_heading(doc, 3, row[CLAIMS_claim].text);
    pa_doc_paragraph(doc);
    pa_doc_text(doc, "%s \xE2\x80\x94 %s", row[CLAIMS_statement].text,
                row[CLAIMS_source].text);
    if (row[CLAIMS_year].integer != PA_NONE)
        pa_doc_text(doc, ", %lld", (long long)row[CLAIMS_year].integer);
    pa_doc_paragraph(doc);
    add_verdict(report, row[CLAIMS_verdict].text);
    pa_doc_text(doc, ": %s", row[CLAIMS_finding].text);
    add_evidence(report, row);
    pa_report_copy_button(report, copied);
    pa_doc_close_section(doc);
    free(copied);
    free(citation);
}

void pa_report_claims(struct pa_report *report)
{
    static const char *const heads[] = {"verdict", "claim", "made in", NULL};
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
                "A claim is supported or refuted only if the whole interval of "
                "the effect says so, and by more than 5 ns and 3 %% of the "
                "cost; else the verdict is \xE2\x80\x9C"
                "cannot tell\xE2\x80\x9D.");
    pa_report_common_flags(report, PA_FLAGS(CLAIMS));
    pa_doc_open_table(&report->doc, "lll");
    pa_report_head_row(report, heads);
    for (size_t i = 0; i < n; i++)
        add_claim_row(report, pa_run_row(report->run, PA_CLAIMS, i));
    pa_doc_close_table(&report->doc);
    for (size_t i = 0; i < n; i++)
        add_claim(report, pa_run_row(report->run, PA_CLAIMS, i));
    pa_doc_close_section(&report->doc);
}

/* --- crossovers ---------------------------------------------------------- */

static void add_held(struct pa_report *report, const union pa_cell *row)
{
    static const struct {
        int column;
        const char *before, *after;
    } held[] = {{CROSSOVERS_highest_fd, "highest fd ", ""},
                {CROSSOVERS_fd_count, "", " watched"},
                {CROSSOVERS_ready_count, "", " ready"}};

    pa_doc_cell(&report->doc);
    for (size_t i = 0; i < PA_ARRAY_SIZE(held); i++) {
        int64_t value = row[held[i].column].integer;
        if (value != PA_NONE)
            pa_doc_text(&report->doc, "%s%lld%s, ", held[i].before,
                        (long long)value, held[i].after);
    }
    pa_doc_text(&report->doc, "%s", row[CROSSOVERS_layout].text);
}

static void add_place(struct pa_report *report, const union pa_cell *row)
{
    const char *status = row[CROSSOVERS_status].text;
    const char *variable = pa_factor_words(row[CROSSOVERS_variable].text);

    if (strcmp(status, "found") == 0)
        pa_report_cell(report, "at %s %s", variable,
                       pa_show_interval(row[CROSSOVERS_place].real,
                                        row[CROSSOVERS_low].real,
                                        row[CROSSOVERS_high].real, "")
                           .text);
    else if (strcmp(status, "always") == 0)
        pa_report_cell(report, "nowhere: %s is always cheaper",
                       row[CROSSOVERS_first].text);
    else if (strcmp(status, "level") == 0)
        pa_report_cell(report, "nowhere: they cost the same");
    else
        pa_report_cell(report, "cannot tell: %s", row[CROSSOVERS_reason].text);
    pa_report_cell(report, "%s %s to %s", variable,
                   pa_show_number(row[CROSSOVERS_from].real).text,
                   pa_show_number(row[CROSSOVERS_to].real).text);
}

/* Whether there is more to say than that one is always cheaper, or neither. */
static int is_telling(const union pa_cell *row)
{
    const char *status = row[CROSSOVERS_status].text;

    return strcmp(status, "always") != 0 && strcmp(status, "level") != 0;
}

static void add_crossover_row(struct pa_report *report,
                              const union pa_cell *row)
{
    pa_doc_row(&report->doc);
    pa_report_cell(report, "%s", row[CROSSOVERS_first].text);
    pa_report_cell(report, "%s", row[CROSSOVERS_second].text);
    add_place(report, row);
    add_held(report, row);
}

static void add_crossovers(struct pa_report *report)
{
    static const char *const heads[] = {"cheaper below",   "cheaper above",
                                        "where they meet", "range compared",
                                        "held fixed",      NULL};
    size_t n = pa_run_rows(report->run, PA_CROSSOVERS), n_shown = 0;

    for (size_t i = 0; i < n; i++) {
        const union pa_cell *row = pa_run_row(report->run, PA_CROSSOVERS, i);
        if (!is_telling(row))
            continue;
        if (n_shown++ == 0) {
            pa_doc_open_table(&report->doc, "lllll");
            pa_report_head_row(report, heads);
        }
        add_crossover_row(report, row);
    }
    if (n_shown > 0)
        pa_doc_close_table(&report->doc);
    pa_doc_paragraph(&report->doc);
    pa_doc_text(&report->doc,
                "Of %zu comparisons, %zu are listed; in the others one backend "
                "is cheaper in the whole range, or both cost the same. ",
                n, n_shown);
    pa_doc_link(&report->doc, "crossovers.csv", "crossovers.csv");
    pa_doc_text(&report->doc, " has them all.");
}

void pa_report_crossovers(struct pa_report *report)
{
    pa_report_part(report, "crossovers", "Where one overtakes the other");
    if (pa_run_rows(report->run, PA_CROSSOVERS) > 0)
        add_crossovers(report);
    pa_doc_open_section(&report->doc, "figure", "ready_count");
    pa_figure_ready_count(report);
    pa_doc_close_section(&report->doc);
    pa_figure_file(report, "ratios",
                   "Cost of select over poll, and of poll over epoll, by "
                   "highest fd and fds watched");
    pa_doc_close_section(&report->doc);
}
