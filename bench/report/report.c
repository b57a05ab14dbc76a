/* SPDX-License-Identifier: MIT */
#include "report.h"

#include "report_cite.h"
#include "report_sections.h"
#include "report_write.h"

#include <stdlib.h>
#include <string.h>

/* The order of a report. */
static void (*const parts[])(struct pa_report *) = {
    pa_report_head,    pa_report_answer,     pa_report_calculator,
    pa_report_claims,  pa_report_crossovers, pa_report_models,
    pa_report_holdout, pa_report_steps,      pa_report_stages,
    pa_report_layer,   pa_report_loops,      pa_report_history,
    pa_report_machine, pa_report_method,     pa_report_files,
};

/* And of a report on a run of pollscale. */
static void (*const scale_parts[])(struct pa_report *) = {
    pa_report_head,    pa_report_warnings, pa_report_scale,
    pa_report_machine, pa_report_files,
};

struct run {
    const struct pa_run_tables *tables;
    char id[PA_RUN_ID_HEX];
};

static void build(struct pa_doc *doc, void *context)
{
    const struct run *run = context;
    struct pa_report report = {.doc = *doc, .run = run->tables};

    memcpy(report.id, run->id, sizeof report.id);
    if (pa_report_scale_sweep(run->tables))
        for (size_t i = 0; i < PA_ARRAY_SIZE(scale_parts); i++)
            scale_parts[i](&report);
    else
        for (size_t i = 0; i < PA_ARRAY_SIZE(parts); i++)
            parts[i](&report);
    *doc = report.doc;
}

static int write_all(struct run *run, struct pa_problem *problem)
{
    const char *folder = run->tables->folder;
    char *title = pa_format("pollbench run %s", run->id);
    char *citation = pa_cite_text(run->tables, run->id);
    int error = pa_write_text(folder, "cite.txt", citation, problem);

    if (error == 0)
        error = pa_write_report(folder, title, build, run, problem);
    free(citation);
    free(title);
    return error < 0 ? -1 : pa_digest_write(folder, problem);
}

int pa_report_write(const char *folder, struct pa_problem *problem)
{
    struct pa_run_tables tables;
    struct run run = {.tables = &tables};

    if (pa_set_locale(problem) < 0 || pa_run_id(folder, run.id, problem) < 0 ||
        pa_run_tables_read(&tables, folder, problem) < 0)
        return -1;
    int error = write_all(&run, problem);
    pa_run_tables_free(&tables);
    return error;
}
