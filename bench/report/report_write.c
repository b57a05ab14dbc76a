/* SPDX-License-Identifier: MIT */
#include "report_write.h"

#include "output.h"
#include "report_page.h"

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

int pa_write_text(const char *folder, const char *name, const char *text,
                  struct pa_problem *problem)
{
    struct pa_output output;

    if (pa_output_open(&output, folder, name, problem) < 0)
        return -1;
    if (dprintf(output.fd, "%s", text) < 0) {
        pa_problem_set(problem, "%s/%s: %s", folder, name, strerror(errno));
        pa_output_abandon(&output);
        return -1;
    }
    return pa_output_close(&output, problem);
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
    char *markdown = render(PA_MARKDOWN, build, context);
    char *body = render(PA_HTML, build, context);
    char *page = pa_page(title, body);
    int error = pa_write_text(folder, "report.md", markdown, problem);

    if (error == 0)
        error = pa_write_text(folder, "report.html", page, problem);
    free(page);
    free(body);
    free(markdown);
    return error;
}
