/* SPDX-License-Identifier: MIT */
/* models.csv and fits.csv. */
#include "model.h"

#include "output.h"
#include "points.h"
#include "stats.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

struct range {
    int64_t low[PA_VARIABLES];
    int64_t high[PA_VARIABLES];
};

static struct range range_of(const struct pa_design *design)
{
    struct range range;

    for (int v = 0; v < PA_VARIABLES; v++) {
        range.low[v] = INT64_MAX;
        range.high[v] = INT64_MIN;
        for (size_t i = 0; i < design->n_points; i++) {
            int64_t x = pa_variable_value((enum pa_variable)v,
                                          &design->points[i]->factors);
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

static void write_term_name(struct pb_csv *csv, const struct pa_term *term)
{
    char name[PA_TERM_NAME_BYTES];

    pa_term_name(term, name);
    pb_csv_text(csv, name);
    if (pa_term_has_place(term))
        pb_csv_integer(csv, term->at);
    else
        pb_csv_none(csv);
}

static void write_quality(struct pb_csv *csv, const struct pa_subject *subject,
                          const struct pa_candidate *candidate)
{
    struct range range = range_of(&subject->design);
    static const enum pa_variable variables[] = {PA_HIGHEST_FD, PA_FD_COUNT,
                                                 PA_READY_COUNT};

    pb_csv_integer(csv, (int64_t)candidate->fit.n_points);
    pb_csv_real(csv, 100 * candidate->fit.rms);
    pb_csv_real(csv, candidate->aicc);
    pb_csv_real(csv, candidate->bic);
    for (size_t i = 0; i < PA_ARRAY_SIZE(variables); i++) {
        pb_csv_integer(csv, range.low[variables[i]]);
        pb_csv_integer(csv, range.high[variables[i]]);
    }
    pb_csv_text(csv, pa_flags_text(subject->flags));
    pb_csv_end_row(csv);
}

static int write_candidate(struct pb_csv *csv, const struct pa_run *run,
                           const struct pa_subject *subject, size_t i)
{
    const struct pa_candidate *candidate = &subject->selection.candidates[i];
    size_t n_terms = candidate->model.n_terms;
    double *rows = pa_model_coefficients(&subject->design, &candidate->model,
                                         run->n_invocations);
    struct pa_interval intervals[2] = {{0}};
    size_t n_used = 0;
    int error = rows ? 0 : -1;

    for (size_t j = 0; error == 0 && j < n_terms; j++) {
        error = column_intervals(rows, n_terms, j, run, intervals, &n_used);
        pb_csv_text(csv, subject->backend);
        pb_csv_text(csv, subject->stage);
        pb_csv_text(csv, candidate->name);
        pb_csv_integer(csv, candidate->rank);
        pb_csv_integer(csv, i == subject->selection.best);
        write_term_name(csv, &candidate->model.terms[j]);
        pb_csv_text(csv, pa_term_unit(&candidate->model.terms[j]));
        pa_output_interval(csv, intervals[0]);
        pa_output_interval(csv, intervals[1]);
        pb_csv_integer(csv, (int64_t)n_used);
        write_quality(csv, subject, candidate);
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
            pb_csv_text(csv, subject->backend);
            pb_csv_text(csv, subject->stage);
            write_term_name(csv, &model->terms[j]);
            pb_csv_integer(csv, run->invocation_ids[k]);
            pb_csv_real(csv, rows[k * model->n_terms + j]);
            pb_csv_real(csv, run->ref1_ns[k]);
            pb_csv_end_row(csv);
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
