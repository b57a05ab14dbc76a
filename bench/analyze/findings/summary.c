/* SPDX-License-Identifier: MIT */
#include "summary.h"

#include "table.h"

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

/* A textbook loop that stops when nothing is ready has its slope there. */
static const union pa_cell *textbook_slope(const struct pa_table *models)
{
    const union pa_cell *row =
        find_term(models, "select-textbook", "highest_fd_if_ready");
    return row ? row : find_term(models, "select-textbook", "highest_fd");
}

static void print_select(FILE *out, const struct pa_table *models)
{
    const union pa_cell *m = find_term(models, "select", "highest_fd");
    const union pa_cell *n = find_term(models, "select", "fd_count");
    const union pa_cell *textbook = textbook_slope(models);

    if (!m && !n)
        return;
    fprintf(out, "select: ");
    if (m) {
        print_slope(out, m, 64);
        fprintf(out, " per 64 fd numbers up to the highest");
        if (textbook)
            fprintf(out, " (the textbook loop: %.3g ns)",
                    64 * textbook[MODEL_value].real);
    } else {
        fprintf(out, "no slope in the highest fd found");
    }
    if (n) {
        fprintf(out, ", and ");
        print_bent_slope(out, models, n, "bend_fd_count", "watched");
    }
    fprintf(out, ".\n");
}

static void print_poll(FILE *out, const struct pa_table *models)
{
    const union pa_cell *m = find_term(models, "poll", "highest_fd");
    const union pa_cell *n = find_term(models, "poll", "fd_count");

    if (!n)
        return;
    fprintf(out, "poll: ");
    print_bent_slope(out, models, n, "bend_fd_count", "watched");
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

static void print_epoll(FILE *out, const struct pa_table *models,
                        const struct pa_table *crossovers)
{
    const union pa_cell *m = find_term(models, "epoll", "highest_fd");
    const union pa_cell *n = find_term(models, "epoll", "fd_count");
    const union pa_cell *r = find_term(models, "epoll", "ready_count");
    const union pa_cell *count =
        find_crossing(crossovers, "poll", "epoll", "fd_count");
    const union pa_cell *share =
        find_crossing(crossovers, "epoll", "poll", "ready_share");

    if (!find_term(models, "epoll", "intercept"))
        return;
    fprintf(out, "epoll: ");
    if (r) {
        print_bent_slope(out, models, r, "bend_ready_count", "ready");
        fputs(", ", out);
    }
    fprintf(out, m || n ? "but not flat in the others" : "whatever is watched");
    if (count)
        fprintf(out, "; cheaper than poll above %.3g fds with %lld ready",
                count[CROSSOVER_place].real,
                (long long)count[CROSSOVER_ready_count].integer);
    if (share)
        fprintf(out, ", dearer where over %.0f %% of %lld are ready",
                100 * share[CROSSOVER_place].real,
                (long long)share[CROSSOVER_fd_count].integer);
    fprintf(out, ".\n");
}

int pa_summary_print(FILE *out, const char *folder, struct pa_problem *problem)
{
    struct pa_table models = {0}, crossovers = {0};
    char *models_path = pa_path(folder, "models.csv");
    char *crossovers_path = pa_path(folder, "crossovers.csv");
    int error = models_path && crossovers_path
                    ? 0
                    : pa_problem_set(problem, "out of memory");

    if (error == 0)
        error = pa_table_read(&models, models_path, model_columns,
                              MODEL_COLUMNS, problem);
    if (error == 0)
        error = pa_table_read(&crossovers, crossovers_path, crossover_columns,
                              CROSSOVER_COLUMNS, problem);
    if (error == 0) {
        print_select(out, &models);
        print_poll(out, &models);
        print_epoll(out, &models, &crossovers);
        if (models.n_rows == 0)
            fprintf(out, "Too little data for a model.\n");
    }
    pa_table_free(&models);
    pa_table_free(&crossovers);
    free(models_path);
    free(crossovers_path);
    return error;
}
