/* SPDX-License-Identifier: MIT */
#include "report_write.h"

#include "digest.h"
#include "output.h"

#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

int pa_set_locale(struct pa_problem *problem)
{
    static const char euro[] = "\xE2\x82\xAC";
    mbstate_t state = {0};
    wchar_t character;

    /* Otherwise the text would be garbled. glibc loads the conversion at its
     * first use and, without memory for it, silently goes on with ASCII. */
    if (!setlocale(LC_CTYPE, "C.UTF-8") ||
        mbrtowc(&character, euro, sizeof euro - 1, &state) != sizeof euro - 1)
        return pa_problem_set(problem, "the locale C.UTF-8 cannot be had");
    return 0;
}

/* page_assets.S */
extern const char pa_page_css[];
extern const char pa_page_js[];

/* The page around a body: everything it needs is in the one file. Its
 * Content-Security-Policy lets nothing load and no script run but ours, which
 * it names by SHA-256 sum. To be freed. */
static char *page_of(const char *title, const char *body)
{
    PA_FREED char *text = pa_html_text(title);
    char style_sum[PA_DIGEST_BASE64], script_sum[PA_DIGEST_BASE64];

    pa_digest_base64(pa_page_css, strlen(pa_page_css), style_sum);
    pa_digest_base64(pa_page_js, strlen(pa_page_js), script_sum);
    char *page = pa_format(
        "<!DOCTYPE html>\n"
        "<html lang=\"en\">\n"
        "<head>\n"
        "<meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
        "'none'; img-src data:; style-src 'sha256-%s'; script-src "
        "'sha256-%s'; base-uri 'none'; form-action 'none'\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, "
        "initial-scale=1\">\n"
        "<meta name=\"color-scheme\" content=\"light dark\">\n"
        "<link rel=\"icon\" href=\"data:,\">\n"
        "<title>%s</title>\n"
        "<style>%s</style>\n"
        "</head>\n"
        "<body>\n"
        "<main>\n"
        "%s</main>\n"
        "<script>%s</script>\n"
        "</body>\n"
        "</html>\n",
        style_sum, script_sum, text, pa_page_css, body, pa_page_js);
    return page;
}

static char *render(enum pa_format format,
                    void (*build)(struct pa_doc *doc, void *context),
                    void *context)
{
    struct pa_doc doc;

    pa_doc_init(&doc, format);
    build(&doc, context);
    char *text = pa_doc_render(&doc);
    pa_doc_free(&doc);
    return text;
}

int pa_write_report(const char *folder, const char *title,
                    void (*build)(struct pa_doc *doc, void *context),
                    void *context, struct pa_problem *problem)
{
    PA_FREED char *markdown = render(PA_MARKDOWN, build, context);
    PA_FREED char *body = render(PA_HTML, build, context);
    PA_FREED char *page = page_of(title, body);
    int error = pa_output_write(folder, "report.md", markdown, problem);

    if (error == 0)
        error = pa_output_write(folder, "report.html", page, problem);
    return error;
}
