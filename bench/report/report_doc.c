/* SPDX-License-Identifier: MIT */
#include "report_doc.h"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm-extension_api.h>
#include <cmark-gfm.h>
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>
#include <wchar.h>
#include <wctype.h>

/* Where the page has a piece of its own HTML: in text, and instead of a
 * paragraph. No text can hold them, because they are control characters. */
enum { INLINE_MARK = '\1', BLOCK_MARK = '\2' };

static void *need_realloc(void *old, size_t n_bytes)
{
    return pa_need(realloc(old, n_bytes));
}

/* cmark-gfm's own allocator aborts when there is no memory. */
static cmark_mem memory = {pa_room, need_realloc, free};

static void add(struct pa_doc *doc, const char *markdown)
{
    pa_string_add(&doc->markdown, markdown, strlen(markdown));
}

/* --- text ---------------------------------------------------------------- */

/* Those that turn the direction of the text around them: a name could show
 * what follows it backwards. */
static int turns_text(wchar_t character)
{
    return (character >= 0x202A && character <= 0x202E) ||
           (character >= 0x2066 && character <= 0x2069) ||
           character == 0x200E || character == 0x200F || character == 0x061C;
}

/* One character of *text, which moves on, in UTF-8 to out (at least
 * MB_CUR_MAX bytes). Control characters would steer a terminal and invalid
 * bytes confuse every reader. Returns its length. */
static size_t clean_character(const char **text, char *out)
{
    static const char replacement[] = "\xEF\xBF\xBD"; /* U+FFFD */
    mbstate_t state = {0};
    wchar_t character;
    size_t n_bytes = mbrtowc(&character, *text, MB_CUR_MAX, &state);
    int is_valid = n_bytes != (size_t)-1 && n_bytes != (size_t)-2;

    if (is_valid && iswprint((wint_t)character) && !turns_text(character)) {
        memcpy(out, *text, n_bytes);
        *text += n_bytes;
        return n_bytes;
    }
    *text += is_valid ? n_bytes : 1;
    memcpy(out, replacement, sizeof replacement - 1);
    return sizeof replacement - 1;
}

/* White space of any length is one space: Markdown takes four for code. */
static char *cleaned(const char *text)
{
    static const char ellipsis[] = "\xE2\x80\xA6";
    size_t capacity = (size_t)MB_LEN_MAX * PA_DOC_TEXT_MAX + sizeof ellipsis;
    char *out = pa_need(malloc(capacity));
    char *end = out;

    for (size_t i = 0; *text && i < PA_DOC_TEXT_MAX; i++) {
        size_t n_blanks = strspn(text, " \t\n\r");
        text += n_blanks;
        if (n_blanks > 0)
            *end++ = ' ';
        else
            end += clean_character(&text, end);
    }
    memcpy(end, *text ? ellipsis : "", *text ? sizeof ellipsis : 1);
    return out;
}

/* Whether Markdown, or what GitHub adds to it, could take the character for
 * more than itself, after the n bytes that the block has so far. */
static int is_markup(const char *before, size_t n, const char *at)
{
    switch (*at) {
    case '-':
    case '+': /* an item */
        return n == 0;
    case '.': /* www. makes a link, and a number with one of both an item */
        if (n >= 3 && strncasecmp(before + n - 3, "www", 3) == 0)
            return 1;
        /* fall through */
    case ')':
        return n > 0 && strspn(before, "0123456789") == n;
    case '/': /* so does :// */
        return n > 0 && before[n - 1] == ':';
    case '!': /* an image, if a link follows */
        return at[1] == '\0';
    default:
        return strchr("\\`*_[]<>#~|&$", *at) != NULL;
    }
}

/* With a backslash before what could be markup, also where a text goes on with
 * another. */
static void add_text(struct pa_doc *doc, const char *text)
{
    PA_FREED char *clean = cleaned(text);

    for (const char *at = clean; *at; at++) {
        size_t n = doc->markdown.n_bytes - doc->block;
        if (*at == ' ' && n == 0)
            continue; /* four of them make a block of code */
        if (is_markup(doc->markdown.text + doc->block, n, at))
            add(doc, "\\");
        pa_string_add(&doc->markdown, at, 1);
    }
}

void pa_doc_text(struct pa_doc *doc, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    PA_FREED char *text = pa_vformat(format, arguments);
    va_end(arguments);
    add_text(doc, text);
}

/* What the contents follow. */
static const char contents_place[] = "<nav aria-label=\"contents\"><ul>";

__attribute__((format(printf, 3, 0))) static void
add_html(struct pa_doc *doc, char mark, const char *format, va_list arguments)
{
    if (doc->format != PA_HTML)
        return;
    if (mark == BLOCK_MARK)
        pa_doc_paragraph(doc);
    PA_FREED char *html = pa_vformat(format, arguments);
    pa_string_add(&doc->html, html, strlen(html) + 1);
    pa_string_add(&doc->markdown, &mark, 1);
}

void pa_doc_inline_html(struct pa_doc *doc, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    add_html(doc, INLINE_MARK, format, arguments);
    va_end(arguments);
}

void pa_doc_badge(struct pa_doc *doc, const char *class, const char *text)
{
    const char *start = text + strspn(text, " \t\n\r");

    /* Markdown makes nothing strong that has a space at either end. */
    add(doc, "**");
    pa_doc_inline_html(doc, "<span class=\"%s\">", class);
    add_text(doc, *start ? start : "?");
    if (doc->markdown.text[doc->markdown.n_bytes - 1] == ' ')
        doc->markdown.n_bytes--;
    pa_doc_inline_html(doc, "</span>");
    add(doc, "**");
}

void pa_doc_code(struct pa_doc *doc, const char *text)
{
    PA_FREED char *clean = cleaned(text);

    for (char *at = clean; (at = strchr(at, '`'));)
        *at = '\'';
    add(doc, "`");
    add(doc, clean);
    add(doc, "`");
}

/* RFC 3986, 2.1, of all that could mean something, but a # in front. */
static void add_url(struct pa_doc *doc, const char *url)
{
    for (const char *at = url; *at; at++) {
        char code[4] = {*at};
        if (!isalnum((unsigned char)*at) && !strchr("-._/", *at) &&
            (*at != '#' || at > url))
            snprintf(code, sizeof code, "%%%02X", (unsigned char)*at);
        add(doc, code);
    }
}

void pa_doc_link(struct pa_doc *doc, const char *url, const char *text)
{
    add(doc, "[");
    add_text(doc, text);
    add(doc, "](");
    add_url(doc, url);
    add(doc, ")");
}

void pa_doc_image(struct pa_doc *doc, const char *url, const char *text)
{
    add(doc, "!");
    pa_doc_link(doc, url, text);
}

/* A text node of its own, outside the document. */
static cmark_node *lone_text(const char *text)
{
    cmark_node *node = cmark_node_new_with_mem(CMARK_NODE_TEXT, &memory);
    PA_FREED char *clean = cleaned(text);

    cmark_node_set_literal(node, clean);
    return node;
}

char *pa_html_text(const char *text)
{
    cmark_node *node = lone_text(text);
    char *html = cmark_render_html(node, CMARK_OPT_DEFAULT, NULL);

    cmark_node_free(node);
    return html;
}

char *pa_latex_text(const char *text)
{
    cmark_node *node = lone_text(text);
    char *latex = cmark_render_latex(node, CMARK_OPT_DEFAULT, 0);

    latex[strcspn(latex, "\n")] = '\0'; /* the renderer ends with one */
    cmark_node_free(node);
    return latex;
}

char *pa_anchor(const char *prefix, const char *text)
{
    char *anchor = pa_format("%s%s%.60s", prefix, *text ? "-" : "", text);

    for (char *c = anchor; *c; c++)
        if (!isalnum((unsigned char)*c) && *c != '_')
            *c = '-';
    return anchor;
}

/* --- blocks -------------------------------------------------------------- */

/* Items in a row are one list, and rows one table. */
static void start_block(struct pa_doc *doc, enum pa_block kind,
                        const char *start)
{
    int goes_on = kind == doc->kind && kind != PA_BLOCK;

    if (doc->markdown.n_bytes > 0)
        add(doc, goes_on ? "\n" : "\n\n");
    add(doc, start);
    doc->block = doc->markdown.n_bytes;
    doc->kind = kind;
}

void pa_doc_open_section(struct pa_doc *doc, const char *prefix,
                         const char *name)
{
    free(doc->anchor);
    doc->anchor = pa_anchor(prefix, name);
    doc->depth++;
    pa_doc_html(doc, "<section id=\"%s\">", doc->anchor);
}

void pa_doc_close_section(struct pa_doc *doc)
{
    pa_doc_html(doc, "%s</section>",
                doc->depth-- == doc->part_depth ? "</details>" : "");
    if (doc->depth < doc->part_depth)
        doc->part_depth = 0;
}

void pa_doc_heading(struct pa_doc *doc, int level, const char *text)
{
    start_block(doc, PA_BLOCK, level == 1 ? "# " : "## ");
    add_text(doc, text);
}

void pa_doc_part(struct pa_doc *doc, const char *prefix, const char *name,
                 const char *heading)
{
    PA_FREED char *html = pa_html_text(heading);

    pa_doc_end_part(doc);
    pa_doc_open_section(doc, prefix, name);
    doc->part_depth = doc->depth;
    PA_FREED char *item =
        pa_format("<li><a href=\"#%s\">%s</a></li>", doc->anchor, html);
    pa_string_add(&doc->contents, item, strlen(item));
    pa_doc_html(doc, "<details class=\"part\" open><summary>");
    pa_doc_heading(doc, 2, heading);
    pa_doc_inline_html(doc,
                       " <a class=\"permalink\" href=\"#%s\" aria-label=\""
                       "link to this part\">#</a>",
                       doc->anchor);
    pa_doc_html(doc, "</summary>");
}

void pa_doc_end_part(struct pa_doc *doc)
{
    if (doc->part_depth)
        pa_doc_close_section(doc);
}

void pa_doc_contents(struct pa_doc *doc)
{
    pa_doc_html(doc, "%s", contents_place);
    pa_doc_html(doc, "</ul></nav>");
}

void pa_doc_paragraph(struct pa_doc *doc)
{
    start_block(doc, PA_BLOCK, "");
}

void pa_doc_warning(struct pa_doc *doc)
{
    start_block(doc, PA_BLOCK, "> ");
}

void pa_doc_item(struct pa_doc *doc)
{
    start_block(doc, PA_ITEM, "  - ");
}

void pa_doc_open_table(struct pa_doc *doc, const char *alignments)
{
    pa_doc_html(doc, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
                     "aria-label=\"table\">"); /* it scrolls, not the page */
    doc->alignments = alignments;
}

/* And the line under the header row, which has as many columns. */
static void end_row(struct pa_doc *doc)
{
    if (doc->kind != PA_ROW)
        return;
    add(doc, " |");
    if (!doc->alignments)
        return;
    add(doc, "\n|");
    for (size_t i = 0; i < doc->n_cells; i++) {
        add(doc, *doc->alignments == 'r' ? " --: |" : " --- |");
        doc->alignments += doc->alignments[1] != '\0';
    }
    doc->alignments = NULL;
}

void pa_doc_row(struct pa_doc *doc)
{
    end_row(doc);
    start_block(doc, PA_ROW, "|");
    doc->n_cells = 0;
}

void pa_doc_cell(struct pa_doc *doc)
{
    add(doc, doc->n_cells++ ? " | " : " ");
}

void pa_doc_close_table(struct pa_doc *doc)
{
    end_row(doc);
    doc->kind = PA_BLOCK;
    pa_doc_html(doc, "</div>");
}

void pa_doc_html(struct pa_doc *doc, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    add_html(doc, BLOCK_MARK, format, arguments);
    va_end(arguments);
}

/* --- the whole ----------------------------------------------------------- */

void pa_doc_init(struct pa_doc *doc, enum pa_format format)
{
    *doc = (struct pa_doc){.format = format};
    add(doc, "");
}

void pa_doc_free(struct pa_doc *doc)
{
    free(doc->html.text);
    free(doc->contents.text);
    free(doc->anchor);
    free(doc->markdown.text);
}

static volatile sig_atomic_t failed_status;

static void end_as_failed(int signal_number)
{
    (void)signal_number;
    _exit(failed_status);
}

/* For its extensions the library knows one allocator only: its own, which says
 * one line and aborts. */
static cmark_syntax_extension *table_extension(void)
{
    failed_status = pa_need_status();
    void (*before)(int) = signal(SIGABRT, end_as_failed);

    cmark_gfm_core_extensions_ensure_registered();
    signal(SIGABRT, before);
    return cmark_find_syntax_extension("table");
}

/* Without CMARK_OPT_UNSAFE, so that no HTML comes out that was in it. */
static char *html_of(const struct pa_string *markdown)
{
    cmark_syntax_extension *table = table_extension();
    cmark_parser *parser =
        cmark_parser_new_with_mem(CMARK_OPT_DEFAULT, &memory);

    cmark_parser_attach_syntax_extension(parser, table);
    cmark_parser_feed(parser, markdown->text, markdown->n_bytes);
    cmark_node *root = cmark_parser_finish(parser);
    char *html = cmark_render_html(root, CMARK_OPT_DEFAULT, NULL);
    cmark_node_free(root);
    cmark_parser_free(parser);
    return html;
}

/* With the page's own HTML where its marks are, in the same order. */
static char *page_of(const struct pa_doc *doc)
{
    static const char marks[] = {INLINE_MARK, BLOCK_MARK, '\0'};
    struct pa_string page = {0};
    PA_FREED char *body = html_of(&doc->markdown);
    const char *at = body, *html = doc->html.text;

    for (const char *mark; (mark = strpbrk(at, marks));) {
        size_t n_around = *mark == BLOCK_MARK ? strlen("<p>") : 0;
        pa_string_add(&page, at, (size_t)(mark - at) - n_around);
        pa_string_add(&page, html, strlen(html));
        if (strcmp(html, contents_place) == 0 && doc->contents.text)
            pa_string_add(&page, doc->contents.text, doc->contents.n_bytes);
        html += strlen(html) + 1;
        at = mark + 1 + (n_around ? strlen("</p>") : 0);
    }
    pa_string_add(&page, at, strlen(at));
    return page.text;
}

char *pa_doc_render(const struct pa_doc *doc)
{
    return doc->format == PA_HTML ? page_of(doc)
                                  : pa_format("%s\n", doc->markdown.text);
}
