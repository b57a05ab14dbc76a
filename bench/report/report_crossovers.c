/* SPDX-License-Identifier: MIT */
/* Where one backend becomes cheaper than another. */
#include "phrase.h"
#include "report_sections.h"
#include "show.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Comparisons that differ in the highest fd alone and agree: their intervals
 * overlap that of the first. */
struct group {
    const union pa_cell *first;
    size_t n;
    double least, most; /* places */
    double low, high;   /* all intervals */
    int64_t lowest_fd, highest_fd;
};

static int agree(const union pa_cell *a, const union pa_cell *b)
{
    static const int columns[] = {CROSSOVERS_first,  CROSSOVERS_second,
                                  CROSSOVERS_stage,  CROSSOVERS_layout,
                                  CROSSOVERS_status, CROSSOVERS_variable,
                                  CROSSOVERS_reason};

    for (size_t i = 0; i < PA_ARRAY_SIZE(columns); i++)
        if (strcmp(a[columns[i]].text, b[columns[i]].text) != 0)
            return 0;
    return a[CROSSOVERS_fd_count].integer == b[CROSSOVERS_fd_count].integer &&
           a[CROSSOVERS_ready_count].integer ==
               b[CROSSOVERS_ready_count].integer &&
           !(a[CROSSOVERS_low].real > b[CROSSOVERS_high].real) &&
           !(b[CROSSOVERS_low].real > a[CROSSOVERS_high].real);
}

static void take(struct group *group, const union pa_cell *row)
{
    int64_t highest_fd = row[CROSSOVERS_highest_fd].integer;

    group->n++;
    group->least = fmin(group->least, row[CROSSOVERS_place].real);
    group->most = fmax(group->most, row[CROSSOVERS_place].real);
    group->low = fmin(group->low, row[CROSSOVERS_low].real);
    group->high = fmax(group->high, row[CROSSOVERS_high].real);
    if (highest_fd < group->lowest_fd)
        group->lowest_fd = highest_fd;
    if (highest_fd > group->highest_fd)
        group->highest_fd = highest_fd;
}

static void add_held(struct pa_report *report, const struct group *group)
{
    const union pa_cell *first = group->first;
    struct pa_string text;
    FILE *out = pa_string_open(&text);

    pa_phrase_held(out, group->lowest_fd, first[CROSSOVERS_fd_count].integer,
                   first[CROSSOVERS_ready_count].integer,
                   first[CROSSOVERS_layout].text);
    if (group->highest_fd != group->lowest_fd)
        fprintf(out, ", up to highest fd %lld", (long long)group->highest_fd);
    pa_report_close_cell(report, &text, out);
}

static void add_crossover_row(struct pa_report *report,
                              const struct group *group)
{
    const union pa_cell *row = group->first;
    const char *variable = row[CROSSOVERS_variable].text;

    pa_doc_row(&report->doc);
    pa_report_cell(report, "%s", row[CROSSOVERS_first].text);
    pa_report_cell(report, "%s", row[CROSSOVERS_second].text);
    if (strcmp(row[CROSSOVERS_status].text, "found") != 0)
        pa_report_cell(report, "cannot tell: %s", row[CROSSOVERS_reason].text);
    else if (group->n == 1)
        pa_report_cell(
            report, "%s",
            pa_show_place(variable, group->least, group->low, group->high)
                .text);
    else
        pa_report_cell(report, "%s; all intervals: %s",
                       pa_show_range(variable, group->least, group->most).text,
                       pa_show_range(variable, group->low, group->high).text);
    add_held(report, group);
}

/* Whether there is more to say than that one is always cheaper, or neither. */
static int is_telling(const union pa_cell *row)
{
    const char *status = row[CROSSOVERS_status].text;

    return row[CROSSOVERS_typical].integer == 1 &&
           strcmp(status, "always") != 0 && strcmp(status, "level") != 0;
}

/* All from row i on that agree with it; those get their mark in is_taken. */
static struct group gather(const struct pa_report *report, size_t i,
                           char *is_taken)
{
    const union pa_cell *first = pa_run_row(report->run, PA_CROSSOVERS, i);
    struct group group = {first, 0, NAN, NAN, NAN, NAN, INT64_MAX, INT64_MIN};

    for (; i < pa_run_rows(report->run, PA_CROSSOVERS); i++) {
        const union pa_cell *row = pa_run_row(report->run, PA_CROSSOVERS, i);
        if (is_taken[i] || !agree(first, row))
            continue;
        take(&group, row);
        is_taken[i] = 1;
    }
    return group;
}

/* Returns how many comparisons its rows stand for. */
static size_t add_crossover_table(struct pa_report *report)
{
    size_t n = pa_run_rows(report->run, PA_CROSSOVERS), n_shown = 0;
    char *is_taken = pa_need(calloc(n + 1, 1));

    for (size_t i = 0; i < n; i++) {
        if (is_taken[i] ||
            !is_telling(pa_run_row(report->run, PA_CROSSOVERS, i)))
            continue;
        if (n_shown == 0)
            pa_report_open_table(
                report, "l",
                "cheaper below|cheaper above|where they meet|held");
        struct group group = gather(report, i, is_taken);
        add_crossover_row(report, &group);
        n_shown += group.n;
    }
    if (n_shown > 0)
        pa_doc_close_table(&report->doc);
    free(is_taken);
    return n_shown;
}

void pa_report_crossovers(struct pa_report *report)
{
    size_t n = pa_run_rows(report->run, PA_CROSSOVERS);

    if (n == 0)
        return;
    pa_report_part(report, "crossovers", "Where one overtakes the other");
    size_t n_shown = add_crossover_table(report);
    pa_doc_paragraph(&report->doc);
    pa_doc_text(&report->doc,
                "Of %zu comparisons these are %zu; in the others one backend "
                "is cheaper in the whole range, or both cost the same. ",
                n, n_shown);
    pa_doc_link(&report->doc, "crossovers.csv", "crossovers.csv");
    pa_doc_text(&report->doc, " has each of them.");
    pa_doc_close_section(&report->doc);
}
