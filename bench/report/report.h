/* SPDX-License-Identifier: MIT */
/* The report of a run: the same content as Markdown and as a page. */
#ifndef PA_REPORT_H
#define PA_REPORT_H

#include "digest.h"
#include "report_doc.h"
#include "run_tables.h"

struct pa_report {
    struct pa_doc doc;
    const struct pa_run_tables *run;
    char id[PA_RUN_ID_HEX];
    int n_panels;   /* of figures that the page has */
    int n_warnings; /* that it has so far */
};

/* Write report.md, report.html and cite.txt into the folder of the run, then
 * SHA256SUMS over all its files. Returns 0, or -1 with *problem set. */
int pa_report_write(const char *folder, struct pa_problem *problem);

/* Let build add everything to the report, whose document is then empty, once
 * for each format, and write report.md and report.html, whose title may be any
 * text, and SHA256SUMS. Returns 0, or -1 with *problem set. */
int pa_report_files_write(struct pa_report *report, const char *folder,
                          const char *title,
                          void (*build)(struct pa_report *report),
                          struct pa_problem *problem);

/* Before any text: which characters are printable, and how long they are.
 * Returns 0, or -1 with *problem set. */
int pa_set_locale(struct pa_problem *problem);

/* How a run is cited: one sentence with program, version, run id, machine,
 * kernel and date, without a stop at its end; and the same as Markdown. To be
 * freed. */
char *pa_cite_sentence(const struct pa_run_tables *run, const char *id);
char *pa_cite_markdown(const struct pa_run_tables *run, const char *id);

#endif
