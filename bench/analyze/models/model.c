/* SPDX-License-Identifier: MIT */
#include "model.h"

#include "points.h"
#include "rules.h"
#include "stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct pa_term intercept = {.kind = PA_INTERCEPT};

static struct pa_term slope(enum pb_factor variable)
{
    return (struct pa_term){.kind = PA_SLOPE, .variable = variable};
}

/* Akaike, corrected (Hurvich and Tsai, Biometrika 76 (1989) 297), and Bayesian
 * criterion for a fit whose relative errors are taken as normal. */
static void judge(struct pa_candidate *candidate)
{
    double n = (double)candidate->fit.n_points;
    double p = (double)candidate->n_parameters + 1; /* and the variance */
    /* An exact fit has no likelihood: its rounding stands for it. */
    double rms = fmax(candidate->fit.rms, 1e-12);
    double fit = n * log(rms * rms);

    candidate->aicc =
        n > p + 1 ? fit + 2 * p + 2 * p * (p + 1) / (n - p - 1) : INFINITY;
    candidate->bic = fit + p * log(n);
}

static size_t count_bends(const struct pa_model *model)
{
    size_t n = 0;
    for (size_t i = 0; i < model->n_terms; i++)
        n += model->terms[i].kind == PA_BEND;
    return n;
}

/* Fit and judge. Returns 0, or -1 if it cannot be fitted. */
static int evaluate(struct pa_candidate *candidate,
                    const struct pa_design *design)
{
    candidate->n_parameters =
        candidate->model.n_terms + count_bends(&candidate->model);
    if (pa_fit(design, &candidate->model, 0, &candidate->fit) < 0)
        return -1;
    judge(candidate);
    return 0;
}

static void keep(struct pa_selection *selection, struct pa_candidate candidate)
{
    if (selection->n_candidates < PA_CANDIDATES_MAX)
        selection->candidates[selection->n_candidates++] = candidate;
}

static void try(struct pa_selection *selection, const struct pa_design *design,
                const char *name, const struct pa_model *model)
{
    struct pa_candidate candidate = {.name = name, .model = *model};

    pa_model_reduce(&candidate.model, design);
    if (evaluate(&candidate, design) == 0)
        keep(selection, candidate);
}

static void try_straight_lines(struct pa_selection *selection,
                               const struct pa_design *design)
{
    static const enum pb_factor variables[] = {
        PB_FACTOR_highest_fd, PB_FACTOR_fd_count, PB_FACTOR_ready_count};
    struct pa_model model = {1, {intercept}};

    try(selection, design, "constant", &model);
    for (size_t i = 0; i < PA_ARRAY_SIZE(variables); i++) {
        model = (struct pa_model){2, {intercept, slope(variables[i])}};
        try(selection, design, pb_factor_infos[variables[i]].name, &model);
    }
    model = (struct pa_model){4,
                              {intercept, slope(PB_FACTOR_highest_fd),
                               slope(PB_FACTOR_fd_count),
                               slope(PB_FACTOR_ready_count)}};
    try(selection, design, "linear", &model);
    pa_model_add(&model, slope(PB_FACTOR_occupied_words));
    try(selection, design, "words", &model);
}

int pa_model_one_term(struct pa_candidate *candidate,
                      const struct pa_design *design)
{
    static const enum pa_term_kind kinds[] = {PA_INTERCEPT, PA_LOG, PA_SLOPE,
                                              PA_N_LOG_N, PA_SQUARE};
    static const enum pb_factor variables[] = {
        PB_FACTOR_highest_fd, PB_FACTOR_fd_count, PB_FACTOR_ready_count};
    double least = INFINITY;

    for (size_t v = 0; v < PA_ARRAY_SIZE(variables); v++)
        for (size_t k = 0; k < PA_ARRAY_SIZE(kinds); k++) {
            struct pa_candidate trial = {
                .name = "one-term",
                .model = {1, {{.kind = kinds[k], .variable = variables[v]}}},
                .n_parameters = 1};
            if (pa_fit(design, &trial.model, 1, &trial.fit) < 0)
                continue;
            double squares = 0;
            for (size_t i = 0; i < design->n_points; i++) {
                double fitted =
                    pa_model_cost(&trial.model, trial.fit.coefficients,
                                  &design->points[i]->factors);
                if (design->costs[i] > 0)
                    squares += pow(fitted - design->costs[i], 2);
            }
            if (squares >= least)
                continue;
            least = squares;
            *candidate = trial;
        }
    if (!isfinite(least))
        return -1;
    judge(candidate);
    return 0;
}

/* With nothing ready some programs stop early: epoll does not lock its list,
 * the textbook loop does not scan its bitmap. Where all points with none ready
 * have one M, a constant and a slope in M explain that equally well; the slope
 * is meant if the constant would make the rest of the call cost less than
 * nothing. */
static void add_readiness(struct pa_model *model,
                          const struct pa_design *design)
{
    struct pa_model constant = *model;
    struct pa_model scan = *model;
    struct pa_fit with_constant, with_scan;

    pa_model_add(&constant, (struct pa_term){.kind = PA_STEP,
                                             .variable = PB_FACTOR_ready_count,
                                             .at = 1});
    pa_model_add(&scan, (struct pa_term){.kind = PA_IF_READY,
                                         .variable = PB_FACTOR_highest_fd});
    if (pa_fit(design, &constant, 0, &with_constant) < 0)
        return;
    *model = constant;
    if (with_constant.coefficients[0] < 0 &&
        pa_fit(design, &scan, 0, &with_scan) == 0 &&
        with_scan.coefficients[0] > 0)
        *model = scan;
}

/* The scan goes by one bitmap word or more, and the kernel's limits in M are
 * whole words. If several of them lie within the jump, the one that fits the
 * other points best is meant. */
static int64_t place_of(const struct pa_step *step,
                        const struct pa_model *model,
                        const struct pa_design *design)
{
    int64_t best = step->before + 1;
    double least = INFINITY;
    struct pa_fit fit;

    if (step->variable != PB_FACTOR_highest_fd)
        return best;
    for (int64_t word = (step->before / 64 + 1) * 64; word <= step->place;
         word += 64) {
        struct pa_model trial = *model;
        pa_model_add(&trial, (struct pa_term){.kind = PA_STEP,
                                              .variable = step->variable,
                                              .at = word});
        if (pa_fit(design, &trial, 0, &fit) < 0 || fit.rms >= least)
            continue;
        least = fit.rms;
        best = word;
    }
    return best;
}

/* Steps that the scan found for this backend, or for the one that it is a
 * variant of. What a stage does not have is dropped again. */
static int may_have(const struct pa_step *step, const struct pb_factors *like,
                    const char *family)
{
    return !step->is_minor && !step->is_edge &&
           !(pb_factors_differ(&step->base, like) & pb_factors_with(PB_HELD)) &&
           (strcmp(step->base.backend, like->backend) == 0 ||
            strcmp(step->base.backend, family) == 0);
}

static void add_steps(struct pa_model *model, const struct pa_design *design,
                      const struct pa_hints *hints)
{
    const struct pb_factors *like = &design->points[0]->factors;
    const char *family = pa_backend_family(hints->backends, like->backend);

    for (size_t i = 0; i < hints->steps->n_steps; i++) {
        const struct pa_step *step = &hints->steps->steps[i];
        if (may_have(step, like, family))
            pa_model_add(model,
                         (struct pa_term){.kind = PA_STEP,
                                          .variable = step->variable,
                                          .at = place_of(step, model, design)});
    }
}

/* A slope that rests on a single value is that value's, not a slope. */
static int is_supported(const struct pa_design *design, struct pa_term bend)
{
    int64_t seen = INT64_MIN;

    for (size_t i = 0; i < design->n_points; i++) {
        int64_t x =
            pb_factor_number(&design->points[i]->factors, bend.variable);
        if (x <= bend.at || !(design->costs[i] > 0))
            continue;
        if (seen != INT64_MIN && seen != x)
            return 1;
        seen = x;
    }
    return 0;
}

/* Of the places from which the slope may change, the one that fits best. */
static void add_best_bend(struct pa_model *model,
                          const struct pa_design *design,
                          enum pb_factor variable, const int64_t *places,
                          size_t n_places)
{
    struct pa_fit fit;
    struct pa_model best = *model;
    double least = INFINITY;

    for (size_t i = 0; i < n_places; i++) {
        struct pa_model trial = *model;
        struct pa_term bend = {
            .kind = PA_BEND, .variable = variable, .at = places[i]};
        if (!is_supported(design, bend) || pa_model_add(&trial, bend) < 0 ||
            pa_fit(design, &trial, 0, &fit) < 0 || fit.rms >= least ||
            fit.coefficients[trial.n_terms - 1] < 0)
            continue;
        least = fit.rms;
        best = trial;
    }
    *model = best;
}

/* Take the bend in this variable between the first and the last of the places
 * out of the model, and put the best one in. */
static void renew_bend(struct pa_model *model, const struct pa_design *design,
                       enum pb_factor variable, const int64_t *places,
                       size_t n_places)
{
    for (size_t i = model->n_terms; i-- > 0;) {
        const struct pa_term *term = &model->terms[i];
        if (term->kind == PA_BEND && term->variable == variable &&
            term->at >= places[0] && term->at <= places[n_places - 1])
            *model = pa_model_without(model, i);
    }
    add_best_bend(model, design, variable, places, n_places);
}

/* Two bends a variable: where the objects outgrow the first-level cache, and
 * where they outgrow the second-level one. Each is chosen again once the others
 * are there. */
static void add_bends(struct pa_model *model, const struct pa_design *design,
                      const struct pa_hints *hints)
{
    static const int64_t early[] = {8, 12, 16, 24, 32, 48, 64, 96, 128, 192};
    static const enum pb_factor variables[] = {PB_FACTOR_fd_count,
                                               PB_FACTOR_ready_count};
    static const double shares[] = {0.25, 0.35, 0.5, 0.7, 1, 1.4, 2, 2.8, 4};
    int64_t late[PA_ARRAY_SIZE(shares)];
    size_t n_early = PA_ARRAY_SIZE(early);

    for (size_t i = 0; i < PA_ARRAY_SIZE(shares); i++)
        late[i] = llround(shares[i] * (double)hints->cache_knee_fds);
    while (n_early > 1 && early[n_early - 1] >= late[0])
        n_early--;
    for (int turn = 0; turn < 3; turn++)
        for (size_t v = 0; v < PA_ARRAY_SIZE(variables); v++) {
            renew_bend(model, design, variables[v], late, PA_ARRAY_SIZE(late));
            renew_bend(model, design, variables[v], early, n_early);
        }
}

/* The largest share of a cost that term i explains anywhere. */
static double worth_of(const struct pa_candidate *candidate, size_t i,
                       const struct pa_design *design)
{
    double most = 0;
    double low = INFINITY;

    for (size_t j = 0; j < design->n_points; j++)
        low = fmin(low, pa_term_value(&candidate->model.terms[i],
                                      &design->points[j]->factors));
    for (size_t j = 0; j < design->n_points; j++) {
        double value = pa_term_value(&candidate->model.terms[i],
                                     &design->points[j]->factors);
        double share = fabs(candidate->fit.coefficients[i] * (value - low)) /
                       design->costs[j];
        if (design->costs[j] > 0)
            most = fmax(most, share);
    }
    return most;
}

/* Work does not get cheaper by adding some: a slope or bend below zero is the
 * fit trading one term against another. And what is less than nothing is no
 * step. */
static int is_impossible(const struct pa_candidate *candidate, size_t i)
{
    enum pa_term_kind kind = candidate->model.terms[i].kind;
    double value = candidate->fit.coefficients[i];

    if (kind == PA_STEP)
        return fabs(value) < PB_NOTHING_NS;
    return value < 0 &&
           (kind == PA_SLOPE || kind == PA_BEND || kind == PA_IF_READY);
}

/* Without the term that is missed least. Returns 1 if the model became better,
 * if the term explained next to nothing anywhere, or if it was impossible. */
static int drop_one(struct pa_candidate *candidate,
                    const struct pa_design *design)
{
    struct pa_candidate best = *candidate;
    int has_dropped = 0;

    for (size_t i = 1; i < candidate->model.n_terms; i++) {
        struct pa_candidate trial = *candidate;
        trial.model = pa_model_without(&candidate->model, i);
        if (evaluate(&trial, design) < 0)
            continue;
        if (trial.bic < best.bic ||
            (!has_dropped &&
             (is_impossible(candidate, i) ||
              worth_of(candidate, i, design) < PB_WORTH_SHARE))) {
            best = trial;
            has_dropped = 1;
        }
    }
    *candidate = best;
    return has_dropped;
}

double *pa_model_coefficients(const struct pa_design *points,
                              const struct pa_model *model,
                              size_t n_invocations)
{
    struct pa_design design = *points;
    size_t n = model->n_terms;
    double *rows = malloc((n_invocations * n + 1) * sizeof *rows);

    design.costs = calloc(design.n_points + 1, sizeof *design.costs);
    if (!rows || !design.costs) {
        free(rows);
        free(design.costs);
        return NULL;
    }
    int is_one_term = n == 1 && model->terms[0].kind != PA_INTERCEPT;
    for (size_t k = 0; k < n_invocations; k++) {
        struct pa_fit fit;
        pa_design_use_invocation(&design, k);
        int error = pa_fit(&design, model, is_one_term, &fit);
        for (size_t j = 0; j < n; j++)
            rows[k * n + j] = error < 0 ? NAN : fit.coefficients[j];
    }
    free(design.costs);
    return rows;
}

/* How many of its half-intervals a searched term is away from 0; INFINITY where
 * that cannot be said, or where the term was not searched for. */
static double certainty_of(const struct pa_candidate *candidate, size_t i,
                           const double *rows, size_t n_invocations)
{
    enum pa_term_kind kind = candidate->model.terms[i].kind;
    double *column = calloc(n_invocations + 1, sizeof *column);
    double certainty = INFINITY;

    if (column && (kind == PA_STEP || kind == PA_BEND)) {
        for (size_t k = 0; k < n_invocations; k++)
            column[k] = rows[k * candidate->model.n_terms + i];
        struct pa_interval interval = pa_t_interval(column, n_invocations);
        if (!isnan(interval.low))
            certainty = fabs(interval.value) / (interval.value - interval.low);
    }
    free(column);
    return certainty;
}

/* A step or bend that the invocations do not agree to have is none. Returns 1
 * if the least certain one was dropped. */
static int drop_uncertain(struct pa_candidate *candidate,
                          const struct pa_design *design, size_t n_invocations)
{
    double *rows =
        pa_model_coefficients(design, &candidate->model, n_invocations);
    double least = 1;
    size_t weakest = 0;

    for (size_t i = 1; rows && i < candidate->model.n_terms; i++) {
        double certainty = certainty_of(candidate, i, rows, n_invocations);
        if (certainty < least) {
            least = certainty;
            weakest = i;
        }
    }
    free(rows);
    if (weakest == 0)
        return 0;
    candidate->model = pa_model_without(&candidate->model, weakest);
    return evaluate(candidate, design) == 0;
}

static void try_rich(struct pa_selection *selection,
                     const struct pa_design *design,
                     const struct pa_hints *hints)
{
    struct pa_model model = {
        5,
        {intercept, slope(PB_FACTOR_highest_fd), slope(PB_FACTOR_fd_count),
         slope(PB_FACTOR_ready_count), slope(PB_FACTOR_occupied_words)}};

    pa_model_reduce(&model, design);
    add_readiness(&model, design);
    add_steps(&model, design, hints);
    pa_model_reduce(&model, design);
    try(selection, design, "steps", &model);
    add_bends(&model, design, hints);
    try(selection, design, "bends", &model);
    struct pa_candidate pruned = {.name = "pruned", .model = model};
    pa_model_reduce(&pruned.model, design);
    if (evaluate(&pruned, design) < 0)
        return;
    while (drop_one(&pruned, design))
        ;
    while (hints->n_invocations >= PB_AGREED_INVOCATIONS &&
           drop_uncertain(&pruned, design, hints->n_invocations))
        ;
    keep(selection, pruned);
}

/* Rank by bic; the pruned model, if there is one, is used: it differs from the
 * first at most by terms that explain under 1 %. */
static void rank(struct pa_selection *selection)
{
    for (size_t i = 0; i < selection->n_candidates; i++) {
        struct pa_candidate *candidate = &selection->candidates[i];
        candidate->rank = 1;
        for (size_t j = 0; j < selection->n_candidates; j++)
            candidate->rank += selection->candidates[j].bic < candidate->bic;
        if (candidate->rank == 1)
            selection->best = i;
    }
    for (size_t i = 0; i < selection->n_candidates; i++)
        if (strcmp(selection->candidates[i].name, "pruned") == 0)
            selection->best = i;
}

int pa_model_select(struct pa_selection *selection,
                    const struct pa_design *design,
                    const struct pa_hints *hints)
{
    struct pa_candidate one_term;

    *selection = (struct pa_selection){0};
    if (design->n_points < PB_MODEL_POINTS)
        return -1;
    if (pa_model_one_term(&one_term, design) == 0)
        keep(selection, one_term);
    try_straight_lines(selection, design);
    try_rich(selection, design, hints);
    rank(selection);
    return selection->n_candidates > 0 ? 0 : -1;
}

int pa_point_is_fitted(const struct pa_point *point)
{
    return pa_point_is_usable(point) && pa_point_is_measured(point) &&
           (strcmp(point->factors.layout, "packed") == 0 ||
            point->factors.fd_count <= PB_SCATTERED_FDS);
}

static int belongs(const struct pa_subject *subject,
                   const struct pa_point *point)
{
    unsigned apart = pb_factors_with(PB_TIMED) | pb_factors_with(PB_HELD);

    return pa_point_is_fitted(point) &&
           !(pb_factors_differ(subject->held, &point->factors) & apart);
}

static int fill_design(struct pa_subject *subject, const struct pa_run *run)
{
    if (pa_design_init(&subject->design, run->n_points) < 0)
        return -1;
    subject->design.n_points = 0;
    for (size_t i = 0; i < run->n_points; i++) {
        const struct pa_point *point = &run->points[i];
        if (!belongs(subject, point))
            continue;
        subject->flags |= point->flags & (PA_CONTENDED | PA_FEW);
        if (!(point->flags & PA_CONTENDED))
            subject->design.points[subject->design.n_points++] = point;
    }
    pa_design_use_estimates(&subject->design);
    return 0;
}

static int add_subject(struct pa_models *models, const struct pa_run *run,
                       const struct pb_factors *factors,
                       const struct pa_hints *hints)
{
    struct pa_subject subject = {
        .backend = factors->backend, .stage = factors->stage, .held = factors};
    struct pa_subject *larger = realloc(
        models->subjects, (models->n_subjects + 1) * sizeof *models->subjects);

    if (!larger)
        return -1;
    models->subjects = larger;
    if (fill_design(&subject, run) < 0)
        return -1;
    if (pa_model_select(&subject.selection, &subject.design, hints) < 0)
        pa_design_free(&subject.design);
    else
        models->subjects[models->n_subjects++] = subject;
    return 0;
}

static int is_new(const struct pa_run *run, size_t i)
{
    struct pa_subject subject = {.held = &run->points[i].factors};

    if (!pa_point_is_fitted(&run->points[i]))
        return 0;
    for (size_t j = 0; j < i; j++)
        if (belongs(&subject, &run->points[j]))
            return 0;
    return 1;
}

int pa_models_make(struct pa_models *models, const struct pa_run *run,
                   const struct pa_steps *steps, struct pa_problem *problem)
{
    struct pa_hints hints = {.steps = steps,
                             .cache_knee_fds = pa_cache_knee_fds(&run->host),
                             .n_invocations = run->n_invocations,
                             .backends = &run->backends};

    *models = (struct pa_models){0};
    for (int unusual = 0; unusual < 2; unusual++)
        for (size_t i = 0; i < run->n_points; i++)
            if (run->points[i].is_unusual == unusual && is_new(run, i) &&
                add_subject(models, run, &run->points[i].factors, &hints) < 0) {
                pa_models_free(models);
                return pa_problem_set(problem, "out of memory");
            }
    return 0;
}

void pa_models_free(struct pa_models *models)
{
    for (size_t i = 0; i < models->n_subjects; i++)
        pa_design_free(&models->subjects[i].design);
    free(models->subjects);
    *models = (struct pa_models){0};
}

const struct pa_subject *pa_models_find(const struct pa_models *models,
                                        const char *backend, const char *stage)
{
    for (size_t i = 0; i < models->n_subjects; i++)
        if (strcmp(models->subjects[i].backend, backend) == 0 &&
            strcmp(models->subjects[i].stage, stage) == 0)
            return &models->subjects[i];
    return NULL;
}
