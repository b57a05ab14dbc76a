/* SPDX-License-Identifier: MIT */
#include "report_doc.h"

#include <assert.h>
#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm-extension_api.h>
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

/* Exported by libcmark-gfm-extensions, but in none of its headers. */
extern cmark_node_type CMARK_NODE_TABLE, CMARK_NODE_TABLE_ROW,
    CMARK_NODE_TABLE_CELL;

void *pa_need(void *memory)
{
    if (!memory) {
        fprintf(stderr, "%s: out of memory\n", program_invocation_short_name);
        exit(1);
    }
    return memory;
}

char *pa_format(const char *format, ...)
{
    va_list arguments;
    char *text;

    va_start(arguments, format);
    int n_bytes = vasprintf(&text, format, arguments);
    va_end(arguments);
    return pa_need(n_bytes < 0 ? NULL : text);
}

static void *need_calloc(size_t n, size_t n_bytes)
{
    return pa_need(calloc(n, n_bytes));
}

static void *need_realloc(void *old, size_t n_bytes)
{
    return pa_need(realloc(old, n_bytes));
}

/* cmark-gfm's own allocators abort when there is no memory. Its extensions are
 * registered with the default one, whatever is asked for, so that is the one
 * to change. */
static cmark_mem *own_memory(void)
{
    cmark_mem *memory = cmark_get_default_mem_allocator();

    *memory = (cmark_mem){need_calloc, need_realloc, free};
    return memory;
}

static cmark_node *new_node(cmark_node_type type)
{
    return cmark_node_new_with_mem(type, own_memory());
}

void pa_doc_init(struct pa_doc *doc, enum pa_format format)
{
    own_memory();
    cmark_gfm_core_extensions_ensure_registered();
    doc->format = format;
    doc->root = new_node(CMARK_NODE_DOCUMENT);
    doc->block = doc->root;
    doc->inlines = NULL;
    doc->anchor = NULL;
}

void pa_doc_free(struct pa_doc *doc)
{
    free(doc->anchor);
    cmark_node_free(doc->root);
    *doc = (struct pa_doc){0};
}

char *pa_doc_render(const struct pa_doc *doc)
{
    return doc->format == PA_HTML
               ? cmark_render_html(doc->root, CMARK_OPT_DEFAULT, NULL)
               : cmark_render_commonmark(doc->root, CMARK_OPT_DEFAULT, 0);
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

/* The white space at *text, which moves past it, as one space (Markdown takes
 * four for code), or as a line end where lines are kept. */
static char clean_space(const char **text, int keeps_lines)
{
    size_t n_bytes = strspn(*text, " \t\n\r");
    int is_line_end = keeps_lines && memchr(*text, '\n', n_bytes);

    *text += n_bytes;
    return is_line_end ? '\n' : ' ';
}

static char *cleaned(const char *text, int keeps_lines)
{
    static const char ellipsis[] = "\xE2\x80\xA6";
    size_t capacity = (size_t)MB_LEN_MAX * PA_DOC_TEXT_MAX + sizeof ellipsis;
    char *out = pa_need(malloc(capacity));
    char *end = out;

    for (size_t i = 0; *text && i < PA_DOC_TEXT_MAX; i++) {
        if (strchr(" \t\n\r", *text))
            *end++ = clean_space(&text, keeps_lines);
        else
            end += clean_character(&text, end);
    }
    memcpy(end, *text ? ellipsis : "", *text ? sizeof ellipsis : 1);
    return out;
}

static cmark_node *text_node(cmark_node_type type, const char *text)
{
    cmark_node *node = new_node(type);
    char *clean = cleaned(text, 0);

    cmark_node_set_literal(node, clean);
    free(clean);
    return node;
}

/* cmark-gfm refuses what cannot be there; we never try. */
static void append(cmark_node *parent, cmark_node *child)
{
    int is_allowed = cmark_node_append_child(parent, child);

    assert(is_allowed);
    (void)is_allowed;
}

static void add_inline(struct pa_doc *doc, cmark_node *node)
{
    append(doc->inlines, node);
}

void pa_doc_text(struct pa_doc *doc, const char *format, ...)
{
    va_list arguments;
    char *text;

    va_start(arguments, format);
    int n_bytes = vasprintf(&text, format, arguments);
    va_end(arguments);
    pa_need(n_bytes < 0 ? NULL : text);
    add_inline(doc, text_node(CMARK_NODE_TEXT, text));
    free(text);
}

static cmark_node *with_text(cmark_node *parent, const char *text)
{
    append(parent, text_node(CMARK_NODE_TEXT, text));
    return parent;
}

static cmark_node *custom_node(cmark_node_type type, const char *enter,
                               const char *leave)
{
    cmark_node *node = new_node(type);

    cmark_node_set_on_enter(node, enter);
    cmark_node_set_on_exit(node, leave);
    return node;
}

/* A table cell takes no custom node, but a strong one, which takes it. */
static cmark_node *add_custom(struct pa_doc *doc, const char *enter,
                              const char *leave)
{
    cmark_node *strong = new_node(CMARK_NODE_STRONG);
    cmark_node *custom = custom_node(CMARK_NODE_CUSTOM_INLINE, enter, leave);

    add_inline(doc, strong);
    append(strong, custom);
    return custom;
}

void pa_doc_badge(struct pa_doc *doc, const char *class, const char *text)
{
    if (doc->format != PA_HTML) {
        add_inline(doc, with_text(new_node(CMARK_NODE_STRONG), text));
        return;
    }
    char *enter = pa_format("<span class=\"%s\">", class);
    with_text(add_custom(doc, enter, "</span>"), text);
    free(enter);
}

void pa_doc_inline_html(struct pa_doc *doc, const char *html)
{
    if (doc->format == PA_HTML)
        add_custom(doc, html, "");
}

void pa_doc_code(struct pa_doc *doc, const char *text)
{
    add_inline(doc, text_node(CMARK_NODE_CODE, text));
}

static void add_reference(struct pa_doc *doc, cmark_node_type type,
                          const char *url, const char *text)
{
    cmark_node *node = new_node(type);

    cmark_node_set_url(node, url);
    add_inline(doc, with_text(node, text));
}

void pa_doc_link(struct pa_doc *doc, const char *url, const char *text)
{
    add_reference(doc, CMARK_NODE_LINK, url, text);
}

void pa_doc_image(struct pa_doc *doc, const char *url, const char *text)
{
    add_reference(doc, CMARK_NODE_IMAGE, url, text);
}

/* A text node of its own, outside the document. */
static cmark_node *lone_text(const char *text, int keeps_lines)
{
    cmark_node *node = new_node(CMARK_NODE_TEXT);
    char *clean = cleaned(text, keeps_lines);

    cmark_node_set_literal(node, clean);
    free(clean);
    return node;
}

char *pa_html_text(const char *text)
{
    cmark_node *node = lone_text(text, 1);
    char *html = cmark_render_html(node, CMARK_OPT_DEFAULT, NULL);

    cmark_node_free(node);
    return html;
}

char *pa_latex_text(const char *text)
{
    cmark_node *node = lone_text(text, 0);
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

static cmark_node *add_block(struct pa_doc *doc, cmark_node *node)
{
    append(doc->block, node);
    return node;
}

static void enter_html(struct pa_doc *doc, const char *enter, const char *leave)
{
    doc->block =
        add_block(doc, custom_node(CMARK_NODE_CUSTOM_BLOCK, enter, leave));
}

static void leave_block(struct pa_doc *doc)
{
    doc->block = cmark_node_parent(doc->block);
    doc->inlines = NULL;
}

void pa_doc_open_section(struct pa_doc *doc, const char *prefix,
                         const char *name)
{
    if (doc->format != PA_HTML)
        return;
    free(doc->anchor);
    doc->anchor = pa_anchor(prefix, name);
    char *start = pa_format("<section id=\"%s\">", doc->anchor);
    enter_html(doc, start, "</section>");
    free(start);
}

void pa_doc_close_section(struct pa_doc *doc)
{
    free(doc->anchor);
    doc->anchor = NULL;
    if (doc->format == PA_HTML)
        leave_block(doc);
}

/* A link to the heading's own section, after its text. */
static void add_permalink(struct pa_doc *doc)
{
    char *link = pa_format(
        " <a class=\"permalink\" href=\"#%s\" aria-label=\"link to this "
        "part\">#</a>",
        doc->anchor);

    append(doc->inlines, custom_node(CMARK_NODE_CUSTOM_INLINE, link, ""));
    free(link);
    free(doc->anchor);
    doc->anchor = NULL;
}

void pa_doc_heading(struct pa_doc *doc, int level, const char *text)
{
    doc->inlines = add_block(doc, new_node(CMARK_NODE_HEADING));
    cmark_node_set_heading_level(doc->inlines, level);
    with_text(doc->inlines, text);
    if (doc->anchor)
        add_permalink(doc);
}

void pa_doc_paragraph(struct pa_doc *doc)
{
    doc->inlines = add_block(doc, new_node(CMARK_NODE_PARAGRAPH));
}

void pa_doc_warning(struct pa_doc *doc)
{
    cmark_node *quote = add_block(doc, new_node(CMARK_NODE_BLOCK_QUOTE));

    doc->inlines = new_node(CMARK_NODE_PARAGRAPH);
    append(quote, doc->inlines);
}

void pa_doc_open_list(struct pa_doc *doc)
{
    doc->block = add_block(doc, new_node(CMARK_NODE_LIST));
    cmark_node_set_list_type(doc->block, CMARK_BULLET_LIST);
    cmark_node_set_list_tight(doc->block, 1);
}

void pa_doc_item(struct pa_doc *doc)
{
    cmark_node *item = add_block(doc, new_node(CMARK_NODE_ITEM));

    doc->inlines = new_node(CMARK_NODE_PARAGRAPH);
    append(item, doc->inlines);
}

void pa_doc_close_list(struct pa_doc *doc)
{
    leave_block(doc);
}

static cmark_node *table_node(cmark_node_type type)
{
    return cmark_node_new_with_mem_and_ext(
        type, own_memory(), cmark_find_syntax_extension("table"));
}

void pa_doc_open_table(struct pa_doc *doc, const char *alignments)
{
    size_t n_columns = strlen(alignments);
    uint8_t *letters = pa_need(calloc(n_columns + 1, 1));

    if (doc->format == PA_HTML) /* a wide table scrolls, not the page */
        enter_html(doc,
                   "<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
                   "aria-label=\"table\">",
                   "</div>");
    doc->block = add_block(doc, table_node(CMARK_NODE_TABLE));
    for (size_t i = 0; i < n_columns; i++)
        letters[i] = alignments[i] == 'l' ? 0 : (uint8_t)alignments[i];
    cmark_gfm_extensions_set_table_columns(doc->block, (uint16_t)n_columns);
    cmark_gfm_extensions_set_table_alignments(doc->block, (uint16_t)n_columns,
                                              letters);
    free(letters);
}

void pa_doc_row(struct pa_doc *doc)
{
    int is_first = cmark_node_first_child(doc->block) == NULL;

    doc->inlines = add_block(doc, table_node(CMARK_NODE_TABLE_ROW));
    cmark_gfm_extensions_set_table_row_is_header(doc->inlines, is_first);
}

void pa_doc_cell(struct pa_doc *doc)
{
    cmark_node *cell = new_node(CMARK_NODE_TABLE_CELL);

    /* Not made as the extension's: what it keeps of a cell, and never looks
     * at, it does not free (0.29.0.gfm.6). */
    cmark_node_set_syntax_extension(cell, cmark_find_syntax_extension("table"));
    append(cmark_node_last_child(doc->block), cell);
    doc->inlines = cell;
}

void pa_doc_close_table(struct pa_doc *doc)
{
    leave_block(doc);
    if (doc->format == PA_HTML)
        leave_block(doc);
}

void pa_doc_html(struct pa_doc *doc, const char *html)
{
    if (doc->format != PA_HTML)
        return;
    add_block(doc, custom_node(CMARK_NODE_CUSTOM_BLOCK, html, ""));
}
