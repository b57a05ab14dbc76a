/* SPDX-License-Identifier: MIT */
#include "growth_class.h"
#include "need.h"
#include "rules.h"

#include <gsl/gsl_statistics.h>
#include <math.h>
#include <stdlib.h>

/* Work costs something; but a bend, and a power, may fall. */
#define RISING(of) .kind = (of), .is_rising = 1
static const struct pa_model forms[PA_FORMS] = {
    [PA_FORM_CONSTANT] = {1, {{RISING(PA_INTERCEPT)}}},
    [PA_FORM_LOG] = {2, {{RISING(PA_INTERCEPT)}, {RISING(PA_LOG)}}},
    [PA_FORM_SQRT] = {2, {{RISING(PA_INTERCEPT)}, {RISING(PA_SQRT)}}},
    [PA_FORM_LINE] = {2, {{RISING(PA_INTERCEPT)}, {RISING(PA_LINEAR)}}},
    [PA_FORM_N_LOG_N] = {2, {{RISING(PA_INTERCEPT)}, {RISING(PA_N_LOG_N)}}},
    [PA_FORM_SQUARE] = {2, {{RISING(PA_INTERCEPT)}, {RISING(PA_SQUARE)}}},
    [PA_FORM_BENT] =
        {3, {{RISING(PA_INTERCEPT)}, {RISING(PA_LINEAR)}, {.kind = PA_BEND}}},
    [PA_FORM_LINE_AND_N_LOG_N] = {3,
                                  {{RISING(PA_INTERCEPT)},
                                   {RISING(PA_LINEAR)},
                                   {RISING(PA_N_LOG_N)}}},
    [PA_FORM_LINE_AND_SQUARE] =
        {3, {{RISING(PA_INTERCEPT)}, {RISING(PA_LINEAR)}, {RISING(PA_SQUARE)}}},
    [PA_FORM_LINE_AND_SQRT] =
        {3, {{RISING(PA_INTERCEPT)}, {RISING(PA_LINEAR)}, {RISING(PA_SQRT)}}},
    [PA_FORM_POWER] = {2, {{.kind = PA_INTERCEPT}, {.kind = PA_POWER}}}};

static double floored(const struct pa_study *study, const struct pa_fit *fit)
{
    return fit->squares +
           (double)fit->n_points * study->floor_rms * study->floor_rms;
}

double pa_study_rms(const struct pa_study *study, enum pa_form form)
{
    const struct pa_fit *fit = &study->fits[form];
    return sqrt(fit->squares / (double)fit->n_points);
}

double pa_study_least_cost(const struct pa_study *study)
{
    return gsl_stats_min(study->curve->estimates, 1, study->curve->n_points);
}

/* Fit the form with its last term at a place. Returns the sum of squares. */
static double squares_at(const struct pa_study *study, struct pa_model form,
                         double at, struct pa_fit *fit)
{
    form.terms[form.n_terms - 1].at = at;
    if (pa_fit(&study->design, &form, fit) < 0)
        fit->squares = INFINITY;
    return fit->squares;
}

/* One step of Gauss and Newton for the exponent, halved until it helps.
 * Returns its length, 0 at the optimum. */
static double exponent_step(const struct pa_study *study, double *exponent,
                            double *squares)
{
    struct pa_model tilted = forms[PA_FORM_POWER];
    struct pa_fit fit;

    tilted.terms[1].at = *exponent;
    pa_model_add(&tilted, PA_TILT, 0, *exponent);
    if (pa_fit(&study->design, &tilted, &fit) < 0 || fit.coefficients[1] == 0)
        return 0;
    double step = fit.coefficients[2] / fit.coefficients[1];
    step = fmin(fmax(step, -PB_EXPONENT_STEP), PB_EXPONENT_STEP);
    for (; fabs(step) > 1e-9; step /= 2) {
        double tried =
            fmin(fmax(*exponent + step, PB_EXPONENT_LEAST), PB_EXPONENT_MOST);
        double left = squares_at(study, forms[PA_FORM_POWER], tried, &fit);
        if (left < *squares) {
            *exponent = tried;
            *squares = left;
            return step;
        }
    }
    return 0;
}

/* The exponent of least squares near a start, for the design's costs. */
static double refine_exponent(const struct pa_study *study, double exponent)
{
    struct pa_fit fit;
    double squares = squares_at(study, forms[PA_FORM_POWER], exponent, &fit);

    for (int i = 0; i < PB_EXPONENT_STEPS_MOST; i++)
        if (exponent_step(study, &exponent, &squares) == 0)
            break;
    return exponent;
}

static double search_exponent(const struct pa_study *study)
{
    double best = PB_EXPONENT_LEAST, least = INFINITY;
    int n =
        (int)lround((PB_EXPONENT_MOST - PB_EXPONENT_LEAST) / PB_EXPONENT_STEP);
    struct pa_fit fit;

    for (int i = 0; i <= n; i++) {
        double exponent = PB_EXPONENT_LEAST + i * PB_EXPONENT_STEP;
        double squares =
            squares_at(study, forms[PA_FORM_POWER], exponent, &fit);
        if (squares < least) {
            least = squares;
            best = exponent;
        }
    }
    return refine_exponent(study, best);
}

/* Standard error of the exponent when any point, or every 64th of many, is left
 * out: it holds what the form does not describe. Efron and Stein, Annals of
 * Statistics 9 (1981) 586. */
static double exponent_jackknife(struct pa_study *study)
{
    size_t n = study->curve->n_points;
    size_t n_groups = n < PB_JACKKNIFE_GROUPS ? n : PB_JACKKNIFE_GROUPS;

    for (size_t group = 0; group < n_groups; group++) {
        for (size_t i = group; i < n; i += n_groups)
            study->design.costs[i] = NAN;
        study->numbers[group] = refine_exponent(study, study->exponent);
        pa_design_use(&study->design, PA_ESTIMATES);
    }
    return pa_deviation(study->numbers, n_groups) * (double)(n_groups - 1) /
           sqrt((double)n_groups);
}

struct pa_interval pa_study_exponent(struct pa_study *study)
{
    if (study->curve->is_exact)
        return pa_around(study->exponent, 0);
    /* Three: constant, factor, exponent. */
    double degrees =
        (double)study->curve->n_points - 3 - (double)study->curve->n_columns;
    double lack = exponent_jackknife(study) * pa_t95(degrees);

    for (size_t k = 0; k < study->curve->n_invocations; k++) {
        pa_design_use(&study->design, k);
        study->numbers[k] = refine_exponent(study, study->exponent);
    }
    pa_design_use(&study->design, PA_ESTIMATES);
    struct pa_interval over =
        pa_t_interval(study->numbers, study->curve->n_invocations);
    return pa_around(study->exponent, hypot((over.high - over.low) / 2, lack));
}

/* The place between points i and i + 1 where lines of their own through the
 * points on either side meet, which is the best bend there; NAN if they meet
 * elsewhere. Hudson, J. Am. Stat. Assoc. 61 (1966) 1097. */
static double meeting_place(const struct pa_study *study, size_t i)
{
    const double *x = study->curve->x;
    const struct pa_model two_lines = {4,
                                       {{.kind = PA_INTERCEPT},
                                        {.kind = PA_LINEAR},
                                        {.kind = PA_BEND, .at = x[i]},
                                        {.kind = PA_STEP, .at = x[i + 1]}}};
    struct pa_fit fit;

    if (pa_fit(&study->design, &two_lines, &fit) < 0)
        return NAN;
    double place = x[i] - fit.coefficients[3] / fit.coefficients[2];
    return place > x[i] && place < x[i + 1] ? place : NAN;
}

/* Take the place if it is the best so far. */
static void try_bend(struct pa_study *study, double place)
{
    struct pa_fit fit;

    if (!isnan(place) && squares_at(study, forms[PA_FORM_BENT], place, &fit) <
                             study->fits[PA_FORM_BENT].squares) {
        study->fits[PA_FORM_BENT] = fit;
        study->bend = place;
    }
}

static struct pa_fit no_fit(const struct pa_study *study)
{
    return (struct pa_fit){.n_points = study->curve->n_points,
                           .squares = INFINITY};
}

/* At least two points before and beyond it, so that each slope is measured. */
static void search_bend(struct pa_study *study)
{
    study->fits[PA_FORM_BENT] = no_fit(study);
    for (size_t i = 2; i + 2 < study->curve->n_points; i++) {
        try_bend(study, study->curve->x[i]);
        if (i + 3 < study->curve->n_points)
            try_bend(study, meeting_place(study, i));
    }
}

/* Widen the interval by the place unless a likelihood ratio rejects it. */
static void widen_bend(struct pa_interval *bend, const struct pa_study *study,
                       double place)
{
    double best = floored(study, &study->fits[PA_FORM_BENT]);
    struct pa_fit fit;

    squares_at(study, forms[PA_FORM_BENT], place, &fit);
    if ((double)study->curve->n_points * log(floored(study, &fit) / best) >
        PB_CHI_SQUARE)
        return;
    bend->low = fmin(bend->low, place);
    bend->high = fmax(bend->high, place);
}

struct pa_interval pa_study_bend(const struct pa_study *study)
{
    const double *x = study->curve->x;
    struct pa_interval bend = pa_around(study->bend, 0);

    for (size_t i = 1; i + 2 < study->curve->n_points; i++) {
        double apart = x[i + 1] / x[i];
        int n = apart > PB_BEND_APART ? PB_BEND_PLACES : 1;
        for (int j = 0; j < n; j++)
            widen_bend(&bend, study, x[i] * pow(apart, (double)j / n));
    }
    return bend;
}

static void fit_forms(struct pa_study *study)
{
    for (int form = 0; form < PA_FORMS; form++)
        if (form != PA_FORM_BENT && form != PA_FORM_POWER &&
            pa_fit(&study->design, &forms[form], &study->fits[form]) < 0)
            study->fits[form] = no_fit(study);
    study->exponent = search_exponent(study);
    squares_at(study, forms[PA_FORM_POWER], study->exponent,
               &study->fits[PA_FORM_POWER]);
    search_bend(study);
    for (int form = 0; form < PA_FORMS; form++) {
        const struct pa_fit *fit = &study->fits[form];
        int n_searched = form == PA_FORM_BENT || form == PA_FORM_POWER;
        double n = (double)fit->n_points;
        study->bic[form] = n * log(floored(study, fit) / n) +
                           ((double)fit->n_columns + n_searched) * log(n);
    }
}

/* How well costs repeat: relative deviation over invocations, without what an
 * invocation's costs have in common. */
static double noise_of(const struct pa_study *study)
{
    const struct pa_curve *curve = study->curve;
    double squares = 0;

    for (size_t k = 0; k < curve->n_invocations; k++) {
        for (size_t i = 0; i < curve->n_points; i++)
            study->numbers[i] = log(curve->costs[i * curve->n_invocations + k] /
                                    curve->estimates[i]);
        double deviation = pa_deviation(study->numbers, curve->n_points);
        squares += isnan(deviation) ? 0 : deviation * deviation;
    }
    return sqrt(squares / (double)curve->n_invocations);
}

int pa_study_misses_more(struct pa_study *study, enum pa_form form,
                         enum pa_form other)
{
    struct pa_fit fit, fit_of_other;

    if (study->curve->is_exact)
        return 1;
    for (size_t k = 0; k < study->curve->n_invocations; k++) {
        pa_design_use(&study->design, k);
        study->numbers[k] = NAN;
        if (pa_fit(&study->design, &forms[form], &fit) == 0 &&
            pa_fit(&study->design, &forms[other], &fit_of_other) == 0)
            study->numbers[k] =
                log(floored(study, &fit) / floored(study, &fit_of_other)) / 2;
    }
    pa_design_use(&study->design, PA_ESTIMATES);
    return pa_t_interval(study->numbers, study->curve->n_invocations).low > 0;
}

/* Change by the form's last term for what is being fitted, with what its
 * residuals say of its error. */
static struct pa_fitted_change change_by(const struct pa_study *study,
                                         enum pa_form form)
{
    const struct pa_curve *curve = study->curve;
    const struct pa_term last = {
        .kind = forms[form].terms[forms[form].n_terms - 1].kind};
    const struct pa_model model = {2, {{.kind = PA_INTERCEPT}, last}};
    double range = pa_term_at(&last, curve->x[curve->n_points - 1]) -
                   pa_term_at(&last, curve->x[0]);
    struct pa_fit fit;

    if (pa_fit(&study->design, &model, &fit) < 0)
        return (struct pa_fitted_change){NAN, NAN, NAN};
    double degrees = (double)(fit.n_points - fit.n_columns);
    return (struct pa_fitted_change){
        fit.coefficients[1] * range,
        fit.squares / degrees * fit.last_variance * range * range, degrees};
}

/* The error has two sources: lack of fit with what noise is left in the
 * estimates, and changes that differ between invocations with that noise once
 * more, which is counted once: by how much the residuals of the invocations
 * exceed those of the estimates. Degrees of freedom by Welch, Biometrika 34
 * (1947) 28. */
struct pa_fitted_change pa_study_change(struct pa_study *study,
                                        enum pa_form form)
{
    struct pa_fitted_change change = change_by(study, form);
    size_t n_all = study->curve->n_invocations, n_fitted;
    double *changes = study->numbers, *variances = changes + n_all;
    double lack = change.variance;

    if (study->curve->is_exact)
        return change;
    for (size_t k = 0; k < n_all; k++) {
        pa_design_use(&study->design, k);
        struct pa_fitted_change here = change_by(study, form);
        changes[k] = here.value;
        variances[k] = here.variance;
    }
    pa_design_use(&study->design, PA_ESTIMATES);
    double mean = pa_mean(variances, n_all, &n_fitted), n = (double)n_fitted;
    double noise = (mean - lack) / (n - 1);
    double between = pow(pa_deviation(changes, n_all), 2) / n;
    change.variance = fmax(fmax(lack, between), lack + between - noise);
    if (change.variance > 0)
        change.degrees = change.variance * change.variance /
                         (lack * lack / change.degrees +
                          between * between / ((double)n_all - 1));
    return change;
}

/* The slope of line x + share x log2 x is line + share (log2 x + log2 e). */
double pa_study_rise(const struct pa_study *study, enum pa_form form)
{
    const double *b = study->fits[form].coefficients;
    int is_pure = form == PA_FORM_N_LOG_N;
    double line = is_pure ? 0 : b[1], share = is_pure ? 1 : b[2];
    double first = study->curve->x[0];
    double last = study->curve->x[study->curve->n_points - 1];

    if (form == PA_FORM_BENT)
        return (line + share) / line;
    if (form == PA_FORM_LINE_AND_SQUARE)
        return (line + 2 * share * last) / (line + 2 * share * first);
    return (line + share * (log2(last) + M_LOG2E)) /
           (line + share * (log2(first) + M_LOG2E));
}

void pa_study_init(struct pa_study *study, const struct pa_curve *curve)
{
    size_t n_numbers = curve->n_points + 2 * curve->n_invocations;

    *study = (struct pa_study){.curve = curve,
                               .numbers = pa_room(n_numbers, sizeof(double))};
    pa_design_init(&study->design, curve->n_points, curve);
    study->floor_rms =
        curve->is_exact
            ? PB_COUNT_ROUNDING / pa_study_least_cost(study)
            : fmax(PB_TIME_ROUNDING, fmin(PB_FLOOR_RMS, noise_of(study)));
    fit_forms(study);
}

void pa_study_free(struct pa_study *study)
{
    pa_design_free(&study->design);
    free(study->numbers);
    *study = (struct pa_study){0};
}

static const struct pa_model line = {
    2, {{.kind = PA_INTERCEPT}, {.kind = PA_LINEAR}}};

/* Of the mean of the invocations' slopes; NAN where none can be fitted. */
static struct pa_interval slope_over(struct pa_design *design)
{
    size_t n = design->curve->n_invocations;
    PA_FREED double *slopes = pa_room(n, sizeof *slopes);
    struct pa_fit fit;

    for (size_t k = 0; k < n; k++) {
        pa_design_use(design, k);
        slopes[k] =
            pa_fit(design, &line, &fit) == 0 ? fit.coefficients[1] : NAN;
    }
    return pa_t_interval(slopes, n);
}

static struct pa_interval slope_of(struct pa_local_slope *slope,
                                   struct pa_design *design)
{
    struct pa_fit fit;

    if (pa_fit(design, &line, &fit) < 0 || isinf(fit.last_variance))
        return pa_around(NAN, NAN);
    double degrees = (double)(fit.n_points - fit.n_columns);
    slope->rms = sqrt(fit.squares / degrees);
    if (design->curve->is_exact) /* rounding is 0, and not -0 */
        return pa_around(
            rint(fit.coefficients[1] / PB_SUM_SHARE) * PB_SUM_SHARE + 0.0, 0);
    double lack = fmin(PB_QUANTILE_MOST, pa_t95(degrees)) *
                  fmax(PB_LACK_LEAST, slope->rms) * sqrt(fit.last_variance);
    struct pa_interval over = slope_over(design);
    return pa_around(over.value, hypot((over.high - over.low) / 2, lack));
}

void pa_local_slope_measure(struct pa_local_slope *slope,
                            const struct pa_curve *curve, double low,
                            double high)
{
    struct pa_curve window = pa_curve_between(curve, low, high);
    struct pa_design design;

    *slope = (struct pa_local_slope){.rms = NAN, .n_points = window.n_points};
    pa_design_init(&design, window.n_points, &window);
    slope->slope = slope_of(slope, &design);
    pa_design_free(&design);
}
