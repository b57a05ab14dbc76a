/* SPDX-License-Identifier: MIT */
#include "report_sections.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define FIGURE_BYTES_MAX (4 << 20) /* larger ones would make the page slow */

/* A whole file; NULL (and nothing said: a figure is no reason to stop) if there
 * is none that can be read. */
static char *read_whole(const char *folder, const char *name)
{
    PA_FREED char *path = pa_path(folder, name);
    struct stat status;
    int is_fit = stat(path, &status) == 0 && S_ISREG(status.st_mode) &&
                 status.st_size <= FIGURE_BYTES_MAX;
    FILE *file = is_fit ? fopen(path, "rb") : NULL;

    if (!file && is_fit && errno == ENOMEM)
        pa_need(NULL);
    if (!file)
        return NULL;
    char *bytes = pa_need(calloc((size_t)status.st_size + 1, 1));
    size_t n_bytes = fread(bytes, 1, (size_t)status.st_size, file);
    fclose(file); /* only read from */
    bytes[n_bytes] = '\0';
    return bytes;
}

/* --- what may be in the page --------------------------------------------- */

/* All that plots/page.awk writes; nothing of it acts, or asks for anything. */
static const char elements[] =
    "svg defs g path use polygon rect circle text title";
static const char attributes[] =
    "xmlns class viewBox role tabindex id href aria-label d x y width height r "
    "cx cy points transform stroke-dasharray stroke-width font-size "
    "text-anchor shape-rendering";

static int is_listed(const char *list, const char *word, size_t length)
{
    for (size_t n; *list; list += n + strspn(list + n, " ")) {
        n = strcspn(list, " ");
        if (n == length && strncmp(list, word, n) == 0)
            return 1;
    }
    return 0;
}

/* Where the attributes end that begin there; NULL if one may not be. */
static const char *after_attributes(const char *at)
{
    while (*at == ' ') {
        const char *name = at + 1, *value;
        size_t length = strcspn(name, "=\"<> ");
        if (!is_listed(attributes, name, length) ||
            strncmp(name + length, "=\"", 2) != 0)
            return NULL;
        value = name + length + 2;
        at = value + strcspn(value, "\"<>");
        if (*at++ != '"' || (strncmp(name, "href", 4) == 0 && *value != '#'))
            return NULL;
    }
    return at;
}

enum { DEPTH_MAX = 16 };

/* Whether text is one whole SVG element with nothing else in it. */
static int is_plain_svg(const char *text)
{
    const char *open[DEPTH_MAX] = {NULL};
    int depth = 0;

    if (strncmp(text, "<svg ", 5) != 0)
        return 0;
    do {
        const char *name = text + 1 + (text[1] == '/');
        size_t length = strcspn(name, " />");
        if (!is_listed(elements, name, length))
            return 0;
        if (text[1] == '/') {
            if (depth == 0 || strncmp(open[--depth], name, length) != 0 ||
                !strchr(" >", open[depth][length]))
                return 0;
            text = name + length;
        } else {
            open[depth++] = name;
            text = after_attributes(name + length);
        }
        if (!text || depth == DEPTH_MAX)
            return 0;
        depth -= *text == '/';
        text += *text == '/';
        if (*text++ != '>')
            return 0;
        text += depth ? strcspn(text, "<") : strspn(text, "\n");
    } while (*text == '<' && depth > 0);
    return depth == 0 && *text == '\0';
}

/* --- in the page --------------------------------------------------------- */

/* A panel under its label; returns whether it is there. */
static int add_panel(struct pa_report *report, const char *name, int number)
{
    PA_FREED char *file = pa_format("figures/page/%s-%d.svg", name, number);
    PA_FREED char *svg = read_whole(report->run->folder, file);
    int is_plain = svg && is_plain_svg(svg);

    if (is_plain) {
        const char *label = strstr(svg, "aria-label=\"");
        label = label ? label + strlen("aria-label=\"") : "";
        if (number == 1)
            pa_doc_html(&report->doc, "<div class=\"panels\">");
        pa_doc_html(&report->doc,
                    "<figure class=\"panel\"><figcaption>%.*s</figcaption>%s"
                    "</figure>",
                    (int)strcspn(label, "\""), label, svg);
    } else if (svg) {
        fprintf(stderr,
                "%s: %s/%s: left out, it is not as pollbench draw draws it; "
                "draw it again\n",
                program_invocation_short_name, report->run->folder, file);
    }
    return is_plain;
}

static const char point[] =
    "<span class=\"more\"> Point at or tap a mark for its numbers, or focus a "
    "panel and use the arrow keys.</span>";

/* How figures are read is said under the first one. Counts have no intervals: a
 * run's, and those of runs that are compared, which have no host here. */
static int add_panels(struct pa_report *report, const char *name,
                      const char *caption)
{
    PA_FREED char *said = pa_html_text(caption);
    int is_counted =
        pa_run_is_counted(report->run) || PA_N_ROWS(report->run->host) == 0;
    int n = 0;

    while (add_panel(report, name, n + 1))
        n++;
    if (n == 0)
        return 0;
    pa_doc_html(&report->doc,
                "</div><p class=\"hint\">%s%s%s <a class=\"permalink\" "
                "href=\"#%s\" aria-label=\"link to this figure\">#</a></p>",
                said, report->n_panels > 0 ? "" : point,
                report->n_panels > 0 || is_counted
                    ? ""
                    : " Bars are 95 % intervals; what is hollow was disturbed.",
                report->doc.anchor);
    report->n_panels += n;
    return 1;
}

/* --- figures ------------------------------------------------------------- */

char *pa_findings_text(const struct pa_report *report, const char *sweep,
                       const char *fallback)
{
    struct pa_string text;
    FILE *out = pa_string_open(&text);
    const char *gap = "";

    PA_EACH (row, report->run, findings)
        if (pa_is(row->sweep, sweep)) {
            fprintf(out, "%s%s", gap, row->sentence);
            gap = " ";
        }
    fputs(*gap ? "" : fallback, out);
    pa_string_close(out);
    return text.text;
}

int pa_figure_file(struct pa_report *report, const char *name,
                   const char *fallback, const char *caption)
{
    int is_page = report->doc.format == PA_HTML;
    PA_FREED char *svg = pa_format(
        is_page ? "figures/page/%s-1.svg" : "figures/%s-slide.svg", name);
    int is_there = pa_file_is_there(report->run->folder, svg);

    if (is_there) {
        pa_doc_open_section(&report->doc, "figure", name);
        if (is_page) {
            is_there = add_panels(report, name, caption);
        } else {
            PA_FREED char *finding = pa_findings_text(report, name, fallback);
            pa_doc_paragraph(&report->doc);
            pa_doc_image(&report->doc, svg, finding);
        }
        pa_doc_close_section(&report->doc);
    }
    return is_there;
}
