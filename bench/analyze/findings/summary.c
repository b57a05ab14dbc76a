/* SPDX-License-Identifier: MIT */
#include "summary.h"

#include "backends.h"
#include "show.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define GROWTH_INDEX(name, type, unit, fallback, meaning)    GROWTH_##name,
#define SLOPE_INDEX(name, type, unit, fallback, meaning)     SLOPE_##name,
#define CROSSOVER_INDEX(name, type, unit, fallback, meaning) CROSSOVER_##name,
enum growth_column { PB_GROWTH(GROWTH_INDEX) GROWTH_COLUMNS };
enum slope_column { PB_SLOPES(SLOPE_INDEX) SLOPE_COLUMNS };
enum crossover_column { PB_CROSSOVERS(CROSSOVER_INDEX) CROSSOVER_COLUMNS };

static const struct pa_column growth_columns[] = {PB_GROWTH(PA_COLUMN)};
static const struct pa_column slope_columns[] = {PB_SLOPES(PA_COLUMN)};
static const struct pa_column crossover_columns[] = {PB_CROSSOVERS(PA_COLUMN)};

/* The files of a run that the sentences are made from. */
struct sources {
    struct pa_table growth, slopes, crossovers;
    struct pa_backend_list backends;
};

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
static const union pa_cell *find_growth(const struct sources *sources,
                                        const char *backend,
                                        const char *variable)
{
    const union pa_cell *best = NULL;

    for (size_t i = 0; i < sources->growth.n_rows; i++) {
        const union pa_cell *row = pa_table_row(&sources->growth, i);
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

static int is_class(const union pa_cell *growth, const char *class)
{
    return strcmp(growth[GROWTH_class].text, class) == 0;
}

/* Whether a slope is one along that series. */
static int is_slope_of(const union pa_cell *slope, const union pa_cell *growth)
{
    return slope[SLOPE_typical].integer == 1 &&
           strcmp(slope[SLOPE_backend].text, growth[GROWTH_backend].text) ==
               0 &&
           strcmp(slope[SLOPE_stage].text, growth[GROWTH_stage].text) == 0 &&
           strcmp(slope[SLOPE_layout].text, growth[GROWTH_layout].text) == 0 &&
           strcmp(slope[SLOPE_variable].text, growth[GROWTH_variable].text) ==
               0 &&
           slope[SLOPE_highest_fd].integer ==
               growth[GROWTH_highest_fd].integer &&
           slope[SLOPE_fd_count].integer == growth[GROWTH_fd_count].integer &&
           slope[SLOPE_ready_count].integer ==
               growth[GROWTH_ready_count].integer &&
           slope[SLOPE_occupied_words].integer ==
               growth[GROWTH_occupied_words].integer;
}

/* Whether it may be none. */
static int is_level(const union pa_cell *slope)
{
    return slope[SLOPE_slope_low].real < 0 && slope[SLOPE_slope_high].real > 0;
}

/* "ns per fd" without the ns. */
static const char *per_unit(const char *unit)
{
    return strncmp(unit, "ns ", 3) == 0 ? unit + 3 : unit;
}

/* "50.0 ns [49.3, 50.8] per fd (2 to 24), 53.4 ns [...] (64 to 512)"; of
 * numbers, 64 at a time. */
static void print_slopes(FILE *out, const struct sources *sources,
                         const union pa_cell *growth)
{
    int is_number = strcmp(growth[GROWTH_variable].text, "highest_fd") == 0;
    int has_steps =
        strpbrk(growth[GROWTH_allowed_for].text, "0123456789") != NULL;
    double times = is_number ? 64 : 1;
    int n_printed = 0;

    for (size_t i = 0; i < sources->slopes.n_rows; i++) {
        const union pa_cell *row = pa_table_row(&sources->slopes, i);
        if (!is_slope_of(row, growth) || is_level(row))
            continue;
        const char *unit = row[SLOPE_unit].text;
        fprintf(out, "%s%.3g ns", n_printed ? ", " : "; ",
                times * row[SLOPE_slope].real);
        if (!isnan(row[SLOPE_slope_low].real))
            fprintf(out, " [%.3g, %.3g]", times * row[SLOPE_slope_low].real,
                    times * row[SLOPE_slope_high].real);
        if (!n_printed++)
            fprintf(out, " %s%s", is_number ? "per 64 numbers" : per_unit(unit),
                    is_number && has_steps ? " between steps" : "");
        fprintf(out, " (%lld to %lld)",
                (long long)row[SLOPE_window_from].integer,
                (long long)row[SLOPE_window_to].integer);
    }
}

static void print_exponent(FILE *out, const union pa_cell *growth)
{
    if (!isnan(growth[GROWTH_exponent].real))
        fprintf(out, ", exponent %.3g [%.3g, %.3g]",
                growth[GROWTH_exponent].real, growth[GROWTH_exponent_low].real,
                growth[GROWTH_exponent_high].real);
}

/* ": 359 ns at 8, 1.20 us at 19705". */
static void print_ends(FILE *out, const union pa_cell *growth)
{
    fprintf(out, ": %s at %lld, %s at %lld",
            pa_show_ns(growth[GROWTH_from_ns].real).text,
            (long long)growth[GROWTH_from].integer,
            pa_show_ns(growth[GROWTH_to_ns].real).text,
            (long long)growth[GROWTH_to].integer);
}

/* ": from 8 to 19705 it changes by 0.4 [-0.8, 1.6] ns of 299 ns". */
static void print_level(FILE *out, const union pa_cell *growth)
{
    fprintf(out, ": from %lld to %lld it changes by %s of %s",
            (long long)growth[GROWTH_from].integer,
            (long long)growth[GROWTH_to].integer,
            pa_show_interval(growth[GROWTH_change_ns].real,
                             growth[GROWTH_change_low_ns].real,
                             growth[GROWTH_change_high_ns].real, "ns")
                .text,
            pa_show_ns(growth[GROWTH_from_ns].real).text);
}

/* "O(n) in the number of fds watched, exponent 1.02 [1.01, 1.03]" */
static void print_class(FILE *out, const union pa_cell *growth)
{
    const char *variable = growth[GROWTH_variable].text;
    const char *number =
        strcmp(variable, "highest_fd") == 0 ? "" : "number of ";

    if (is_class(growth, "cannot-tell"))
        fprintf(out, "how it grows with the %s%s cannot be told", number,
                pa_factor_words(variable));
    else
        fprintf(out, "%s in the %s%s",
                pa_class_words(growth[GROWTH_class].text), number,
                pa_factor_words(variable));
    print_exponent(out, growth);
}

/* What becomes of the whole call along a factor: one line, or none. Returns
 * whether there is one. */
static int print_growth(FILE *out, const struct sources *sources,
                        const char *backend, const char *variable)
{
    const union pa_cell *growth = find_growth(sources, backend, variable);

    if (!growth)
        return 0;
    fprintf(out, "%s: ", backend);
    print_class(out, growth);
    if (is_class(growth, "O(1)")) {
        print_level(out, growth);
    } else {
        print_ends(out, growth);
        print_slopes(out, sources, growth);
    }
    fputs(".\n", out);
    return 1;
}

/* At the most frequent base: the largest M, the fewest fds. */
static const union pa_cell *find_crossing(const struct pa_table *crossovers,
                                          const char *first, const char *second,
                                          const char *variable)
{
    const union pa_cell *best = NULL;

    for (size_t i = 0; i < crossovers->n_rows; i++) {
        const union pa_cell *row = pa_table_row(crossovers, i);
        if (row[CROSSOVER_typical].integer == 1 &&
            strcmp(row[CROSSOVER_status].text, "found") == 0 &&
            strcmp(row[CROSSOVER_layout].text, "packed") == 0 &&
            strcmp(row[CROSSOVER_stage].text, "all") == 0 &&
            strcmp(row[CROSSOVER_first].text, first) == 0 &&
            strcmp(row[CROSSOVER_second].text, second) == 0 &&
            strcmp(row[CROSSOVER_variable].text, variable) == 0 &&
            (!best ||
             row[CROSSOVER_points].integer > best[CROSSOVER_points].integer))
            best = row;
    }
    return best;
}

/* Where the one before it in the order is cheaper. */
static void print_crossings(FILE *out, const struct pa_table *crossovers,
                            const char *backend, const char *before)
{
    const union pa_cell *count =
        find_crossing(crossovers, before, backend, "fd_count");
    const union pa_cell *share =
        find_crossing(crossovers, backend, before, "ready_share");

    if (count)
        fprintf(out, "%s: cheaper than %s above %.3g fds with %lld ready.\n",
                backend, before, count[CROSSOVER_place].real,
                (long long)count[CROSSOVER_ready_count].integer);
    if (share)
        fprintf(out,
                "%s: dearer than %s where over %.0f %% of %lld fds are "
                "ready.\n",
                backend, before, 100 * share[CROSSOVER_place].real,
                (long long)share[CROSSOVER_fd_count].integer);
}

/* One backend: first what it looks through, beside it its variants, then the
 * other factors; the number ready only of what looks through that, for others
 * it is a small part. */
static void print_backend(FILE *out, const struct sources *sources,
                          const struct pa_backend *head, const char *before)
{
    const char *const others[] = {"fd_count", "highest_fd"};
    int n_printed = print_growth(out, sources, head->name, head->scans);

    for (size_t i = 0; i < sources->backends.n; i++) {
        const struct pa_backend *variant = &sources->backends.backends[i];
        if (variant != head && strcmp(variant->family, head->family) == 0)
            print_growth(out, sources, variant->name, head->scans);
    }
    for (size_t i = 0; i < PA_ARRAY_SIZE(others); i++)
        if (strcmp(others[i], head->scans) != 0)
            n_printed += print_growth(out, sources, head->name, others[i]);
    if (n_printed)
        print_crossings(out, &sources->crossovers, head->name, before);
}

/* Some lines for each backend that is no variant. */
static void print_all(FILE *out, const struct sources *sources)
{
    const char *before = "";

    for (size_t i = 0; i < sources->backends.n; i++) {
        const struct pa_backend *backend = &sources->backends.backends[i];
        if (!pa_backend_is_head(backend))
            continue;
        print_backend(out, sources, backend, before);
        before = backend->name;
    }
    if (sources->growth.n_rows == 0)
        fprintf(out, "No series of this run says how its costs grow.\n");
}

static int read_all(struct sources *sources, const char *folder,
                    struct pa_problem *problem)
{
    const struct {
        struct pa_table *table;
        const char *name;
        const struct pa_column *columns;
        size_t n_columns;
    } files[] = {
        {&sources->growth, "growth.csv", growth_columns, GROWTH_COLUMNS},
        {&sources->slopes, "slopes.csv", slope_columns, SLOPE_COLUMNS},
        {&sources->crossovers, "crossovers.csv", crossover_columns,
         CROSSOVER_COLUMNS}};
    int error = 0;

    for (size_t i = 0; i < PA_ARRAY_SIZE(files) && error == 0; i++) {
        char *path = pa_path(folder, files[i].name);
        if (!path)
            error = pa_problem_set(problem, "out of memory");
        else if (access(path, F_OK) < 0 && errno == ENOENT)
            error = pa_problem_set(problem,
                                   "%.300s: not there; pollfit %.300s makes it",
                                   path, folder);
        else
            error = pa_table_read(files[i].table, path, files[i].columns,
                                  files[i].n_columns, problem);
        free(path);
    }
    return error < 0
               ? error
               : pa_backend_list_read(&sources->backends, folder, problem);
}

int pa_summary_print(FILE *out, const char *folder, struct pa_problem *problem)
{
    struct sources sources = {0};
    int error = read_all(&sources, folder, problem);

    if (error == 0)
        print_all(out, &sources);
    pa_table_free(&sources.growth);
    pa_table_free(&sources.slopes);
    pa_table_free(&sources.crossovers);
    pa_backend_list_free(&sources.backends);
    return error;
}
