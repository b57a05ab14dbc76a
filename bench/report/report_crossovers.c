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
    const struct pb_crossovers_row *first;
    size_t n;
    double least, most; /* places */
    double low, high;   /* all intervals */
    int64_t lowest_fd, highest_fd;
};

static int agree(const struct pb_crossovers_row *a,
                 const struct pb_crossovers_row *b)
{
    return strcmp(a->first, b->first) == 0 &&
           strcmp(a->second, b->second) == 0 &&
           strcmp(a->stage, b->stage) == 0 &&
           strcmp(a->layout, b->layout) == 0 &&
           strcmp(a->status, b->status) == 0 &&
           strcmp(a->variable, b->variable) == 0 &&
           strcmp(a->reason, b->reason) == 0 && a->fd_count == b->fd_count &&
           a->ready_count == b->ready_count && !(a->low > b->high) &&
           !(b->low > a->high);
}

static void take(struct group *group, const struct pb_crossovers_row *row)
{
    int64_t highest_fd = row->highest_fd;

    group->n++;
    group->least = fmin(group->least, row->place);
    group->most = fmax(group->most, row->place);
    group->low = fmin(group->low, row->low);
    group->high = fmax(group->high, row->high);
    if (highest_fd < group->lowest_fd)
        group->lowest_fd = highest_fd;
    if (highest_fd > group->highest_fd)
        group->highest_fd = highest_fd;
}

static void add_held(struct pa_report *report, const struct group *group)
{
    const struct pb_crossovers_row *first = group->first;
    struct pa_string text;
    FILE *out = pa_string_open(&text);

    pa_phrase_held(out, group->lowest_fd, first->fd_count, first->ready_count,
                   first->layout);
    if (group->highest_fd != group->lowest_fd)
        fprintf(out, ", up to highest fd %lld", (long long)group->highest_fd);
    pa_report_close_cell(report, &text, out);
}

static void add_crossover_row(struct pa_report *report,
                              const struct group *group)
{
    const struct pb_crossovers_row *row = group->first;
    const char *variable = row->variable;

    pa_doc_row(&report->doc);
    pa_report_cell(report, "%s", row->first);
    pa_report_cell(report, "%s", row->second);
    if (strcmp(row->status, "found") != 0)
        pa_report_cell(report, "cannot tell: %s", row->reason);
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
static int is_telling(const struct pb_crossovers_row *row)
{
    const char *status = row->status;

    return row->typical == 1 && strcmp(status, "always") != 0 &&
           strcmp(status, "level") != 0;
}

/* All from the first on that agree with it; those get their mark in is_taken.
 */
static struct group gather(const struct pa_report *report,
                           const struct pb_crossovers_row *first,
                           char *is_taken)
{
    struct group group = {first, 0, NAN, NAN, NAN, NAN, INT64_MAX, INT64_MIN};

    PA_EACH (row, report->run, crossovers) {
        size_t i = (size_t)(row - report->run->crossovers.first);
        if (row < first || is_taken[i] || !agree(first, row))
            continue;
        take(&group, row);
        is_taken[i] = 1;
    }
    return group;
}

/* Returns how many comparisons its rows stand for. */
static size_t add_crossover_table(struct pa_report *report)
{
    size_t n_shown = 0;
    PA_FREED char *is_taken = pa_room(PA_N_ROWS(report->run->crossovers), 1);

    PA_EACH (row, report->run, crossovers) {
        if (is_taken[row - report->run->crossovers.first] || !is_telling(row))
            continue;
        if (n_shown == 0)
            pa_report_open_table(
                report, "l",
                "cheaper below|cheaper above|where they meet|held");
        struct group group = gather(report, row, is_taken);
        add_crossover_row(report, &group);
        n_shown += group.n;
    }
    if (n_shown > 0)
        pa_doc_close_table(&report->doc);
    return n_shown;
}

void pa_report_crossovers(struct pa_report *report)
{
    size_t n = PA_N_ROWS(report->run->crossovers);

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
