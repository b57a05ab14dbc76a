/* SPDX-License-Identifier: MIT */
#include "predict.h"

#include "show.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MODEL_INDEX(name, type, unit, fallback, meaning) MODEL_##name,
enum model_column { PB_MODELS(MODEL_INDEX) MODEL_COLUMNS };

static const struct pa_column model_columns[] = {PB_MODELS(PA_COLUMN)};

int pa_predictor_read(struct pa_predictor *predictor, const char *folder,
                      struct pa_problem *problem)
{
    PA_FREED char *path = pa_path(folder, "models.csv");
    int error = path ? pa_table_read(&predictor->models, path, model_columns,
                                     MODEL_COLUMNS, problem)
                     : pa_problem_set(problem, "out of memory");

    predictor->stage = "all";
    return error;
}

void pa_predictor_free(struct pa_predictor *predictor)
{
    pa_table_free(&predictor->models);
}

/* The rows of one model, and the value of each term. */
struct terms {
    size_t first, n;
    double values[PA_TERMS_MAX];
};

static int fill_terms(struct terms *terms, const struct pa_table *models,
                      const struct pb_factors *factors,
                      struct pa_problem *problem)
{
    struct pa_term term;

    if (terms->n > PA_TERMS_MAX)
        return pa_problem_set(problem, "models.csv: %zu terms of one model",
                              terms->n);
    for (size_t i = 0; i < terms->n; i++) {
        const union pa_cell *row = pa_table_row(models, terms->first + i);
        if (pa_term_parse(&term, row[MODEL_term].text, row[MODEL_at].integer) <
            0)
            return pa_problem_set(problem, "models.csv: unknown term \"%.60s\"",
                                  row[MODEL_term].text);
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
                  const struct pa_table *models, struct pa_problem *problem)
{
    double squares = 0;

    *cost = (struct pa_interval){0, NAN, NAN};
    for (size_t i = 0; i < terms->n; i++) {
        const union pa_cell *row = pa_table_row(models, terms->first + i);
        double spread = spread_of(terms, row[MODEL_spread].text);
        if (isnan(spread) && *row[MODEL_spread].text)
            return pa_problem_set(
                problem,
                "models.csv: spread is \"%.40s\", not a "
                "number for each of %zu terms; run pollbench fit "
                "again",
                row[MODEL_spread].text, terms->n);
        cost->value += row[MODEL_value].real * terms->values[i];
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
                        const union pa_cell *model,
                        const struct pb_factors *factors)
{
    const struct {
        const char *name;
        int64_t value, low, high;
    } ranges[] = {{"highest_fd", factors->highest_fd,
                   model[MODEL_from_highest_fd].integer,
                   model[MODEL_to_highest_fd].integer},
                  {"fd_count", factors->fd_count,
                   model[MODEL_from_fd_count].integer,
                   model[MODEL_to_fd_count].integer},
                  {"ready_count", factors->ready_count,
                   model[MODEL_from_ready_count].integer,
                   model[MODEL_to_ready_count].integer}};
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

static int is_wanted(const union pa_cell *row, const char *stage)
{
    return row[MODEL_typical].integer == 1 &&
           strcmp(row[MODEL_stage].text, stage) == 0;
}

/* The next model of the stage from row i on; n is 0 at the end. */
static struct terms next_model(const struct pa_table *models, size_t i,
                               const char *stage)
{
    while (i < models->n_rows && !is_wanted(pa_table_row(models, i), stage))
        i++;
    struct terms terms = {.first = i};
    for (; i < models->n_rows; i++, terms.n++) {
        const union pa_cell *first = pa_table_row(models, terms.first);
        const union pa_cell *row = pa_table_row(models, i);
        if (!is_wanted(row, stage) ||
            strcmp(row[MODEL_backend].text, first[MODEL_backend].text) != 0)
            break;
    }
    return terms;
}

int pa_predict(struct pa_prediction *predictions, size_t room,
               const struct pa_predictor *predictor,
               const struct pb_factors *factors, struct pa_problem *problem)
{
    const struct pa_table *models = &predictor->models;
    struct terms terms = next_model(models, 0, predictor->stage);
    size_t n = 0;

    for (; terms.n > 0 && n < room; n++) {
        const union pa_cell *model = pa_table_row(models, terms.first);
        struct pa_prediction *prediction = &predictions[n];
        if (fill_terms(&terms, models, factors, problem) < 0 ||
            add_up(&prediction->cost_ns, &terms, models, problem) < 0)
            return -1;
        prediction->backend = model[MODEL_backend].text;
        prediction->flags = model[MODEL_flags].text;
        note_beyond(prediction, model, factors);
        terms = next_model(models, terms.first + terms.n, predictor->stage);
    }
    return (int)n;
}
