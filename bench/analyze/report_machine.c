/* SPDX-License-Identifier: MIT */
/* The machine, the method, the files, and how to cite. */
#include "report_cite.h"
#include "report_sections.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

void pa_report_machine(struct pa_report *report)
{
    static const char *const heads[] = {"fact", "value", NULL};

    pa_report_part(report, "machine", "The machine");
    pa_doc_open_table(&report->doc, "ll");
    pa_report_head_row(report, heads);
    for (size_t i = 0; i < pa_run_rows(report->run, PA_HOST); i++) {
        const union pa_cell *row = pa_run_row(report->run, PA_HOST, i);
        if (strcmp(row[HOST_key].text, "warning") == 0 ||
            !*row[HOST_value].text)
            continue;
        pa_doc_row(&report->doc);
        pa_report_cell(report, "%s", row[HOST_key].text);
        pa_report_cell(report, "%s%s%s", row[HOST_value].text,
                       *row[HOST_unit].text ? " " : "", row[HOST_unit].text);
    }
    pa_doc_close_table(&report->doc);
    pa_doc_close_section(&report->doc);
}

void pa_report_method(struct pa_report *report)
{
    struct pa_doc *doc = &report->doc;

    pa_report_part(report, "method", "How it was measured");
    pa_doc_paragraph(doc);
    pa_doc_text(
        doc,
        "Each of several processes builds its own set of socket pairs, is "
        "pinned to one CPU, and visits every point in a fresh random order, "
        "round after round. A point is timed in batches of calls that never "
        "block; the answer of every call is checked. A batch during which the "
        "kernel took the CPU away is left out. The estimate of a point is the "
        "lower quartile of what remains, averaged over the processes "
        "(invocations) on a log scale; its interval is a 95 %% t-interval over "
        "invocations, because batches of one process agree with each other far "
        "better than with the next process. ");
    pa_doc_link(doc, "../../docs/method.md", "docs/method.md");
    pa_doc_text(doc, " has the evidence for each of these choices.");
    pa_doc_paragraph(doc);
    pa_doc_text(doc,
                "What this does not tell: what a wait that blocks costs, what "
                "waking up costs, what reading the ready fds costs, or how an "
                "application behaves that does anything else between its "
                "calls.");
    pa_doc_close_section(doc);
}

static void add_file(struct pa_report *report, const char *name,
                     const char *holds)
{
    if (!pa_file_is_there(report->run->folder, name))
        return;
    pa_doc_item(&report->doc);
    pa_doc_link(&report->doc, name, name);
    pa_doc_text(&report->doc, ": %s", holds);
}

static int is_figure(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* The figures as files, to paste elsewhere. */
static void add_figures(struct pa_report *report)
{
    char *folder = pa_need(pa_path(report->run->folder, "figures"));
    struct dirent **entries;
    int n = scandir(folder, &entries, is_figure, alphasort);

    for (int i = 0; i < n; i++) {
        char *name = pa_format("figures/%s", entries[i]->d_name);
        if (i == 0) {
            pa_doc_item(&report->doc);
            pa_doc_text(&report->doc, "figures, to paste: ");
        }
        pa_doc_text(&report->doc, "%s", i == 0 ? "" : ", ");
        pa_doc_link(&report->doc, name, entries[i]->d_name);
        free(name);
        free(entries[i]);
    }
    if (n >= 0)
        free(entries);
    free(folder);
}

static void add_citation(struct pa_report *report)
{
    char *citation = pa_cite_sentence(report->run, report->id);

    pa_doc_open_section(&report->doc, "cite", "");
    pa_doc_heading(&report->doc, 2, "How to cite");
    pa_doc_paragraph(&report->doc);
    pa_doc_text(&report->doc, "%s.", citation);
    pa_doc_paragraph(&report->doc);
    pa_doc_text(&report->doc, "The id is made from the measurements: one that "
                              "is changed later has another. ");
    pa_doc_code(&report->doc, "pollreport --verify");
    pa_doc_text(&report->doc, " tells whether any file of the run was "
                              "changed. BibTeX is in ");
    pa_doc_link(&report->doc, "cite.txt", "cite.txt");
    pa_doc_text(&report->doc, ".");
    pa_report_copy_button(report, citation);
    pa_doc_close_section(&report->doc);
    free(citation);
}

void pa_report_files(struct pa_report *report)
{
    pa_report_part(report, "files", "The files");
    pa_doc_open_list(&report->doc);
    add_file(report, "samples.csv", "one row a batch, as measured");
    add_file(report, "samples.csv.xz", "the same, packed");
    for (enum pa_run_file i = 0; i < PA_N_RUN_FILES; i++)
        add_file(report, pa_run_file_name(i), pa_run_file_holds(i));
    add_figures(report);
    pa_doc_item(&report->doc);
    pa_doc_link(&report->doc, PA_DIGEST_FILE, PA_DIGEST_FILE);
    pa_doc_text(&report->doc, ": what sha256sum says of each of them");
    pa_doc_close_list(&report->doc);
    add_citation(report);
    pa_doc_close_section(&report->doc);
}
