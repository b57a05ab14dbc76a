/* SPDX-License-Identifier: MIT */
/* models.csv and fits.csv. */
#include "model.h"

#include "output.h"
#include "points.h"
#include "row.h"
#include "stats.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

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

/* Coefficients of one term over the invocations, in ns and in ref1 loops. */
static int column_intervals(const double *rows, size_t n_terms, size_t term,
                            const struct pa_run *run,
                            struct pa_interval intervals[2], size_t *n_used)
{
    double *column = malloc(2 * run->n_invocations * sizeof *column);

    if (!column)
        return -1;
    double *scaled = column + run->n_invocations;
    for (size_t k = 0; k < run->n_invocations; k++) {
        column[k] = rows[k * n_terms + term];
        scaled[k] = column[k] / run->ref1_ns[k];
    }
    intervals[0] = pa_t_interval(column, run->n_invocations);
    intervals[1] = pa_t_interval(scaled, run->n_invocations);
    pa_mean(column, run->n_invocations, n_used);
    free(column);
    return 0;
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
static struct pb_model_row row_of(const struct pa_subject *subject, size_t i)
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
    };

    PB_HELD_TO_ROW(&row, subject->held);
    return row;
}

static void set_value(struct pb_model_row *row,
                      const struct pa_interval intervals[2], size_t n_used)
{
    row->value = intervals[0].value;
    row->low = intervals[0].low;
    row->high = intervals[0].high;
    row->value_ref = intervals[1].value;
    row->low_ref = intervals[1].low;
    row->high_ref = intervals[1].high;
    row->invocations = (int64_t)n_used;
}

static int write_candidate(struct pb_csv *csv, const struct pa_run *run,
                           const struct pa_subject *subject, size_t i)
{
    const struct pa_candidate *candidate = &subject->selection.candidates[i];
    size_t n_terms = candidate->model.n_terms;
    double *rows = pa_model_coefficients(&subject->design, &candidate->model,
                                         run->n_invocations);
    struct pb_model_row row = row_of(subject, i);
    struct pa_interval intervals[2] = {{0}};
    size_t n_used = 0;
    int error = rows ? 0 : -1;

    for (size_t j = 0; error == 0 && j < n_terms; j++) {
        char name[PA_TERM_NAME_BYTES];
        error = column_intervals(rows, n_terms, j, run, intervals, &n_used);
        row.at = name_term(&candidate->model.terms[j], name);
        row.term = name;
        row.unit = pa_term_unit(&candidate->model.terms[j]);
        set_value(&row, intervals, n_used);
        pb_model_put(csv, &row);
    }
    free(rows);
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
