/* SPDX-License-Identifier: MIT */
/* What a reader sees first: what was measured on, the answer, the figure. */
#include "report_cite.h"
#include "report_figures.h"
#include "report_sections.h"
#include "summary.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void pa_report_head(struct pa_report *report)
{
    const struct pa_run_tables *run = report->run;
    struct pa_doc *doc = &report->doc;
    char *title = pa_format("What select, poll and epoll cost on %s",
                            pa_run_fact(run, "cpu_model", "this machine"));

    pa_doc_heading(doc, 1, title);
    free(title);
    pa_doc_paragraph(doc);
    pa_doc_text(doc, "%s, %.10s, preset %s. Run ",
                pa_run_fact(run, "kernel", "kernel unknown"),
                pa_run_fact(run, "started", "date unknown"),
                pa_run_fact(run, "preset", "unknown"));
    pa_doc_code(doc, report->id);
    pa_doc_text(doc, ", made by pollbench %s.",
                pa_run_fact(run, "project_version", "(version unknown)"));
}

/* The sentences that pollfit --summary prints, one an item. */
static void add_sentences(struct pa_report *report)
{
    struct pa_problem problem = {0};
    struct pa_string sentences;
    FILE *out = pa_string_open(&sentences);
    int error = pa_summary_print(out, report->run->folder, &problem);
    char *rest;

    pa_string_close(out);
    if (error < 0) /* not said of a file, for those have been read before */
        pa_need(NULL);
    pa_doc_html(&report->doc, "<div class=\"answer\">");
    for (char *line = strtok_r(sentences.text, "\n", &rest); line;
         line = strtok_r(NULL, "\n", &rest)) {
        pa_doc_item(&report->doc);
        pa_doc_text(&report->doc, "%s", line);
    }
    pa_doc_html(&report->doc, "</div>");
    free(sentences.text);
}

static int has_sentences(const struct pa_report *report)
{
    const char *folder = report->run->folder;

    return pa_run_rows(report->run, PA_GROWTH) > 0 &&
           pa_file_is_there(folder, pa_run_file_name(PA_SLOPES)) &&
           pa_file_is_there(folder, pa_run_file_name(PA_CROSSOVERS));
}

void pa_report_answer(struct pa_report *report)
{
    struct pa_doc *doc = &report->doc;

    pa_doc_open_section(doc, "answer", "");
    if (has_sentences(report))
        add_sentences(report);
    if (!pa_figure_growth(report)) {
        pa_doc_paragraph(doc);
        pa_doc_text(doc, "This run did not measure both sweeps of the main "
                         "figure, over the highest fd and the fds watched.");
    }
    pa_doc_close_section(doc);
}
