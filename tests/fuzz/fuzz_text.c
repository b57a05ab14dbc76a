/* SPDX-License-Identifier: MIT */
/* Text from a file on its way into a page: it comes out as text only. */
#include "report_doc.h"

#include <ctype.h>
#include <locale.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    return setlocale(LC_CTYPE, "C.UTF-8") ? 0 : -1;
}

static void check_html(const char *text)
{
    char *html = pa_html_text(text);
    if (strpbrk(html, "<>\""))
        abort();
    free(html);
}

static void check_anchor(const char *text)
{
    char *anchor = pa_anchor("claim", text);
    for (const char *at = anchor; *at; at++)
        if (!isalnum((unsigned char)*at) && *at != '-' && *at != '_')
            abort();
    free(anchor);
}

/* How many tags a page with this text has. */
static int count_tags(const char *text, enum pa_format format)
{
    struct pa_doc doc;
    pa_doc_init(&doc, format);
    pa_doc_paragraph(&doc);
    pa_doc_text(&doc, "%s", text);
    pa_doc_code(&doc, text);
    pa_doc_open_table(&doc, "l");
    pa_doc_row(&doc);
    pa_doc_cell(&doc);
    pa_doc_text(&doc, "%s", text);
    pa_doc_close_table(&doc);
    char *page = pa_doc_render(&doc);
    int n_tags = 0;
    for (const char *at = page; *at; at++)
        n_tags += *at == '<';
    free(page);
    pa_doc_free(&doc);
    return n_tags;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes)
{
    char *text = strndup((const char *)bytes, n_bytes);
    check_html(text);
    check_anchor(text);
    if (count_tags(text, PA_HTML) > count_tags("x", PA_HTML))
        abort();
    count_tags(text, PA_MARKDOWN); /* a < is text there, with a backslash */
    free(pa_latex_text(text));
    free(text);
    return 0;
}
