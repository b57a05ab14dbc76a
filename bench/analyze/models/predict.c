/* SPDX-License-Identifier: MIT */
#include "predict.h"

#include "need.h"
#include "rules.h"
#include "run_tables.h"
#include "show.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int pa_predictor_read(struct pa_predictor *predictor, const char *folder,
                      struct pa_problem *problem)
{
    *predictor = (struct pa_predictor){.folder = folder, .stage = "all"};
    return pa_run_file_read(&predictor->models, folder, PA_MODELS, problem);
}

void pa_predictor_free(struct pa_predictor *predictor)
{
    pa_table_free(&predictor->models);
    pa_table_free(&predictor->growth);
}

/* The rows of one model, and the value of each term. */
struct terms {
    const struct pb_models_row *rows;
    size_t n;
    double values[PA_TERMS_MAX];
};

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
static int add_up(struct pa_interval *cost, struct terms *terms,
                  const struct pb_factors *factors, struct pa_problem *problem)
{
    double squares = 0, value = 0;
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
        value += row->value * terms->values[i];
    }
    for (size_t i = 0; i < terms->n; i++) {
        const char *text = terms->rows[i].spread;
        double spread = spread_of(terms, text);
        if (isnan(spread) && *text)
            return pa_problem_set(problem,
                                  "models.csv: spread is \"%.40s\", not a "
                                  "number for each of %zu terms; run pollbench "
                                  "fit again",
                                  text, terms->n);
        squares += spread * terms->values[i];
    }
    double half = isfinite(squares) ? sqrt(fmax(0, squares)) : NAN;
    *cost = (struct pa_interval){value, NAN, value + half};
    if (!isnan(half))
        cost->low = fmax(0, value - half);
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

static int is_wanted(const struct pb_models_row *row,
                     const struct pa_predictor *predictor)
{
    return strcmp(row->stage, predictor->stage) == 0 &&
           pa_is_model_of(row, predictor->of);
}

/* The first model of the stage from a row on; n is 0 at the end. */
static struct terms next_model(const struct pa_predictor *predictor,
                               const struct pb_models_row *row)
{
    const struct pb_models_row *end = (const void *)predictor->models.cells;

    if (!end) /* no rows at all */
        return (struct terms){0};
    end += predictor->models.n_rows;
    while (row < end && !is_wanted(row, predictor))
        row++;
    struct terms terms = {.rows = row};
    while (row < end && is_wanted(row, predictor) &&
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

    for (; terms.rows && terms.n > 0 && n < room; n++) {
        struct pa_prediction *prediction = &predictions[n];
        if (add_up(&prediction->cost_ns, &terms, factors, problem) < 0)
            return -1;
        prediction->backend = terms.rows->backend;
        prediction->flags = terms.rows->flags;
        prediction->unit = pb_metric_unit(terms.rows->metric);
        note_beyond(prediction, terms.rows, factors);
        terms = next_model(predictor, terms.rows + terms.n);
    }
    return (int)n;
}

/* Ends apart from values: what both have in common moves them alike. */
static void add_interval(struct pa_interval *sum, struct pa_interval more)
{
    sum->value += more.value;
    sum->low += more.low;
    sum->high += more.high;
}

/* Of those so far, which are kept, the ones that were found, too. */
static int keep_common(struct pa_passes *passes, int n_passes,
                       enum pa_model_of of, const struct pa_prediction *found,
                       int n_found)
{
    int n_kept = 0;

    for (int i = 0; i < n_passes; i++)
        for (int j = 0; j < n_found; j++)
            if (strcmp(passes[i].asleep.backend, found[j].backend) == 0) {
                passes[n_kept] = passes[i];
                passes[n_kept++].ns[of] = found[j].cost_ns;
            }
    return n_kept;
}

int pa_predict_passes(struct pa_passes *passes, size_t room,
                      const struct pa_predictor *predictor,
                      const struct pb_factors *factors,
                      struct pa_problem *problem)
{
    PA_FREED struct pa_prediction *found = pa_room(room, sizeof *found);
    struct pa_predictor one = *predictor;
    int n = 0;

    for (one.of = PA_WARM_LOOK; one.of < PA_N_MODELS_OF; one.of++) {
        int n_found = pa_predict(found, room, &one, factors, problem);
        if (n_found < 0)
            return -1;
        for (; one.of == PA_WARM_LOOK && n < n_found; n++)
            passes[n].asleep = found[n];
        n = keep_common(passes, n, one.of, found, n_found);
    }
    for (int i = 0; i < n; i++)
        passes[i].asleep.cost_ns = pa_passes_ns(&passes[i], 1);
    return n;
}

struct pa_interval pa_passes_ns(const struct pa_passes *passes, int queues)
{
    struct pa_interval warm = passes->ns[PA_WARM_LOOK];
    struct pa_interval cold = passes->ns[PA_COLD_LOOK];

    if (queues) {
        add_interval(&warm, passes->ns[PA_WARM_QUEUE]);
        add_interval(&cold, passes->ns[PA_COLD_QUEUE]);
    }
    return (struct pa_interval){
        warm.value + PB_SLEEP_COLD * (cold.value - warm.value),
        fmin(warm.low, cold.low), fmax(warm.high, cold.high)};
}

/* How a backend's cost grows with changes of this way, at about as many fds;
 * NULL: it was not measured. */
static const struct pb_growth_row *growth_of(const struct pa_table *growth,
                                             const char *backend,
                                             const struct pb_factors *factors)
{
    const struct pb_growth_row *best = NULL,
                               *rows = (const void *)growth->cells;
    double least = INFINITY;

    for (const struct pb_growth_row *row = rows; row < rows + growth->n_rows;
         row++) {
        double apart =
            fabs(log((double)row->fd_count / (double)factors->fd_count));
        if (strcmp(row->variable, "changes") != 0 ||
            strcmp(row->backend, backend) != 0 ||
            strcmp(row->change, factors->change) != 0 || !(apart < least))
            continue;
        least = apart;
        best = row;
    }
    return best;
}

int pa_predict_changes(struct pa_prediction *predictions, size_t n,
                       struct pa_predictor *predictor,
                       const struct pb_factors *factors,
                       struct pa_problem *problem)
{
    int n_kept = 0;

    if (predictor->growth.n_rows == 0 &&
        pa_run_file_read(&predictor->growth, predictor->folder, PA_GROWTH,
                         problem) < 0)
        return -1;
    for (size_t i = 0; i < n; i++) {
        const struct pb_growth_row *row =
            growth_of(&predictor->growth, predictions[i].backend, factors);
        if (!row)
            continue;
        double times = (double)factors->changes / (double)(row->to - row->from);
        predictions[n_kept] = predictions[i];
        add_interval(&predictions[n_kept++].cost_ns,
                     (struct pa_interval){times * row->change_ns,
                                          times * row->change_low_ns,
                                          times * row->change_high_ns});
    }
    return n_kept > 0 ? n_kept
                      : pa_problem_set(problem,
                                       "%s: nothing is known of the change "
                                       "\"%.40s\": measure the sweep churn",
                                       predictor->folder, factors->change);
}
