/* SPDX-License-Identifier: MIT */
#include "summary.h"

#include "growth_rows.h"
#include "show.h"

#include <string.h>

/* Of a factor the series that says most of it alone: with the fewest fds, or
 * over the ready ones with most of them; of several the one with most points.
 */
static int is_better(const union pa_cell *row, const union pa_cell *best,
                     const char *variable)
{
    int64_t fds = row[GROWTH_fd_count].integer;
    int64_t best_fds = best[GROWTH_fd_count].integer;

    if (fds != best_fds)
        return strcmp(variable, "ready_count") == 0 ? fds > best_fds
                                                    : fds < best_fds;
    return row[GROWTH_points].integer > best[GROWTH_points].integer;
}

/* The growth of the whole call along a factor, or NULL. */
static const union pa_cell *find_growth(const struct pa_run_tables *run,
                                        const char *backend,
                                        const char *variable)
{
    const union pa_cell *best = NULL;

    for (size_t i = 0; i < pa_run_rows(run, PA_GROWTH); i++) {
        const union pa_cell *row = pa_run_row(run, PA_GROWTH, i);
        if (row[GROWTH_typical].integer == 1 &&
            strcmp(row[GROWTH_stage].text, "all") == 0 &&
            strcmp(row[GROWTH_layout].text, "packed") == 0 &&
            strcmp(row[GROWTH_backend].text, backend) == 0 &&
            strcmp(row[GROWTH_variable].text, variable) == 0 &&
            (!best || is_better(row, best, variable)))
            best = row;
    }
    return best;
}

size_t pa_summary_growths(const struct pa_run_tables *run,
                          const struct pa_backend *backend,
                          const union pa_cell *rows[PA_GROWTHS_MOST])
{
    const char *const variables[] = {backend->scans, "fd_count", "highest_fd"};
    size_t n = 0;

    for (size_t i = 0; i < PA_ARRAY_SIZE(variables); i++) {
        if (i > 0 && (strcmp(variables[i], backend->scans) == 0 ||
                      !pa_backend_is_head(backend)))
            continue;
        rows[n] = find_growth(run, backend->name, variables[i]);
        n += rows[n] != NULL;
    }
    return n;
}

/* "- poll is O(n) in the number of fds watched, O(1) in the highest fd." */
static size_t print_verdict(FILE *out, const struct pa_run_tables *run,
                            const struct pa_backend *backend)
{
    const union pa_cell *rows[PA_GROWTHS_MOST];
    size_t n = pa_summary_growths(run, backend, rows);

    if (n == 0)
        return 0;
    fprintf(out, "- %s", backend->name);
    if (!pa_backend_is_head(backend))
        fprintf(out, " (%s)", backend->summary);
    for (size_t i = 0; i < n; i++) {
        struct pa_phrase phrase = pa_growth_phrase(rows[i]);
        fputs(i ? "; " : " is ", out);
        pa_phrase_class(out, &phrase);
    }
    fputs(".\n", out);
    return n;
}

/* "- With 1 ready, poll costs ...": what was measured, and what one more is. */
static size_t print_measured(FILE *out, const struct pa_run_tables *run,
                             const struct pa_backend *backend)
{
    const union pa_cell *rows[PA_GROWTHS_MOST];
    size_t n = pa_summary_growths(run, backend, rows);

    for (size_t i = 0; i < n; i++) {
        struct pa_phrase phrase = pa_growth_phrase(rows[i]);
        fputs("- ", out);
        pa_phrase_change(out, "With", &phrase);
        if (pa_growth_outcome(rows[i]) != PA_SAME) {
            pa_growth_slopes(out, run, rows[i], "; that is ");
            pa_phrase_exponent(out, "; ", &phrase);
        }
        fputs(".\n", out);
    }
    return n;
}

/* At the base with most points. */
static const union pa_cell *find_crossing(const struct pa_run_tables *run,
                                          const char *first, const char *second,
                                          const char *variable)
{
    const union pa_cell *best = NULL;

    for (size_t i = 0; i < pa_run_rows(run, PA_CROSSOVERS); i++) {
        const union pa_cell *row = pa_run_row(run, PA_CROSSOVERS, i);
        if (row[CROSSOVERS_typical].integer == 1 &&
            strcmp(row[CROSSOVERS_status].text, "found") == 0 &&
            strcmp(row[CROSSOVERS_layout].text, "packed") == 0 &&
            strcmp(row[CROSSOVERS_stage].text, "all") == 0 &&
            strcmp(row[CROSSOVERS_first].text, first) == 0 &&
            strcmp(row[CROSSOVERS_second].text, second) == 0 &&
            strcmp(row[CROSSOVERS_variable].text, variable) == 0 &&
            (!best ||
             row[CROSSOVERS_points].integer > best[CROSSOVERS_points].integer))
            best = row;
    }
    return best;
}

/* "- With highest fd 16377 and 1 ready, poll is cheaper than epoll up to 3.07
 * [3.03, 3.11] fds watched, and epoll beyond." */
static void print_crossing(FILE *out, const union pa_cell *row)
{
    if (!row)
        return;
    fputs("- With ", out);
    pa_phrase_held(out, row[CROSSOVERS_highest_fd].integer,
                   row[CROSSOVERS_fd_count].integer,
                   row[CROSSOVERS_ready_count].integer,
                   row[CROSSOVERS_layout].text);
    fprintf(out, ", %s is cheaper than %s up to %s, and %s beyond.\n",
            row[CROSSOVERS_first].text, row[CROSSOVERS_second].text,
            pa_show_place(row[CROSSOVERS_variable].text,
                          row[CROSSOVERS_place].real, row[CROSSOVERS_low].real,
                          row[CROSSOVERS_high].real)
                .text,
            row[CROSSOVERS_second].text);
}

/* Where each backend crosses the one before it. */
static void print_crossings(FILE *out, const struct pa_run_tables *run)
{
    const char *before = NULL;

    for (size_t i = 0; i < run->backends.n; i++) {
        const struct pa_backend *backend = &run->backends.backends[i];
        if (!pa_backend_is_head(backend))
            continue;
        if (before) {
            print_crossing(
                out, find_crossing(run, before, backend->name, "fd_count"));
            print_crossing(
                out, find_crossing(run, backend->name, before, "ready_share"));
        }
        before = backend->name;
    }
}

/* Each backend, its variants after it. */
static size_t for_each(FILE *out, const struct pa_run_tables *run,
                       size_t (*print)(FILE *, const struct pa_run_tables *,
                                       const struct pa_backend *))
{
    size_t n = 0;

    for (size_t i = 0; i < run->backends.n; i++) {
        const struct pa_backend *head = &run->backends.backends[i];
        if (!pa_backend_is_head(head))
            continue;
        n += print(out, run, head);
        for (size_t j = 0; j < run->backends.n; j++)
            if (j != i &&
                strcmp(run->backends.backends[j].family, head->name) == 0)
                n += print(out, run, &run->backends.backends[j]);
    }
    return n;
}

void pa_summary_print(FILE *out, const struct pa_run_tables *run)
{
    if (for_each(out, run, print_verdict) == 0) {
        fputs("No series of this run says how its costs grow.\n", out);
        return;
    }
    fputs("\nMeasured, with 95 % intervals in square brackets:\n\n", out);
    for_each(out, run, print_measured);
    print_crossings(out, run);
}

int pa_summary_print_folder(FILE *out, const char *folder,
                            struct pa_problem *problem)
{
    struct pa_run_tables run;

    if (pa_run_tables_read_some(&run, folder,
                                1u << PA_GROWTH | 1u << PA_SLOPES |
                                    1u << PA_CROSSOVERS,
                                problem) < 0)
        return -1;
    pa_summary_print(out, &run);
    pa_run_tables_free(&run);
    return 0;
}
