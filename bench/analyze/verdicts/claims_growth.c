/* SPDX-License-Identifier: MIT */
/* Claims about how a cost grows, or that it does not. */
#include "claims_parts.h"
#include "points.h"
#include "rules.h"

#include <math.h>
#include <string.h>

enum pa_class pa_claim_class(const struct pa_claim *claim)
{
    enum pa_class class = pa_class_of(claim->expectation);
    return (int)class < (int)PA_PURE_FORMS ? class : PA_CLASSES;
}

/* Take what was found of the growth, but for a sentence. */
static void take_growth(struct pa_finding *finding,
                        const struct pa_growth *growth)
{
    struct pb_claims_row *row = &finding->row;

    row->points = (int64_t)growth->n_points;
    row->invocations = (int64_t)growth->n_invocations;
    row->from = (double)growth->from;
    row->to = (double)growth->to;
    row->change_ns = growth->found.change.value;
    row->share_percent = 100 * (row->change_ns / growth->to_ns);
    finding->flags = growth->flags;
    pa_finding_set_base(finding, &growth->base, growth->variable,
                        growth->from_ns);
}

static enum pa_verdict judge_class(enum pa_class expected,
                                   const struct pa_growth *growth,
                                   double margin_ns)
{
    enum pa_class found = growth->found.class;
    int is_line_wanted = expected == PA_CLASS_LINE;
    int may_be_between = is_line_wanted || expected == PA_CLASS_N_LOG_N;

    if (found == expected || (is_line_wanted && found == PA_CLASS_BENT))
        return PA_SUPPORTED;
    if (found == PA_CLASS_UNKNOWN)
        return expected == PA_CLASS_CONSTANT &&
                       pa_judge_change(growth->found.change, margin_ns) ==
                           PA_RISES
                   ? PA_REFUTED
                   : PA_CANNOT_TELL;
    return found == PA_CLASS_BETWEEN && may_be_between ? PA_CANNOT_TELL
                                                       : PA_REFUTED;
}

/* Equivalence test of the change over the range; where its ends do not tell,
 * all points together may: O(1) is an equivalence test, too. */
static enum pa_verdict judge_change(enum pa_change_verdict expected,
                                    const struct pa_growth *growth,
                                    double margin_ns)
{
    enum pa_change_verdict change =
        pa_judge_change(growth->found.change, margin_ns);

    if (change == PA_UNCLEAR && growth->found.class == PA_CLASS_CONSTANT)
        change = PA_LEVEL;
    if (change == PA_UNCLEAR)
        return PA_CANNOT_TELL;
    return change == expected ? PA_SUPPORTED : PA_REFUTED;
}

/* What was found of the claim on a growth (NULL: there is none), but for a
 * sentence, unless it is that there is too little for a verdict. */
static struct pa_finding judge(const struct pa_trial *trial,
                               const struct pa_growth *growth)
{
    struct pa_finding finding = pa_finding_of(trial);
    enum pa_class expected = pa_claim_class(trial->claim);
    const char *lack = NULL;

    if (!growth)
        lack = "too few points at this base point";
    else if (isnan(growth->found.change.low))
        lack = "one invocation has no interval";
    else if (expected != PA_CLASSES &&
             isnan(growth->found.evidence[PA_FORM_LINE].rms))
        lack = "a class needs more points, or a wider range of them";
    if (lack) {
        pa_finding_too_little(&finding, lack);
        return finding;
    }
    take_growth(&finding, growth);
    if (expected != PA_CLASSES) {
        pa_finding_set_effect(&finding, growth->found.exponent, "exponent");
        finding.verdict = judge_class(expected, growth, finding.row.margin_ns);
        return finding;
    }
    pa_finding_set_effect(&finding, growth->found.change,
                          pb_metric_unit(growth->base.metric));
    finding.verdict = judge_change(
        pa_claim_expects(trial->claim, "depends") ? PA_RISES : PA_LEVEL, growth,
        finding.row.margin_ns);
    return finding;
}

/* --- at each base point -------------------------------------------------- */

/* Of several base points the one that speaks most against the claim. */
struct worst {
    const struct pa_trial *trial;
    struct pa_finding finding;
    struct pa_growth growth;
    size_t n_tested;
};

static void take_worse(struct worst *worst, const struct pa_growth *growth)
{
    static const int severity[] = {
        [PA_SUPPORTED] = 0, [PA_CANNOT_TELL] = 1, [PA_REFUTED] = 2};
    struct pa_finding finding = judge(worst->trial, growth);

    if (worst->n_tested++ > 0 &&
        severity[finding.verdict] <= severity[worst->finding.verdict])
        return;
    worst->finding = finding;
    if (growth)
        worst->growth = *growth;
}

/* Where sets are large, those cost as much as the cache will have it. */
static int may_be_each(const struct pa_trial *trial,
                       const struct pa_growth *growth)
{
    return pa_base_has(trial, growth) &&
           (growth->variable == PB_FACTOR_fd_count ||
            growth->base.fd_count <= PB_SMALL_FDS);
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
static void test_series(struct worst *worst, size_t i)
{
    const struct pa_run *run = worst->trial->run;
    const struct pa_point *point = &run->points[i];
    enum pb_factor variable = worst->trial->variable;
    struct pa_growth growth = {
        .base = point->factors,
        .variable = variable,
        .is_typical = pa_point_is_typical(point),
    };
    struct pa_series series;

    if (!may_be_each(worst->trial, &growth) ||
        !pa_series_starts(run, i, variable) ||
        pa_growths_have(worst->trial->growths, &point->factors, variable))
        return;
    pa_series_of_point(&series, run, i, variable);
    if (series.n_points > 1 && !((series.points[0]->flags |
                                  series.points[series.n_points - 1]->flags) &
                                 PA_CONTENDED)) {
        measure_ends(&growth, &series, run->n_invocations);
        take_worse(worst, &growth);
    }
    pa_series_free(&series);
}

static void test_each(struct worst *worst, const struct pa_growth *first)
{
    const struct pa_trial *trial = worst->trial;

    for (size_t i = 0; i < trial->growths->n_growths; i++)
        if (&trial->growths->growths[i] != first &&
            may_be_each(trial, &trial->growths->growths[i]))
            take_worse(worst, &trial->growths->growths[i]);
    for (size_t i = 0; i < trial->run->n_points; i++)
        test_series(worst, i);
}

void pa_claim_test_growth(struct pa_finding *finding,
                          const struct pa_trial *trial)
{
    const struct pa_claim *claim = trial->claim;
    const struct pa_growth *first = pa_base_growth(trial);
    struct worst worst = {.trial = trial};

    take_worse(&worst, first);
    if (pa_claim_class(claim) == PA_CLASSES &&
        (pa_is(claim->highest_fd, "each") || pa_is(claim->fd_count, "each") ||
         pa_is(claim->ready_count, "each") || strstr(claim->held, "=each")))
        test_each(&worst, first);
    *finding = worst.finding;
    finding->n_each = worst.n_tested;
    if (!*finding->text) /* else too little data */
        pa_claim_say(finding, &worst.growth, NULL);
}
