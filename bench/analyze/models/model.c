/* SPDX-License-Identifier: MIT */
#include "model.h"

#include "need.h"
#include "points.h"
#include "rules.h"
#include "run_tables.h"
#include "series.h"
#include "show.h"
#include "stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Fit and judge, as if relative errors were normal. Returns 0, or -1 if it
 * cannot be fitted. */
static int evaluate(struct pa_candidate *candidate,
                    const struct pa_design *design)
{
    const struct pa_model *model = &candidate->model;
    double n_parameters = (double)model->n_terms + 1; /* variance */

    if (pa_fit(design, model, &candidate->fit) < 0)
        return -1;
    for (size_t i = 0; i < model->n_terms; i++)
        n_parameters += model->terms[i].kind == PA_BEND;
    /* An exact fit has no likelihood: its rounding stands for it. */
    double n = (double)candidate->fit.n_points;
    double rms = fmax(candidate->fit.rms, 1e-12);
    candidate->bic = n * log(rms * rms) + n_parameters * log(n);
    return 0;
}

int pa_model_try(struct pa_candidate *candidate, const struct pa_design *design,
                 const struct pa_model *model)
{
    *candidate = (struct pa_candidate){.model = *model};
    pa_model_reduce(&candidate->model, design);
    return evaluate(candidate, design);
}

/* With nothing ready some programs stop early: epoll does not lock its list,
 * the textbook loop does not scan its bitmap. Where all points with none ready
 * have one M, a constant and a slope in words explain that equally well; the
 * slope is meant if the constant would make the rest of the call cost less than
 * nothing. */
static void add_readiness(struct pa_model *model,
                          const struct pa_design *design)
{
    struct pa_model constant = *model;
    struct pa_model scan = *model;
    struct pa_fit with_constant, with_scan;

    pa_model_add(&constant, PA_STEP, PB_FACTOR_ready_count, 1);
    pa_model_add(&scan, PA_WORDS_IF_READY, 0, 0);
    if (pa_fit(design, &constant, &with_constant) < 0)
        return;
    *model = constant;
    if (with_constant.coefficients[0] < 0 &&
        pa_fit(design, &scan, &with_scan) == 0 && with_scan.coefficients[0] > 0)
        *model = scan;
}

/* Steps that the scan found for this backend, or for the one that it is a
 * variant of. What a stage does not have is dropped again. */
static void add_steps(struct pa_model *model, const struct pa_design *design,
                      const struct pa_models *models)
{
    const struct pb_factors *like = &design->points[0]->factors;

    for (size_t i = 0; i < models->steps->n_steps; i++) {
        const struct pa_step *step = &models->steps->steps[i];
        if (!step->is_edge && pa_step_is_of(step, models->run, like))
            pa_model_add(model, PA_STEP, step->variable, (double)step->place);
    }
}

size_t pa_count_values(const struct pa_design *design, enum pb_factor variable,
                       double above)
{
    int64_t seen[PB_VARIED_VALUES];
    size_t n = 0;

    for (size_t i = 0; i < design->n_points && n < PB_VARIED_VALUES; i++) {
        int64_t x = pb_factor_number(&design->points[i]->factors, variable);
        size_t j = 0;
        while (j < n && seen[j] != x)
            j++;
        if (j == n && (double)x > above)
            seen[n++] = x;
    }
    return n;
}

/* Where the objects outgrow the first-level cache, and the second-level one: by
 * thirds and by sixths of an octave. */
enum { EARLY, LATE, RANGES };
static const struct {
    double first;
    int per_octave, n;
} searched[RANGES] = {{8, 3, 15}, {256, 6, 31}};

/* What is searched for bends in one variable. */
struct search {
    struct pa_model without, best;
    const struct pa_design *design;
    enum pb_factor variable;
    int place[RANGES]; /* of the best in each range, or -1 for no bend there */
    double least;
};

/* Fit with bends at these places, too. Returns whether that is the best so far;
 * not if a bend makes the cost rise less, or rests on too little. */
static int try_bends(struct search *search, int early, int late)
{
    const int place[RANGES] = {early, late};
    struct pa_model trial = search->without;
    struct pa_fit fit;

    for (int range = 0; range < RANGES; range++) {
        int i = place[range];
        double at = round(searched[range].first *
                          exp2((double)i / searched[range].per_octave));
        /* A slope that rests on a single value is that value's. */
        if (i >= searched[range].n ||
            (i >= 0 &&
             (pa_count_values(search->design, search->variable, at) < 2 ||
              pa_model_add(&trial, PA_BEND, search->variable, at) < 0)))
            return 0;
    }
    if (pa_fit(search->design, &trial, &fit) < 0 || fit.rms >= search->least)
        return 0;
    for (size_t i = search->without.n_terms; i < trial.n_terms; i++)
        if (fit.coefficients[i] < 0)
            return 0;
    search->least = fit.rms;
    search->best = trial;
    memcpy(search->place, place, sizeof place);
    return 1;
}

/* The two trade place for slope, so that both move at once. */
static int move(struct search *search)
{
    int early = search->place[EARLY], late = search->place[LATE];
    int has_moved = 0;

    for (int step = 0; step < 9; step++)
        has_moved |= try_bends(search, early + (early < 0 ? 0 : step % 3 - 1),
                               late + (late < 0 ? 0 : step / 3 - 1));
    return has_moved;
}

/* Choose the bends in a variable: by octaves first, then from the best. */
static void renew_bends(struct pa_model *model, const struct pa_design *design,
                        enum pb_factor variable)
{
    struct search search = {.without = *model,
                            .design = design,
                            .variable = variable,
                            .least = INFINITY};
    int per_early = searched[EARLY].per_octave;
    int per_late = searched[LATE].per_octave;

    for (size_t i = search.without.n_terms; i-- > 0;)
        if (search.without.terms[i].kind == PA_BEND &&
            search.without.terms[i].variable == variable)
            search.without = pa_model_without(&search.without, i);
    search.best = search.without;
    for (int i = -1; i * per_early < searched[EARLY].n; i++)
        for (int j = -1; j * per_late < searched[LATE].n; j++)
            try_bends(&search, i < 0 ? -1 : i * per_early,
                      j < 0 ? -1 : j * per_late);
    while (move(&search))
        ;
    *model = search.best;
}

/* The largest share of a cost that term i explains anywhere. */
static double worth_of(const struct pa_candidate *candidate, size_t i,
                       const struct pa_design *design)
{
    const struct pa_term *term = &candidate->model.terms[i];
    double most = 0, low = INFINITY;

    for (size_t j = 0; j < design->n_points; j++)
        low = fmin(low, pa_term_value(term, &design->points[j]->factors));
    for (size_t j = 0; j < design->n_points; j++) {
        double value = pa_term_value(term, &design->points[j]->factors);
        most = fmax(most, fabs(candidate->fit.coefficients[i] * (value - low)) /
                              design->costs[j]);
    }
    return most;
}

/* Work does not get cheaper by adding some, and a call costs something: what is
 * below zero is the fit trading one term against another. And what is less than
 * nothing is no step. */
static int is_impossible(const struct pa_candidate *candidate,
                         const struct pa_design *design, size_t i)
{
    double value = candidate->fit.coefficients[i];

    return candidate->model.terms[i].kind == PA_STEP
               ? fabs(value) <
                     pb_metric_infos[design->points[0]->metric].nothing
               : value < 0;
}

/* Without the term that is missed least. Returns 1 if the model became better,
 * if the term explained next to nothing anywhere, or if it was impossible. */
static int drop_one(struct pa_candidate *candidate,
                    const struct pa_design *design)
{
    struct pa_candidate best = *candidate;
    int has_dropped = 0;

    for (size_t i = 0; i < candidate->model.n_terms; i++) {
        struct pa_candidate trial = *candidate;
        int is_constant = candidate->model.terms[i].kind == PA_INTERCEPT;
        trial.model = pa_model_without(&candidate->model, i);
        if ((is_constant && !is_impossible(candidate, design, i)) ||
            evaluate(&trial, design) < 0)
            continue;
        if ((!is_constant && trial.bic < best.bic) ||
            (!has_dropped &&
             (is_impossible(candidate, design, i) ||
              worth_of(candidate, i, design) < PB_WORTH_SHARE))) {
            best = trial;
            has_dropped = 1;
        }
    }
    *candidate = best;
    return has_dropped;
}

/* Coefficients of one model by the invocations that could be fitted: the first
 * *n_fitted of n_invocations of each term; to be freed. */
static double *coefficients_of(const struct pa_design *design,
                               const struct pa_model *model,
                               size_t n_invocations, size_t *n_fitted)
{
    double *columns = pa_room(n_invocations * model->n_terms, sizeof *columns);
    struct pa_fit fit;

    *n_fitted = 0;
    for (size_t k = 0; k < n_invocations; k++) {
        pa_design_use(design, k);
        if (pa_fit(design, model, &fit) < 0)
            continue;
        for (size_t j = 0; j < model->n_terms; j++)
            columns[j * n_invocations + *n_fitted] = fit.coefficients[j];
        ++*n_fitted;
    }
    pa_design_use(design, PA_ESTIMATES);
    return columns;
}

/* A step or bend that the invocations do not agree to have is none: it is less
 * than its half-interval away from 0. Returns 1 if the least certain one was
 * dropped. */
static int drop_uncertain(struct pa_candidate *candidate,
                          const struct pa_design *design, size_t n_invocations)
{
    const struct pa_model *model = &candidate->model;
    size_t n, weakest = model->n_terms;
    PA_FREED double *columns =
        coefficients_of(design, model, n_invocations, &n);
    double least = 1;

    for (size_t i = 0; i < model->n_terms; i++) {
        struct pa_interval size = pa_t_interval(columns + i * n_invocations, n);
        double certainty = fabs(size.value) / (size.value - size.low);
        if ((model->terms[i].kind == PA_STEP ||
             model->terms[i].kind == PA_BEND) &&
            certainty < least) {
            least = certainty;
            weakest = i;
        }
    }
    if (weakest == model->n_terms)
        return 0;
    candidate->model = pa_model_without(model, weakest);
    return evaluate(candidate, design) == 0;
}

/* What a call looks through decides what its cost is made of: a bitmap by words
 * and, where these hold an fd, by bits (docs/method.md, "Models"). W comes
 * last: where sets are packed it follows from N, and is dropped. */
static struct pa_model all_slopes(const struct pa_design *design,
                                  const struct pa_run *run)
{
    struct pa_model model = {1, {{.kind = PA_INTERCEPT}}};
    int is_bitmap =
        pa_scans(run, design->points[0]->factors.backend, "highest_fd");

    if (is_bitmap) {
        pa_model_add(&model, PA_WORDS, 0, 0);
        pa_model_add(&model, PA_BITS, 0, 0);
    } else {
        pa_model_add(&model, PA_LINEAR, PB_FACTOR_highest_fd, 0);
    }
    pa_model_add(&model, PA_LINEAR, PB_FACTOR_fd_count, 0);
    pa_model_add(&model, PA_LINEAR, PB_FACTOR_ready_count, 0);
    if (is_bitmap)
        pa_model_add(&model, PA_LINEAR, PB_FACTOR_occupied_words, 0);
    return model;
}

int pa_model_select(struct pa_candidate *chosen, const struct pa_design *design,
                    const struct pa_models *models)
{
    size_t n = models->run->n_invocations;

    if (design->n_points < PB_MODEL_POINTS)
        return -1;
    struct pa_model model = all_slopes(design, models->run);
    pa_model_reduce(&model, design);
    add_readiness(&model, design);
    add_steps(&model, design, models);
    pa_model_reduce(&model, design);
    /* Each is chosen again once the others are there. */
    for (int turn = 0; turn < 2; turn++) {
        renew_bends(&model, design, PB_FACTOR_fd_count);
        renew_bends(&model, design, PB_FACTOR_ready_count);
    }
    if (pa_model_try(chosen, design, &model) < 0)
        return -1;
    while (drop_one(chosen, design))
        ;
    while (n >= PB_AGREED_INVOCATIONS && drop_uncertain(chosen, design, n))
        ;
    return 0;
}

/* Layouts other than packed spread the watched objects over memory, which no
 * term here describes: of them only small sets are used, which tell W from N.
 */
static int is_fitted(const struct pa_point *point)
{
    return pa_point_is_usable(point) && pa_point_is_measured(point) &&
           (strcmp(point->factors.layout, "packed") == 0 ||
            point->factors.fd_count <= PB_SCATTERED_FDS);
}

/* Whether one model has both. */
static int belong(const struct pa_point *point, const struct pa_point *other)
{
    unsigned apart = pb_factors_with(PB_TIMED) | pb_factors_with(PB_HELD);

    return is_fitted(other) &&
           !(pb_factors_differ(&point->factors, &other->factors) & apart);
}

static void add_subject(struct pa_models *models, const struct pa_point *first)
{
    const struct pa_run *run = models->run;
    struct pa_subject subject = {.held = &first->factors};
    struct pa_design *design = &subject.design;

    pa_design_init(design, run->n_points, NULL);
    design->n_points = 0;
    for (size_t i = 0; i < run->n_points; i++) {
        const struct pa_point *point = &run->points[i];
        if (!belong(first, point))
            continue;
        subject.flags |= point->flags & (PA_CONTENDED | PA_FEW);
        if (!(point->flags & PA_CONTENDED))
            design->points[design->n_points++] = point;
    }
    pa_design_use(design, PA_ESTIMATES);
    if (pa_model_select(&subject.chosen, design, models) < 0) {
        pa_design_free(design);
        return;
    }
    models->subjects =
        pa_grown(models->subjects, models->n_subjects, sizeof subject);
    models->subjects[models->n_subjects++] = subject;
}

static int is_new(const struct pa_run *run, size_t i)
{
    size_t j = 0;

    if (!is_fitted(&run->points[i]))
        return 0;
    while (j < i && !belong(&run->points[i], &run->points[j]))
        j++;
    return j == i;
}

void pa_models_make(struct pa_models *models, const struct pa_run *run,
                    const struct pa_steps *steps)
{
    *models = (struct pa_models){.run = run, .steps = steps};
    for (int unusual = 0; unusual < 2; unusual++)
        for (size_t i = 0; i < run->n_points; i++)
            if (run->points[i].is_unusual == unusual && is_new(run, i))
                add_subject(models, &run->points[i]);
}

void pa_models_free(struct pa_models *models)
{
    for (size_t i = 0; i < models->n_subjects; i++)
        pa_design_free(&models->subjects[i].design);
    free(models->subjects);
    *models = (struct pa_models){0};
}

/* --- models.csv ----------------------------------------------------------- */

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
        coefficients_of(&subject->design, model, run->n_invocations, &n);

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
