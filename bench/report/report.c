/* SPDX-License-Identifier: MIT */
#include "report.h"

#include "output.h"
#include "report_sections.h"
#include "report_write.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The parts of a report that are of the whole run; those of its cases follow
 * from cases.csv. */
static const struct {
    void (*add)(struct pa_report *report);
    int follows_from_calls; /* nothing of it is known of "scale" cases */
} parts[] = {
    {pa_report_head, 0},
    {pa_report_answer, 1},
    {pa_report_calculator, 1},
    {pa_report_warnings, 0},
    {pa_report_measured, 1},
    {pa_report_claims, 1},
    {pa_report_cases, 0},
    {pa_report_crossovers, 1},
    {pa_report_per_instruction, 1},
    {pa_report_history, 1},
    {pa_report_machine, 0},
    {pa_report_method, 1},
    {pa_report_files, 0},
};

struct run {
    const struct pa_run_tables *tables;
    char id[PA_RUN_ID_HEX];
    int n_panels;
};

static void build(struct pa_doc *doc, void *context)
{
    struct run *run = context;
    struct pa_report report = {.doc = *doc, .run = run->tables};

    memcpy(report.id, run->id, sizeof report.id);
    int has_calls = !pa_report_is_of(&report, "scale");
    for (size_t i = 0; i < PA_ARRAY_SIZE(parts); i++)
        if (has_calls || !parts[i].follows_from_calls)
            parts[i].add(&report);
    *doc = report.doc;
    run->n_panels += report.n_panels;
}

static int write_all(struct run *run, struct pa_problem *problem)
{
    const char *folder = run->tables->folder;
    PA_FREED char *title = pa_format("pollbench run %s", run->id);
    PA_FREED char *citation = pa_cite_text(run->tables, run->id);
    int error = pa_output_write(folder, "cite.txt", citation, problem);

    if (error == 0)
        error = pa_write_report(folder, title, build, run, problem);
    if (error < 0 || pa_digest_write(folder, problem) < 0)
        return -1;
    if (run->n_panels == 0)
        fprintf(stderr,
                "%s: %s: no figures in the page, only tables; to have "
                "them, run pollbench draw first\n",
                program_invocation_short_name, folder);
    return 0;
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
