/* SPDX-License-Identifier: MIT */
#include "report_chart.h"

#include "report_doc.h"
#include "show.h"
#include "table.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The panel in units of the SVG; a phone shows it about as wide as this. */
enum {
    WIDTH = 440,
    HEIGHT = 298,
    LEFT = 58,
    RIGHT = 318,
    TOP = 12,
    BOTTOM = 250,
    TICKS_MAX = 40,
    LABEL_GAP = 15,
    LABEL_TOP = TOP + 2
};

unsigned pa_backend_style(const struct pa_backend_list *list,
                          const char *backend)
{
    size_t place = pa_backend_place(list, backend);
    unsigned n_known = list->n < PA_BACKEND_STYLES ? (unsigned)list->n : 0;
    unsigned sum = 0;

    if (place < list->n)
        return (unsigned)place % PA_BACKEND_STYLES;
    for (const char *c = backend; *c; c++)
        sum += (unsigned char)*c;
    return n_known + sum % (PA_BACKEND_STYLES - n_known);
}

/* Shapes around the current point, one a style. */
static const char *const shapes[PA_BACKEND_STYLES] = {
    "m0-4.2 4 7.2h-8z",
    "m-3.2-3.2h6.4v6.4h-6.4z",
    "m-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0z",
    "m0-4.6 3.8 4.6-3.8 4.6-3.8-4.6z",
    "m0 4.2 4-7.2h-8z",
    "m-3-3h6v6h-6zm2 2v2h2v-2z",
    "m-4-1h3v-3h2v3h3v2h-3v3h-2v-3h-3z"};

static size_t series_index(struct pa_chart *chart, const char *name)
{
    size_t i = 0;

    while (i < chart->n_series && strcmp(chart->series[i], name) != 0)
        i++;
    if (i == chart->n_series && i < PA_CHART_SERIES_MAX)
        chart->series[chart->n_series++] = name;
    return i;
}

void pa_chart_add(struct pa_chart *chart, const char *series,
                  struct pa_mark mark)
{
    mark.series = series_index(chart, series);
    if (mark.series == PA_CHART_SERIES_MAX) {
        free(mark.text);
        return;
    }
    if (chart->n_marks == chart->capacity_marks) {
        chart->capacity_marks = 2 * chart->capacity_marks + 64;
        chart->marks = pa_need(reallocarray(chart->marks, chart->capacity_marks,
                                            sizeof *chart->marks));
    }
    chart->marks[chart->n_marks++] = mark;
}

void pa_chart_free(struct pa_chart *chart)
{
    for (size_t i = 0; i < chart->n_marks; i++)
        free(chart->marks[i].text);
    free(chart->marks);
    *chart = (struct pa_chart){0};
}

/* What no cost or count can be; keeps every place on the page finite. */
#define VALUE_MAX 1e30

static void widen(struct pa_axis *axis, double value)
{
    if (isnan(value))
        return;
    value =
        fmin(fmax(value, axis->is_log ? 1 / VALUE_MAX : -VALUE_MAX), VALUE_MAX);
    axis->from = fmin(axis->from, value);
    axis->to = fmax(axis->to, value);
}

/* Room beyond the outermost marks. */
static void pad(struct pa_axis *axis, double times)
{
    axis->from = axis->is_log ? axis->from / times : 0;
    axis->to *= axis->is_log ? times : 1 + 0.2 * (times - 1);
}

void pa_chart_fit(struct pa_chart *chart)
{
    int is_empty = chart->n_marks == 0;

    chart->x.from = chart->y.from = is_empty ? 1 : INFINITY;
    chart->x.to = chart->y.to = is_empty ? 1 : -INFINITY;
    for (size_t i = 0; i < chart->n_marks; i++) {
        const struct pa_mark *mark = &chart->marks[i];
        widen(&chart->x, mark->x);
        widen(&chart->y, mark->y);
        widen(&chart->y, mark->low);
        widen(&chart->y, mark->high);
    }
    pad(&chart->x, 1.25);
    pad(&chart->y, 1.5);
}

/* --- places -------------------------------------------------------------- */

static double share(const struct pa_axis *axis, double value)
{
    if (axis->is_log)
        return (log(value) - log(axis->from)) / log(axis->to / axis->from);
    return (value - axis->from) / (axis->to - axis->from);
}

static double x_place(const struct pa_chart *chart, double x)
{
    return LEFT + (RIGHT - LEFT) * share(&chart->x, x);
}

static double y_place(const struct pa_chart *chart, double y)
{
    return BOTTOM - (BOTTOM - TOP) * share(&chart->y, y);
}

/* The first of 1, 2, 5 times a power of ten that is at or above value; only
 * powers of ten where there would be many. */
static double round_up(double value, int is_crowded)
{
    static const double steps[] = {1, 2, 5, 10};
    double decade = pow(10, floor(log10(value) + 1e-9));

    for (size_t i = 0; i < 4; i += is_crowded ? 3 : 1)
        if (steps[i] * decade >= value * (1 - 1e-9))
            return steps[i] * decade;
    return 10 * decade;
}

/* The first tick beyond value; on a linear axis three to eight in all. */
static double tick_beyond(const struct pa_axis *axis, double value)
{
    double step = round_up((axis->to - axis->from) / 7, 0);

    if (axis->is_log)
        return round_up(value * 1.01, axis->to / axis->from > 300);
    return step * (floor(value / step + 1e-9) + 1);
}

static double first_tick(const struct pa_axis *axis)
{
    if (axis->is_log || axis->from > 0)
        return tick_beyond(axis, axis->from * (1 - 1e-3));
    return 0;
}

/* --- drawing ------------------------------------------------------------- */

static struct pa_shown show_tick_count(double count)
{
    struct pa_shown shown;

    if (count >= 1e6)
        snprintf(shown.text, sizeof shown.text, "%.3gM", count / 1e6);
    else if (count >= 1e4)
        snprintf(shown.text, sizeof shown.text, "%.3gk", count / 1e3);
    else
        snprintf(shown.text, sizeof shown.text, "%.4g", count);
    return shown;
}

/* "100 ns": a tick is a round number, so no more digits than it has. */
static struct pa_shown show_tick_ns(double ns)
{
    struct pa_shown shown;
    const char *unit = ns >= 1e9   ? "s"
                       : ns >= 1e6 ? "ms"
                       : ns >= 1e3 ? "\xC2\xB5s"
                                   : "ns";
    double size = ns >= 1e9 ? 1e9 : ns >= 1e6 ? 1e6 : ns >= 1e3 ? 1e3 : 1;

    snprintf(shown.text, sizeof shown.text, "%.4g %s", ns / size, unit);
    return shown;
}

static struct pa_shown show_tick(const struct pa_axis *axis, double value)
{
    return axis->kind == PA_AXIS_COUNT ? show_tick_count(value)
                                       : show_tick_ns(value);
}

static void draw_axes(FILE *out, const struct pa_chart *chart)
{
    double x = first_tick(&chart->x), y = first_tick(&chart->y);

    fputs("<g class=\"axes\" aria-hidden=\"true\">", out);
    for (int i = 0; i < TICKS_MAX && x <= chart->x.to * 1.0001; i++) {
        double place = x_place(chart, x);
        fprintf(out,
                "<path d=\"M%.1f %dV%d\"/><text x=\"%.1f\" y=\"%d\" "
                "class=\"middle\">%s</text>",
                place, TOP, BOTTOM, place, BOTTOM + 16,
                show_tick(&chart->x, x).text);
        x = tick_beyond(&chart->x, x);
    }
    for (int i = 0; i < TICKS_MAX && y <= chart->y.to * 1.0001; i++) {
        double place = y_place(chart, y);
        fprintf(out,
                "<path d=\"M%d %.1fH%d\"/><text x=\"%d\" y=\"%.1f\" "
                "class=\"end\">%s</text>",
                LEFT, place, RIGHT, LEFT - 6, place + 4,
                show_tick(&chart->y, y).text);
        y = tick_beyond(&chart->y, y);
    }
    fputs("</g>", out);
}

static void draw_text(FILE *out, const char *class, double x, double y,
                      const char *text)
{
    char *html = pa_html_text(text);

    fprintf(out, "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>", class, x,
            y, html);
    free(html);
}

static void draw_line(FILE *out, const struct pa_chart *chart, size_t series)
{
    char command = 'M';

    fputs("<path class=\"line\" d=\"", out);
    for (size_t i = 0; i < chart->n_marks; i++) {
        const struct pa_mark *mark = &chart->marks[i];
        if (mark->series != series)
            continue;
        fprintf(out, "%c%.1f %.1f", command, x_place(chart, mark->x),
                y_place(chart, mark->y));
        command = 'L';
    }
    fputs("\"/>", out);
}

/* The intervals of a series; one around nothing is not on a log axis. */
static void draw_bars(FILE *out, const struct pa_chart *chart, size_t series)
{
    const char *before = "<path class=\"bar\" d=\"", *after = "";

    for (size_t i = 0; i < chart->n_marks; i++) {
        const struct pa_mark *mark = &chart->marks[i];
        if (mark->series != series || isnan(mark->low) || isnan(mark->high) ||
            (mark->low <= 0 && chart->y.is_log))
            continue;
        fprintf(out, "%sM%.1f %.1fV%.1f", before, x_place(chart, mark->x),
                y_place(chart, mark->low), y_place(chart, mark->high));
        before = "";
        after = "\"/>";
    }
    fputs(after, out);
}

static void draw_mark(FILE *out, const struct pa_chart *chart,
                      const struct pa_mark *mark, const char *shape)
{
    char *html = pa_html_text(mark->text);

    fprintf(out,
            "<path class=\"mark%s\" d=\"M%.1f %.1f%s\"><title>%s</title>"
            "</path>",
            mark->is_doubtful ? " doubtful" : "", x_place(chart, mark->x),
            y_place(chart, mark->y), shape, html);
    free(html);
}

static void draw_series(FILE *out, const struct pa_chart *chart, size_t series)
{
    unsigned style = pa_backend_style(chart->backends, chart->series[series]);

    fprintf(out, "<g class=\"series b%u\">", style);
    draw_line(out, chart, series);
    draw_bars(out, chart, series);
    for (size_t i = 0; i < chart->n_marks; i++)
        if (chart->marks[i].series == series)
            draw_mark(out, chart, &chart->marks[i], shapes[style]);
    fputs("</g>", out);
}

struct label {
    size_t series;
    double y;
};

static int by_place(const void *a, const void *b)
{
    const struct label *first = a, *second = b;

    return (first->y > second->y) - (first->y < second->y);
}

/* Push overlapping labels apart, a little at a time, but not off the panel. */
static void spread(struct label *labels, size_t n)
{
    for (int pass = 0; pass < 60; pass++) {
        labels[0].y = fmax(labels[0].y, LABEL_TOP);
        for (size_t i = 0; i + 1 < n; i++) {
            double overlap = LABEL_GAP - (labels[i + 1].y - labels[i].y);
            if (overlap > 0) {
                labels[i].y -= overlap / 2;
                labels[i + 1].y += overlap / 2;
            }
        }
    }
}

/* Name each line at its right end: nothing covers the data. */
static void draw_labels(FILE *out, const struct pa_chart *chart)
{
    struct label labels[PA_CHART_SERIES_MAX] = {0};
    double ends[PA_CHART_SERIES_MAX] = {0};

    for (size_t i = 0; i < chart->n_marks; i++)
        ends[chart->marks[i].series] = y_place(chart, chart->marks[i].y);
    for (size_t i = 0; i < chart->n_series; i++)
        labels[i] = (struct label){.series = i, .y = ends[i]};
    qsort(labels, chart->n_series, sizeof *labels, by_place);
    if (chart->n_series > 0)
        spread(labels, chart->n_series);
    for (size_t i = 0; i < chart->n_series; i++) {
        const char *name = chart->series[labels[i].series];
        char class[24];
        snprintf(class, sizeof class, "label b%u",
                 pa_backend_style(chart->backends, name));
        draw_text(out, class, RIGHT + 8, labels[i].y + 4, name);
    }
}

static void draw(FILE *out, const struct pa_chart *chart)
{
    char *finding = pa_html_text(chart->finding);

    fprintf(out,
            "<svg class=\"chart\" viewBox=\"0 0 %d %d\" role=\"group\" "
            "tabindex=\"0\" aria-label=\"%s\">",
            WIDTH, HEIGHT, finding);
    free(finding);
    draw_axes(out, chart);
    draw_text(out, "middle", (LEFT + RIGHT) / 2.0, HEIGHT - 10, chart->x_label);
    for (size_t i = 0; i < chart->n_series; i++)
        draw_series(out, chart, i);
    draw_labels(out, chart);
    fputs("</svg>", out);
}

char *pa_chart_svg(const struct pa_chart *chart)
{
    struct pa_string svg;
    FILE *out = pa_string_open(&svg);

    draw(out, chart);
    pa_string_close(out);
    return svg.text;
}
