/* SPDX-License-Identifier: MIT */
/* Whatever a text holds, it is text in the Markdown and in the page. */
#include "unit.h"

#include "report_doc.h"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm-extension_api.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const hostile[] = {
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "`rm -rf` *bold* _em_ ~~gone~~ [a](javascript:alert(1)) ![i](http://x/y)",
    "# heading",
    "- item",
    "1. item",
    "> quote",
    "    code",
    "---",
    "***",
    "a | b | c\\| d",
    "&lt;b&gt; &amp;",
    "line\n\n# heading\n- item",
    "\x1b[31mred\x07",
    "\xff\xfe invalid",
    "\xc2\x85\xe2\x80\xa8 separators",
    "=cmd|' /C calc'!A0",
    "</td></table>",
    "\u202eevil\u2066",
    "$(reboot) ${x} %s%n",
    "\\",
    "[x]: http://x/ 'y'",
    "<!-- a",
    "]]>",
    "```",
    "| --- |",
    "http://evil.example/ ftp://evil.example www.evil.example",
    "HTTPS://EVIL.EXAMPLE WWW.EVIL.EXAMPLE",
    "<http://evil.example/>",
    "[ ] task",
    "[^1]: note",
    "+ item",
    "2) item",
    "a\\|b\\\\|c",
    "``a`b``",
    "~~~",
    "$x$ $$y$$",
    "===",
    "&#1; &#2; \x01 \x02 \x01"
    "0\x01",
    "x!",
    " x ",
};

static char *with_everything(enum pa_format format, const char *text)
{
    struct pa_doc doc;

    pa_doc_init(&doc, format);
    pa_doc_part(&doc, "claim", text, text);
    pa_doc_paragraph(&doc);
    pa_doc_text(&doc, "%s", text);
    pa_doc_text(&doc, " ");
    pa_doc_badge(&doc, "verdict", text);
    pa_doc_text(&doc, ": ");
    pa_doc_code(&doc, text);
    pa_doc_text(&doc, "%s", text);
    pa_doc_link(&doc, text, text);
    pa_doc_image(&doc, text, text);
    pa_doc_warning(&doc);
    pa_doc_text(&doc, "%s", text);
    pa_doc_item(&doc);
    pa_doc_text(&doc, "%s", text);
    pa_doc_open_table(&doc, "lr");
    for (int row = 0; row < 2; row++) {
        pa_doc_row(&doc);
        for (int cell = 0; cell < 2; cell++) {
            pa_doc_cell(&doc);
            pa_doc_text(&doc, "%s", text);
        }
    }
    pa_doc_close_table(&doc);
    pa_doc_end_part(&doc);
    char *rendered = pa_doc_render(&doc);
    pa_doc_free(&doc);
    return rendered;
}

/* How many nodes of each type GitHub would see in the Markdown. */
static void count_types(const char *markdown, const char *type, int *count)
{
    static const char *const extensions[] = {"table", "autolink", "tasklist",
                                             "strikethrough"};
    cmark_parser *parser = cmark_parser_new(CMARK_OPT_FOOTNOTES);
    for (size_t i = 0; i < sizeof extensions / sizeof *extensions; i++)
        cmark_parser_attach_syntax_extension(
            parser, cmark_find_syntax_extension(extensions[i]));
    cmark_parser_feed(parser, markdown, strlen(markdown));
    cmark_node *root = cmark_parser_finish(parser);
    cmark_iter *iter = cmark_iter_new(root);
    cmark_event_type event;

    *count = 0;
    while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(iter);
        *count += event == CMARK_EVENT_ENTER &&
                  strcmp(cmark_node_get_type_string(node), type) == 0;
    }
    cmark_iter_free(iter);
    cmark_node_free(root);
    cmark_parser_free(parser);
}

static void markdown_has_the_same_structure_whatever_the_text(void **state)
{
    static const char *const types[] = {
        "heading",       "paragraph",  "list",           "item",
        "block_quote",   "table",      "table_row",      "table_cell",
        "code",          "code_block", "html_block",     "link",
        "html_inline",   "image",      "thematic_break", "emph",
        "strikethrough", "strong",     "tasklist",       "footnote_definition"};
    char *plain = with_everything(PA_MARKDOWN, "plain");

    (void)state;
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        char *markdown = with_everything(PA_MARKDOWN, hostile[i]);
        for (size_t t = 0; t < sizeof types / sizeof *types; t++) {
            int expected, count;
            count_types(plain, types[t], &expected);
            count_types(markdown, types[t], &count);
            if (count != expected)
                fail_msg("%d of type %s, not %d, in:\n%s", count, types[t],
                         expected, markdown);
        }
        free(markdown);
    }
    free(plain);
}

/* What cmark-gfm makes of the text of a paragraph that is written in parts. */
static char *rendered(const char *const *parts)
{
    struct pa_doc doc;

    pa_doc_init(&doc, PA_HTML);
    pa_doc_paragraph(&doc);
    for (; *parts; parts++)
        pa_doc_text(&doc, "%s", *parts);
    char *html = pa_doc_render(&doc);
    pa_doc_free(&doc);
    return html;
}

static void parts_of_a_text_are_no_markup_together(void **state)
{
    static const char *const parts[][6] = {
        {"12", ". x"},
        {"12", ")", " x"},
        {"-", " x"},
        {"-", "-", "-"},
        {" ", " ", " ", " ", "x"},
        {"&", "lt;"},
        {"&#", "60;"},
        {"", "# ", "x"},
        {"*", "*x*", "*"},
        {"[x]", "(y)"},
        {"\\", "*x*"},
        {"<", "b>"},
    };
    static const char *const texts[] = {
        "12. x",     "12) x", "- x",   "---",    "x",     "&amp;lt;",
        "&amp;#60;", "# x",   "**x**", "[x](y)", "\\*x*", "&lt;b&gt;"};

    (void)state;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        char *html = rendered(parts[i]), *expected;
        assert_true(asprintf(&expected, "<p>%s</p>\n", texts[i]) > 0);
        assert_string_equal(html, expected);
        free(expected);
        free(html);
    }
}

/* Also those after the last letter, and whatever version of cmark-gfm. */
static void every_column_of_numbers_is_right_aligned(void **state)
{
    struct pa_doc doc;
    char *html;
    int n = 0;

    (void)state;
    pa_doc_init(&doc, PA_HTML);
    pa_doc_open_table(&doc, "lr");
    for (int row = 0; row < 3; row++) {
        pa_doc_row(&doc);
        for (int cell = 0; cell < 4; cell++) {
            pa_doc_cell(&doc);
            pa_doc_text(&doc, "%d", cell);
        }
    }
    pa_doc_close_table(&doc);
    html = pa_doc_render(&doc);
    for (const char *at = html; (at = strstr(at, "align=\"right\">")); at++)
        n++;
    assert_int_equal(n, 3 * 3);
    assert_non_null(strstr(html, "<td>0</td>"));
    free(html);
    pa_doc_free(&doc);
}

static void html_of_the_page_is_in_its_place_and_only_there(void **state)
{
    static const char expected[] = "<section id=\"s\">\n"
                                   "<p>a<b>1</b>c</p>\n"
                                   "<p><i>2</i></p>\n"
                                   "</section>\n";

    (void)state;
    for (int format = PA_MARKDOWN; format <= PA_HTML; format++) {
        struct pa_doc doc;
        pa_doc_init(&doc, (enum pa_format)format);
        pa_doc_open_section(&doc, "s", "");
        pa_doc_paragraph(&doc);
        pa_doc_text(&doc, "a");
        pa_doc_inline_html(&doc, "<b>1</b>");
        pa_doc_text(&doc, "c");
        pa_doc_paragraph(&doc);
        pa_doc_inline_html(&doc, "<i>2</i>");
        pa_doc_close_section(&doc);
        char *text = pa_doc_render(&doc);
        assert_string_equal(text, format == PA_HTML ? expected : "ac\n\n\n");
        free(text);
        pa_doc_free(&doc);
    }
}

static void a_link_leads_to_the_file_whatever_its_name(void **state)
{
    struct pa_doc doc;

    (void)state;
    pa_doc_init(&doc, PA_HTML);
    pa_doc_paragraph(&doc);
    pa_doc_link(&doc, "f/a b)%20\"<'#?\xC2\xB5.svg", "name");
    pa_doc_link(&doc, "#here", "part");
    char *html = pa_doc_render(&doc);
    assert_string_equal(html, "<p><a href=\"f/a%20b%29%2520%22%3C%27%23%3F%C2"
                              "%B5.svg\">name</a><a href=\"#here\">part</a>"
                              "</p>\n");
    free(html);
    pa_doc_free(&doc);
}

static int count_of(const char *text, char wanted)
{
    int n = 0;

    for (; *text; text++)
        n += *text == wanted;
    return n;
}

static void page_has_the_same_tags_whatever_the_text(void **state)
{
    char *plain = with_everything(PA_HTML, "plain");

    (void)state;
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        char *html = with_everything(PA_HTML, hostile[i]);
        assert_int_equal(count_of(html, '<'), count_of(plain, '<'));
        assert_int_equal(count_of(html, '"'), count_of(plain, '"'));
        assert_null(strstr(html, "<script"));
        free(html);
    }
    free(plain);
}

static void control_characters_reach_neither_output(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        for (int format = PA_MARKDOWN; format <= PA_HTML; format++) {
            char *text = with_everything((enum pa_format)format, hostile[i]);
            for (const char *c = text; *c; c++)
                assert_true((unsigned char)*c >= ' ' || *c == '\n');
            assert_null(strstr(text, "\xff"));
            assert_null(strstr(text, "\xc2\x85"));
            assert_null(strstr(text, "\u202e"));
            assert_null(strstr(text, "\u2066"));
            free(text);
        }
    }
}

static void a_badge_is_shown_in_a_paragraph_and_in_a_cell(void **state)
{
    (void)state;
    for (int format = PA_MARKDOWN; format <= PA_HTML; format++) {
        struct pa_doc doc;
        pa_doc_init(&doc, (enum pa_format)format);
        pa_doc_paragraph(&doc);
        pa_doc_badge(&doc, "verdict", "first");
        pa_doc_open_table(&doc, "l");
        pa_doc_row(&doc);
        pa_doc_cell(&doc);
        pa_doc_badge(&doc, "verdict", "second");
        pa_doc_close_table(&doc);
        char *text = pa_doc_render(&doc);
        assert_non_null(strstr(text, "first"));
        assert_non_null(strstr(text, "second"));
        free(text);
        pa_doc_free(&doc);
    }
}

static void attribute_text_cannot_end_its_attribute(void **state)
{
    char *html = pa_html_text("\" onclick=\"x\" <&>");

    (void)state;
    assert_string_equal(html, "&quot; onclick=&quot;x&quot; &lt;&amp;&gt;");
    free(html);
}

static void latex_specials_are_escaped(void **state)
{
    char *latex = pa_latex_text("a_b {c} 100%");

    (void)state;
    assert_string_equal(latex, "a\\_b \\{c\\} 100\\%");
    free(latex);
}

static void long_text_is_cut(void **state)
{
    char *text = malloc(100001);

    (void)state;
    assert_non_null(text);
    memset(text, 'x', 100000);
    text[100000] = '\0';
    char *html = pa_html_text(text);
    assert_int_equal(strlen(html), PA_DOC_TEXT_MAX + strlen("\xE2\x80\xA6"));
    free(html);
    free(text);
}

static void anchors_hold_letters_digits_and_hyphens(void **state)
{
    char *anchor = pa_anchor("claim", "a\"b c<d>_1");

    (void)state;
    assert_string_equal(anchor, "claim-a-b-c-d-_1");
    free(anchor);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(markdown_has_the_same_structure_whatever_the_text),
        cmocka_unit_test(parts_of_a_text_are_no_markup_together),
        cmocka_unit_test(every_column_of_numbers_is_right_aligned),
        cmocka_unit_test(html_of_the_page_is_in_its_place_and_only_there),
        cmocka_unit_test(a_link_leads_to_the_file_whatever_its_name),
        cmocka_unit_test(page_has_the_same_tags_whatever_the_text),
        cmocka_unit_test(control_characters_reach_neither_output),
        cmocka_unit_test(a_badge_is_shown_in_a_paragraph_and_in_a_cell),
        cmocka_unit_test(attribute_text_cannot_end_its_attribute),
        cmocka_unit_test(latex_specials_are_escaped),
        cmocka_unit_test(long_text_is_cut),
        cmocka_unit_test(anchors_hold_letters_digits_and_hyphens),
    };
    setlocale(LC_CTYPE, "C.UTF-8"); /* as pa_report_write() does */
    cmark_gfm_core_extensions_ensure_registered();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
