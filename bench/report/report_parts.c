/* SPDX-License-Identifier: MIT */
/* What several parts of a report use. */
#include "report_sections.h"

#include <stdlib.h>
#include <string.h>

void pa_report_part(struct pa_report *report, const char *anchor,
                    const char *heading)
{
    pa_doc_part(&report->doc, anchor, "", heading);
}

void pa_report_open_table(struct pa_report *report, const char *alignments,
                          const char *heads)
{
    size_t length;

    pa_doc_open_table(&report->doc, alignments);
    pa_doc_row(&report->doc);
    do {
        length = strcspn(heads, "|");
        pa_report_cell(report, "%.*s", (int)length, heads);
        heads += length + 1;
    } while (heads[-1]);
}

int pa_report_is_own_server(const char *server)
{
    return pa_is(server, pb_factor_infos[PB_FACTOR_server].older);
}

void pa_report_close_item(struct pa_report *report, struct pa_string *text,
                          FILE *out)
{
    pa_string_close(out);
    PA_SAY(report, item, "%s.", text->text);
    free(text->text);
}

/* The words of column flags in schema.h: of a cost, and of what was fitted to
 * costs. */
static const struct {
    const char *flag;
    const char *words;
    const char *words_fitted;
} flag_words[] = {
    {"failed", "no valid measurement", "failed points are left out"},
    {"dirty", "too few undisturbed batches", "disturbed points are left out"},
    {"contended", "disturbed",
     "points that were disturbed are left out of the fit, which says nothing "
     "of the largest sets"},
    {"few", "few usable invocations, so wide intervals",
     "few usable invocations, so wide intervals"},
    {"minor", "a small share of the cost", ""},
    {"edge", "at the edge of the scan", ""},
};

static const char *words_of(struct pa_flags flags, size_t i)
{
    return flags.file == PA_HOLDOUT ? flag_words[i].words_fitted
                                    : flag_words[i].words;
}

static const char *text_at(const struct pa_report *report,
                           struct pa_flags flags, size_t row, int column)
{
    return pa_table_row(&report->run->tables[flags.file], row)[column].text;
}

static int is_flagged(const struct pa_report *report, struct pa_flags flags,
                      size_t row, const char *flag)
{
    return pa_has_word(text_at(report, flags, row, flags.column), flag);
}

/* Whether the rows of the file have the flag: all, some or none. */
enum { NONE, SOME, ALL };
static int how_many(const struct pa_report *report, struct pa_flags flags,
                    const char *flag)
{
    size_t n = 0, n_rows = report->run->tables[flags.file].n_rows;

    for (size_t i = 0; i < n_rows; i++)
        n += (size_t)is_flagged(report, flags, i, flag);
    return n == 0 ? NONE : n < n_rows ? SOME : ALL;
}

/* Add the names of those with the flag, each once, commas between. */
static void add_flagged(struct pa_report *report, struct pa_flags flags,
                        int name_column, const char *flag)
{
    const char *gap = "";

    for (size_t i = 0; i < report->run->tables[flags.file].n_rows; i++) {
        const char *name = text_at(report, flags, i, name_column);
        size_t first = 0;
        while (first < i &&
               !(is_flagged(report, flags, first, flag) &&
                 pa_is(text_at(report, flags, first, name_column), name)))
            first++;
        if (first < i || !is_flagged(report, flags, i, flag))
            continue;
        pa_doc_text(&report->doc, "%s%s", gap, name);
        gap = ", ";
    }
}

void pa_report_flag_notes(struct pa_report *report, struct pa_flags flags,
                          int name_column)
{
    int n_notes = 0;

    for (size_t i = 0; i < PA_ARRAY_SIZE(flag_words); i++) {
        const char *flag = flag_words[i].flag;
        int n = how_many(report, flags, flag);
        if (n == NONE || (n == SOME && name_column == PA_NO_NAMES))
            continue;
        if (n_notes++ == 0)
            pa_doc_warning(&report->doc);
        else
            pa_doc_text(&report->doc, " ");
        if (n == ALL)
            pa_doc_text(&report->doc, "All of them");
        else
            add_flagged(report, flags, name_column, flag);
        pa_doc_text(&report->doc, ": %s.", words_of(flags, i));
    }
}

const char *pa_plain_words(const char *value)
{
    return pa_is(value, "cannot-tell") ? "cannot tell" : value;
}

void pa_report_flags(struct pa_report *report, struct pa_flags flags,
                     const char *words, const char *before)
{
    for (size_t i = 0; i < PA_ARRAY_SIZE(flag_words); i++) {
        const char *flag = flag_words[i].flag;
        if (!pa_has_word(words, flag) || how_many(report, flags, flag) == ALL)
            continue;
        pa_doc_text(&report->doc, "%s%s", before, words_of(flags, i));
        before = "; ";
    }
}

void pa_report_copy_button(struct pa_report *report, const char *text)
{
    PA_FREED char *html = pa_html_text(text);

    pa_doc_inline_html(&report->doc,
                       "<button type=\"button\" data-copy=\"%s\" hidden>"
                       "Copy<span> with citation</span></button>",
                       html);
}

void pa_report_open_details(struct pa_report *report, const char *summary)
{
    pa_doc_html(&report->doc, "<details><summary>%s</summary>", summary);
}

void pa_report_close_details(struct pa_report *report)
{
    pa_doc_html(&report->doc, "</details>");
}

void pa_report_file_link(struct pa_report *report, const char *name)
{
    PA_FREED char *packed = pa_format("%s.xz", name);
    int is_packed = pa_file_is_there(report->run->folder, packed);

    pa_doc_link(&report->doc, is_packed ? packed : name,
                is_packed ? packed : name);
}
