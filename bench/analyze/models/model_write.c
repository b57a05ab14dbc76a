/* SPDX-License-Identifier: MIT */
/* models.csv. */
#include "model.h"

#include "need.h"
#include "points.h"
#include "run_tables.h"
#include "show.h"
#include "stats.h"

#include <math.h>
#include <stdlib.h>

enum { SPREAD_BYTES = PA_TERMS_MAX * 26 };

/* The smallest and the largest value of a factor among the points. */
static void find_range(const struct pa_design *design, enum pb_factor factor,
                       int64_t *low, int64_t *high)
{
    *low = INT64_MAX;
    *high = INT64_MIN;
    for (size_t i = 0; i < design->n_points; i++) {
        int64_t x = pb_factor_number(&design->points[i]->factors, factor);
        *low = x < *low ? x : *low;
        *high = x > *high ? x : *high;
    }
}

/* A row with what all terms share. */
static struct pb_models_row row_of(const struct pa_run *run,
                                   const struct pa_subject *subject)
{
    struct pb_models_row row = {
        .backend = subject->held->backend,
        .stage = subject->held->stage,
        .points = (int64_t)subject->chosen.fit.n_points,
        .rms_percent = 100 * subject->chosen.fit.rms,
        .flags = pa_flags_text(subject->flags),
        .typical = pa_is_typical(run, subject->held),
    };

    find_range(&subject->design, PB_FACTOR_highest_fd, &row.from_highest_fd,
               &row.to_highest_fd);
    find_range(&subject->design, PB_FACTOR_fd_count, &row.from_fd_count,
               &row.to_fd_count);
    find_range(&subject->design, PB_FACTOR_ready_count, &row.from_ready_count,
               &row.to_ready_count);
    PB_HELD_TO_ROW(&row, subject->held);
    return row;
}

/* A predicted cost is a sum of coefficients times values, so that the square of
 * its half-interval is a quadratic form in the values: here is one row of it.
 * The cost's variance over the invocations is divided by their number, the
 * model's own error is a share of the cost. */
static void name_spread(char text[SPREAD_BYTES],
                        const struct pa_subject *subject,
                        const double *const columns[], size_t n, size_t term)
{
    size_t n_terms = subject->chosen.model.n_terms;
    double rms = subject->chosen.fit.rms, degrees = (double)n - 1;

    /* Of counts the points give them, which differ from the model alone. */
    if (pb_metric_is_exact(pb_metric_of(subject->held->metric)))
        degrees = (double)(subject->design.n_points - n_terms);
    double t = pa_t95(degrees), mean = pa_mean(columns[term], n, NULL);
    *text = '\0';
    for (size_t i = 0; n >= 2 && i < n_terms; i++) {
        double scatter = pa_covariance(columns[term], columns[i], n);
        double error = rms * mean * rms * pa_mean(columns[i], n, NULL);
        pa_append(text, SPREAD_BYTES, "%s%.15g", i ? " " : "",
                  t * t * (scatter / (double)n + error));
    }
}

static void write_subject(struct pb_csv *csv, const struct pa_run *run,
                          const struct pa_subject *subject)
{
    const struct pa_model *model = &subject->chosen.model;
    struct pb_models_row row = row_of(run, subject);
    const double *columns[PA_TERMS_MAX];
    size_t n;
    PA_FREED double *coefficients =
        pa_model_coefficients(&subject->design, model, run->n_invocations, &n);

    for (size_t j = 0; j < model->n_terms; j++)
        columns[j] = coefficients + j * run->n_invocations;
    row.invocations = (int64_t)n;
    for (size_t j = 0; j < model->n_terms; j++) {
        const struct pa_term *term = &model->terms[j];
        char name[PA_TERM_NAME_BYTES], spread[SPREAD_BYTES];
        char unit[PA_TERM_UNIT_BYTES];
        pa_term_name(term, name);
        name_spread(spread, subject, columns, n, j);
        row.at = pa_term_has_place(term) ? (int64_t)term->at : PA_NONE;
        row.term = name;
        row.unit =
            pa_term_unit(term, pb_metric_unit(subject->held->metric), unit);
        row.value = pa_mean(columns[j], n, NULL);
        row.spread = spread;
        pb_models_put(csv, &row);
    }
}

void pa_models_write(struct pb_csv *csv, const struct pa_models *models)
{
    PB_CSV_HEADER(csv, PB_MODELS);
    for (size_t i = 0; i < models->n_subjects; i++)
        write_subject(csv, models->run, &models->subjects[i]);
}
