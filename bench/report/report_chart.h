/* SPDX-License-Identifier: MIT */
/* One panel of a figure as inline SVG whose points can be hovered and focused.
 * It shows rows of points.csv and computes nothing but places on the page.
 * Colours come from the page (page.css), so that they follow light and dark;
 * mark and colour of a backend are those of plots/. */
#ifndef PA_REPORT_CHART_H
#define PA_REPORT_CHART_H

#include "backends.h"

#include <stddef.h>

struct pa_mark {
    size_t series;    /* index into the chart's series */
    double x;         /* positive on a logarithmic axis */
    double y;         /* likewise */
    double low, high; /* interval; NAN: none is drawn */
    int is_doubtful;  /* drawn hollow */
    char *text;       /* what hovering shows; owned by the chart */
};

#define PA_CHART_SERIES_MAX 16

/* What an axis counts: its ticks are "10k", "10 us" or "1.2". */
enum pa_axis_kind { PA_AXIS_COUNT, PA_AXIS_NS };

struct pa_axis {
    enum pa_axis_kind kind;
    int is_log; /* else linear: from 0, but a ratio around 1 */
    double from, to;
};

struct pa_chart {
    const char *finding; /* what a reader who cannot see it needs to know */
    const char *x_label;
    const struct pa_backend_list *backends; /* for their styles */
    struct pa_axis x, y;
    size_t n_series;
    const char *series[PA_CHART_SERIES_MAX]; /* names of backends */
    size_t n_marks;
    size_t capacity_marks;
    struct pa_mark *marks;
};

/* Append a mark; those of one series must come in ascending x; those of more
 * than PA_CHART_SERIES_MAX series are left out. */
void pa_chart_add(struct pa_chart *chart, const char *series,
                  struct pa_mark mark);

/* Set the ranges to hold all marks. */
void pa_chart_fit(struct pa_chart *chart);

/* The SVG element, to be freed by the caller. */
char *pa_chart_svg(const struct pa_chart *chart);

void pa_chart_free(struct pa_chart *chart);

/* The number of a backend's colour and mark, from 0 (page.css: .b0, ...): its
 * place; those that are left over are for what is none of the library's. */
#define PA_BACKEND_STYLES 7
unsigned pa_backend_style(const struct pa_backend_list *list,
                          const char *backend);

#endif
