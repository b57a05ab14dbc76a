/* SPDX-License-Identifier: MIT */
/* What a reader sees first: what was measured on, the verdicts; and below, what
 * they rest on. */
#include "findings.h"
#include "report_sections.h"

#include <stdlib.h>
#include <string.h>

void pa_report_head(struct pa_report *report)
{
    const struct pa_run_tables *run = report->run;
    struct pa_doc *doc = &report->doc;
    PA_FREED char *machine = pa_cite_machine(run);

    pa_doc_heading(doc, 1,
                   "What select, poll and epoll cost, and how it grows");
    pa_doc_paragraph(doc);
    pa_doc_text(doc, "Measured on %s; %s. %.10s, preset %s, run ", machine,
                pa_run_fact(run, "kernel", "kernel unknown"),
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
        pa_doc_item(&report->doc);
        pa_doc_text(&report->doc, "%s",
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
        pa_doc_paragraph(&report->doc);
        pa_doc_text(&report->doc,
                    "The main figure, over the highest fd and the fds watched, "
                    "is not here: this run did not measure both sweeps, or "
                    "pollbench draw and gnuplot have not drawn them.");
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
