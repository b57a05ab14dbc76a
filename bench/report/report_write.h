/* SPDX-License-Identifier: MIT */
/* Writes a report's files, each whole or not at all. */
#ifndef PA_REPORT_WRITE_H
#define PA_REPORT_WRITE_H

#include "problem.h"
#include "report_doc.h"

/* Before any text: which characters are printable, and how long they are.
 * Returns 0, or -1 with *problem set. */
int pa_set_locale(struct pa_problem *problem);

/* Let build add everything to an empty document, once for each format, and
 * write folder/report.md and folder/report.html, whose title may be any text.
 * Returns 0, or -1 with *problem set. */
int pa_write_report(const char *folder, const char *title,
                    void (*build)(struct pa_doc *doc, void *context),
                    void *context, struct pa_problem *problem);

#endif
