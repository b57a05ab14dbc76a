/* SPDX-License-Identifier: MIT */
/* A turn of the event libraries beside the polling library's own poll. */
#include "report_sections.h"
#include "show.h"

#include <string.h>

enum { SETS_MAX = 16, LOOPS_MAX = 16 };

/* The columns and rows of the table, in the order of the file. */
struct matrix {
    size_t n_sets;
    struct {
        int64_t fd_count;
        int64_t ready_count;
    } sets[SETS_MAX];
    size_t n_loops;
    const char *loops[LOOPS_MAX];
};

static int is_of_loops(const union pa_cell *row)
{
    return strcmp(row[POINTS_sweep].text, "loops") == 0;
}

static int is_of_set(const struct matrix *matrix, size_t set,
                     const union pa_cell *row)
{
    return row[POINTS_fd_count].integer == matrix->sets[set].fd_count &&
           row[POINTS_ready_count].integer == matrix->sets[set].ready_count;
}

static void note(struct matrix *matrix, const union pa_cell *row)
{
    size_t set = 0, loop = 0;

    while (set < matrix->n_sets && !is_of_set(matrix, set, row))
        set++;
    if (set == matrix->n_sets && set < SETS_MAX) {
        matrix->sets[set].fd_count = row[POINTS_fd_count].integer;
        matrix->sets[set].ready_count = row[POINTS_ready_count].integer;
        matrix->n_sets++;
    }
    while (loop < matrix->n_loops &&
           strcmp(matrix->loops[loop], row[POINTS_backend].text) != 0)
        loop++;
    if (loop == matrix->n_loops && loop < LOOPS_MAX)
        matrix->loops[matrix->n_loops++] = row[POINTS_backend].text;
}

static void add_cost(struct pa_report *report, const struct matrix *matrix,
                     size_t set, const char *loop)
{
    pa_doc_cell(&report->doc);
    for (size_t i = 0; i < pa_run_rows(report->run, PA_POINTS); i++) {
        const union pa_cell *row = pa_run_row(report->run, PA_POINTS, i);
        if (!is_of_loops(row) || !is_of_set(matrix, set, row) ||
            strcmp(row[POINTS_backend].text, loop) != 0)
            continue;
        pa_doc_text(&report->doc, "%s",
                    pa_show_ns_interval(row[POINTS_estimate_ns].real,
                                        row[POINTS_low_ns].real,
                                        row[POINTS_high_ns].real)
                        .text);
        return;
    }
}

static void add_matrix(struct pa_report *report, const struct matrix *matrix)
{
    pa_doc_open_table(&report->doc, "lr");
    pa_doc_row(&report->doc);
    pa_report_cell(report, "watched, ready");
    for (size_t s = 0; s < matrix->n_sets; s++)
        pa_report_cell(report, "%lld, %lld",
                       (long long)matrix->sets[s].fd_count,
                       (long long)matrix->sets[s].ready_count);
    for (size_t i = 0; i < matrix->n_loops; i++) {
        pa_doc_row(&report->doc);
        pa_report_cell(report, "%s", matrix->loops[i]);
        for (size_t s = 0; s < matrix->n_sets; s++)
            add_cost(report, matrix, s, matrix->loops[i]);
    }
    pa_doc_close_table(&report->doc);
}

void pa_report_loops(struct pa_report *report)
{
    struct matrix matrix = {0};

    for (size_t i = 0; i < pa_run_rows(report->run, PA_POINTS); i++)
        if (is_of_loops(pa_run_row(report->run, PA_POINTS, i)))
            note(&matrix, pa_run_row(report->run, PA_POINTS, i));
    if (matrix.n_loops == 0)
        return;
    pa_report_part(report, "loops", "One turn of an event library");
    pa_doc_paragraph(&report->doc);
    pa_doc_text(&report->doc,
                "Beside the polling library's poll on the same fds. Not for "
                "choosing a library: a loop also keeps timers, signals and "
                "priorities, of which the polling library has none.");
    add_matrix(report, &matrix);
    pa_doc_close_section(&report->doc);
}
