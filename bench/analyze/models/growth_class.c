/* SPDX-License-Identifier: MIT */
#include "growth_class.h"

#include "need.h"
#include "rules.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define BIT(form) (1U << (form))

static const char *const names[PA_CLASSES] = {
    [PA_CLASS_CONSTANT] = "O(1)",      [PA_CLASS_LOG] = "O(log n)",
    [PA_CLASS_SQRT] = "O(sqrt n)",     [PA_CLASS_LINE] = "O(n)",
    [PA_CLASS_N_LOG_N] = "O(n log n)", [PA_CLASS_SQUARE] = "O(n^2)",
    [PA_CLASS_BENT] = "O(n) bent",     [PA_CLASS_BETWEEN] = "O(n)..O(n log n)",
    [PA_CLASS_UNKNOWN] = "cannot-tell"};

const char *pa_class_name(enum pa_class class)
{
    return names[class];
}

enum pa_class pa_class_of(const char *name)
{
    int class = 0;

    while (class < PA_CLASSES && strcmp(names[class], name) != 0)
        class ++;
    return (enum pa_class) class;
}

/* Whether form a is better than form b by more than chance. */
static int is_better(const struct pa_study *study, enum pa_form a,
                     enum pa_form b)
{
    return study->bic[b] - study->bic[a] > PB_BIC_CLEAR;
}

static void weigh_forms(struct pa_growth_class *growth, struct pa_study *study)
{
    growth->best = PA_FORM_LOG;
    growth->left = 0;
    for (enum pa_form form = PA_FORM_LOG; form < PA_PURE_FORMS; form++)
        if (study->fits[form].squares < study->fits[growth->best].squares)
            growth->best = form;
    for (enum pa_form form = 0; form < PA_PURE_FORMS; form++) {
        struct pa_evidence *evidence = &growth->evidence[form];
        evidence->rms = pa_study_rms(study, form);
        evidence->bic = study->bic[form] - study->bic[growth->best];
        evidence->is_excluded = form != growth->best &&
                                is_better(study, growth->best, form) &&
                                pa_study_misses_more(study, form, growth->best);
        if (!evidence->is_excluded)
            growth->left |= BIT(form);
    }
    growth->bent_bic = study->bic[PA_FORM_BENT] - study->bic[growth->best];
}

/* Half the width of the interval that leaves this chance out on either side. */
static double half_width(const struct pa_fitted_change *change, double chance)
{
    return change->degrees > 0 ? gsl_cdf_tdist_Qinv(chance, change->degrees) *
                                     sqrt(change->variance)
                               : NAN;
}

static double margin(const struct pa_study *study)
{
    if (study->curve->is_exact)
        return PB_SUM_SHARE * pa_study_least_cost(study);
    return fmax(PB_NOTHING_NS, PB_NOTHING_SHARE * pa_study_least_cost(study));
}

enum change { LEVEL, CHANGED, UNKNOWN };

/* Level by two one-sided tests (Schuirmann, J. Pharmacokin. Biopharm. 15
 * (1987) 657), each at 5 %; changed by an interval of 95 %. */
static enum change judge_change(const struct pa_growth_class *growth,
                                struct pa_study *study)
{
    const enum pa_form by[] = {PA_FORM_LINE, PA_FORM_LOG, growth->best};
    double most = margin(study);
    double rms_most = study->curve->is_exact ? PB_SUM_SHARE : PB_NOTHING_SHARE;
    int is_level = pa_study_rms(study, PA_FORM_CONSTANT) < rms_most &&
                   !(growth->change.low > most) &&
                   !(growth->change.high < -most);
    int is_changed = 0;

    for (int i = 0; i < 3; i++) {
        struct pa_fitted_change change = pa_study_change(study, by[i]);
        is_level &=
            i == 2 || fabs(change.value) + half_width(&change, 0.05) < most;
        is_changed |= fabs(change.value) - half_width(&change, 0.025) > most;
    }
    if (is_level)
        return LEVEL;
    return is_changed ? CHANGED : UNKNOWN;
}

/* How much the line's slope changes, by the best form that says it does. */
static double slope_rise(const struct pa_study *study)
{
    int best = PA_FORM_BENT;

    for (int form = PA_FORM_BENT; form <= PA_FORM_LINE_AND_SQUARE; form++)
        if (study->bic[form] < study->bic[best])
            best = form;
    return is_better(study, best, PA_FORM_LINE) ? pa_study_rise(study, best)
                                                : NAN;
}

static int is_within(double value, double low, double high)
{
    return value >= low && value <= high;
}

static int is_line(const struct pa_growth_class *growth)
{
    double half = growth->exponent.high - growth->exponent.value;

    return growth->left == BIT(PA_FORM_LINE) &&
           growth->evidence[PA_FORM_LINE].rms <= PB_CLASS_RMS &&
           fabs(growth->exponent.value - 1) <= PB_EXPONENT_OFF &&
           half <= PB_EXPONENT_HALF_WIDTH &&
           (isnan(growth->slope_rise) ||
            is_within(growth->slope_rise, 1 / PB_SLOPE_FACTOR,
                      PB_SLOPE_FACTOR));
}

static int is_bent(const struct pa_study *study,
                   const struct pa_growth_class *growth)
{
    return is_better(study, PA_FORM_BENT, growth->best) &&
           is_better(study, PA_FORM_BENT, PA_FORM_LINE_AND_N_LOG_N) &&
           is_better(study, PA_FORM_BENT, PA_FORM_LINE_AND_SQUARE) &&
           is_better(study, PA_FORM_BENT, PA_FORM_LINE_AND_SQRT) &&
           pa_study_rms(study, PA_FORM_BENT) <= PB_CLASS_RMS &&
           is_within(growth->bend_factor, PB_BEND_FACTOR_LOW,
                     PB_BEND_FACTOR_HIGH) &&
           fabs(growth->exponent.value - 1) <= PB_BENT_EXPONENT_OFF;
}

/* Between a line and n log n: because the data leave just these two, or a bend
 * explains more than the best class but no more than a mixture does, or the
 * line's slope is not one slope. */
static int is_between(const struct pa_study *study,
                      const struct pa_growth_class *growth)
{
    double line_rms = growth->evidence[PA_FORM_LINE].rms;

    if (!is_within(growth->exponent.value, PB_BETWEEN_EXPONENT_LOW,
                   PB_BETWEEN_EXPONENT_HIGH) ||
        growth->slope_rise < 1 ||
        growth->slope_rise > pa_study_rise(study, PA_FORM_N_LOG_N))
        return 0;
    if (growth->left == BIT(PA_FORM_LINE) && !isnan(growth->slope_rise))
        return line_rms <= PB_BETWEEN_RMS;
    if (is_better(study, PA_FORM_BENT, growth->best))
        return pa_study_rms(study, PA_FORM_BENT) <= PB_CLASS_RMS;
    return growth->left == (BIT(PA_FORM_LINE) | BIT(PA_FORM_N_LOG_N)) &&
           line_rms <= PB_CLASS_RMS;
}

static int has_exponent_of(const struct pa_growth_class *growth)
{
    double p = growth->exponent.value;
    double off = PB_EXPONENT_OFF;

    if (growth->exponent.high - p > PB_EXPONENT_HALF_WIDTH)
        return 0;
    switch (growth->best) {
    case PA_FORM_LOG:
        return fabs(p) <= off;
    case PA_FORM_SQRT:
        return fabs(p - 0.5) <= off;
    case PA_FORM_N_LOG_N:
        return p > 1 && p < 1.5;
    default:
        return growth->best == PA_FORM_SQUARE && fabs(p - 2) <= off;
    }
}

/* A class of its own. A cache's bends look like n log n or n^2, too, and n^1.25
 * like n log n; but a bent line or a free power then fits better. */
static int is_pure(const struct pa_study *study,
                   const struct pa_growth_class *growth)
{
    int best = growth->best;

    return best != PA_FORM_LINE && growth->left == BIT(best) &&
           !is_better(study, PA_FORM_BENT, best) &&
           !is_better(study, PA_FORM_POWER, best) &&
           growth->evidence[best].rms <= PB_CLASS_RMS &&
           has_exponent_of(growth);
}

/* Where the constant hides the small x, a bend among the last points looks like
 * n log n. So the line must be excluded on the small x alone. */
static int is_excluded_when_small(const struct pa_study *study,
                                  enum pa_form best)
{
    double last = study->curve->x[study->curve->n_points - 1];
    struct pa_curve curve =
        pa_curve_between(study->curve, 0, last * PB_START_SHARE);
    struct pa_study small;

    if (curve.n_points < curve.n_columns + PB_START_POINTS)
        return 0;
    pa_study_init(&small, &curve);
    int is_excluded = is_better(&small, best, PA_FORM_LINE) &&
                      pa_study_misses_more(&small, PA_FORM_LINE, best);
    pa_study_free(&small);
    return is_excluded;
}

static enum pa_class name_class(const struct pa_study *study,
                                const struct pa_growth_class *growth)
{
    enum pa_form best = growth->best;

    if (is_line(growth))
        return PA_CLASS_LINE;
    if (is_bent(study, growth))
        return PA_CLASS_BENT;
    if (is_between(study, growth))
        return PA_CLASS_BETWEEN;
    if (!is_pure(study, growth))
        return PA_CLASS_UNKNOWN;
    if ((best != PA_FORM_N_LOG_N && best != PA_FORM_SQUARE) ||
        is_excluded_when_small(study, best))
        return (enum pa_class)best;
    return fabs(growth->exponent.value - 1) <= PB_BENT_EXPONENT_OFF
               ? PA_CLASS_BETWEEN
               : PA_CLASS_UNKNOWN;
}

static void measure_change(struct pa_growth_class *growth,
                           const struct pa_curve *curve)
{
    const size_t n = curve->n_invocations, last = curve->n_points - 1;
    PA_FREED double *numbers = pa_room(n, sizeof *numbers);

    for (size_t k = 0; k < n; k++)
        numbers[k] = curve->costs[last * n + k] - curve->costs[k];
    growth->change = pa_t_interval(numbers, n);
    pa_mean(numbers, n, &growth->n_invocations);
    for (size_t k = 0; k < n; k++)
        numbers[k] = curve->costs[last * n + k] / curve->costs[k];
    growth->ratio = pa_log_interval(numbers, n);
    if (curve->is_exact) {
        const double *y = curve->estimates;
        growth->change = pa_around(y[last] - y[0], 0);
        growth->ratio = pa_around(y[last] / y[0], 0);
    }
}

static void judge(struct pa_growth_class *growth, struct pa_study *study)
{
    weigh_forms(growth, study);
    enum change change = judge_change(growth, study);
    if (change == LEVEL) {
        growth->class = PA_CLASS_CONSTANT;
        growth->left = BIT(PA_FORM_CONSTANT);
        return;
    }
    growth->exponent = pa_study_exponent(study);
    growth->bend = pa_study_bend(study);
    growth->bend_factor = pa_study_rise(study, PA_FORM_BENT);
    growth->slope_rise = slope_rise(study);
    if (change == CHANGED) {
        growth->left &= ~BIT(PA_FORM_CONSTANT);
        growth->class = name_class(study, growth);
    }
    /* What misses the costs by much is not left, though nothing is better. */
    for (enum pa_form form = 0; form < PA_PURE_FORMS; form++)
        if (growth->evidence[form].rms > PB_CLASS_RMS)
            growth->left &= ~BIT(form);
}

static int is_enough(const struct pa_curve *curve)
{
    size_t n = curve->n_points;

    return n >= PB_CLASS_POINTS && n > curve->n_columns + 3 &&
           curve->x[n - 1] >= PB_CLASS_RANGE * curve->x[0] &&
           (curve->n_invocations >= 2 || curve->is_exact);
}

void pa_growth_classify(struct pa_growth_class *growth,
                        const struct pa_curve *curve)
{
    const struct pa_interval none = pa_around(NAN, NAN);
    struct pa_study study;

    *growth = (struct pa_growth_class){.class = PA_CLASS_UNKNOWN,
                                       .left = BIT(PA_PURE_FORMS) - 1,
                                       .exponent = none,
                                       .change = none,
                                       .ratio = none,
                                       .bend = none,
                                       .slope_rise = NAN,
                                       .bend_factor = NAN};
    for (int i = 0; i < PA_PURE_FORMS; i++)
        growth->evidence[i] = (struct pa_evidence){NAN, NAN, 0};
    growth->bent_bic = NAN;
    if (curve->n_points > 0)
        measure_change(growth, curve);
    if (!is_enough(curve))
        return;
    pa_study_init(&study, curve);
    judge(growth, &study);
    pa_study_free(&study);
}

/* --- a few figures alone -------------------------------------------------- */

static double rms_of(const struct pa_design *design,
                     const struct pa_model *model)
{
    struct pa_fit fit;

    if (pa_fit(design, model, &fit) < 0)
        return INFINITY;
    return sqrt(fit.squares / (double)fit.n_points);
}

static double rms_of_form(const struct pa_design *design,
                          enum pa_term_kind kind)
{
    return rms_of(design, &(struct pa_model){
                              2, {{.kind = PA_INTERCEPT}, {.kind = kind}}});
}

/* A line that becomes steeper at one of the figures. */
static double rms_of_bent(const struct pa_design *design)
{
    double least = INFINITY;

    for (size_t i = 1; i + 1 < design->n_points; i++) {
        const struct pa_model model = {
            3,
            {{.kind = PA_INTERCEPT},
             {.kind = PA_LINEAR},
             {.kind = PA_BEND, .at = design->curve->x[i]}}};
        least = fmin(least, rms_of(design, &model));
    }
    return least;
}

static const char *name_form(const struct pa_design *design)
{
    if (rms_of_form(design, PA_LINEAR) <= PB_GROWTH_RMS)
        return "linear";
    if (design->n_points < PB_GROWTH_POINTS)
        return "cannot-tell";
    double log_form = rms_of_form(design, PA_N_LOG_N);
    double square = rms_of_form(design, PA_SQUARE);
    double bent = rms_of_bent(design);
    if (fmin(bent, fmin(log_form, square)) > PB_GROWTH_RMS)
        return "cannot-tell";
    if (bent <= fmin(log_form, square))
        return "bent";
    return log_form <= square ? "n-log-n" : "quadratic";
}

const char *pa_growth(const double *x, const double *y, size_t n)
{
    const struct pa_curve curve = {.n_points = n, .x = x, .estimates = y};
    struct pa_design design;
    double low, high;

    if (n < PB_LINE_POINTS || !(x[0] > 0) || x[n - 1] < PB_GROWTH_RANGE * x[0])
        return "cannot-tell";
    gsl_stats_minmax(&low, &high, y, 1, n);
    if (log(high / low) < PB_FLAT_EXPONENT * log(x[n - 1] / x[0]))
        return "flat";
    pa_design_init(&design, n, &curve);
    design.distinct_share = PB_DISTINCT_SHARE;
    const char *name = name_form(&design);
    pa_design_free(&design);
    return name;
}
