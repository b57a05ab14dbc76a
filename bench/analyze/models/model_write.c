/* SPDX-License-Identifier: MIT */
/* models.csv and fits.csv. */
#include "model.h"

#include "output.h"
#include "points.h"
#include "row.h"
#include "stats.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { SPREAD_BYTES = PA_TERMS_MAX * 26 };

struct range {
    int64_t low[PB_N_FACTORS];
    int64_t high[PB_N_FACTORS];
};

static struct range range_of(const struct pa_design *design)
{
    struct range range;

    for (int v = 0; v < PB_N_FACTORS; v++) {
        range.low[v] = INT64_MAX;
        range.high[v] = INT64_MIN;
        for (size_t i = 0; i < design->n_points; i++) {
            int64_t x = pb_factor_number(&design->points[i]->factors,
                                         (enum pb_factor)v);
            range.low[v] = x < range.low[v] ? x : range.low[v];
            range.high[v] = x > range.high[v] ? x : range.high[v];
        }
    }
    return range;
}

/* Coefficients of a model, one column a term, over the invocations that could
 * be fitted. */
struct columns {
    size_t n_terms, n_fitted;
    double *values; /* n_fitted of each term */
    double *ref1_ns;
};

static void columns_free(struct columns *columns)
{
    free(columns->values);
    free(columns->ref1_ns);
}

static int columns_init(struct columns *columns,
                        const struct pa_subject *subject,
                        const struct pa_model *model, const struct pa_run *run)
{
    size_t n = run->n_invocations, n_terms = model->n_terms, n_fitted = 0;
    double *rows = pa_model_coefficients(&subject->design, model, n);

    *columns = (struct columns){
        .n_terms = n_terms,
        .values = calloc(n * n_terms + 1, sizeof *columns->values),
        .ref1_ns = calloc(n + 1, sizeof *columns->ref1_ns)};
    if (!rows || !columns->values || !columns->ref1_ns) {
        free(rows);
        columns_free(columns);
        return -1;
    }
    for (size_t k = 0; k < n; k++)
        n_fitted += isfinite(rows[k * n_terms]);
    for (size_t k = 0; k < n; k++) {
        if (!isfinite(rows[k * n_terms]))
            continue;
        columns->ref1_ns[columns->n_fitted] = run->ref1_ns[k];
        for (size_t j = 0; j < n_terms; j++)
            columns->values[j * n_fitted + columns->n_fitted] =
                rows[k * n_terms + j];
        columns->n_fitted++;
    }
    free(rows);
    return 0;
}

static const double *column(const struct columns *columns, size_t term)
{
    return columns->values + term * columns->n_fitted;
}

/* text has room for PA_TERM_NAME_BYTES. Returns its place, or PA_NONE. */
static int64_t name_term(const struct pa_term *term, char *text)
{
    pa_term_name(term, text);
    return pa_term_has_place(term) ? term->at : PA_NONE;
}

PB_ROW(model, PB_MODELS)
PB_ROW(fit, PB_FITS)

/* A row with what all terms of a candidate share. */
static struct pb_model_row row_of(const struct pa_run *run,
                                  const struct pa_subject *subject, size_t i)
{
    const struct pa_candidate *candidate = &subject->selection.candidates[i];
    struct range range = range_of(&subject->design);
    struct pb_model_row row = {
        .backend = subject->backend,
        .stage = subject->stage,
        .model = candidate->name,
        .rank = candidate->rank,
        .selected = i == subject->selection.best,
        .points = (int64_t)candidate->fit.n_points,
        .rms_percent = 100 * candidate->fit.rms,
        .aicc = candidate->aicc,
        .bic = candidate->bic,
        .from_highest_fd = range.low[PB_FACTOR_highest_fd],
        .to_highest_fd = range.high[PB_FACTOR_highest_fd],
        .from_fd_count = range.low[PB_FACTOR_fd_count],
        .to_fd_count = range.high[PB_FACTOR_fd_count],
        .from_ready_count = range.low[PB_FACTOR_ready_count],
        .to_ready_count = range.high[PB_FACTOR_ready_count],
        .flags = pa_flags_text(subject->flags),
        .typical = pa_is_typical(run, subject->held),
    };

    PB_HELD_TO_ROW(&row, subject->held);
    return row;
}

/* A term's coefficient, and in ref1 loops if it is of times. */
static int set_value(struct pb_model_row *row, const struct columns *columns,
                     size_t term)
{
    int is_time = pb_metric_is_time(pb_metric_of(row->metric));
    const double *values = column(columns, term);
    double *scaled = malloc((columns->n_fitted + 1) * sizeof *scaled);

    if (!scaled)
        return -1;
    for (size_t k = 0; k < columns->n_fitted; k++)
        scaled[k] = is_time ? values[k] / columns->ref1_ns[k] : NAN;
    struct pa_interval ns = pa_t_interval(values, columns->n_fitted);
    struct pa_interval ref = pa_t_interval(scaled, columns->n_fitted);
    free(scaled);
    row->value = ns.value;
    row->low = ns.low;
    row->high = ns.high;
    row->value_ref = ref.value;
    row->low_ref = ref.low;
    row->high_ref = ref.high;
    row->invocations = (int64_t)columns->n_fitted;
    return 0;
}

/* A predicted cost is a sum of coefficients times values, so that the square of
 * its half-interval is a quadratic form in the values: here is one row of it.
 * The cost's variance over the invocations is divided by their number, the
 * model's own error is a share of the cost. */
static void name_spread(char text[SPREAD_BYTES], const struct columns *columns,
                        size_t term, double rms)
{
    size_t n_bytes = 0, n = columns->n_fitted;
    double t = pa_t95((double)n - 1);
    double mean = pa_mean(column(columns, term), n, NULL);

    *text = '\0';
    for (size_t i = 0; n >= 2 && i < columns->n_terms; i++) {
        const double *other = column(columns, i);
        double scatter = pa_covariance(column(columns, term), other, n);
        double error = rms * mean * rms * pa_mean(other, n, NULL);
        n_bytes += (size_t)snprintf(text + n_bytes, SPREAD_BYTES - n_bytes,
                                    "%s%.15g", i ? " " : "",
                                    t * t * (scatter / (double)n + error));
    }
}

static int write_candidate(struct pb_csv *csv, const struct pa_run *run,
                           const struct pa_subject *subject, size_t i)
{
    const struct pa_candidate *candidate = &subject->selection.candidates[i];
    const struct pa_term *terms = candidate->model.terms;
    const struct pb_metric_info *info =
        &pb_metric_infos[pb_metric_of(subject->held->metric)];
    struct pb_model_row row = row_of(run, subject, i);
    struct columns columns;

    if (columns_init(&columns, subject, &candidate->model, run) < 0)
        return -1;
    int error = 0;
    for (size_t j = 0; error == 0 && j < columns.n_terms; j++) {
        char name[PA_TERM_NAME_BYTES], spread[SPREAD_BYTES] = "";
        char unit[PA_TERM_UNIT_BYTES];
        row.at = name_term(&terms[j], name);
        row.term = name;
        row.unit = pa_term_unit(&terms[j], info->unit, unit);
        error = set_value(&row, &columns, j);
        if (row.selected)
            name_spread(spread, &columns, j, candidate->fit.rms);
        row.spread = spread;
        pb_model_put(csv, &row);
    }
    columns_free(&columns);
    return error;
}

static int write_models(const struct pa_models *models,
                        const struct pa_run *run, const char *folder,
                        struct pa_problem *problem)
{
    struct pa_output output;
    int error = 0;

    if (pa_output_open(&output, folder, "models.csv", problem) < 0)
        return -1;
    PB_CSV_HEADER(&output.csv, PB_MODELS);
    for (size_t i = 0; i < models->n_subjects; i++)
        for (size_t j = 0; j < models->subjects[i].selection.n_candidates; j++)
            error |= write_candidate(&output.csv, run, &models->subjects[i], j);
    if (error < 0)
        output.csv.error = -ENOMEM;
    return pa_output_close(&output, problem);
}

static int write_fit(struct pb_csv *csv, const struct pa_run *run,
                     const struct pa_subject *subject)
{
    const struct pa_model *model =
        &subject->selection.candidates[subject->selection.best].model;
    double *rows =
        pa_model_coefficients(&subject->design, model, run->n_invocations);

    if (!rows)
        return -1;
    for (size_t k = 0; k < run->n_invocations; k++)
        for (size_t j = 0; j < model->n_terms; j++) {
            char name[PA_TERM_NAME_BYTES];
            int64_t at = name_term(&model->terms[j], name);
            struct pb_fit_row row = {
                .backend = subject->backend,
                .stage = subject->stage,
                .term = name,
                .at = at,
                .invocation = run->invocation_ids[k],
                .value = rows[k * model->n_terms + j],
                .ref1_ns = run->ref1_ns[k],
                .typical = pa_is_typical(run, subject->held),
            };
            PB_HELD_TO_ROW(&row, subject->held);
            pb_fit_put(csv, &row);
        }
    free(rows);
    return 0;
}

static int write_fits(const struct pa_models *models, const struct pa_run *run,
                      const char *folder, struct pa_problem *problem)
{
    struct pa_output output;
    int error = 0;

    if (pa_output_open(&output, folder, "fits.csv", problem) < 0)
        return -1;
    PB_CSV_HEADER(&output.csv, PB_FITS);
    for (size_t i = 0; i < models->n_subjects; i++)
        error |= write_fit(&output.csv, run, &models->subjects[i]);
    if (error < 0)
        output.csv.error = -ENOMEM;
    return pa_output_close(&output, problem);
}

int pa_models_write(const struct pa_models *models, const struct pa_run *run,
                    const char *folder, struct pa_problem *problem)
{
    if (write_models(models, run, folder, problem) < 0)
        return -1;
    return write_fits(models, run, folder, problem);
}
