/* SPDX-License-Identifier: MIT */
/* The figures of a report: drawn into the page from points.csv, and those that
 * plots/ drew, as images. */
#ifndef PA_REPORT_FIGURES_H
#define PA_REPORT_FIGURES_H

#include "report.h"
#include "report_chart.h"

/* The figure of the project: cost against highest fd and against fd count,
 * with a table of its ends. Returns whether the run has the data. */
int pa_figure_growth(struct pa_report *report);

/* Cost against ready count, a panel for each fd count. */
int pa_figure_ready_count(struct pa_report *report);

/* Panels beside each other where there is room: open, any number of them,
 * close. A panel's title may be any text. In a page only. */
void pa_figure_open_panels(struct pa_report *report);
void pa_figure_panel(struct pa_report *report, const struct pa_chart *chart,
                     const char *title);
void pa_figure_close_panels(struct pa_report *report);

/* What findings.csv says of a sweep at an fd count (PA_NONE where that varies):
 * its sentence, or fallback. */
const char *pa_finding_sentence(const struct pa_report *report,
                                const char *sweep, int64_t fd_count,
                                const char *fallback);

/* figures/NAME-slide.svg, if it is there: in the page as an image within the
 * file, in Markdown as a reference. Its text is what findings.csv says of it,
 * or fallback. */
int pa_figure_file(struct pa_report *report, const char *name,
                   const char *fallback);

#endif
