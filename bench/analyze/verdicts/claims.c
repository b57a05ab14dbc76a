/* SPDX-License-Identifier: MIT */
#include "claims.h"

#include "base_point.h"
#include "claims_text.h"
#include "crossover.h"
#include "points.h"
#include "rules.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CLAIM_INDEX(name, type, unit, fallback, meaning) CLAIM_##name,
enum claim_column { PB_CLAIMS(CLAIM_INDEX) CLAIM_COLUMNS };

static const struct pa_column claim_columns[] = {PB_CLAIMS(PA_COLUMN)};

static const char *const expectations[] = {
    "depends", "independent", "cheaper", "not-cheaper", "level", "crossover"};

static int is_one_of(const char *text, const char *const *texts, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(text, texts[i]) == 0)
            return 1;
    return 0;
}

static struct pa_claim claim_of(const union pa_cell *row)
{
    return (struct pa_claim){.name = row[CLAIM_claim].text,
                             .statement = row[CLAIM_statement].text,
                             .source = row[CLAIM_source].text,
                             .year = row[CLAIM_year].integer,
                             .expectation = row[CLAIM_expectation].text,
                             .backend = row[CLAIM_backend].text,
                             .other = row[CLAIM_other].text,
                             .stage = row[CLAIM_stage].text,
                             .variable = row[CLAIM_variable].text,
                             .layout = row[CLAIM_layout].text,
                             .highest_fd = row[CLAIM_highest_fd].text,
                             .fd_count = row[CLAIM_fd_count].text,
                             .ready_count = row[CLAIM_ready_count].text,
                             .from = row[CLAIM_from].real,
                             .to = row[CLAIM_to].real,
                             .expected = row[CLAIM_expected].real,
                             .tolerance =
                                 row[CLAIM_tolerance_percent].real / 100};
}

/* The class of growth that a claim expects; PA_CLASSES: none. */
static enum pa_class expected_class(const struct pa_claim *claim)
{
    enum pa_class class = pa_class_of(claim->expectation);
    return (int)class < (int)PA_PURE_FORMS ? class : PA_CLASSES;
}

/* "ready_share" is the ready count, in shares. */
static enum pb_factor variable_of(const struct pa_claim *claim)
{
    if (strcmp(claim->variable, "ready_share") == 0)
        return PB_FACTOR_ready_count;
    return pb_factor_of(claim->variable);
}

static int compares(const struct pa_claim *claim)
{
    static const char *const comparisons[] = {"cheaper", "not-cheaper", "level",
                                              "crossover"};
    return is_one_of(claim->expectation, comparisons,
                     PA_ARRAY_SIZE(comparisons));
}

static int needs_variable(const struct pa_claim *claim)
{
    static const char *const lines[] = {"depends", "independent", "crossover"};
    return is_one_of(claim->expectation, lines, PA_ARRAY_SIZE(lines)) ||
           expected_class(claim) != PA_CLASSES;
}

static int check(const struct pa_claim *claim, struct pa_problem *problem)
{
    const char *const words[] = {claim->highest_fd, claim->fd_count,
                                 claim->ready_count};

    if (!is_one_of(claim->expectation, expectations,
                   PA_ARRAY_SIZE(expectations)) &&
        expected_class(claim) == PA_CLASSES)
        return pa_problem_set(problem,
                              "%.60s: expectation is \"%.40s\"; see "
                              "results/README.md",
                              claim->name, claim->expectation);
    if (compares(claim) && !*claim->other)
        return pa_problem_set(problem, "%.60s: other is empty", claim->name);
    if (needs_variable(claim) && variable_of(claim) == PB_N_FACTORS)
        return pa_problem_set(problem, "%.60s: no variable \"%.40s\"",
                              claim->name, claim->variable);
    if (!(claim->tolerance > 0 && claim->tolerance < 10))
        return pa_problem_set(problem, "%.60s: tolerance_percent is not > 0",
                              claim->name);
    for (size_t i = 0; i < PA_ARRAY_SIZE(words); i++)
        if (!pa_base_word_is_valid(words[i]))
            return pa_problem_set(problem, "%.60s: no base point \"%.40s\"",
                                  claim->name, words[i]);
    return 0;
}

int pa_claims_read(struct pa_claims *claims, const char *path,
                   struct pa_problem *problem)
{
    *claims = (struct pa_claims){0};
    if (pa_table_read(&claims->table, path, claim_columns, CLAIM_COLUMNS,
                      problem) < 0)
        return -1;
    claims->claims = calloc(claims->table.n_rows + 1, sizeof *claims->claims);
    int error = claims->claims ? 0 : -1;
    if (error)
        pa_problem_set(problem, "out of memory");
    for (size_t i = 0; error == 0 && i < claims->table.n_rows; i++) {
        claims->claims[i] = claim_of(pa_table_row(&claims->table, i));
        error = check(&claims->claims[i], problem);
        claims->n_claims++;
    }
    if (error < 0) {
        pa_problem_at(problem, path, 0);
        pa_claims_free(claims);
    }
    return error;
}

void pa_claims_free(struct pa_claims *claims)
{
    free(claims->claims);
    pa_table_free(&claims->table);
    *claims = (struct pa_claims){0};
}

const char *pa_verdict_text(enum pa_verdict verdict)
{
    static const char *const texts[] = {"supported", "refuted", "cannot-tell"};
    return texts[verdict];
}

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

static void describe_base(struct pa_finding *finding,
                          const struct pa_series *series,
                          const struct pa_claim *claim)
{
    const struct pa_point *first = series->points[0];
    size_t last = series->n_points - 1;

    finding->n_points = series->n_points;
    finding->base_ns = first->estimate_ns;
    finding->margin_ns = pa_margin_ns(finding->base_ns, claim->tolerance);
    finding->from = pa_series_x(series, 0);
    finding->to = pa_series_x(series, last);
    finding->highest_fd = first->factors.highest_fd;
    finding->fd_count = first->factors.fd_count;
    finding->ready_count = first->factors.ready_count;
    for (size_t i = 0; i < series->n_points; i++)
        finding->flags |= series->points[i]->flags;
}

static void blank_variable(struct pa_finding *finding, enum pb_factor variable)
{
    if (variable == PB_FACTOR_highest_fd)
        finding->highest_fd = PA_ANY;
    if (variable == PB_FACTOR_fd_count)
        finding->fd_count = PA_ANY;
    if (variable == PB_FACTOR_ready_count)
        finding->ready_count = PA_ANY;
}

static void set_unit(struct pa_finding *finding, const char *unit)
{
    snprintf(finding->unit, sizeof finding->unit, "%s", unit);
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

static void too_little(struct pa_finding *finding, const struct pa_claim *claim,
                       const char *why)
{
    finding->verdict = PA_CANNOT_TELL;
    snprintf(finding->text, sizeof finding->text, "too little data on %s: %s",
             claim->backend, why);
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
        too_little(finding, claim, "too few points at this base point");
        return 0;
    }
    describe_base(finding, series, claim);
    blank_variable(finding, series->variable);
    set_slope_unit(finding, series->variable);
    if (measure_slope(finding, series, run->n_invocations) < 0)
        return -1;
    if (isnan(finding->effect.low)) {
        too_little(finding, claim, "one invocation has no interval");
        return 0;
    }
    finding->change_ns = finding->effect.value * (finding->to - finding->from);
    finding->share =
        finding->change_ns / series->points[series->n_points - 1]->estimate_ns;
    judge_slope(finding, claim);
    return 0;
}

static void judge_ratio(struct pa_finding *finding,
                        const struct pa_claim *claim, double tolerance)
{
    struct pa_interval ratio = finding->effect;
    double below = 1 / (1 + tolerance);
    int is_below = ratio.high<below, is_above = ratio.low> 1 + tolerance;
    int is_level = ratio.low > below && ratio.high < 1 + tolerance;
    int supports, refutes;

    if (strcmp(claim->expectation, "level") == 0) {
        supports = is_level;
        refutes = is_below || is_above;
    } else {
        int is_cheaper = strcmp(claim->expectation, "cheaper") == 0;
        supports = is_cheaper ? is_below : ratio.low > below;
        refutes = is_cheaper ? ratio.low > below : is_below;
    }
    finding->verdict = supports  ? PA_SUPPORTED
                       : refutes ? PA_REFUTED
                                 : PA_CANNOT_TELL;
    pa_claim_say_ratio(finding, claim, tolerance);
}

static int measure_ratio(struct pa_finding *finding, const struct pa_point *a,
                         const struct pa_point *b, size_t n_invocations)
{
    double *logs = malloc((n_invocations + 1) * sizeof *logs);

    if (!logs)
        return -1;
    pa_log_ratios(a, b, n_invocations, logs);
    struct pa_interval mean = pa_t_interval(logs, n_invocations);
    pa_mean(logs, n_invocations, &finding->n_invocations);
    free(logs);
    finding->effect = pa_exp_interval(mean);
    return 0;
}

static int test_ratio(struct pa_finding *finding, const struct pa_claim *claim,
                      const struct pa_run *run, const struct pa_series *series)
{
    const struct pa_point *other =
        series->n_points ? pa_partner(run, series->points[0], claim->other)
                         : NULL;

    if (!other) {
        too_little(finding, claim,
                   "the two were not measured at this base point");
        return 0;
    }
    describe_base(finding, series, claim);
    finding->from = finding->to = NAN;
    set_unit(finding, "ratio of costs");
    if (measure_ratio(finding, series->points[0], other, run->n_invocations) <
        0)
        return -1;
    if (isnan(finding->effect.low)) {
        too_little(finding, claim, "one invocation has no interval");
        return 0;
    }
    finding->flags |= other->flags;
    finding->change_ns = finding->base_ns - other->estimate_ns;
    finding->share = finding->change_ns / finding->base_ns;
    finding->margin_ns = pa_margin_ns(other->estimate_ns, claim->tolerance);
    judge_ratio(finding, claim, finding->margin_ns / other->estimate_ns);
    return 0;
}

/* Banga's is a share of the highest fd. */
static double expected_place(const struct pa_claim *claim,
                             const struct pa_finding *finding)
{
    if (claim->expected < 1 && strcmp(claim->variable, "fd_count") == 0)
        return claim->expected * (double)finding->highest_fd;
    return claim->expected;
}

static enum pa_verdict judge_place(const struct pa_crossover *crossover,
                                   double expected, double tolerance)
{
    double low = expected / (1 + tolerance);
    double high = expected * (1 + tolerance);

    if (isnan(expected))
        return PA_SUPPORTED;
    if (crossover->place.low >= low && crossover->place.high <= high)
        return PA_SUPPORTED;
    if (crossover->place.high < low || crossover->place.low > high)
        return PA_REFUTED;
    return PA_CANNOT_TELL;
}

/* Never crossing says that the place is outside the range measured. */
static enum pa_verdict judge_absence(const struct pa_crossover *crossover,
                                     const struct pa_claim *claim,
                                     double expected)
{
    int is_below = strcmp(crossover->first, claim->backend) != 0;

    if (isnan(expected))
        return PA_CANNOT_TELL;
    if (is_below)
        return expected > crossover->from ? PA_REFUTED : PA_CANNOT_TELL;
    return expected * (1 + claim->tolerance) < crossover->to ? PA_REFUTED
                                                             : PA_CANNOT_TELL;
}

static void judge_crossover(struct pa_finding *finding,
                            const struct pa_claim *claim,
                            const struct pa_crossover *crossover)
{
    double expected = expected_place(claim, finding);
    int is_reversed = strcmp(crossover->first, claim->backend) != 0;

    if (crossover->status == PA_CROSSOVER_FOUND)
        finding->verdict =
            is_reversed ? PA_REFUTED
                        : judge_place(crossover, expected, claim->tolerance);
    else if (crossover->status == PA_CROSSOVER_ALWAYS)
        finding->verdict = judge_absence(crossover, claim, expected);
    pa_claim_say_crossover(finding, claim, crossover, expected);
}

static int test_crossover(struct pa_finding *finding,
                          const struct pa_claim *claim,
                          const struct pa_run *run,
                          const struct pa_series *series)
{
    struct pa_crossover crossover;
    /* The claim's tolerance is about the place, not about what is level. */
    int error = pa_crossover_find(&crossover, run, series, claim->other);

    if (error < 0)
        return -1;
    if (error > 0) {
        too_little(finding, claim,
                   "too few points at which both were measured");
        return 0;
    }
    describe_base(finding, series, claim);
    finding->from = crossover.from;
    finding->to = crossover.to;
    finding->n_points = crossover.n_points;
    finding->n_invocations = crossover.n_invocations;
    finding->effect = crossover.place;
    set_unit(finding, claim->variable);
    blank_variable(finding, series->variable);
    judge_crossover(finding, claim, &crossover);
    return 0;
}

/* --- classes of growth --------------------------------------------------- */

static enum pa_verdict judge_class(const struct pa_claim *claim,
                                   const struct pa_growth *growth,
                                   double margin_ns)
{
    enum pa_class found = growth->found.class;
    enum pa_class expected = expected_class(claim);
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

static void test_class(struct pa_finding *finding, const struct pa_claim *claim,
                       const struct pa_growth *growth)
{
    if (!growth) {
        too_little(finding, claim, "too few points at this base point");
        return;
    }
    finding->n_points = growth->n_points;
    finding->n_invocations = growth->n_invocations;
    finding->flags = growth->flags;
    finding->from = (double)growth->from;
    finding->to = (double)growth->to;
    finding->highest_fd = growth->base.highest_fd;
    finding->fd_count = growth->base.fd_count;
    finding->ready_count = growth->base.ready_count;
    blank_variable(finding, growth->variable);
    finding->base_ns = growth->from_ns;
    finding->margin_ns = pa_margin_ns(growth->from_ns, claim->tolerance);
    finding->change_ns = growth->found.change.value;
    finding->share = finding->change_ns / growth->to_ns;
    finding->effect = growth->found.exponent;
    set_unit(finding, "exponent");
    if (isnan(growth->found.change.low)) {
        too_little(finding, claim, "one invocation has no interval");
        return;
    }
    if (isnan(growth->found.evidence[PA_FORM_LINE].rms)) {
        too_little(finding, claim,
                   "a class needs more points, or a wider range of them");
        return;
    }
    finding->verdict = judge_class(claim, growth, finding->margin_ns);
    pa_claim_say_class(finding, claim, growth);
}

/* --- at each base point -------------------------------------------------- */

static struct pa_finding nothing_found(void)
{
    return (struct pa_finding){.verdict = PA_CANNOT_TELL,
                               .highest_fd = PA_ANY,
                               .fd_count = PA_ANY,
                               .ready_count = PA_ANY,
                               .from = NAN,
                               .to = NAN,
                               .effect = {NAN, NAN, NAN},
                               .unit = "",
                               .change_ns = NAN,
                               .margin_ns = NAN,
                               .base_ns = NAN,
                               .share = NAN};
}

/* The change between the ends, where there are too few points for a line. */
static int test_ends(struct pa_finding *finding, const struct pa_claim *claim,
                     const struct pa_run *run, const struct pa_series *series)
{
    const struct pa_point *first = series->points[0];
    const struct pa_point *last = series->points[series->n_points - 1];
    double *slopes = malloc((run->n_invocations + 1) * sizeof *slopes);

    if (!slopes)
        return -1;
    describe_base(finding, series, claim);
    blank_variable(finding, series->variable);
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

/* At one value of a factor. Returns whether there were two points, or -1. */
static int test_at(struct pa_finding *finding, const struct pa_claim *claim,
                   const struct pa_run *run, const struct pa_base *base)
{
    struct pa_finding other = nothing_found();
    struct pa_series series;
    int is_tested;

    if (pa_base_series(&series, run, base) < 0)
        return -1;
    is_tested = series.n_points > 1;
    if (is_tested && test_ends(&other, claim, run, &series) < 0)
        is_tested = -1;
    pa_series_free(&series);
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
static int test_each(struct pa_finding *finding, const struct pa_claim *claim,
                     const struct pa_run *run, struct pa_base base,
                     enum pb_factor factor)
{
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
        if (strcmp(factors->backend, claim->backend) != 0 ||
            strcmp(factors->stage, claim->stage) != 0 ||
            (factor == PB_FACTOR_fd_count &&
             factors->fd_count > PB_SMALL_FDS) ||
            !is_new(run, i, factor))
            continue;
        snprintf(value, sizeof value, "%lld",
                 (long long)pb_factor_number(factors, factor));
        int is_tested = test_at(finding, claim, run, &base);
        if (is_tested < 0)
            return -1;
        n_tested += (size_t)is_tested;
    }
    if (finding->verdict == PA_SUPPORTED)
        pa_claim_say_each(finding, pb_factor_infos[factor].words, n_tested);
    return 0;
}

/* Whether the cost changes along the variable: at the base point and, where the
 * claim says so, at each of a factor. */
static int test_change(struct pa_finding *finding, const struct pa_claim *claim,
                       const struct pa_run *run,
                       const struct pa_growths *growths,
                       const struct pa_base *base)
{
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
    for (size_t i = 0; i < PA_ARRAY_SIZE(words) && error == 0; i++)
        if (strcmp(words[i], "each") == 0)
            error = test_each(finding, claim, run, *base, factors[i]);
    return error;
}

int pa_claim_test(struct pa_finding *finding, const struct pa_claim *claim,
                  const struct pa_run *run, const struct pa_growths *growths)
{
    struct pa_base base = {.backend = claim->backend,
                           .stage = claim->stage,
                           .layout = claim->layout,
                           .other = claim->other,
                           .highest_fd = claim->highest_fd,
                           .fd_count = claim->fd_count,
                           .ready_count = claim->ready_count,
                           .variable = variable_of(claim),
                           .from = claim->from,
                           .to = claim->to};
    struct pa_series series;
    int error;

    *finding = nothing_found();
    if (expected_class(claim) != PA_CLASSES) {
        test_class(finding, claim, pa_base_growth(growths, &base));
        return 0;
    }
    if (!compares(claim))
        return test_change(finding, claim, run, growths, &base);
    if (pa_base_series(&series, run, &base) < 0)
        return -1;
    if (strcmp(claim->expectation, "crossover") == 0)
        error = test_crossover(finding, claim, run, &series);
    else
        error = test_ratio(finding, claim, run, &series);
    pa_series_free(&series);
    return error;
}
