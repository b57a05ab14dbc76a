/* SPDX-License-Identifier: MIT */
/* Claims about how a cost grows, or that it does not. */
#include "base_point.h"
#include "claims_parts.h"
#include "claims_text.h"
#include "metrics.h"
#include "points.h"
#include "rules.h"
#include "term.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
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
    finding->n_points = growth->n_points;
    finding->n_invocations = growth->n_invocations;
    finding->flags = growth->flags;
    finding->from = (double)growth->from;
    finding->to = (double)growth->to;
    finding->highest_fd = growth->base.highest_fd;
    finding->fd_count = growth->base.fd_count;
    finding->ready_count = growth->base.ready_count;
    pa_finding_blank(finding, growth->variable);
    finding->base_ns = growth->from_ns;
    finding->margin_ns = pa_margin_ns(growth->from_ns, claim->tolerance);
    finding->change_ns = growth->found.change.value;
    finding->share = finding->change_ns / growth->to_ns;
    finding->effect = growth->found.exponent;
    pa_finding_set_unit(finding, "exponent");
}

void pa_claim_test_class(struct pa_finding *finding,
                         const struct pa_claim *claim,
                         const struct pa_growth *growth)
{
    if (!growth) {
        pa_finding_too_little(finding, claim,
                              "too few points at this base point");
        return;
    }
    take_growth(finding, claim, growth);
    if (isnan(growth->found.change.low)) {
        pa_finding_too_little(finding, claim, "one invocation has no interval");
        return;
    }
    if (isnan(growth->found.evidence[PA_FORM_LINE].rms)) {
        pa_finding_too_little(
            finding, claim,
            "a class needs more points, or a wider range of them");
        return;
    }
    finding->verdict = judge_class(claim, growth, finding->margin_ns);
    pa_claim_say_class(finding, claim, growth);
}

/* --- a line ------------------------------------------------------------- */

/* Ordinary least-squares slope of invocation k's costs along the series; NAN
 * if it has less than half of the range: where the upper points were left out
 * (contended), the slope of the rest is a guess that all others would have to
 * make up for. */
static double slope_of(const struct pa_series *series, size_t k)
{
    double n = 0, x = 0, y = 0, xx = 0, xy = 0, least = INFINITY, most = 0;
    double origin = pa_series_x(series, 0);
    double range = pa_series_x(series, series->n_points - 1) - origin;

    for (size_t i = 0; i < series->n_points; i++) {
        double cost = series->points[i]->cost_ns[k];
        double at = pa_series_x(series, i) - origin;
        if (isnan(cost))
            continue;
        n++;
        least = fmin(least, at);
        most = fmax(most, at);
        x += at;
        y += cost;
        xx += at * at;
        xy += at * cost;
    }
    double square = n * xx - x * x;
    if (most - least < PB_LINE_SHARE * range)
        return NAN;
    return n >= PB_LINE_POINTS && square > 0 ? (n * xy - x * y) / square : NAN;
}

static int measure_slope(struct pa_finding *finding,
                         const struct pa_series *series, size_t n_invocations)
{
    double *slopes = malloc((n_invocations + 1) * sizeof *slopes);

    if (!slopes)
        return -1;
    for (size_t k = 0; k < n_invocations; k++)
        slopes[k] = slope_of(series, k);
    finding->effect = pa_t_interval(slopes, n_invocations);
    pa_mean(slopes, n_invocations, &finding->n_invocations);
    free(slopes);
    return 0;
}

static void set_slope_unit(struct pa_finding *finding, enum pb_factor variable)
{
    const struct pa_term term = {.kind = PA_SLOPE, .variable = variable};
    pa_term_unit(&term, pb_metric_infos[PB_METRIC_cost].unit, finding->unit);
}

/* Equivalence test of the change over the tested range. */
static void judge_slope(struct pa_finding *finding,
                        const struct pa_claim *claim)
{
    static const char *const words[] = {[PA_LEVEL] = "does not depend on",
                                        [PA_RISES] = "grows with",
                                        [PA_FALLS] = "falls with",
                                        [PA_UNCLEAR] =
                                            "may or may not depend on"};
    double range = finding->to - finding->from;
    struct pa_interval more_ns = {finding->change_ns,
                                  finding->effect.low * range,
                                  finding->effect.high * range};
    enum pa_change_verdict change =
        pa_judge_change(more_ns, finding->margin_ns);
    enum pa_change_verdict wanted =
        strcmp(claim->expectation, "depends") == 0 ? PA_RISES : PA_LEVEL;

    if (change != PA_UNCLEAR)
        finding->verdict = change == wanted ? PA_SUPPORTED : PA_REFUTED;
    pa_claim_say_slope(finding, claim, words[change],
                       change == PA_RISES || change == PA_FALLS);
}

/* Where nothing was held at another value than in the finding. */
static int is_at(const struct pa_growth *growth,
                 const struct pa_finding *finding)
{
    const struct pb_factors *base = &growth->base;

    return (finding->highest_fd == PA_ANY ||
            finding->highest_fd / PB_FD_BLOCK ==
                base->highest_fd / PB_FD_BLOCK) &&
           (finding->fd_count == PA_ANY ||
            finding->fd_count == base->fd_count) &&
           (finding->ready_count == PA_ANY ||
            finding->ready_count == base->ready_count);
}

static int test_slope(struct pa_finding *finding, const struct pa_claim *claim,
                      const struct pa_run *run, const struct pa_series *series)
{
    if (series->n_points < PB_LINE_POINTS) {
        pa_finding_too_little(finding, claim,
                              "too few points at this base point");
        return 0;
    }
    pa_finding_describe(finding, series, claim);
    pa_finding_blank(finding, series->variable);
    set_slope_unit(finding, series->variable);
    if (measure_slope(finding, series, run->n_invocations) < 0)
        return -1;
    if (isnan(finding->effect.low)) {
        pa_finding_too_little(finding, claim, "one invocation has no interval");
        return 0;
    }
    finding->change_ns = finding->effect.value * (finding->to - finding->from);
    finding->share =
        finding->change_ns / series->points[series->n_points - 1]->estimate_ns;
    judge_slope(finding, claim);
    return 0;
}

/* --- at each base point -------------------------------------------------- */

/* The change between the ends, where there are too few points for a line. */
static int test_ends(struct pa_finding *finding, const struct pa_claim *claim,
                     const struct pa_run *run, const struct pa_series *series)
{
    const struct pa_point *first = series->points[0];
    const struct pa_point *last = series->points[series->n_points - 1];
    double *slopes = malloc((run->n_invocations + 1) * sizeof *slopes);

    if (!slopes)
        return -1;
    pa_finding_describe(finding, series, claim);
    pa_finding_blank(finding, series->variable);
    set_slope_unit(finding, series->variable);
    for (size_t k = 0; k < run->n_invocations; k++)
        slopes[k] = (last->cost_ns[k] - first->cost_ns[k]) /
                    (finding->to - finding->from);
    finding->effect = pa_t_interval(slopes, run->n_invocations);
    pa_mean(slopes, run->n_invocations, &finding->n_invocations);
    free(slopes);
    finding->change_ns = finding->effect.value * (finding->to - finding->from);
    finding->share = finding->change_ns / last->estimate_ns;
    if (!isnan(finding->effect.low))
        judge_slope(finding, claim);
    return 0;
}

/* Keep of two findings the one that speaks more against the claim. */
static void keep_worse(struct pa_finding *finding,
                       const struct pa_finding *other)
{
    static const int severity[] = {
        [PA_SUPPORTED] = 0, [PA_CANNOT_TELL] = 1, [PA_REFUTED] = 2};

    if (severity[other->verdict] > severity[finding->verdict])
        *finding = *other;
}

/* What is tested at several base points. */
struct trial {
    const struct pa_claim *claim;
    const struct pa_run *run;
    const struct pa_growths *growths;
};

/* Where a slope or the two ends do not tell, all points together may: O(1) is
 * an equivalence test, too. */
static void ask_class(struct pa_finding *finding, const struct pa_claim *claim,
                      const struct pa_growth *growth)
{
    if (!growth || strcmp(claim->expectation, "independent") != 0 ||
        finding->verdict != PA_CANNOT_TELL ||
        growth->found.class != PA_CLASS_CONSTANT || !is_at(growth, finding))
        return;
    *finding = pa_finding_none();
    take_growth(finding, claim, growth);
    finding->verdict = PA_SUPPORTED;
    pa_claim_say_class(finding, claim, growth);
}

/* At one value of a factor. Returns whether there were two points, or -1. */
static int test_at(struct pa_finding *finding, const struct trial *trial,
                   const struct pa_base *base)
{
    struct pa_finding other = pa_finding_none();
    struct pa_series series;
    int is_tested;

    if (pa_base_series(&series, trial->run, base) < 0)
        return -1;
    is_tested = series.n_points > 1;
    if (is_tested && test_ends(&other, trial->claim, trial->run, &series) < 0)
        is_tested = -1;
    pa_series_free(&series);
    ask_class(&other, trial->claim, pa_base_growth(trial->growths, base));
    if (is_tested > 0)
        keep_worse(finding, &other);
    return is_tested;
}

static int64_t block_of(const struct pa_point *point, enum pb_factor factor)
{
    int64_t value = pb_factor_number(&point->factors, factor);
    return factor == PB_FACTOR_highest_fd ? value / PB_FD_BLOCK : value;
}

/* Whether the point's value of the factor is another than those of the points
 * before it that are of its kind. */
static int is_new(const struct pa_run *run, size_t i, enum pb_factor factor)
{
    const struct pa_point *point = &run->points[i];

    for (size_t j = 0; j < i; j++)
        if (run->points[j].factors.backend == point->factors.backend &&
            run->points[j].factors.stage == point->factors.stage &&
            block_of(&run->points[j], factor) == block_of(point, factor))
            return 0;
    return 1;
}

/* At each value of the factor, but where sets are large: those cost as much as
 * the cache will have it. */
static int test_each(struct pa_finding *finding, const struct trial *trial,
                     struct pa_base base, enum pb_factor factor)
{
    const struct pa_run *run = trial->run;
    size_t n_tested = 0;
    char value[32];

    if (factor == PB_FACTOR_highest_fd)
        base.highest_fd = value;
    else if (factor == PB_FACTOR_fd_count)
        base.fd_count = value;
    else
        base.ready_count = value;
    for (size_t i = 0; i < run->n_points; i++) {
        const struct pb_factors *factors = &run->points[i].factors;
        if (strcmp(factors->backend, base.backend) != 0 ||
            strcmp(factors->stage, base.stage) != 0 ||
            (factor == PB_FACTOR_fd_count &&
             factors->fd_count > PB_SMALL_FDS) ||
            !is_new(run, i, factor))
            continue;
        snprintf(value, sizeof value, "%lld",
                 (long long)pb_factor_number(factors, factor));
        int is_tested = test_at(finding, trial, &base);
        if (is_tested < 0)
            return -1;
        n_tested += (size_t)is_tested;
    }
    if (finding->verdict == PA_SUPPORTED)
        pa_claim_say_each(finding, pb_factor_infos[factor].words, n_tested);
    return 0;
}

int pa_claim_test_change(struct pa_finding *finding,
                         const struct pa_claim *claim, const struct pa_run *run,
                         const struct pa_growths *growths,
                         const struct pa_base *base)
{
    const struct trial trial = {claim, run, growths};
    const struct pa_growth *growth = pa_base_growth(growths, base);
    const char *const words[] = {base->highest_fd, base->fd_count,
                                 base->ready_count};
    const enum pb_factor factors[] = {PB_FACTOR_highest_fd, PB_FACTOR_fd_count,
                                      PB_FACTOR_ready_count};
    struct pa_series series;

    if (pa_base_series(&series, run, base) < 0)
        return -1;
    int error = test_slope(finding, claim, run, &series);
    pa_series_free(&series);
    if (growth && is_at(growth, finding) && !isnan(finding->effect.low))
        pa_claim_add_class(finding, growth);
    ask_class(finding, claim, growth);
    for (size_t i = 0; i < PA_ARRAY_SIZE(words) && error == 0; i++)
        if (strcmp(words[i], "each") == 0)
            error = test_each(finding, &trial, *base, factors[i]);
    return error;
}
