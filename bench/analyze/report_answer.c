/* SPDX-License-Identifier: MIT */
/* What a reader sees first: what was measured on, the answer, the figure, and
 * what to know before believing either. */
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

/* --- warnings ------------------------------------------------------------ */

static size_t flagged_points(const struct pa_report *report, const char *flag,
                             size_t *n_rows)
{
    size_t n = 0;

    *n_rows = pa_run_rows(report->run, PA_POINTS);
    for (size_t i = 0; i < *n_rows; i++)
        n += (size_t)pa_has_word(
            pa_run_row(report->run, PA_POINTS, i)[POINTS_flags].text, flag);
    return n;
}

static void add_flag_warning(struct pa_report *report, const char *flag,
                             const char *meaning)
{
    size_t n_rows, n = flagged_points(report, flag, &n_rows);

    if (n == 0)
        return;
    pa_doc_item(&report->doc);
    if (n == n_rows)
        pa_doc_text(&report->doc, "All %zu points: %s", n_rows, meaning);
    else
        pa_doc_text(&report->doc, "%zu of %zu points: %s", n, n_rows, meaning);
}

/* Older files do not say; then nothing is said. */
static int is_incomplete(const struct pa_report *report)
{
    return strcmp(pa_run_fact(report->run, "complete", "yes"), "yes") != 0;
}

static int has_warnings(const struct pa_report *report)
{
    static const char *const flags[] = {"failed", "dirty", "contended", "few"};
    size_t n_rows;

    for (size_t i = 0; i < PA_ARRAY_SIZE(flags); i++)
        if (flagged_points(report, flags[i], &n_rows) > 0)
            return 1;
    return is_incomplete(report) ||
           *pa_run_fact(report->run, "warning", "") != '\0' ||
           *pa_run_fact(report->run, "partial", "") != '\0' ||
           *pa_run_fact(report->run, "seam", "") != '\0' ||
           *pa_run_fact(report->run, "note", "") != '\0';
}

/* All rows of host.csv with a key, an item each. */
static void add_facts(struct pa_report *report, const char *key,
                      const char *before)
{
    for (size_t i = 0; i < pa_run_rows(report->run, PA_HOST); i++) {
        const union pa_cell *row = pa_run_row(report->run, PA_HOST, i);
        if (strcmp(row[HOST_key].text, key) != 0)
            continue;
        pa_doc_item(&report->doc);
        pa_doc_text(&report->doc, "%s%s", before, row[HOST_value].text);
    }
}

enum { FAILED_SHOWN = 20 };

static void add_failed(struct pa_report *report)
{
    size_t n = 0, n_rows;

    if (flagged_points(report, "failed", &n_rows) == 0)
        return;
    pa_doc_paragraph(&report->doc);
    pa_doc_text(&report->doc,
                "Points without a measurement, at most %d:", FAILED_SHOWN);
    pa_doc_open_list(&report->doc);
    for (size_t i = 0; i < n_rows && n < FAILED_SHOWN; i++) {
        const union pa_cell *row = pa_run_row(report->run, PA_POINTS, i);
        if (!pa_has_word(row[POINTS_flags].text, "failed"))
            continue;
        n++;
        pa_doc_item(&report->doc);
        pa_doc_text(&report->doc,
                    "%s, %s, highest fd %lld, %lld watched, %lld ready: %s",
                    row[POINTS_sweep].text, row[POINTS_backend].text,
                    (long long)row[POINTS_highest_fd].integer,
                    (long long)row[POINTS_fd_count].integer,
                    (long long)row[POINTS_ready_count].integer,
                    row[POINTS_reason].text);
    }
    pa_doc_close_list(&report->doc);
}

static void add_warnings(struct pa_report *report)
{
    if (!has_warnings(report))
        return;
    pa_doc_open_section(&report->doc, "warnings", "");
    pa_doc_heading(&report->doc, 2, "Before you believe it");
    pa_doc_open_list(&report->doc);
    if (is_incomplete(report)) {
        pa_doc_item(&report->doc);
        pa_doc_text(&report->doc, "The run is not complete: it ended before "
                                  "all invocations were measured.");
    }
    add_facts(report, "partial", "The run ended early: ");
    add_facts(report, "seam", "It was resumed; invocation and time: ");
    add_facts(report, "warning", "");
    add_facts(report, "note", "");
    add_flag_warning(report, "failed",
                     "no valid measurement; the reasons are in points.csv.");
    add_flag_warning(report, "dirty",
                     "too few batches without an interruption, so they are "
                     "not used in models and verdicts.");
    add_flag_warning(report, "contended",
                     "other programs or guests held the shared cache while "
                     "these outgrew the core's own. They say as much about "
                     "the neighbours as about the kernel.");
    add_flag_warning(report, "few",
                     "fewer than 6 invocations, so the intervals are wide. "
                     "More invocations narrow them.");
    pa_doc_close_list(&report->doc);
    add_failed(report);
    pa_doc_close_section(&report->doc);
}

/* --- the answer ---------------------------------------------------------- */

/* The sentences that pollfit --summary prints, one an item. */
static void add_sentences(struct pa_report *report)
{
    struct pa_problem problem = {0};
    char *text = NULL, *rest;
    size_t n_bytes;
    FILE *out = pa_need(open_memstream(&text, &n_bytes));
    int error = pa_summary_print(out, report->run->folder, &problem);

    if (fclose(out) != 0)
        pa_need(NULL);
    pa_doc_html(&report->doc, "<div class=\"answer\">");
    pa_doc_open_list(&report->doc);
    for (char *line = strtok_r(text, "\n", &rest); line && error == 0;
         line = strtok_r(NULL, "\n", &rest)) {
        pa_doc_item(&report->doc);
        pa_doc_text(&report->doc, "%s", line);
    }
    pa_doc_close_list(&report->doc);
    pa_doc_html(&report->doc, "</div>");
    free(text);
}

static int has_models(const struct pa_report *report)
{
    return pa_run_rows(report->run, PA_MODELS) > 0 &&
           pa_file_is_there(report->run->folder,
                            pa_run_file_name(PA_CROSSOVERS));
}

void pa_report_answer(struct pa_report *report)
{
    struct pa_doc *doc = &report->doc;

    pa_doc_open_section(doc, "answer", "");
    if (has_models(report))
        add_sentences(report);
    if (doc->format == PA_MARKDOWN)
        pa_figure_file(report, "growth",
                       pa_finding_sentence(report, "fd_count", PA_NONE,
                                           "Cost of a call against highest fd "
                                           "and fds watched"));
    pa_doc_open_section(doc, "figure", "growth");
    if (!pa_figure_growth(report)) {
        pa_doc_paragraph(doc);
        pa_doc_text(doc, "This run did not measure both sweeps of the main "
                         "figure, highest_fd and fd_count.");
    }
    pa_doc_close_section(doc);
    add_warnings(report);
    pa_doc_close_section(doc);
}
