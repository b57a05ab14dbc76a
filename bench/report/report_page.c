/* SPDX-License-Identifier: MIT */
#include "report_page.h"

#include "digest.h"
#include "report_doc.h"

#include <stdlib.h>
#include <string.h>

/* page_assets.S */
extern const char pa_page_css[];
extern const char pa_page_js[];

char *pa_page(const char *title, const char *body)
{
    char *text = pa_html_text(title);
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
    free(text);
    return page;
}
