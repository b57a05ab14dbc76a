/* SPDX-License-Identifier: MIT */
#include "report_figures.h"

#include "report_chart.h"
#include "report_rows.h"
#include "report_sections.h"
#include "show.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* --- from points.csv ----------------------------------------------------- */

/* Of a point that was disturbed, by how much; of all others nothing. */
static char *disturbance(const union pa_cell *row)
{
    const char *flags = row[POINTS_flags].text;
    int64_t n_clean = row[POINTS_clean_batches].integer;
    int64_t n = row[POINTS_batches].integer;

    if (n_clean == n && !*flags)
        return pa_format("%s", "");
    return pa_format("\n%lld of %lld batches undisturbed%s%s",
                     (long long)n_clean, (long long)n, *flags ? "; " : "",
                     flags);
}

/* What hovering a point shows. */
static char *mark_text(const union pa_cell *row)
{
    char *more = disturbance(row);
    char *text = pa_format(
        "%s: %s\nhighest fd %lld, %lld watched, %lld ready, %s%s",
        row[POINTS_backend].text,
        pa_show_ns_interval(row[POINTS_estimate_ns].real,
                            row[POINTS_low_ns].real, row[POINTS_high_ns].real)
            .text,
        (long long)row[POINTS_highest_fd].integer,
        (long long)row[POINTS_fd_count].integer,
        (long long)row[POINTS_ready_count].integer, row[POINTS_layout].text,
        more);

    free(more);
    return text;
}

static void add_marks(struct pa_chart *chart, const struct pa_rows *rows,
                      int x_column)
{
    for (size_t i = 0; i < rows->n_rows; i++) {
        const union pa_cell *row = rows->rows[i];
        if (chart->x.is_log && row[x_column].integer <= 0)
            continue;
        struct pa_mark mark = {.x = (double)row[x_column].integer,
                               .y = row[POINTS_estimate_ns].real,
                               .low = row[POINTS_low_ns].real,
                               .high = row[POINTS_high_ns].real,
                               .is_doubtful =
                                   pa_is_doubtful(row[POINTS_flags].text),
                               .text = mark_text(row)};
        pa_chart_add(chart, row[POINTS_backend].text, mark);
    }
    pa_chart_fit(chart);
}

/* The row of findings.csv on a sweep at an fd count, or NULL. */
static const union pa_cell *find_finding(const struct pa_report *report,
                                         const char *sweep, int64_t fd_count)
{
    for (size_t i = 0; i < pa_run_rows(report->run, PA_FINDINGS); i++) {
        const union pa_cell *row = pa_run_row(report->run, PA_FINDINGS, i);
        if (strcmp(row[FINDINGS_sweep].text, sweep) == 0 &&
            row[FINDINGS_fd_count].integer == fd_count)
            return row;
    }
    return NULL;
}

void pa_figure_panel(struct pa_report *report, const struct pa_chart *chart,
                     const char *title)
{
    char *svg = pa_chart_svg(chart);
    char *caption = pa_html_text(title);
    char *html = pa_format("<figure class=\"panel\"><figcaption>%s"
                           "</figcaption>%s</figure>",
                           caption, svg);

    pa_doc_html(&report->doc, html);
    free(html);
    free(caption);
    free(svg);
}

void pa_figure_open_panels(struct pa_report *report)
{
    pa_doc_html(&report->doc, "<div class=\"panels\">");
}

void pa_figure_close_panels(struct pa_report *report)
{
    const char *anchor = report->doc.anchor ? report->doc.anchor : "";
    char *html = pa_format(
        "</div><p class=\"hint\">Point at or tap a mark for its numbers, or "
        "focus a panel and use the arrow keys. Bars are 95 %% intervals; a "
        "mark is hollow where it was disturbed. "
        "<a class=\"permalink\" href=\"#%s\" aria-label=\"link to this "
        "figure\">#</a></p>",
        anchor);

    pa_doc_html(&report->doc, html);
    free(html);
}

/* Cost against what a case varies first, with so many fds watched. */
struct panel {
    const struct pa_case *asked;
    int64_t fd_count; /* PA_NONE: that is what varies */
    struct pa_rows rows;
    struct pa_chart chart;
    char *label, *title;
};

static char *panel_label(const struct panel *panel)
{
    char axis[PB_AXIS_BYTES];

    pb_factor_axis(panel->asked->axis, axis);
    if (panel->fd_count != PA_NONE)
        return pa_format("%s; %lld watched", axis, (long long)panel->fd_count);
    return pa_format("%s; highest fd %lld", axis,
                     (long long)panel->rows.rows[0][POINTS_highest_fd].integer);
}

/* What findings.csv says of it: "Highest fd 8 to 19833: ...". */
static void say_finding(const struct pa_report *report, struct panel *panel)
{
    const union pa_cell *row =
        find_finding(report, panel->asked->sweep, panel->fd_count);

    panel->chart.finding = row ? row[FINDINGS_sentence].text : panel->label;
    panel->title =
        row ? pa_format("%s %s", pb_factor_infos[panel->asked->axis].words,
                        row[FINDINGS_title].text)
            : pa_format("%s", panel->label);
    panel->title[0] = (char)toupper((unsigned char)panel->title[0]);
}

static void close_panel(struct panel *panel)
{
    pa_rows_free(&panel->rows);
    pa_chart_free(&panel->chart);
    free(panel->label);
    free(panel->title);
}

/* Returns whether there is anything to show; then it needs its close. */
static int open_panel(struct pa_report *report, struct panel *panel,
                      const struct pa_case *asked, int64_t fd_count)
{
    int is_straight = 0;

    *panel = (struct panel){.asked = asked, .fd_count = fd_count};
    pa_rows_collect(&panel->rows, report->run, asked, fd_count);
    if (panel->rows.n_rows == 0) {
        pa_rows_free(&panel->rows);
        return 0;
    }
    for (size_t i = 0; i < panel->rows.n_rows; i++)
        is_straight |= panel->rows.rows[i][asked->axis].integer <= 0;
    panel->label = panel_label(panel);
    panel->chart =
        (struct pa_chart){.x_label = panel->label,
                          .backends = &report->run->backends,
                          .x = {.kind = PA_AXIS_COUNT, .is_log = !is_straight},
                          .y = {.kind = PA_AXIS_NS, .is_log = !is_straight}};
    say_finding(report, panel);
    add_marks(&panel->chart, &panel->rows, asked->axis);
    return 1;
}

enum { PANELS_MAX = 4 };

/* The panels of a case, at most max; returns how many. */
static size_t open_panels(struct pa_report *report, const struct pa_case *asked,
                          struct panel *panels, size_t max)
{
    int64_t counts[PANELS_MAX] = {PA_NONE};
    size_t n = 1, n_panels = 0;

    if (asked->axis == PB_N_FACTORS ||
        pb_factor_infos[asked->axis].type != PB_INTEGER)
        return 0;
    if (asked->axis != PB_FACTOR_fd_count)
        n = pa_rows_fd_counts(report->run, asked->sweep, counts, max);
    for (size_t i = 0; i < n; i++)
        n_panels +=
            (size_t)open_panel(report, &panels[n_panels], asked, counts[i]);
    return n_panels;
}

static void widen(struct pa_axis *axis, const struct pa_axis *other)
{
    axis->from = fmin(axis->from, other->from);
    axis->to = fmax(axis->to, other->to);
}

/* Logarithmic axes are the same in all panels; straight ones would hide what
 * is small. */
static void share_axes(struct panel *panels, size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            struct pa_chart *chart = &panels[i].chart;
            const struct pa_chart *other = &panels[j].chart;
            if (!chart->x.is_log || !other->x.is_log)
                continue;
            widen(&chart->x, &other->x);
            widen(&chart->y, &other->y);
        }
}

int pa_figure_series(struct pa_report *report, const struct pa_case *asked)
{
    struct panel panels[PANELS_MAX];
    size_t n = open_panels(report, asked, panels, PANELS_MAX);

    if (n == 0)
        return 0;
    share_axes(panels, n);
    pa_doc_open_section(&report->doc, "figure", asked->sweep);
    pa_figure_open_panels(report);
    for (size_t i = 0; i < n; i++) {
        pa_figure_panel(report, &panels[i].chart, panels[i].title);
        close_panel(&panels[i]);
    }
    pa_figure_close_panels(report);
    pa_doc_close_section(&report->doc);
    return 1;
}

/* --- the figure of the run ----------------------------------------------- */

/* The first panel of the first case that asks for cost over the factor. */
static int open_first(struct pa_report *report, struct panel *panel,
                      enum pb_factor axis)
{
    const struct pa_case *asked =
        pa_case_over(&report->run->cases, "series", axis);

    return asked && open_panels(report, asked, panel, 1) == 1;
}

static void draw_growth(struct pa_report *report, struct panel panels[2])
{
    share_axes(panels, 2);
    if (report->doc.format == PA_MARKDOWN) {
        char *text = pa_format("%s %s", panels[0].chart.finding,
                               panels[1].chart.finding);
        pa_figure_file(report, "growth", text, "");
        free(text);
    }
    pa_doc_open_section(&report->doc, "figure", "growth");
    pa_figure_open_panels(report);
    for (int i = 0; i < 2; i++)
        pa_figure_panel(report, &panels[i].chart, panels[i].title);
    pa_figure_close_panels(report);
    pa_doc_close_section(&report->doc);
}

int pa_figure_growth(struct pa_report *report)
{
    struct panel panels[2];

    if (!open_first(report, &panels[0], PB_FACTOR_highest_fd))
        return 0;
    int is_there = open_first(report, &panels[1], PB_FACTOR_fd_count);
    if (is_there) {
        draw_growth(report, panels);
        close_panel(&panels[1]);
    }
    close_panel(&panels[0]);
    return is_there;
}

/* --- from plots/ --------------------------------------------------------- */

#define FIGURE_BYTES_MAX (4 << 20) /* larger ones would make the page slow */

/* A whole file; NULL (and nothing said: a figure is no reason to stop) if there
 * is none that can be read. */
static char *read_whole(const char *folder, const char *name, size_t *n_bytes)
{
    char *path = pa_format("%s/%s", folder, name);
    struct stat status;
    int is_fit = stat(path, &status) == 0 && S_ISREG(status.st_mode) &&
                 status.st_size <= FIGURE_BYTES_MAX;
    FILE *file = is_fit ? fopen(path, "rb") : NULL;

    free(path);
    if (!file)
        return NULL;
    char *bytes = pa_need(malloc((size_t)status.st_size + 1));
    *n_bytes = fread(bytes, 1, (size_t)status.st_size, file);
    fclose(file); /* only read from */
    return bytes;
}

/* RFC 3986, 2.1, of what means something in a URL, in an HTML attribute or is
 * not plain: a quarter shorter than base64 for text. */
static char *percent_encoded(const char *bytes, size_t n_bytes)
{
    char *encoded = pa_need(malloc(3 * n_bytes + 1));
    char *end = encoded;

    for (size_t i = 0; i < n_bytes; i++) {
        unsigned char byte = (unsigned char)bytes[i];
        if (byte < ' ' || byte > '~' || strchr("%#\"&<>", byte))
            end += sprintf(end, "%%%02X", byte);
        else
            *end++ = (char)byte;
    }
    *end = '\0';
    return encoded;
}

/* As a data: URL an image runs no script and loads nothing, whatever it
 * holds. */
static void add_image(struct pa_doc *doc, const char *encoded,
                      const char *finding, const char *caption)
{
    char *alt = pa_html_text(finding);
    char *said = pa_html_text(caption);
    /* On a phone the figure scrolls: shrunk, its text could not be read. */
    char *html = pa_format(
        "<figure class=\"paper\"><div class=\"scroll\" tabindex=\"0\" "
        "role=\"region\" aria-label=\"Figure\"><img alt=\"%s\" "
        "src=\"data:image/svg+xml,%s\"></div>"
        "<figcaption>%s <a class=\"permalink\" href=\"#%s\" "
        "aria-label=\"link to this figure\">#</a></figcaption></figure>",
        alt, encoded, said, doc->anchor ? doc->anchor : "");

    pa_doc_html(doc, html);
    free(html);
    free(said);
    free(alt);
}

static int embed(struct pa_report *report, const char *svg_name,
                 const char *finding, const char *caption)
{
    size_t n_bytes = 0;
    char *svg = read_whole(report->run->folder, svg_name, &n_bytes);

    if (!svg)
        return 0;
    char *encoded = percent_encoded(svg, n_bytes);
    add_image(&report->doc, encoded, finding, caption);
    free(encoded);
    free(svg);
    return 1;
}

char *pa_findings_text(const struct pa_report *report, const char *sweep,
                       const char *fallback)
{
    char *text = NULL;

    for (size_t i = 0; i < pa_run_rows(report->run, PA_FINDINGS); i++) {
        const union pa_cell *row = pa_run_row(report->run, PA_FINDINGS, i);
        if (strcmp(row[FINDINGS_sweep].text, sweep) != 0)
            continue;
        char *longer = pa_format("%s%s%s", text ? text : "", text ? " " : "",
                                 row[FINDINGS_sentence].text);
        free(text);
        text = longer;
    }
    return text ? text : pa_format("%s", fallback);
}

int pa_figure_file(struct pa_report *report, const char *name,
                   const char *finding, const char *caption)
{
    char *svg = pa_format("figures/%s-slide.svg", name);

    pa_doc_open_section(&report->doc, "figure", name);
    int is_there = report->doc.format == PA_HTML
                       ? embed(report, svg, finding, caption)
                       : pa_file_is_there(report->run->folder, svg);

    if (is_there && report->doc.format == PA_MARKDOWN) {
        pa_doc_paragraph(&report->doc);
        pa_doc_image(&report->doc, svg, finding);
    }
    pa_doc_close_section(&report->doc);
    free(svg);
    return is_there;
}
