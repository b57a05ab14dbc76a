/* SPDX-License-Identifier: MIT */
/* Claims about how a cost grows, or that it does not. */
#include "claims_parts.h"
#include "metrics.h"
#include "points.h"
#include "rules.h"

#include <math.h>
#include <string.h>

enum pa_class pa_claim_class(const struct pa_claim *claim)
{
    enum pa_class class = pa_class_of(claim->expectation);
    return (int)class < (int)PA_PURE_FORMS ? class : PA_CLASSES;
}

/* --- classes of growth --------------------------------------------------- */

static enum pa_verdict judge_class(const struct pa_claim *claim,
                                   const struct pa_growth *growth,
                                   double margin_ns)
{
    enum pa_class found = growth->found.class;
    enum pa_class expected = pa_claim_class(claim);
    int is_line_wanted = expected == PA_CLASS_LINE;
    int is_between_wanted = is_line_wanted || expected == PA_CLASS_N_LOG_N;

    if (found == expected || (is_line_wanted && found == PA_CLASS_BENT))
        return PA_SUPPORTED;
    if (found == PA_CLASS_UNKNOWN)
        return expected == PA_CLASS_CONSTANT &&
                       pa_judge_change(growth->found.change, margin_ns) ==
                           PA_RISES
                   ? PA_REFUTED
                   : PA_CANNOT_TELL;
    return found == PA_CLASS_BETWEEN && is_between_wanted ? PA_CANNOT_TELL
                                                          : PA_REFUTED;
}

/* Take what was found of the growth, but for a sentence. */
static void take_growth(struct pa_finding *finding,
                        const struct pa_claim *claim,
                        const struct pa_growth *growth)
{
    struct pb_claims_row *row = &finding->row;

    row->points = (int64_t)growth->n_points;
    row->invocations = (int64_t)growth->n_invocations;
    row->from = (double)growth->from;
    row->to = (double)growth->to;
    row->base_ns = growth->from_ns;
    row->margin_ns = pb_metric_margin(growth->base.metric, growth->from_ns,
                                      pa_claim_tolerance(claim));
    row->change_ns = growth->found.change.value;
    row->share_percent = 100 * (row->change_ns / growth->to_ns);
    finding->flags = growth->flags;
    pa_finding_set_base(finding, &growth->base, growth->variable);
}

/* What to say where there is too little for a verdict; NULL: there is enough.
 */
static const char *lack_of(const struct pa_growth *growth, int is_class)
{
    if (!growth)
        return "too few points at this base point";
    if (isnan(growth->found.change.low))
        return "one invocation has no interval";
    if (is_class && isnan(growth->found.evidence[PA_FORM_LINE].rms))
        return "a class needs more points, or a wider range of them";
    return NULL;
}

const char *pa_claim_test_class(struct pa_finding *finding,
                                const struct pa_claim *claim,
                                const struct pa_growth *growth)
{
    const char *lack = lack_of(growth, 1);

    if (lack)
        return lack;
    take_growth(finding, claim, growth);
    pa_finding_set_effect(finding, growth->found.exponent, "exponent");
    finding->verdict = judge_class(claim, growth, finding->row.margin_ns);
    pa_claim_say_growth(finding, claim, growth, 0);
    return NULL;
}

/* --- a change ------------------------------------------------------------ */

/* Equivalence test of the change over the range; where its ends do not tell,
 * all points together may: O(1) is an equivalence test, too. */
static void judge_change(struct pa_finding *finding,
                         const struct pa_claim *claim,
                         const struct pa_growth *growth)
{
    int is_change = strcmp(claim->expectation, "depends") == 0;
    const char *lack = lack_of(growth, 0);

    *finding = pa_finding_of(claim);
    if (lack) {
        pa_finding_too_little(finding, lack);
        return;
    }
    take_growth(finding, claim, growth);
    pa_finding_set_effect(finding, growth->found.change,
                          pb_metric_unit(growth->base.metric));
    enum pa_change_verdict change =
        pa_judge_change(growth->found.change, finding->row.margin_ns);
    if (change == PA_UNCLEAR && growth->found.class == PA_CLASS_CONSTANT)
        change = PA_LEVEL;
    if (change != PA_UNCLEAR)
        finding->verdict = change == (is_change ? PA_RISES : PA_LEVEL)
                               ? PA_SUPPORTED
                               : PA_REFUTED;
}

/* --- at each base point -------------------------------------------------- */

/* What is tested, and of several base points the one that speaks most against
 * it. */
struct trial {
    const struct pa_claim *claim;
    const struct pa_run *run;
    const struct pa_growths *growths;
    const struct pa_base *base;
    struct pa_finding *finding;
    struct pa_growth worst;
    size_t n_tested;
};

static void take_worse(struct trial *trial, const struct pa_growth *growth)
{
    static const int severity[] = {
        [PA_SUPPORTED] = 0, [PA_CANNOT_TELL] = 1, [PA_REFUTED] = 2};
    struct pa_finding finding;

    judge_change(&finding, trial->claim, growth);
    if (trial->n_tested++ > 0 &&
        severity[finding.verdict] <= severity[trial->finding->verdict])
        return;
    *trial->finding = finding;
    if (growth)
        trial->worst = *growth;
}

/* Where sets are large, those cost as much as the cache will have it. */
static int may_be_each(const struct pa_base *base,
                       const struct pa_growth *growth)
{
    return pa_base_has(base, growth) &&
           (growth->variable == PB_FACTOR_fd_count ||
            growth->base.fd_count <= PB_SMALL_FDS);
}

static int is_known(const struct pa_growths *growths,
                    const struct pa_growth *growth)
{
    for (size_t i = 0; i < growths->n_growths; i++)
        if (growths->growths[i].variable == growth->variable &&
            pa_growth_agrees(&growths->growths[i].base, &growth->base,
                             growth->variable))
            return 1;
    return 0;
}

/* The change between the ends of a series that has no class. */
static void measure_ends(struct pa_growth *growth,
                         const struct pa_series *series, size_t n_invocations)
{
    const struct pa_point *first = series->points[0];
    const struct pa_point *last = series->points[series->n_points - 1];
    double changes[PA_INVOCATIONS_MAX];

    growth->found.class = PA_CLASS_UNKNOWN;
    growth->found.exponent = (struct pa_interval){NAN, NAN, NAN};
    growth->from = pb_factor_number(&first->factors, series->variable);
    growth->to = pb_factor_number(&last->factors, series->variable);
    growth->from_ns = first->estimate_ns;
    growth->to_ns = last->estimate_ns;
    growth->n_points = series->n_points;
    growth->flags = first->flags | last->flags;
    for (size_t k = 0; k < n_invocations; k++)
        changes[k] = last->cost_ns[k] - first->cost_ns[k];
    growth->found.change = pa_t_interval(changes, n_invocations);
    pa_mean(changes, n_invocations, &growth->n_invocations);
    growth->found.ratio =
        pa_exp_interval(pa_log_ratio(last, first, n_invocations, NULL));
}

/* The series along the variable that begins at point i, unless growth.csv has
 * it. */
static void test_series(struct trial *trial, size_t i)
{
    enum pb_factor variable = trial->base->variable;
    const struct pa_point *point = &trial->run->points[i];
    struct pa_growth growth = {
        .base = point->factors,
        .variable = variable,
        .is_typical = pa_point_is_typical(point),
    };
    struct pa_series series;

    if (!may_be_each(trial->base, &growth) ||
        !pa_series_starts(trial->run, i, variable) ||
        is_known(trial->growths, &growth))
        return;
    pa_series_of_point(&series, trial->run, i, variable);
    if (series.n_points > 1 && !((series.points[0]->flags |
                                  series.points[series.n_points - 1]->flags) &
                                 PA_CONTENDED)) {
        measure_ends(&growth, &series, trial->run->n_invocations);
        take_worse(trial, &growth);
    }
    pa_series_free(&series);
}

static void test_each(struct trial *trial)
{
    const struct pa_growth *first = pa_base_growth(trial->growths, trial->base);

    for (size_t i = 0; i < trial->growths->n_growths; i++)
        if (&trial->growths->growths[i] != first &&
            may_be_each(trial->base, &trial->growths->growths[i]))
            take_worse(trial, &trial->growths->growths[i]);
    for (size_t i = 0; i < trial->run->n_points; i++)
        test_series(trial, i);
}

void pa_claim_test_change(struct pa_finding *finding,
                          const struct pa_claim *claim,
                          const struct pa_run *run,
                          const struct pa_growths *growths,
                          const struct pa_base *base)
{
    struct trial trial = {.claim = claim,
                          .run = run,
                          .growths = growths,
                          .base = base,
                          .finding = finding};

    take_worse(&trial, pa_base_growth(growths, base));
    int is_each = strcmp(base->highest_fd, "each") == 0 ||
                  strcmp(base->fd_count, "each") == 0 ||
                  strcmp(base->ready_count, "each") == 0 ||
                  strstr(base->held, "=each");
    if (is_each)
        test_each(&trial);
    if (!*finding->text) /* else too little data */
        pa_claim_say_growth(finding, claim, &trial.worst,
                            finding->verdict == PA_SUPPORTED ? trial.n_tested
                                                             : 0);
}
