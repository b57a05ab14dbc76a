/* SPDX-License-Identifier: MIT */
#include "holdout.h"

#include "output.h"
#include "points.h"
#include "row.h"
#include "rules.h"
#include "stats.h"

#include <math.h>
#include <stdio.h>
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
            strcmp(factors->backend, subject->backend) == 0 &&
            strcmp(factors->stage, subject->stage) == 0)
            most = x;
    }
    return most;
}

static void split_free(struct split *split)
{
    pa_design_free(&split->train);
    pa_design_free(&split->test);
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

/* What runs along R has one M, the largest: without it nothing would be known
 * of R. */
static int tells_of_readiness(const struct split *split,
                              const struct pa_point *point)
{
    return point->asked && point->asked->axis == PB_FACTOR_ready_count &&
           point->factors.fd_count <= split->fd_count;
}

static size_t count_values(const struct pa_design *design,
                           enum pb_factor variable)
{
    int64_t seen[PB_VARIED_VALUES];
    size_t n = 0;

    for (size_t i = 0; i < design->n_points && n < PB_VARIED_VALUES; i++) {
        int64_t x = pb_factor_number(&design->points[i]->factors, variable);
        size_t j = 0;
        while (j < n && seen[j] != x)
            j++;
        if (j == n)
            seen[n++] = x;
    }
    return n;
}

/* What did not vary among the training points cannot be predicted. */
static int is_fair(const struct split *split)
{
    for (size_t i = 0; i < PA_ARRAY_SIZE(variables); i++)
        if (count_values(&split->train, variables[i]) < PB_VARIED_VALUES &&
            count_values(&split->test, variables[i]) >= PB_VARIED_VALUES)
            return 0;
    return 1;
}

static int split_init(struct split *split, const struct pa_run *run,
                      const struct pa_subject *subject,
                      const struct pa_steps *steps)
{
    const struct pa_design *all = &subject->design;

    *split = (struct split){
        /* To the end of a bitmap word, as the grid's M are. */
        .highest_fd =
            (largest(run, subject, PB_FACTOR_highest_fd) / PB_TRAIN_PARTS) |
            (PA_WORD_BITS - 1),
        .fd_count = largest(run, subject, PB_FACTOR_fd_count) / PB_TRAIN_PARTS};
    if (pa_design_init(&split->train, all->n_points) < 0 ||
        pa_design_init(&split->test, all->n_points) < 0) {
        split_free(split);
        return -1;
    }
    split->train.n_points = split->test.n_points = 0;
    for (size_t i = 0; i < all->n_points; i++) {
        const struct pa_point *point = all->points[i];
        int is_train = (point->factors.highest_fd <= split->highest_fd &&
                        point->factors.fd_count <= split->fd_count) ||
                       is_probe(steps, &point->factors) ||
                       tells_of_readiness(split, point);
        struct pa_design *part = is_train ? &split->train : &split->test;
        part->points[part->n_points++] = point;
    }
    pa_design_use_estimates(&split->train);
    pa_design_use_estimates(&split->test);
    return 0;
}

static int append(struct pa_holdout *holdout, struct pa_holdout_row row)
{
    struct pa_holdout_row *larger =
        realloc(holdout->rows, (holdout->n_rows + 1) * sizeof *larger);
    if (!larger)
        return -1;
    holdout->rows = larger;
    holdout->rows[holdout->n_rows++] = row;
    return 0;
}

/* Errors of the prediction over the small or the large test points. */
static void test(struct pa_holdout_row *row, const struct split *split,
                 const double *coefficients, double *errors)
{
    int is_small = strcmp(row->test, "small") == 0;

    row->most = -1;
    for (size_t i = 0; i < split->test.n_points; i++) {
        const struct pb_factors *factors = &split->test.points[i]->factors;
        if ((factors->fd_count <= PB_SMALL_FDS) != is_small)
            continue;
        double error = pa_model_cost(&row->form, coefficients, factors) /
                           split->test.costs[i] -
                       1;
        row->bias += error;
        errors[row->n_test++] = fabs(error);
        if (fabs(error) > row->most) {
            row->most = fabs(error);
            row->worst = *factors;
        }
    }
    pa_sort(errors, row->n_test);
    row->median = pa_quantile(errors, row->n_test, 0.5);
    row->p90 = pa_quantile(errors, row->n_test, 0.9);
    row->bias /= (double)row->n_test;
}

static int add_rows(struct pa_holdout *holdout, const struct split *split,
                    const struct pa_subject *subject, const char *model,
                    const struct pa_candidate *candidate)
{
    static const char *const tests[] = {"small", "large"};
    double *errors = malloc((split->test.n_points + 1) * sizeof *errors);
    int error = errors ? 0 : -1;

    for (size_t i = 0; error == 0 && i < PA_ARRAY_SIZE(tests); i++) {
        struct pa_holdout_row row = {.backend = subject->backend,
                                     .stage = subject->stage,
                                     .model = model,
                                     .test = tests[i],
                                     .form = candidate->model,
                                     .train_highest_fd = split->highest_fd,
                                     .train_fd_count = split->fd_count,
                                     .n_train = split->train.n_points,
                                     .flags = subject->flags};
        test(&row, split, candidate->fit.coefficients, errors);
        if (row.n_test > 0)
            error = append(holdout, row);
    }
    free(errors);
    return error;
}

/* 1 + M + N + R. */
static int fit_linear(struct pa_candidate *candidate,
                      const struct pa_design *design)
{
    struct pa_model model = {1, {{.kind = PA_INTERCEPT}}};

    for (size_t v = 0; v < PA_ARRAY_SIZE(variables); v++)
        pa_model_add(&model, (struct pa_term){.kind = PA_SLOPE,
                                              .variable = variables[v]});
    return pa_model_try(candidate, design, &model);
}

static double absolute_squares(const struct pa_candidate *candidate,
                               const struct pa_design *design)
{
    double squares = 0;

    for (size_t i = 0; i < design->n_points; i++)
        if (design->costs[i] > 0)
            squares += pow(pa_model_cost(&candidate->model,
                                         candidate->fit.coefficients,
                                         &design->points[i]->factors) -
                               design->costs[i],
                           2);
    return squares;
}

/* The best single Big-O term without intercept, by absolute least squares, as
 * google/benchmark and nanobench fit it. */
static int fit_one_term(struct pa_candidate *candidate,
                        const struct pa_design *design)
{
    static const enum pa_term_kind kinds[] = {PA_INTERCEPT, PA_LOG, PA_SLOPE,
                                              PA_N_LOG_N, PA_SQUARE};
    double least = INFINITY;

    for (size_t v = 0; v < PA_ARRAY_SIZE(variables); v++)
        for (size_t k = 0; k < PA_ARRAY_SIZE(kinds); k++) {
            struct pa_candidate trial = {
                .model = {1, {{.kind = kinds[k], .variable = variables[v]}}}};
            if (pa_fit(design, &trial.model, 1, &trial.fit) < 0 ||
                absolute_squares(&trial, design) >= least)
                continue;
            least = absolute_squares(&trial, design);
            *candidate = trial;
        }
    return isfinite(least) ? 0 : -1;
}

/* The whole choice of a model is made again, on the training points only. */
static int hold_out(struct pa_holdout *holdout, const struct pa_run *run,
                    const struct pa_subject *subject,
                    const struct pa_hints *hints)
{
    struct split split;
    struct pa_candidate candidate;
    int error = 0;

    if (split_init(&split, run, subject, hints->steps) < 0)
        return -1;
    if (is_fair(&split) &&
        pa_model_select(&candidate, &split.train, hints) == 0) {
        error = add_rows(holdout, &split, subject, "selected", &candidate);
        if (error == 0 && fit_linear(&candidate, &split.train) == 0)
            error = add_rows(holdout, &split, subject, "linear", &candidate);
        if (error == 0 && fit_one_term(&candidate, &split.train) == 0)
            error = add_rows(holdout, &split, subject, "one-term", &candidate);
    }
    split_free(&split);
    return error;
}

int pa_holdout_make(struct pa_holdout *holdout, const struct pa_models *models,
                    const struct pa_run *run, const struct pa_steps *steps,
                    struct pa_problem *problem)
{
    struct pa_hints hints = {.steps = steps, .run = run};

    *holdout = (struct pa_holdout){0};
    for (size_t i = 0; i < models->n_subjects; i++)
        if (hold_out(holdout, run, &models->subjects[i], &hints) < 0) {
            pa_holdout_free(holdout);
            return pa_problem_set(problem, "out of memory");
        }
    return 0;
}

void pa_holdout_free(struct pa_holdout *holdout)
{
    free(holdout->rows);
    *holdout = (struct pa_holdout){0};
}

enum { FORM_BYTES = PA_TERMS_MAX * (PA_TERM_NAME_BYTES + 24) };

static void name_form(const struct pa_model *form, char text[FORM_BYTES])
{
    char name[PA_TERM_NAME_BYTES];
    size_t n = 0;

    *text = '\0';
    for (size_t i = 0; i < form->n_terms; i++) {
        pa_term_name(&form->terms[i], name);
        n += (size_t)snprintf(text + n, FORM_BYTES - n, "%s%s", i ? " + " : "",
                              name);
        if (pa_term_has_place(&form->terms[i]))
            n += (size_t)snprintf(text + n, FORM_BYTES - n, "@%lld",
                                  (long long)form->terms[i].at);
    }
}

PB_ROW(holdout, PB_HOLDOUT)

static void write_row(struct pb_csv *csv, const struct pa_holdout_row *row)
{
    char form[FORM_BYTES];

    name_form(&row->form, form);
    pb_holdout_put(csv, &(struct pb_holdout_row){
                            .backend = row->backend,
                            .stage = row->stage,
                            .model = row->model,
                            .form = form,
                            .test = row->test,
                            .train_highest_fd = row->train_highest_fd,
                            .train_fd_count = row->train_fd_count,
                            .train_points = (int64_t)row->n_train,
                            .test_points = (int64_t)row->n_test,
                            .median_percent = 100 * row->median,
                            .p90_percent = 100 * row->p90,
                            .max_percent = 100 * row->most,
                            .bias_percent = 100 * row->bias,
                            .worst_layout = row->worst.layout,
                            .worst_highest_fd = row->worst.highest_fd,
                            .worst_fd_count = row->worst.fd_count,
                            .worst_ready_count = row->worst.ready_count,
                            .flags = pa_flags_text(row->flags),
                        });
}

int pa_holdout_write(const struct pa_holdout *holdout, const char *folder,
                     struct pa_problem *problem)
{
    struct pa_output output;

    if (pa_output_open(&output, folder, "holdout.csv", problem) < 0)
        return -1;
    PB_CSV_HEADER(&output.csv, PB_HOLDOUT);
    for (size_t i = 0; i < holdout->n_rows; i++)
        write_row(&output.csv, &holdout->rows[i]);
    return pa_output_close(&output, problem);
}
