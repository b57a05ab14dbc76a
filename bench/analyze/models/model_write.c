/* SPDX-License-Identifier: MIT */
/* models.csv. */
#include "model.h"

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

/* Coefficients of a model, by the invocations that could be fitted. */
struct columns {
    size_t n_terms, n_fitted;
    double degrees; /* of freedom: of counts the points give them, which differ
                       from the model alone */
    double *values; /* n_fitted of each term */
};

static const double *column(const struct columns *columns, size_t term)
{
    return columns->values + term * columns->n_fitted;
}

/* A row with what all terms share. */
static struct pb_models_row row_of(const struct pa_run *run,
                                   const struct pa_subject *subject)
{
    struct pb_models_row row = {
        .backend = subject->backend,
        .stage = subject->stage,
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
static void name_spread(char text[SPREAD_BYTES], const struct columns *columns,
                        size_t term, double rms)
{
    size_t n = columns->n_fitted;
    double t = pa_t95(columns->degrees);
    double mean = pa_mean(column(columns, term), n, NULL);

    *text = '\0';
    for (size_t i = 0; n >= 2 && i < columns->n_terms; i++) {
        const double *other = column(columns, i);
        double scatter = pa_covariance(column(columns, term), other, n);
        double error = rms * mean * rms * pa_mean(other, n, NULL);
        pa_append(text, SPREAD_BYTES, "%s%.15g", i ? " " : "",
                  t * t * (scatter / (double)n + error));
    }
}

static void write_subject(struct pb_csv *csv, const struct pa_run *run,
                          const struct pa_subject *subject)
{
    const struct pa_term *terms = subject->chosen.model.terms;
    const struct pb_metric_info *info =
        &pb_metric_infos[pb_metric_of(subject->held->metric)];
    struct pb_models_row row = row_of(run, subject);
    struct columns columns = {.n_terms = subject->chosen.model.n_terms};

    columns.values =
        pa_model_coefficients(&subject->design, &subject->chosen.model,
                              run->n_invocations, &columns.n_fitted);
    columns.degrees = (double)columns.n_fitted - 1;
    if (info->estimator == PB_MINIMUM)
        columns.degrees = (double)(subject->design.n_points - columns.n_terms);
    for (size_t j = 0; j < columns.n_terms; j++) {
        char name[PA_TERM_NAME_BYTES], spread[SPREAD_BYTES];
        char unit[PA_TERM_UNIT_BYTES];
        pa_term_name(&terms[j], name);
        row.at = pa_term_has_place(&terms[j]) ? terms[j].at : PA_NONE;
        row.term = name;
        row.unit = pa_term_unit(&terms[j], info->unit, unit);
        row.value = pa_mean(column(&columns, j), columns.n_fitted, NULL);
        row.invocations = (int64_t)columns.n_fitted;
        name_spread(spread, &columns, j, subject->chosen.fit.rms);
        row.spread = spread;
        pb_models_put(csv, &row);
    }
    free(columns.values);
}

void pa_models_write(struct pb_csv *csv, const struct pa_models *models,
                     const struct pa_run *run)
{
    PB_CSV_HEADER(csv, PB_MODELS);
    for (size_t i = 0; i < models->n_subjects; i++)
        write_subject(csv, run, &models->subjects[i]);
}
