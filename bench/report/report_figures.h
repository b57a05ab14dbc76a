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

/* Cost against what a case varies first, a panel for each fd count. In a page
 * only. Returns whether the run has the data. */
int pa_figure_series(struct pa_report *report, const struct pa_case *asked);

/* Panels beside each other where there is room: open, any number of them,
 * close. A panel's title may be any text. In a page only. */
void pa_figure_open_panels(struct pa_report *report);
void pa_figure_panel(struct pa_report *report, const struct pa_chart *chart,
                     const char *title);
void pa_figure_close_panels(struct pa_report *report);

/* All sentences of findings.csv on a sweep, or fallback; to be freed. */
char *pa_findings_text(const struct pa_report *report, const char *sweep,
                       const char *fallback);

/* figures/NAME-slide.svg, if it is there: in the page as an image within the
 * file, in Markdown as a reference. finding is for those who cannot see it,
 * caption stands below it in the page. Returns whether it is there. */
int pa_figure_file(struct pa_report *report, const char *name,
                   const char *finding, const char *caption);

#endif
