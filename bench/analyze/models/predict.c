/* SPDX-License-Identifier: MIT */
#include "predict.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MODEL_INDEX(name, type, unit, fallback, meaning) MODEL_##name,
#define FIT_INDEX(name, type, unit, fallback, meaning)   FIT_##name,
enum model_column { PB_MODELS(MODEL_INDEX) MODEL_COLUMNS };
enum fit_column { PB_FITS(FIT_INDEX) FIT_COLUMNS };

static const struct pa_column model_columns[] = {PB_MODELS(PA_COLUMN)};
static const struct pa_column fit_columns[] = {PB_FITS(PA_COLUMN)};

#define INVOCATIONS_MAX 1000

int pa_predictor_read(struct pa_predictor *predictor, const char *folder,
                      struct pa_problem *problem)
{
    char *models = pa_path(folder, "models.csv");
    char *fits = pa_path(folder, "fits.csv");
    int error = models && fits ? 0 : pa_problem_set(problem, "out of memory");

    *predictor = (struct pa_predictor){0};
    if (error == 0)
        error = pa_table_read(&predictor->models, models, model_columns,
                              MODEL_COLUMNS, problem);
    if (error == 0)
        error = pa_table_read(&predictor->fits, fits, fit_columns, FIT_COLUMNS,
                              problem);
    if (error < 0)
        pa_predictor_free(predictor);
    free(models);
    free(fits);
    return error;
}

void pa_predictor_free(struct pa_predictor *predictor)
{
    pa_table_free(&predictor->models);
    pa_table_free(&predictor->fits);
}

/* What each invocation's fit says, by invocation number. */
struct answers {
    size_t n;
    int64_t ids[INVOCATIONS_MAX];
    double costs[INVOCATIONS_MAX];
};

static double *answer_of(struct answers *answers, int64_t id)
{
    size_t i = 0;

    while (i < answers->n && answers->ids[i] != id)
        i++;
    if (i == INVOCATIONS_MAX)
        return NULL;
    if (i == answers->n) {
        answers->ids[i] = id;
        answers->costs[i] = 0;
        answers->n++;
    }
    return &answers->costs[i];
}

static int is_of(const char *backend, const char *stage,
                 const union pa_cell *row, size_t backend_column)
{
    return strcmp(row[backend_column].text, backend) == 0 &&
           strcmp(row[backend_column + 1].text, stage) == 0;
}

static int add_term(struct answers *answers, const union pa_cell *row,
                    const struct pb_factors *factors,
                    struct pa_problem *problem)
{
    struct pa_term term;

    if (pa_term_parse(&term, row[FIT_term].text, row[FIT_at].integer) < 0)
        return pa_problem_set(problem, "fits.csv: unknown term \"%.60s\"",
                              row[FIT_term].text);
    double *cost = answer_of(answers, row[FIT_invocation].integer);
    if (!cost)
        return pa_problem_set(problem, "fits.csv: more than %d invocations",
                              INVOCATIONS_MAX);
    *cost += row[FIT_value].real * pa_term_value(&term, factors);
    return 0;
}

static int gather(struct answers *answers, const struct pa_table *fits,
                  const char *backend, const char *stage,
                  const struct pb_factors *factors, struct pa_problem *problem)
{
    answers->n = 0;
    for (size_t i = 0; i < fits->n_rows; i++) {
        const union pa_cell *row = pa_table_row(fits, i);
        if (is_of(backend, stage, row, FIT_backend) &&
            add_term(answers, row, factors, problem) < 0)
            return -1;
    }
    return 0;
}

/* The model's own error adds to that of its coefficients. */
static struct pa_interval interval_of(const struct answers *answers, double rms,
                                      size_t *n_used)
{
    double mean = pa_mean(answers->costs, answers->n, n_used);
    double n = (double)*n_used;

    if (*n_used < 2)
        return (struct pa_interval){mean, NAN, NAN};
    double deviation = pa_deviation(answers->costs, answers->n);
    double half = pa_t95(n - 1) *
                  sqrt(deviation * deviation / n + rms * rms * mean * mean);
    return (struct pa_interval){mean, fmax(0, mean - half), mean + half};
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
    size_t n = 0;

    prediction->beyond[0] = '\0';
    for (size_t i = 0; i < PA_ARRAY_SIZE(ranges); i++)
        if ((ranges[i].value < ranges[i].low ||
             ranges[i].value > ranges[i].high) &&
            n < sizeof prediction->beyond)
            n += (size_t)snprintf(
                prediction->beyond + n, sizeof prediction->beyond - n,
                "%s%s %lld is outside %lld..%lld", n ? ", " : "",
                ranges[i].name, (long long)ranges[i].value,
                (long long)ranges[i].low, (long long)ranges[i].high);
}

/* The first row of a selected model stands for the model. */
static int is_first_of_model(const struct pa_table *models, size_t i,
                             const char *stage)
{
    const union pa_cell *row = pa_table_row(models, i);

    return row[MODEL_selected].integer == 1 &&
           strcmp(row[MODEL_stage].text, stage) == 0 &&
           strcmp(row[MODEL_term].text, "intercept") == 0;
}

int pa_predict(struct pa_prediction *predictions, size_t room,
               const struct pa_predictor *predictor, const char *stage,
               const struct pb_factors *factors, struct pa_problem *problem)
{
    struct answers *answers = malloc(sizeof *answers);
    size_t n = 0;
    int error = 0;

    if (!answers)
        return pa_problem_set(problem, "out of memory");
    for (size_t i = 0; error == 0 && i < predictor->models.n_rows && n < room;
         i++) {
        const union pa_cell *model = pa_table_row(&predictor->models, i);
        struct pa_prediction *prediction = &predictions[n];
        if (!is_first_of_model(&predictor->models, i, stage))
            continue;
        error = gather(answers, &predictor->fits, model[MODEL_backend].text,
                       stage, factors, problem);
        if (error < 0 || answers->n == 0)
            continue;
        prediction->backend = model[MODEL_backend].text;
        prediction->flags = model[MODEL_flags].text;
        prediction->rms = model[MODEL_rms_percent].real / 100;
        prediction->cost_ns =
            interval_of(answers, prediction->rms, &prediction->n_invocations);
        note_beyond(prediction, model, factors);
        n++;
    }
    free(answers);
    return error < 0 ? -1 : (int)n;
}
