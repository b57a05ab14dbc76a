/* SPDX-License-Identifier: MIT */
#include "summary.h"

#include "backends.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MODEL_INDEX(name, type, unit, fallback, meaning)     MODEL_##name,
#define CROSSOVER_INDEX(name, type, unit, fallback, meaning) CROSSOVER_##name,
enum model_column { PB_MODELS(MODEL_INDEX) MODEL_COLUMNS };
enum crossover_column { PB_CROSSOVERS(CROSSOVER_INDEX) CROSSOVER_COLUMNS };

static const struct pa_column model_columns[] = {PB_MODELS(PA_COLUMN)};
static const struct pa_column crossover_columns[] = {PB_CROSSOVERS(PA_COLUMN)};

/* The selected model's row for a term of the whole call: of several the one
 * with the lowest place from `from` on; or NULL. */
static const union pa_cell *find_from(const struct pa_table *models,
                                      const char *backend, const char *term,
                                      int64_t from)
{
    const union pa_cell *first = NULL;

    for (size_t i = 0; i < models->n_rows; i++) {
        const union pa_cell *row = pa_table_row(models, i);
        if (row[MODEL_selected].integer == 1 &&
            row[MODEL_typical].integer == 1 &&
            strcmp(row[MODEL_stage].text, "all") == 0 &&
            strcmp(row[MODEL_backend].text, backend) == 0 &&
            strcmp(row[MODEL_term].text, term) == 0 &&
            row[MODEL_at].integer >= from &&
            (!first || row[MODEL_at].integer < first[MODEL_at].integer))
            first = row;
    }
    return first;
}

static const union pa_cell *find_term(const struct pa_table *models,
                                      const char *backend, const char *term)
{
    return find_from(models, backend, term, PA_NONE);
}

static void print_slope(FILE *out, const union pa_cell *row, double times)
{
    fprintf(out, "%.3g ns", times * row[MODEL_value].real);
    if (!isnan(row[MODEL_low].real))
        fprintf(out, " [%.3g, %.3g]", times * row[MODEL_low].real,
                times * row[MODEL_high].real);
}

/* The slope of a term, with what it becomes beyond each of its bends. */
static void print_bent_slope(FILE *out, const struct pa_table *models,
                             const union pa_cell *row, const char *bend,
                             const char *unit)
{
    const char *backend = row[MODEL_backend].text, *separator = " (";
    double slope = row[MODEL_value].real;
    const union pa_cell *next = find_from(models, backend, bend, 0);

    print_slope(out, row, 1);
    fprintf(out, " per fd %s", unit);
    for (; next; separator = ", ") {
        int64_t at = next[MODEL_at].integer;
        slope += next[MODEL_value].real;
        fprintf(out, "%s%.3g beyond %lld", separator, slope, (long long)at);
        next = find_from(models, backend, bend, at + 1);
    }
    fputs(separator[0] == ',' ? ")" : "", out);
}

/* The files of a run that the sentences are made from. */
struct sources {
    struct pa_table models, crossovers;
    struct pa_backend_list backends;
};

/* A loop that stops when nothing is ready has its slope where something is. */
static const union pa_cell *find_slope(const struct pa_table *models,
                                       const char *backend, const char *term)
{
    char if_ready[40];

    snprintf(if_ready, sizeof if_ready, "%s_if_ready", term);
    const union pa_cell *row = find_term(models, backend, if_ready);
    return row ? row : find_term(models, backend, term);
}

/* The same slope of the backend's variants. */
static void print_variants(FILE *out, const struct sources *sources,
                           const struct pa_backend *head, const char *term,
                           double times)
{
    const char *separator = " (";

    for (size_t i = 0; i < sources->backends.n; i++) {
        const struct pa_backend *variant = &sources->backends.backends[i];
        const union pa_cell *slope =
            find_slope(&sources->models, variant->name, term);
        if (variant == head || strcmp(variant->family, head->family) != 0 ||
            !slope)
            continue;
        fprintf(out, "%s%s: %.3g ns", separator, variant->name,
                times * slope[MODEL_value].real);
        separator = ", ";
    }
    fputs(separator[0] == ',' ? ")" : "", out);
}

/* What looks through all numbers. */
static void print_numbers(FILE *out, const struct sources *sources,
                          const struct pa_backend *head)
{
    const struct pa_table *models = &sources->models;
    const union pa_cell *m = find_term(models, head->name, "highest_fd");
    const union pa_cell *n = find_term(models, head->name, "fd_count");

    if (!m && !n)
        return;
    fprintf(out, "%s: ", head->name);
    if (m) {
        print_slope(out, m, 64);
        fprintf(out, " per 64 fd numbers up to the highest");
        print_variants(out, sources, head, "highest_fd", 64);
    } else {
        fprintf(out, "no slope in the highest fd found");
    }
    if (n) {
        fprintf(out, ", and ");
        print_bent_slope(out, models, n, "bend_fd_count", "watched");
    }
    fprintf(out, ".\n");
}

/* What looks through the watched fds. */
static void print_watched(FILE *out, const struct sources *sources,
                          const struct pa_backend *head)
{
    const struct pa_table *models = &sources->models;
    const union pa_cell *m = find_term(models, head->name, "highest_fd");
    const union pa_cell *n = find_term(models, head->name, "fd_count");

    if (!n)
        return;
    fprintf(out, "%s: ", head->name);
    print_bent_slope(out, models, n, "bend_fd_count", "watched");
    print_variants(out, sources, head, "fd_count", 1);
    if (m) {
        fprintf(out, ", and ");
        print_slope(out, m, 64);
        fprintf(out, " per 64 fd numbers.\n");
    } else {
        fprintf(out, ", whatever the highest fd is.\n");
    }
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
        fprintf(out, "; cheaper than %s above %.3g fds with %lld ready", before,
                count[CROSSOVER_place].real,
                (long long)count[CROSSOVER_ready_count].integer);
    if (share)
        fprintf(out, ", dearer where over %.0f %% of %lld are ready",
                100 * share[CROSSOVER_place].real,
                (long long)share[CROSSOVER_fd_count].integer);
}

/* What looks through the ready fds. */
static void print_ready(FILE *out, const struct sources *sources,
                        const struct pa_backend *head, const char *before)
{
    const struct pa_table *models = &sources->models;
    const union pa_cell *m = find_term(models, head->name, "highest_fd");
    const union pa_cell *n = find_term(models, head->name, "fd_count");
    const union pa_cell *r = find_term(models, head->name, "ready_count");

    if (!find_term(models, head->name, "intercept"))
        return;
    fprintf(out, "%s: ", head->name);
    if (r) {
        print_bent_slope(out, models, r, "bend_ready_count", "ready");
        print_variants(out, sources, head, "ready_count", 1);
        fputs(", ", out);
    }
    fprintf(out, m || n ? "but not flat in the others" : "whatever is watched");
    print_crossings(out, &sources->crossovers, head->name, before);
    fprintf(out, ".\n");
}

/* A sentence for each backend that is no variant. */
static void print_all(FILE *out, const struct sources *sources)
{
    const char *before = "";

    for (size_t i = 0; i < sources->backends.n; i++) {
        const struct pa_backend *backend = &sources->backends.backends[i];
        if (!pa_backend_is_head(backend))
            continue;
        if (strcmp(backend->scans, "highest_fd") == 0)
            print_numbers(out, sources, backend);
        else if (strcmp(backend->scans, "fd_count") == 0)
            print_watched(out, sources, backend);
        else
            print_ready(out, sources, backend, before);
        before = backend->name;
    }
    if (sources->models.n_rows == 0)
        fprintf(out, "Too little data for a model.\n");
}

int pa_summary_print(FILE *out, const char *folder, struct pa_problem *problem)
{
    struct sources sources = {0};
    char *models_path = pa_path(folder, "models.csv");
    char *crossovers_path = pa_path(folder, "crossovers.csv");
    int error = models_path && crossovers_path
                    ? 0
                    : pa_problem_set(problem, "out of memory");

    if (error == 0)
        error = pa_table_read(&sources.models, models_path, model_columns,
                              MODEL_COLUMNS, problem);
    if (error == 0)
        error = pa_table_read(&sources.crossovers, crossovers_path,
                              crossover_columns, CROSSOVER_COLUMNS, problem);
    if (error == 0)
        error = pa_backend_list_read(&sources.backends, folder, problem);
    if (error == 0)
        print_all(out, &sources);
    pa_table_free(&sources.models);
    pa_table_free(&sources.crossovers);
    pa_backend_list_free(&sources.backends);
    free(models_path);
    free(crossovers_path);
    return error;
}
