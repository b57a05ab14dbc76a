/* SPDX-License-Identifier: MIT */
#include "model.h"

#include "need.h"
#include "points.h"
#include "rules.h"
#include "run_tables.h"
#include "show.h"
#include "stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const enum pb_factor variables[] = {
    PB_FACTOR_highest_fd, PB_FACTOR_fd_count, PB_FACTOR_ready_count};

/* A subject's points, taken apart. */
struct split {
    struct pa_design train;
    struct pa_design test;
    int64_t highest_fd; /* largest trained on */
    int64_t fd_count;
};

/* The range is what was measured, also where it was too noisy to be used. */
static int64_t largest(const struct pa_run *run,
                       const struct pa_subject *subject,
                       enum pb_factor variable)
{
    int64_t most = 0;

    for (size_t i = 0; i < run->n_points; i++) {
        const struct pb_factors *factors = &run->points[i].factors;
        int64_t x = pb_factor_number(factors, variable);
        if (x > most && pa_point_is_measured(&run->points[i]) &&
            factors->backend == subject->held->backend &&
            factors->stage == subject->held->stage)
            most = x;
    }
    return most;
}

/* The height of a step cannot be known without having seen it: the points
 * within the jump are trained on (and not tested), wherever they are. */
static int is_probe(const struct pa_steps *steps,
                    const struct pb_factors *factors)
{
    for (size_t i = 0; i < steps->n_steps; i++) {
        const struct pa_step *step = &steps->steps[i];
        int64_t x = pb_factor_number(factors, step->variable);
        if (strcmp(step->base.backend, factors->backend) == 0 &&
            x >= step->before && x <= step->place)
            return 1;
    }
    return 0;
}

static void split_init(struct split *split, const struct pa_models *models,
                       const struct pa_subject *subject)
{
    const struct pa_design *all = &subject->design;
    const struct pa_run *run = models->run;

    *split = (struct split){
        /* To the end of a bitmap word, as the grid's M are. */
        .highest_fd =
            (largest(run, subject, PB_FACTOR_highest_fd) / PB_TRAIN_PARTS) |
            (PA_WORD_BITS - 1),
        .fd_count = largest(run, subject, PB_FACTOR_fd_count) / PB_TRAIN_PARTS};
    pa_design_init(&split->train, all->n_points, NULL);
    pa_design_init(&split->test, all->n_points, NULL);
    split->train.n_points = split->test.n_points = 0;
    for (size_t i = 0; i < all->n_points; i++) {
        const struct pa_point *point = all->points[i];
        /* What runs along R has one M, the largest: without it nothing would
         * be known of R. */
        int is_along_ready =
            point->asked && point->asked->axis == PB_FACTOR_ready_count;
        int is_train = (point->factors.fd_count <= split->fd_count &&
                        (point->factors.highest_fd <= split->highest_fd ||
                         is_along_ready)) ||
                       is_probe(models->steps, &point->factors);
        struct pa_design *part = is_train ? &split->train : &split->test;
        part->points[part->n_points++] = point;
    }
    pa_design_use(&split->train, PA_ESTIMATES);
    pa_design_use(&split->test, PA_ESTIMATES);
}

enum { FORM_BYTES = PA_TERMS_MAX * (PA_TERM_NAME_BYTES + 24) };

static void name_form(const struct pa_model *form, char text[FORM_BYTES])
{
    char name[PA_TERM_NAME_BYTES];

    *text = '\0';
    for (size_t i = 0; i < form->n_terms; i++) {
        pa_term_name(&form->terms[i], name);
        pa_append(text, FORM_BYTES, "%s%s", i ? " + " : "", name);
        if (pa_term_has_place(&form->terms[i]))
            pa_append(text, FORM_BYTES, "@%lld", (long long)form->terms[i].at);
    }
}

/* Errors of the prediction over the small or the large test points; errors has
 * room for one of each. Returns how many there are. */
static size_t test(struct pb_holdout_row *row, const struct split *split,
                   const struct pa_candidate *candidate, int is_small,
                   double *errors)
{
    double most = -1, sum = 0;
    size_t n = 0;

    for (size_t i = 0; i < split->test.n_points; i++) {
        const struct pb_factors *factors = &split->test.points[i]->factors;
        if ((factors->fd_count <= PB_SMALL_FDS) != is_small)
            continue;
        double error = pa_model_cost(&candidate->model,
                                     candidate->fit.coefficients, factors) /
                           split->test.costs[i] -
                       1;
        sum += error;
        errors[n++] = fabs(error);
        if (fabs(error) <= most)
            continue;
        most = fabs(error);
        row->worst_layout = factors->layout;
        row->worst_highest_fd = factors->highest_fd;
        row->worst_fd_count = factors->fd_count;
        row->worst_ready_count = factors->ready_count;
    }
    pa_sort(errors, n);
    row->test_points = (int64_t)n;
    row->median_percent = 100 * pa_quantile(errors, n, 0.5);
    row->p90_percent = 100 * pa_quantile(errors, n, 0.9);
    row->max_percent = 100 * most;
    row->bias_percent = 100 * (sum / (double)n);
    return n;
}

static void write_rows(struct pb_csv *csv, const struct split *split,
                       const struct pa_subject *subject, const char *model,
                       const struct pa_candidate *candidate)
{
    PA_FREED double *errors = pa_room(split->test.n_points, sizeof *errors);
    char form[FORM_BYTES];

    name_form(&candidate->model, form);
    for (int is_small = 1; is_small >= 0; is_small--) {
        struct pb_holdout_row row = {.backend = subject->held->backend,
                                     .stage = subject->held->stage,
                                     .model = model,
                                     .form = form,
                                     .test = is_small ? "small" : "large",
                                     .train_highest_fd = split->highest_fd,
                                     .train_fd_count = split->fd_count,
                                     .train_points =
                                         (int64_t)split->train.n_points,
                                     .flags = pa_flags_text(subject->flags)};
        if (test(&row, split, candidate, is_small, errors) > 0)
            pb_holdout_put(csv, &row);
    }
}

/* 1 + M + N + R. */
static int fit_linear(struct pa_candidate *candidate,
                      const struct pa_design *design)
{
    struct pa_model model = {1, {{.kind = PA_INTERCEPT}}};

    for (size_t v = 0; v < PA_ARRAY_SIZE(variables); v++)
        pa_model_add(&model, PA_LINEAR, variables[v], 0);
    return pa_model_try(candidate, design, &model);
}

/* The best single Big-O term without intercept, by absolute least squares, as
 * google/benchmark and nanobench fit it. */
static int fit_one_term(struct pa_candidate *candidate,
                        struct pa_design *design)
{
    static const enum pa_term_kind kinds[] = {PA_INTERCEPT, PA_LOG, PA_LINEAR,
                                              PA_N_LOG_N, PA_SQUARE};
    double least = INFINITY;

    design->is_absolute = 1;
    for (size_t v = 0; v < PA_ARRAY_SIZE(variables); v++)
        for (size_t k = 0; k < PA_ARRAY_SIZE(kinds); k++) {
            struct pa_candidate trial = {
                .model = {1, {{.kind = kinds[k], .variable = variables[v]}}}};
            if (pa_fit(design, &trial.model, &trial.fit) < 0 ||
                trial.fit.squares >= least)
                continue;
            least = trial.fit.squares;
            *candidate = trial;
        }
    return isfinite(least) ? 0 : -1;
}

/* The whole choice of a model is made again, on the training points only. */
static void hold_out(struct pb_csv *csv, const struct pa_models *models,
                     const struct pa_subject *subject)
{
    struct split split;
    struct pa_candidate candidate;
    int is_fair = 1;

    split_init(&split, models, subject);
    /* What did not vary among the training points cannot be predicted. */
    for (size_t i = 0; i < PA_ARRAY_SIZE(variables); i++)
        is_fair &= pa_count_values(&split.train, variables[i], -INFINITY) ==
                       PB_VARIED_VALUES ||
                   pa_count_values(&split.test, variables[i], -INFINITY) <
                       PB_VARIED_VALUES;
    if (is_fair && pa_model_select(&candidate, &split.train, models) == 0) {
        write_rows(csv, &split, subject, "selected", &candidate);
        if (fit_linear(&candidate, &split.train) == 0)
            write_rows(csv, &split, subject, "linear", &candidate);
        if (fit_one_term(&candidate, &split.train) == 0)
            write_rows(csv, &split, subject, "one-term", &candidate);
    }
    pa_design_free(&split.train);
    pa_design_free(&split.test);
}

void pa_holdout_write(struct pb_csv *csv, const struct pa_models *models)
{
    PB_CSV_HEADER(csv, PB_HOLDOUT);
    for (size_t i = 0; i < models->n_subjects; i++)
        hold_out(csv, models, &models->subjects[i]);
}
