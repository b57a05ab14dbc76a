/* SPDX-License-Identifier: MIT */
#include "report_figures.h"

#include "report_chart.h"
#include "report_rows.h"
#include "report_sections.h"
#include "show.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <nettle/base64.h>
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

static void share_axis(struct pa_axis *a, struct pa_axis *b)
{
    a->from = b->from = fmin(a->from, b->from);
    a->to = b->to = fmax(a->to, b->to);
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

const char *pa_finding_sentence(const struct pa_report *report,
                                const char *sweep, int64_t fd_count,
                                const char *fallback)
{
    const union pa_cell *row = find_finding(report, sweep, fd_count);

    return row ? row[FINDINGS_sentence].text : fallback;
}

/* "Highest fd 8 to 19833: ...", or fallback; to be freed. */
static char *finding_title(const struct pa_report *report, const char *sweep,
                           int64_t fd_count, const char *fallback)
{
    const union pa_cell *row = find_finding(report, sweep, fd_count);

    if (!row)
        return pa_format("%s", fallback);
    char *title =
        pa_format("%s %s", pa_factor_words(sweep), row[FINDINGS_title].text);
    title[0] = (char)toupper((unsigned char)title[0]);
    return title;
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
        "mark is hollow where %s. "
        "<a class=\"permalink\" href=\"#%s\" aria-label=\"link to this "
        "figure\">#</a></p>",
        pa_report_known_cause(report)
            ? "it was disturbed"
            : "others held the shared cache or the CPU",
        anchor);

    pa_doc_html(&report->doc, html);
    free(html);
}

/* Two cells: the cost at the first and at the last row of a backend. */
static void add_ends(struct pa_doc *doc, const struct pa_rows *rows,
                     const char *backend)
{
    const union pa_cell *first = NULL, *last = NULL;

    for (size_t i = 0; i < rows->n_rows; i++) {
        if (strcmp(rows->rows[i][POINTS_backend].text, backend) != 0)
            continue;
        first = first ? first : rows->rows[i];
        last = rows->rows[i];
    }
    for (int end = 0; end < 2; end++) {
        const union pa_cell *row = end ? last : first;
        pa_doc_cell(doc);
        if (row)
            pa_doc_text(doc, "%s",
                        pa_show_ns_interval(row[POINTS_estimate_ns].real,
                                            row[POINTS_low_ns].real,
                                            row[POINTS_high_ns].real)
                            .text);
        if (row && pa_is_doubtful(row[POINTS_flags].text))
            pa_doc_text(doc, " (disturbed)");
    }
}

static void add_end_heads(struct pa_doc *doc, const struct pa_rows *rows,
                          int column, const char *what)
{
    int64_t from = INT64_MAX, to = INT64_MIN;

    for (size_t i = 0; i < rows->n_rows; i++) {
        int64_t value = rows->rows[i][column].integer;
        from = value < from ? value : from;
        to = value > to ? value : to;
    }
    pa_doc_cell(doc);
    pa_doc_text(doc, "%s %lld", what, (long long)from);
    pa_doc_cell(doc);
    pa_doc_text(doc, "%s %lld", what, (long long)to);
}

/* The numbers of the figure's ends, for those who read numbers. */
static void add_end_table(struct pa_report *report,
                          const struct pa_rows *over_m,
                          const struct pa_rows *over_n,
                          const struct pa_chart *backends)
{
    struct pa_doc *doc = &report->doc;

    pa_doc_open_table(doc, "lr");
    pa_doc_row(doc);
    pa_doc_cell(doc);
    pa_doc_text(doc, "cost of one call");
    add_end_heads(doc, over_m, POINTS_highest_fd, "highest fd");
    add_end_heads(doc, over_n, POINTS_fd_count, "fds watched");
    for (size_t i = 0; i < backends->n_series; i++) {
        pa_doc_row(doc);
        pa_doc_cell(doc);
        pa_doc_text(doc, "%s", backends->series[i]);
        add_ends(doc, over_m, backends->series[i]);
        add_ends(doc, over_n, backends->series[i]);
    }
    pa_doc_close_table(doc);
}

static void draw_growth(struct pa_report *report, const struct pa_rows *over_m,
                        const struct pa_rows *over_n)
{
    int64_t count = over_m->rows[0][POINTS_fd_count].integer;
    int64_t top = over_n->rows[0][POINTS_highest_fd].integer;
    char *few =
        pa_format("highest watched fd (M); %lld watched", (long long)count);
    char *many = pa_format("fds watched (N); highest fd %lld", (long long)top);
    const struct pa_axis counts = {.kind = PA_AXIS_COUNT, .is_log = 1};
    const struct pa_axis costs = {.kind = PA_AXIS_NS, .is_log = 1};
    const struct pa_backend_list *backends = &report->run->backends;
    struct pa_chart charts[2] = {
        {.x_label = few, .backends = backends, .x = counts, .y = costs},
        {.x_label = many, .backends = backends, .x = counts, .y = costs}};

    charts[0].finding = pa_finding_sentence(
        report, "highest_fd", count, "Cost of a call against the highest fd");
    charts[1].finding = pa_finding_sentence(
        report, "fd_count", PA_NONE, "Cost of a call against fds watched");
    add_marks(&charts[0], over_m, POINTS_highest_fd);
    add_marks(&charts[1], over_n, POINTS_fd_count);
    share_axis(&charts[0].x, &charts[1].x);
    share_axis(&charts[0].y, &charts[1].y);
    char *titles[2] = {finding_title(report, "highest_fd", count, few),
                       finding_title(report, "fd_count", PA_NONE, many)};
    pa_figure_open_panels(report);
    for (int i = 0; i < 2; i++) {
        pa_figure_panel(report, &charts[i], titles[i]);
        free(titles[i]);
    }
    pa_figure_close_panels(report);
    add_end_table(report, over_m, over_n, &charts[1]);
    pa_chart_free(&charts[0]);
    pa_chart_free(&charts[1]);
    free(few);
    free(many);
}

enum { VALUES_MAX = 64 };

int pa_figure_growth(struct pa_report *report)
{
    struct pa_wanted over_m = {.sweep = "highest_fd",
                               .stage = "all",
                               .fixed.column = POINTS_fd_count,
                               .x_column = POINTS_highest_fd};
    struct pa_wanted over_n = {.sweep = "fd_count",
                               .stage = "all",
                               .fixed.column = POINTS_highest_fd,
                               .x_column = POINTS_fd_count};
    struct pa_rows rows_m, rows_n;
    int64_t tops[VALUES_MAX];
    size_t n_tops = pa_rows_values(report->run, "fd_count", "all",
                                   POINTS_highest_fd, tops, VALUES_MAX);

    if (n_tops == 0 ||
        pa_rows_values(report->run, "highest_fd", "all", POINTS_fd_count,
                       &over_m.fixed.value, 1) == 0)
        return 0;
    over_n.fixed.value = tops[n_tops - 1];
    pa_rows_collect(&rows_m, report->run, &over_m);
    pa_rows_collect(&rows_n, report->run, &over_n);
    int is_there = rows_m.n_rows > 0 && rows_n.n_rows > 0;
    if (is_there)
        draw_growth(report, &rows_m, &rows_n);
    pa_rows_free(&rows_m);
    pa_rows_free(&rows_n);
    return is_there;
}

enum { PANELS_MAX = 4 };

static void add_ready_panel(struct pa_report *report, int64_t fd_count)
{
    struct pa_wanted wanted = {.sweep = "ready_count",
                               .stage = "all",
                               .fixed = {POINTS_fd_count, fd_count},
                               .x_column = POINTS_ready_count};
    char *label =
        pa_format("ready fds (R); %lld fds watched", (long long)fd_count);
    struct pa_chart chart = {
        .x_label = label,
        .backends = &report->run->backends,
        .y.kind = PA_AXIS_NS,
        .finding = pa_finding_sentence(report, "ready_count", fd_count, label)};
    struct pa_rows rows;

    pa_rows_collect(&rows, report->run, &wanted);
    add_marks(&chart, &rows, POINTS_ready_count);
    pa_rows_free(&rows);
    char *title = finding_title(report, "ready_count", fd_count, label);
    pa_figure_panel(report, &chart, title);
    free(title);
    pa_chart_free(&chart);
    free(label);
}

int pa_figure_ready_count(struct pa_report *report)
{
    int64_t counts[PANELS_MAX];
    size_t n = pa_rows_values(report->run, "ready_count", "all",
                              POINTS_fd_count, counts, PANELS_MAX);

    if (n == 0)
        return 0;
    pa_figure_open_panels(report);
    for (size_t i = 0; i < n; i++)
        add_ready_panel(report, counts[i]);
    pa_figure_close_panels(report);
    return 1;
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

static char *base64(const char *bytes, size_t n_bytes)
{
    size_t n_encoded = BASE64_ENCODE_RAW_LENGTH(n_bytes);
    char *encoded = pa_need(malloc(n_encoded + 1));

    base64_encode_raw(encoded, n_bytes, (const uint8_t *)bytes);
    encoded[n_encoded] = '\0';
    return encoded;
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
 * holds. type is what goes between "image/" and the data. */
static void add_image(struct pa_doc *doc, const char *type, const char *encoded,
                      const char *finding)
{
    char *alt = pa_html_text(finding);
    /* On a phone the figure scrolls: shrunk, its text could not be read. */
    char *html = pa_format(
        "<figure class=\"paper\"><div class=\"scroll\" tabindex=\"0\" "
        "role=\"region\" aria-label=\"Figure\"><img alt=\"%s\" "
        "src=\"data:image/%s,%s\"></div>"
        "<figcaption>%s <a class=\"permalink\" href=\"#%s\" "
        "aria-label=\"link to this figure\">#</a></figcaption></figure>",
        alt, type, encoded, alt, doc->anchor ? doc->anchor : "");

    pa_doc_html(doc, html);
    free(html);
    free(alt);
}

static int embed(struct pa_report *report, const char *svg_name,
                 const char *png_name, const char *finding)
{
    size_t n_bytes = 0;
    char *svg = read_whole(report->run->folder, svg_name, &n_bytes);
    char *png =
        svg ? NULL : read_whole(report->run->folder, png_name, &n_bytes);
    if (!svg && !png)
        return 0;
    char *encoded = svg ? percent_encoded(svg, n_bytes) : base64(png, n_bytes);
    add_image(&report->doc, svg ? "svg+xml" : "png;base64", encoded, finding);
    free(encoded);
    free(svg);
    free(png);
    return 1;
}

/* Whose sentences say what a figure shows, where its name is not a sweep's. */
static const struct {
    const char *figure;
    const char *sweeps[2];
} shown[] = {{"growth", {"highest_fd", "fd_count"}}};

static int shows(const char *figure, const char *sweep)
{
    for (size_t i = 0; i < PA_ARRAY_SIZE(shown); i++)
        if (strcmp(shown[i].figure, figure) == 0)
            return strcmp(shown[i].sweeps[0], sweep) == 0 ||
                   (shown[i].sweeps[1] &&
                    strcmp(shown[i].sweeps[1], sweep) == 0);
    return strcmp(figure, sweep) == 0;
}

/* All that findings.csv says of what a figure shows, or fallback; to be
 * freed. */
static char *figure_text(const struct pa_report *report, const char *figure,
                         const char *fallback)
{
    const char *sweep = "";
    char *text = NULL;

    for (size_t i = 0; i < pa_run_rows(report->run, PA_FINDINGS); i++) {
        const union pa_cell *row = pa_run_row(report->run, PA_FINDINGS, i);
        int is_repeated = strcmp(figure, "growth") == 0 &&
                          strcmp(row[FINDINGS_sweep].text, sweep) == 0;
        if (!shows(figure, row[FINDINGS_sweep].text) || is_repeated)
            continue;
        sweep = row[FINDINGS_sweep].text;
        char *longer = pa_format("%s%s%s", text ? text : "", text ? " " : "",
                                 row[FINDINGS_sentence].text);
        free(text);
        text = longer;
    }
    return text ? text : pa_format("%s", fallback);
}

int pa_figure_file(struct pa_report *report, const char *name,
                   const char *fallback)
{
    char *finding = figure_text(report, name, fallback);
    char *svg = pa_format("figures/%s-slide.svg", name);
    char *png = pa_format("figures/%s-slide.png", name);

    pa_doc_open_section(&report->doc, "figure", name);
    int is_there = report->doc.format == PA_HTML
                       ? embed(report, svg, png, finding)
                       : pa_file_is_there(report->run->folder, svg);

    if (is_there && report->doc.format == PA_MARKDOWN) {
        pa_doc_paragraph(&report->doc);
        pa_doc_image(&report->doc, svg, finding);
    }
    pa_doc_close_section(&report->doc);
    free(finding);
    free(svg);
    free(png);
    return is_there;
}
