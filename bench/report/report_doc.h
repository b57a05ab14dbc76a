/* SPDX-License-Identifier: MIT */
/* A document written as GitHub Markdown, of which cmark-gfm makes the body of a
 * page. Text from a file is escaped, so that it can be nothing else in either;
 * the page's own HTML is put in after cmark-gfm, which lets none through.
 *
 * When memory runs out, these functions and cmark-gfm within them end the
 * process with one line, and the files of the run stay as they were. */
#ifndef PA_REPORT_DOC_H
#define PA_REPORT_DOC_H

#include "need.h"

enum pa_format { PA_MARKDOWN, PA_HTML };

enum pa_block { PA_BLOCK, PA_ITEM, PA_ROW };

struct pa_doc {
    enum pa_format format;
    struct pa_string markdown;
    struct pa_string html; /* of the page, pieces in the order of their marks */
    enum pa_block kind;    /* of the block at hand */
    size_t block;          /* where in markdown its text begins */
    size_t n_cells;        /* that it has, if it is a row */
    const char *alignments; /* of a table whose header row is still to come */
    char *anchor;           /* of the last section; or NULL */
    unsigned depth, part_depth; /* sections open; those with the part, or 0 */
    struct pa_string contents;  /* links to the parts of the page */
};

/* Start an empty document. */
void pa_doc_init(struct pa_doc *doc, enum pa_format format);
void pa_doc_free(struct pa_doc *doc);

/* The whole document as text, to be freed by the caller. */
char *pa_doc_render(const struct pa_doc *doc);

/* In a page a section with an anchor, <section id="prefix-name">; nothing in
 * Markdown. name may be any text. Sections nest; each needs its close. */
void pa_doc_open_section(struct pa_doc *doc, const char *prefix,
                         const char *name);
void pa_doc_close_section(struct pa_doc *doc);

/* level is 1 or 2. */
void pa_doc_heading(struct pa_doc *doc, int level, const char *text);

/* A section that folds under its heading, has a link to it, and is in the
 * contents. It ends with the document, where another one begins, or where it
 * is closed. */
void pa_doc_part(struct pa_doc *doc, const char *prefix, const char *name,
                 const char *heading);
void pa_doc_end_part(struct pa_doc *doc);

/* In a page, links to its parts. */
void pa_doc_contents(struct pa_doc *doc);

/* A paragraph, or an item of a list, that text is then added to; items in a row
 * are one list. */
void pa_doc_paragraph(struct pa_doc *doc);
void pa_doc_item(struct pa_doc *doc);

/* A table: its columns are the cells of the header row, the first one that is
 * opened; no later row may have more. alignments, a constant, has one letter a
 * column, l or r; the last one is for all columns that follow, too. */
void pa_doc_open_table(struct pa_doc *doc, const char *alignments);
void pa_doc_row(struct pa_doc *doc);
void pa_doc_cell(struct pa_doc *doc);
void pa_doc_close_table(struct pa_doc *doc);

/* Text. Bytes that are no printable UTF-8 become U+FFFD, white space of any
 * length one space, and more than PA_DOC_TEXT_MAX characters are cut with an
 * ellipsis. */
#define PA_DOC_TEXT_MAX 1000
void pa_doc_text(struct pa_doc *doc, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A strong word that the page may colour by its class, which must be a
 * constant. */
void pa_doc_badge(struct pa_doc *doc, const char *class, const char *text);

/* Text of ours, or without backticks: one becomes an apostrophe. Not in a
 * table. */
void pa_doc_code(struct pa_doc *doc, const char *text);

/* In a page, HTML of ours where text goes; nothing in Markdown. */
void pa_doc_inline_html(struct pa_doc *doc, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void pa_doc_link(struct pa_doc *doc, const char *url, const char *text);
void pa_doc_image(struct pa_doc *doc, const char *url, const char *text);

/* A paragraph that the page sets off as something to know before believing the
 * numbers around it; in Markdown a quotation. Then add its text. */
void pa_doc_warning(struct pa_doc *doc);

/* HTML as it is, between blocks; left out of Markdown. Nothing from a file may
 * be in it but through pa_html_text(). */
void pa_doc_html(struct pa_doc *doc, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* text cleaned as in pa_doc_text(), and escaped for HTML, also within double
 * quotes; to be freed by the caller. */
char *pa_html_text(const char *text);

/* Likewise for LaTeX. */
char *pa_latex_text(const char *text);

/* text reduced to what an anchor may hold: letters, digits, - and _; to be
 * freed by the caller. */
char *pa_anchor(const char *prefix, const char *text);

#endif
