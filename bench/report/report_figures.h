/* SPDX-License-Identifier: MIT */
/* The figures of a report, as plots/ drew them. */
#ifndef PA_REPORT_FIGURES_H
#define PA_REPORT_FIGURES_H

#include "report.h"

/* The figure of the project, cost against highest fd and against fd count, and
 * that of the classes of growth. Returns whether the run has the data. */
int pa_figure_growth(struct pa_report *report);

/* All sentences of findings.csv on a sweep, or fallback; to be freed. */
char *pa_findings_text(const struct pa_report *report, const char *sweep,
                       const char *fallback);

/* A figure: in the page its panels, figures/page/NAME-1.svg and so on, beside
 * each other where there is room, with caption below them; in Markdown a
 * reference to figures/NAME-slide.svg, with finding for those who cannot see
 * it. A panel that holds anything plots/page.awk would not write is left out,
 * and named on stderr. Returns whether the figure is there. */
int pa_figure_file(struct pa_report *report, const char *name,
                   const char *finding, const char *caption);

#endif
