/* SPDX-License-Identifier: MIT */
/* The parts of a report, each from one CSV file or two. A part whose data the
 * run does not have says so in a line, or is left out where nothing is lost. */
#ifndef PA_REPORT_SECTIONS_H
#define PA_REPORT_SECTIONS_H

#include "report.h"

void pa_report_head(struct pa_report *report);
void pa_report_answer(struct pa_report *report);
void pa_report_calculator(struct pa_report *report);
void pa_report_warnings(struct pa_report *report);
void pa_report_measured(struct pa_report *report);
void pa_report_claims(struct pa_report *report);
void pa_report_cases(struct pa_report *report);
void pa_report_crossovers(struct pa_report *report);
void pa_report_memory(struct pa_report *report);
void pa_report_history(struct pa_report *report);
void pa_report_machine(struct pa_report *report);
void pa_report_method(struct pa_report *report);
void pa_report_files(struct pa_report *report);

/* In the text at hand, from where on this run's costs were disturbed; nothing
 * if none were. */
void pa_report_contended_note(struct pa_report *report);

/* Whether all of the cases that were measured have this figure. */
int pa_report_is_of(const struct pa_report *report, const char *figure);

/* --- what several parts use ---------------------------------------------- */

/* The head of a part: its anchor and heading. Close the section after it. */
void pa_report_part(struct pa_report *report, const char *anchor,
                    const char *heading);

/* pa_doc_open_table() with a header row whose cells stand between bars. */
void pa_report_open_table(struct pa_report *report, const char *alignments,
                          const char *heads);

/* A link to a file of the run, or to NAME.xz where it is to be packed away. */
void pa_report_file_link(struct pa_report *report, const char *name);

/* Whether a server of the project's own is meant, or none at all. */
int pa_report_is_own_server(const char *server);

/* PA_SAY(report, item, "%s", text): a block of that kind, with a text; and the
 * same of a cell. */
#define PA_SAY(report, kind, ...)                                              \
    (pa_doc_##kind(&(report)->doc), pa_doc_text(&(report)->doc, __VA_ARGS__))
#define pa_report_cell(report, ...) PA_SAY(report, cell, __VA_ARGS__)

/* An item of a list with the sentence that was printed to out, which
 * pa_string_open() opened; closes and frees both. */
void pa_report_close_item(struct pa_report *report, struct pa_string *text,
                          FILE *out);

/* Where a file has its flags. */
struct pa_flags {
    enum pa_run_file file;
    int column;
};
#define PA_COLUMN_OF(rows, name)                                               \
    ((int)(offsetof(struct pb_##rows##_row, name) / sizeof(union pa_cell)))
#define PA_FLAGS(NAME, rows)                                                   \
    ((struct pa_flags){PA_##NAME, PA_COLUMN_OF(rows, flags)})

/* Say once, in plain words and above their table, what the rows of the file
 * have to warn of: all of them, or those with a name (PA_NO_NAMES: of some rows
 * each row has to say it itself). */
void pa_report_flag_notes(struct pa_report *report, struct pa_flags flags,
                          int name_column);
#define PA_NO_NAMES (-1)

/* A value of the CSV files as people say it: "cannot tell". */
const char *pa_plain_words(const char *value);

/* In the text at hand, what else a row with these flags has to warn of, with
 * before in front. */
void pa_report_flags(struct pa_report *report, struct pa_flags flags,
                     const char *words, const char *before);

/* In a page, a button in the text at hand that copies text; without scripts it
 * is not shown. */
void pa_report_copy_button(struct pa_report *report, const char *text);

/* In a page, what is shown when the summary (a constant) is opened; each needs
 * its close. In Markdown, nothing. */
void pa_report_open_details(struct pa_report *report, const char *summary);
void pa_report_close_details(struct pa_report *report);

/* --- report_figures.c ---------------------------------------------------- */

/* All sentences of findings.csv on a sweep, or fallback; to be freed. */
char *pa_findings_text(const struct pa_report *report, const char *sweep,
                       const char *fallback);

/* A figure: in the page its panels, figures/page/NAME-1.svg and so on, beside
 * each other where there is room, with caption below them; in Markdown a
 * reference to figures/NAME-slide.svg, with the findings of that name, or
 * fallback, for those who cannot see it. A panel that holds anything
 * plots/page.awk would not write is left out, and named on stderr. Returns
 * whether the figure is there. */
int pa_figure_file(struct pa_report *report, const char *name,
                   const char *fallback, const char *caption);

#endif
