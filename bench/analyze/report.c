/* SPDX-License-Identifier: MIT */
#include "report.h"

#include "output.h"
#include "report_cite.h"
#include "report_page.h"
#include "report_sections.h"

#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The order of a report. */
static void (*const parts[])(struct pa_report *) = {
    pa_report_head,    pa_report_answer,     pa_report_calculator,
    pa_report_claims,  pa_report_crossovers, pa_report_models,
    pa_report_holdout, pa_report_steps,      pa_report_stages,
    pa_report_layer,   pa_report_history,    pa_report_targets,
    pa_report_machine, pa_report_method,     pa_report_files,
};

/* The report in one format, to be freed. */
static char *render(const struct pa_run_tables *run, const char *id,
                    enum pa_format format)
{
    struct pa_report report = {.run = run};

    memcpy(report.id, id, sizeof report.id);
    pa_doc_init(&report.doc, format);
    for (size_t i = 0; i < PA_ARRAY_SIZE(parts); i++)
        parts[i](&report);
    char *text = pa_doc_render(&report.doc);
    pa_doc_free(&report.doc);
    return text;
}

static int write_file(const char *folder, const char *name, const char *text,
                      struct pa_problem *problem)
{
    struct pa_output output;

    if (pa_output_open(&output, folder, name, problem) < 0)
        return -1;
    if (dprintf(output.fd, "%s", text) < 0) {
        pa_problem_set(problem, "%s/%s: %s", folder, name, strerror(errno));
        pa_output_abandon(&output);
        return -1;
    }
    return pa_output_close(&output, problem);
}

static int write_page(const struct pa_run_tables *run, const char *id,
                      struct pa_problem *problem)
{
    char *body = render(run, id, PA_HTML);
    char *title = pa_format("pollbench run %s", id);
    char *page = pa_page(title, body);
    int error = write_file(run->folder, "report.html", page, problem);

    free(page);
    free(title);
    free(body);
    return error;
}

static int write_text(const struct pa_run_tables *run, const char *id,
                      struct pa_problem *problem)
{
    char *markdown = render(run, id, PA_MARKDOWN);
    int error = write_file(run->folder, "report.md", markdown, problem);

    free(markdown);
    return error;
}

static int write_citation(const struct pa_run_tables *run, const char *id,
                          struct pa_problem *problem)
{
    char *citation = pa_cite_text(run, id);
    int error = write_file(run->folder, "cite.txt", citation, problem);

    free(citation);
    return error;
}

int pa_report_write(const char *folder, struct pa_problem *problem)
{
    char id[PA_RUN_ID_HEX];
    struct pa_run_tables run;

    /* What is printable, and how long; without it the text would be garbled. */
    if (!setlocale(LC_CTYPE, "C.UTF-8"))
        return pa_problem_set(problem, "the locale C.UTF-8 cannot be had");
    if (pa_run_id(folder, id, problem) < 0 ||
        pa_run_tables_read(&run, folder, problem) < 0)
        return -1;
    int error = write_citation(&run, id, problem);
    if (error == 0)
        error = write_text(&run, id, problem);
    if (error == 0)
        error = write_page(&run, id, problem);
    pa_run_tables_free(&run);
    return error < 0 ? -1 : pa_digest_write(folder, problem);
}
