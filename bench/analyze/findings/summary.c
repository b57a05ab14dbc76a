/* SPDX-License-Identifier: MIT */
#include "findings.h"

#include "need.h"
#include "show.h"

#include <stdlib.h>

/* Of a factor the series that says most of it alone: with the fewest fds, or
 * over the ready ones with most of them; of several that with most points. */
static int is_better(const struct pb_growth_row *row,
                     const struct pb_growth_row *best)
{
    if (!best)
        return 1;
    if (row->fd_count == best->fd_count)
        return row->points > best->points;
    return pa_is(row->variable, "ready_count") ==
           (row->fd_count > best->fd_count);
}

/* The growth of the whole call along a factor, or NULL. */
static const struct pb_growth_row *find_growth(const struct pa_run_tables *run,
                                               const char *backend,
                                               const char *variable)
{
    const struct pb_growth_row *best = NULL;

    PA_EACH (row, run, growth)
        if (PA_IS_PLAIN(row) && pa_is(row->backend, backend) &&
            pa_is(row->variable, variable) && is_better(row, best))
            best = row;
    return best;
}

size_t pa_summary_growths(const struct pa_run_tables *run,
                          const struct pa_backend *backend,
                          const struct pb_growth_row *rows[PA_GROWTHS_MOST])
{
    const char *const variables[] = {backend->scans, "fd_count", "highest_fd"};
    size_t n = 0;

    for (size_t i = 0; i < PA_ARRAY_SIZE(variables); i++) {
        if (i > 0 && (pa_is(variables[i], backend->scans) ||
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
    const struct pb_growth_row *rows[PA_GROWTHS_MOST];
    size_t n = pa_summary_growths(run, backend, rows);

    if (n == 0)
        return 0;
    fprintf(out, "- %s", backend->name);
    if (!pa_backend_is_head(backend))
        fprintf(out, " (%s)", backend->summary);
    for (size_t i = 0; i < n; i++) {
        fputs(i ? "; " : " is ", out);
        pa_phrase_class(out, rows[i]);
    }
    fputs(".\n", out);
    return n;
}

/* What was measured, and what one more is. */
static size_t print_measured(FILE *out, const struct pa_run_tables *run,
                             const struct pa_backend *backend)
{
    const struct pb_growth_row *rows[PA_GROWTHS_MOST];
    size_t n = pa_summary_growths(run, backend, rows);

    for (size_t i = 0; i < n; i++) {
        fputs("- ", out);
        pa_growth_say(out, "With", run, rows[i]);
        fputs(".\n", out);
    }
    return n;
}

void pa_crossing_say(FILE *out, const struct pb_crossovers_row *row)
{
    fputs("With ", out);
    pa_phrase_held(out, row->highest_fd, row->fd_count, row->ready_count,
                   row->layout);
    if (pa_is(row->status, "found"))
        fprintf(
            out, ", %s is cheaper than %s up to %s, and %s beyond", row->first,
            row->second,
            pa_show_place(row->variable, row->place, row->low, row->high).text,
            row->second);
    else
        fprintf(out, ", it cannot be told where %s and %s cost the same: %s",
                row->first, row->second, row->reason);
}

/* At the base with most points. */
static void print_crossing(FILE *out, const struct pa_run_tables *run,
                           const char *first, const char *second,
                           const char *variable)
{
    const struct pb_crossovers_row *best = NULL;

    PA_EACH (row, run, crossovers)
        if (PA_IS_PLAIN(row) && pa_is(row->status, "found") &&
            pa_is(row->first, first) && pa_is(row->second, second) &&
            pa_is(row->variable, variable) &&
            (!best || row->points > best->points))
            best = row;
    if (!best)
        return;
    fputs("- ", out);
    pa_crossing_say(out, best);
    fputs(".\n", out);
}

/* Where each backend crosses the one before it. */
static void print_crossings(FILE *out, const struct pa_run_tables *run)
{
    const struct pa_backend *before = NULL, *head = NULL;

    while ((head = pa_backend_head_after(&run->backends, head))) {
        if (before) {
            print_crossing(out, run, before->name, head->name, "fd_count");
            print_crossing(out, run, head->name, before->name, "ready_share");
        }
        before = head;
    }
}

/* Each backend, its variants after it. */
static size_t for_each(FILE *out, const struct pa_run_tables *run,
                       size_t (*print)(FILE *, const struct pa_run_tables *,
                                       const struct pa_backend *))
{
    const struct pa_backend *head = NULL;
    size_t n = 0;

    while ((head = pa_backend_head_after(&run->backends, head))) {
        n += print(out, run, head);
        for (size_t i = 0; i < run->backends.n; i++) {
            const struct pa_backend *other = &run->backends.backends[i];
            if (other != head && pa_is(other->family, head->name))
                n += print(out, run, other);
        }
    }
    return n;
}

void pa_summary_print(FILE *out, const struct pa_run_tables *run)
{
    if (for_each(out, run, print_verdict) == 0) {
        fputs("No series of this run says how its costs grow.\n", out);
        return;
    }
    fputs(pa_run_is_counted(run)
              ? "\nCounted; of a count there is no interval:\n\n"
              : "\nMeasured, with 95 % intervals in square brackets:\n\n",
          out);
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

/* --- the machine ---------------------------------------------------------- */

#define DOT " \xC2\xB7 "

static void print_bytes(FILE *out, const char *bytes)
{
    double kib = strtod(bytes, NULL) / 1024;

    fprintf(out, kib < 1024 ? "%.3g KiB" : "%.3g MiB",
            kib < 1024 ? kib : kib / 1024);
}

static void print_fact(FILE *out, const struct pa_run_tables *run,
                       const char *key, const char *before, const char *after)
{
    const char *value = pa_run_fact(run, key, "");

    if (*value)
        fprintf(out, "%s%s%s", before, value, after);
}

static void print_host(FILE *out, const struct pa_run_tables *run)
{
    static const char *const caches[] = {"cache_l1d", "cache_l2", "cache_l3"};
    const char *gap = DOT "caches ";

    fputs(pa_run_fact(run, "cpu_model", "CPU unknown"), out);
    print_fact(out, run, "cpu_id", " (", ")");
    print_fact(out, run, "cpu_clock", " at ", " MHz");
    print_fact(out, run, "cpus_online", DOT, " CPUs");
    for (size_t i = 0; i < PA_ARRAY_SIZE(caches); i++) {
        const char *bytes = pa_run_fact(run, caches[i], "0");
        if (strtod(bytes, NULL) <= 0)
            continue;
        fputs(gap, out);
        print_bytes(out, bytes);
        gap = " / ";
    }
    if (!pa_is(pa_run_fact(run, "hypervisor", "none seen"), "none seen"))
        fputs(DOT "virtual", out);
}

char *pa_machine_text(const struct pa_run_tables *run)
{
    struct pa_string text;
    FILE *out = pa_string_open(&text);

    print_fact(out, run, "label", "", ": ");
    if (pa_run_is_counted(run)) /* the same on any machine */
        fprintf(out, "%s, counting instructions",
                pa_run_fact(run, "emulator", "an emulator"));
    else
        print_host(out, run);
    pa_string_close(out);
    return text.text;
}
