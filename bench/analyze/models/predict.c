/* SPDX-License-Identifier: MIT */
#include "predict.h"

#include "run_tables.h"
#include "show.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int pa_predictor_read(struct pa_predictor *predictor, const char *folder,
                      struct pa_problem *problem)
{
    predictor->stage = "all";
    return pa_run_file_read(&predictor->models, folder, PA_MODELS, problem);
}

void pa_predictor_free(struct pa_predictor *predictor)
{
    pa_table_free(&predictor->models);
}

/* The rows of one model, and the value of each term. */
struct terms {
    const struct pb_models_row *rows;
    size_t n;
    double values[PA_TERMS_MAX];
};

static int fill_terms(struct terms *terms, const struct pb_factors *factors,
                      struct pa_problem *problem)
{
    struct pa_term term;

    if (terms->n > PA_TERMS_MAX)
        return pa_problem_set(problem, "models.csv: %zu terms of one model",
                              terms->n);
    for (size_t i = 0; i < terms->n; i++) {
        const struct pb_models_row *row = &terms->rows[i];
        if (pa_term_parse(&term, row->term, row->at) < 0)
            return pa_problem_set(problem, "models.csv: unknown term \"%.60s\"",
                                  row->term);
        terms->values[i] = pa_term_value(&term, factors);
    }
    return 0;
}

/* The numbers of one row of the spread, each times its term's value. Returns
 * NAN if they are not one for each. */
static double spread_of(const struct terms *terms, const char *text)
{
    double sum = 0;

    for (size_t i = 0; i < terms->n; i++) {
        char *end;
        sum += strtod(text, &end) * terms->values[i];
        if (end == text)
            return NAN;
        text = end;
    }
    return *text ? NAN : sum;
}

/* Value and interval of the sum of all terms. */
static int add_up(struct pa_interval *cost, const struct terms *terms,
                  struct pa_problem *problem)
{
    double squares = 0;

    *cost = (struct pa_interval){0, NAN, NAN};
    for (size_t i = 0; i < terms->n; i++) {
        const struct pb_models_row *row = &terms->rows[i];
        double spread = spread_of(terms, row->spread);
        if (isnan(spread) && *row->spread)
            return pa_problem_set(
                problem,
                "models.csv: spread is \"%.40s\", not a "
                "number for each of %zu terms; run pollbench fit "
                "again",
                row->spread, terms->n);
        cost->value += row->value * terms->values[i];
        squares += spread * terms->values[i];
    }
    if (isfinite(squares)) {
        double half = sqrt(fmax(0, squares));
        cost->low = fmax(0, cost->value - half);
        cost->high = cost->value + half;
    }
    return 0;
}

static void note_beyond(struct pa_prediction *prediction,
                        const struct pb_models_row *model,
                        const struct pb_factors *factors)
{
    const struct {
        const char *name;
        int64_t value, low, high;
    } ranges[] = {{"highest_fd", factors->highest_fd, model->from_highest_fd,
                   model->to_highest_fd},
                  {"fd_count", factors->fd_count, model->from_fd_count,
                   model->to_fd_count},
                  {"ready_count", factors->ready_count, model->from_ready_count,
                   model->to_ready_count}};
    char *beyond = prediction->beyond;

    *beyond = '\0';
    for (size_t i = 0; i < PA_ARRAY_SIZE(ranges); i++)
        if (ranges[i].value < ranges[i].low || ranges[i].value > ranges[i].high)
            pa_append(beyond, sizeof prediction->beyond,
                      "%s%s %lld is outside %lld to %lld", *beyond ? ", " : "",
                      pa_factor_words(ranges[i].name),
                      (long long)ranges[i].value, (long long)ranges[i].low,
                      (long long)ranges[i].high);
}

static int is_wanted(const struct pb_models_row *row, const char *stage)
{
    return row->typical == 1 && strcmp(row->stage, stage) == 0;
}

/* The first model of the stage from a row on; n is 0 at the end. */
static struct terms next_model(const struct pa_predictor *predictor,
                               const struct pb_models_row *row)
{
    const struct pb_models_row *end = (const void *)predictor->models.cells;

    end += predictor->models.n_rows;
    while (row < end && !is_wanted(row, predictor->stage))
        row++;
    struct terms terms = {.rows = row};
    while (row < end && is_wanted(row, predictor->stage) &&
           strcmp(row->backend, terms.rows->backend) == 0)
        row++;
    terms.n = (size_t)(row - terms.rows);
    return terms;
}

int pa_predict(struct pa_prediction *predictions, size_t room,
               const struct pa_predictor *predictor,
               const struct pb_factors *factors, struct pa_problem *problem)
{
    struct terms terms =
        next_model(predictor, (const void *)predictor->models.cells);
    size_t n = 0;

    for (; terms.n > 0 && n < room; n++) {
        struct pa_prediction *prediction = &predictions[n];
        if (fill_terms(&terms, factors, problem) < 0 ||
            add_up(&prediction->cost_ns, &terms, problem) < 0)
            return -1;
        prediction->backend = terms.rows->backend;
        prediction->flags = terms.rows->flags;
        prediction->unit = pb_metric_unit(terms.rows->metric);
        note_beyond(prediction, terms.rows, factors);
        terms = next_model(predictor, terms.rows + terms.n);
    }
    return (int)n;
}
