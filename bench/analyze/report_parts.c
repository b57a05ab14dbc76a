/* SPDX-License-Identifier: MIT */
/* What several parts of a report use. */
#include "report_sections.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void pa_report_part(struct pa_report *report, const char *anchor,
                    const char *heading)
{
    pa_doc_open_section(&report->doc, anchor, "");
    pa_doc_heading(&report->doc, 2, heading);
}

void pa_report_head_row(struct pa_report *report, const char *const *cells)
{
    pa_doc_row(&report->doc);
    for (; *cells; cells++)
        pa_report_cell(report, "%s", *cells);
}

void pa_report_cell(struct pa_report *report, const char *format, ...)
{
    va_list arguments;
    char *text;

    va_start(arguments, format);
    int n_bytes = vasprintf(&text, format, arguments);
    va_end(arguments);
    pa_need(n_bytes < 0 ? NULL : text);
    pa_doc_cell(&report->doc);
    pa_doc_text(&report->doc, "%s", text);
    free(text);
}

/* The words of column flags in schema.h. */
static const struct {
    const char *flag;
    const char *words;
} flag_words[] = {
    {"failed", "no valid measurement"},
    {"dirty", "too few undisturbed batches"},
    {"contended", "the cache was taken by others"},
    {"few", "under 6 usable invocations, so wide intervals"},
    {"minor", "small: under 25 ns and 5 % of the cost"},
    {"edge", "at the edge of the scan"},
};

static int is_common(const struct pa_report *report, struct pa_flags flags,
                     const char *flag)
{
    size_t n = pa_run_rows(report->run, flags.file);

    for (size_t i = 0; i < n; i++)
        if (!pa_has_word(
                pa_run_row(report->run, flags.file, i)[flags.column].text,
                flag))
            return 0;
    return n > 0;
}

void pa_report_common_flags(struct pa_report *report, struct pa_flags flags)
{
    const char *before = NULL;

    for (size_t i = 0; i < PA_ARRAY_SIZE(flag_words); i++) {
        if (!is_common(report, flags, flag_words[i].flag))
            continue;
        if (!before)
            pa_doc_warning(&report->doc);
        pa_doc_text(&report->doc, "%s%s",
                    before ? before : "All of them: ", flag_words[i].words);
        before = "; ";
    }
    if (before)
        pa_doc_text(&report->doc, ".");
}

int pa_is_doubtful(const char *flags)
{
    return pa_has_word(flags, "contended") || pa_has_word(flags, "dirty");
}

int pa_report_flags(struct pa_report *report, struct pa_flags flags,
                    const union pa_cell *row, const char *before)
{
    int is_any = 0;

    for (size_t i = 0; i < PA_ARRAY_SIZE(flag_words); i++) {
        if (!pa_has_word(row[flags.column].text, flag_words[i].flag) ||
            is_common(report, flags, flag_words[i].flag))
            continue;
        pa_doc_text(&report->doc, "%s%s", before, flag_words[i].words);
        before = "; ";
        is_any = 1;
    }
    return is_any;
}

void pa_report_flags_cell(struct pa_report *report, struct pa_flags flags,
                          const union pa_cell *row)
{
    pa_doc_cell(&report->doc);
    pa_report_flags(report, flags, row, "");
}

void pa_report_copy_button(struct pa_report *report, const char *text)
{
    char *html = pa_html_text(text);
    char *button = pa_format(
        "<p class=\"copy\"><button type=\"button\" data-copy=\"%s\" hidden>"
        "Copy with citation</button></p>",
        html);

    pa_doc_html(&report->doc, button);
    free(button);
    free(html);
}

/* A term of models.csv in words. %lld is the place of a step or bend. */
static const struct {
    const char *term;
    const char *words;
} term_formats[] = {
    {"intercept", "each call"},
    {"any_ready", "once, if any fd is ready"},
    {"highest_fd", "each fd number up to the highest"},
    {"highest_fd_if_ready",
     "each fd number up to the highest, if any fd is ready"},
    {"fd_count", "each watched fd"},
    {"ready_count", "each ready fd"},
    {"occupied_words", "each 64-fd word of the bitmap with a watched fd"},
    {"step_highest_fd", "once, if the highest fd is %lld or more"},
    {"step_fd_count", "once, if %lld or more fds are watched"},
    {"step_ready_count", "once, if %lld or more fds are ready"},
    {"step_occupied_words", "once, if %lld or more words are occupied"},
    {"bend_highest_fd", "each fd number beyond %lld, in addition"},
    {"bend_fd_count", "each watched fd beyond %lld, in addition"},
    {"bend_ready_count", "each ready fd beyond %lld, in addition"},
    {"bend_occupied_words", "each occupied word beyond %lld, in addition"},
};

char *pa_term_words(const char *term, int64_t at)
{
    for (size_t i = 0; i < PA_ARRAY_SIZE(term_formats); i++) {
        const char *words = term_formats[i].words;
        const char *place = strstr(words, "%lld");
        if (strcmp(term, term_formats[i].term) != 0)
            continue;
        if (!place)
            return pa_format("%s", words);
        return pa_format("%.*s%lld%s", (int)(place - words), words,
                         (long long)at, place + 4);
    }
    return pa_format("%s", term);
}
