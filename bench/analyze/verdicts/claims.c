/* SPDX-License-Identifier: MIT */
#include "claims.h"

#include "claims_parts.h"
#include "held.h"
#include "metrics.h"
#include "need.h"
#include "points.h"
#include "rules.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct pa_column claim_columns[] = {PB_CLAIMS(PA_COLUMN)};

double pa_claim_tolerance(const struct pa_claim *claim)
{
    return claim->tolerance_percent / 100;
}

/* "ready_share" is the ready count, in shares. */
static enum pb_factor variable_of(const struct pa_claim *claim)
{
    if (strcmp(claim->variable, "ready_share") == 0)
        return PB_FACTOR_ready_count;
    return pb_factor_of(claim->variable);
}

static int is_value(const struct pa_claim *claim)
{
    return strcmp(claim->expectation, "value") == 0;
}

static int compares(const struct pa_claim *claim)
{
    return pa_has_word("cheaper not-cheaper same crossover",
                       claim->expectation);
}

static int needs_variable(const struct pa_claim *claim)
{
    return pa_has_word("depends independent crossover", claim->expectation) ||
           pa_claim_class(claim) != PA_CLASSES;
}

static int check(const struct pa_claim *claim, struct pa_problem *problem)
{
    const char *const words[] = {claim->highest_fd, claim->fd_count,
                                 claim->ready_count};

    if (!compares(claim) && !needs_variable(claim) && !is_value(claim))
        return pa_problem_set(problem,
                              "%.60s: expectation is \"%.40s\"; see "
                              "results/README.md",
                              claim->claim, claim->expectation);
    if (compares(claim) && !*claim->other)
        return pa_problem_set(problem, "%.60s: other is empty", claim->claim);
    if (needs_variable(claim) && variable_of(claim) == PB_N_FACTORS)
        return pa_problem_set(problem, "%.60s: no variable \"%.40s\"",
                              claim->claim, claim->variable);
    if (!pa_held_is_valid(claim->held))
        return pa_problem_set(problem,
                              "%.60s: held is \"%.60s\", which names no "
                              "factor",
                              claim->claim, claim->held);
    if (strchr(claim->other, '=') && !pa_held_is_valid(claim->other))
        return pa_problem_set(problem,
                              "%.60s: other is \"%.60s\", which names no "
                              "factor",
                              claim->claim, claim->other);
    if (is_value(claim) && !(claim->expected > 0))
        return pa_problem_set(problem, "%.60s: expected is not > 0",
                              claim->claim);
    if (!(claim->tolerance_percent > 0 && claim->tolerance_percent < 1000))
        return pa_problem_set(problem, "%.60s: tolerance_percent is not > 0",
                              claim->claim);
    for (size_t i = 0; i < PA_ARRAY_SIZE(words); i++)
        if (!pa_base_word_is_valid(words[i]))
            return pa_problem_set(problem, "%.60s: no base point \"%.40s\"",
                                  claim->claim, words[i]);
    return 0;
}

int pa_claims_read(struct pa_claims *claims, const char *path,
                   struct pa_problem *problem)
{
    *claims = (struct pa_claims){0};
    if (pa_table_read(&claims->table, path, claim_columns,
                      PA_ARRAY_SIZE(claim_columns), problem) < 0)
        return -1;
    /* A row's cells are its claim. */
    claims->claims = (void *)claims->table.cells;
    int error = 0;
    for (size_t i = 0; error == 0 && i < claims->table.n_rows; i++) {
        if (strcmp(claims->claims[i].held, "usual") == 0)
            claims->claims[i].held = "";
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
    pa_table_free(&claims->table);
    *claims = (struct pa_claims){0};
}

const char *pa_verdict_text(enum pa_verdict verdict)
{
    static const char *const texts[] = {"supported", "refuted", "cannot-tell"};
    return texts[verdict];
}

struct pa_finding pa_finding_of(const struct pa_claim *claim)
{
    struct pa_finding finding = {.verdict = PA_CANNOT_TELL,
                                 .row = pb_claims_none()};
    struct pb_claims_row *row = &finding.row;

    row->claim = claim->claim;
    row->statement = claim->statement;
    row->source = claim->source;
    row->year = claim->year;
    row->expectation = claim->expectation;
    row->backend = claim->backend;
    row->other = claim->other;
    row->stage = claim->stage;
    row->variable = claim->variable;
    row->layout = claim->layout;
    row->points = row->invocations = 0;
    return finding;
}

void pa_finding_set_base(struct pa_finding *finding,
                         const struct pb_factors *base, enum pb_factor variable)
{
    struct pb_factors held = pb_factors_without(*base, variable);

    finding->row.highest_fd = held.highest_fd;
    finding->row.fd_count = held.fd_count;
    finding->row.ready_count = held.ready_count;
}

void pa_finding_set_effect(struct pa_finding *finding,
                           struct pa_interval effect, const char *unit)
{
    finding->row.effect = effect.value;
    finding->row.low = effect.low;
    finding->row.high = effect.high;
    finding->row.unit = unit;
}

void pa_finding_too_little(struct pa_finding *finding, const char *why)
{
    finding->verdict = PA_CANNOT_TELL;
    snprintf(finding->text, sizeof finding->text, "too little data on %s: %s",
             finding->row.backend, why);
}

/* Of the points of a series. */
static void describe(struct pa_finding *finding, const struct pa_series *series,
                     const struct pa_claim *claim, enum pb_factor variable)
{
    const struct pa_point *first = series->points[0];

    finding->row.base_ns = first->estimate_ns;
    finding->row.margin_ns = pb_metric_margin(
        first->factors.metric, first->estimate_ns, pa_claim_tolerance(claim));
    pa_finding_set_base(finding, &first->factors, variable);
    for (size_t i = 0; i < series->n_points; i++)
        finding->flags |= series->points[i]->flags;
}

static void judge_ratio(struct pa_finding *finding,
                        const struct pa_claim *claim, double tolerance)
{
    double low = finding->row.low, high = finding->row.high;
    double below = 1 / (1 + tolerance);
    int is_below = high<below, is_above = low> 1 + tolerance;
    int is_level = low > below && high < 1 + tolerance;
    int supports, refutes;

    if (strcmp(claim->expectation, "same") == 0) {
        supports = is_level;
        refutes = is_below || is_above;
    } else {
        int is_cheaper = strcmp(claim->expectation, "cheaper") == 0;
        supports = is_cheaper ? is_below : low > below;
        refutes = is_cheaper ? low > below : is_below;
    }
    finding->verdict = supports  ? PA_SUPPORTED
                       : refutes ? PA_REFUTED
                                 : PA_CANNOT_TELL;
    pa_claim_say_ratio(finding, claim, tolerance);
}

/* The tests return why there is too little data for a verdict; or NULL. */
static const char *test_ratio(struct pa_finding *finding,
                              const struct pa_claim *claim,
                              const struct pa_run *run,
                              const struct pa_series *series)
{
    const struct pa_point *other =
        series->n_points ? pa_partner(run, series->points[0], claim->other)
                         : NULL;
    struct pb_claims_row *row = &finding->row;
    size_t n;

    if (!other)
        return "the two were not measured at this base point";
    describe(finding, series, claim, PB_N_FACTORS);
    struct pa_interval logs =
        pa_log_ratio(series->points[0], other, run->n_invocations, &n);
    row->points = (int64_t)series->n_points;
    row->invocations = (int64_t)n;
    pa_finding_set_effect(finding, pa_exp_interval(logs), "ratio of costs");
    if (isnan(logs.low))
        return "one invocation has no interval";
    finding->flags |= other->flags;
    row->change_ns = row->base_ns - other->estimate_ns;
    row->share_percent = 100 * (row->change_ns / row->base_ns);
    row->margin_ns = pb_metric_margin(other->factors.metric, other->estimate_ns,
                                      pa_claim_tolerance(claim));
    judge_ratio(finding, claim, row->margin_ns / other->estimate_ns);
    return NULL;
}

/* Whether the interval is within what is expected, or outside. */
static const char *test_value(struct pa_finding *finding,
                              const struct pa_claim *claim,
                              const struct pa_series *series)
{
    double times = 1 + pa_claim_tolerance(claim);

    if (series->n_points == 0)
        return "not measured at this base point";
    if (isnan(series->points[0]->low_ns))
        return "one invocation has no interval";
    const struct pa_point *point = series->points[0];
    describe(finding, series, claim, PB_N_FACTORS);
    finding->row.points = 1;
    finding->row.invocations = (int64_t)point->n_invocations;
    pa_finding_set_effect(
        finding,
        (struct pa_interval){point->estimate_ns, point->low_ns, point->high_ns},
        pb_metric_infos[point->metric].unit);
    if (point->low_ns >= claim->expected / times &&
        point->high_ns <= claim->expected * times)
        finding->verdict = PA_SUPPORTED;
    else if (point->high_ns < claim->expected / times ||
             point->low_ns > claim->expected * times)
        finding->verdict = PA_REFUTED;
    pa_claim_say_value(finding, claim);
    return NULL;
}

/* Banga's is a share of the highest fd. */
static double expected_place(const struct pa_claim *claim,
                             const struct pa_finding *finding)
{
    if (claim->expected < 1 && strcmp(claim->variable, "fd_count") == 0)
        return claim->expected * (double)finding->row.highest_fd;
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
    int is_below = strcmp(crossover->row.first, claim->backend) != 0;

    if (isnan(expected))
        return PA_CANNOT_TELL;
    if (is_below)
        return expected > crossover->row.from ? PA_REFUTED : PA_CANNOT_TELL;
    return expected * (1 + pa_claim_tolerance(claim)) < crossover->row.to
               ? PA_REFUTED
               : PA_CANNOT_TELL;
}

static void judge_crossover(struct pa_finding *finding,
                            const struct pa_claim *claim,
                            const struct pa_crossover *crossover)
{
    double expected = expected_place(claim, finding);
    int is_reversed = strcmp(crossover->row.first, claim->backend) != 0;

    if (crossover->status == PA_CROSSOVER_FOUND)
        finding->verdict = is_reversed ? PA_REFUTED
                                       : judge_place(crossover, expected,
                                                     pa_claim_tolerance(claim));
    else if (crossover->status == PA_CROSSOVER_ALWAYS)
        finding->verdict = judge_absence(crossover, claim, expected);
    pa_claim_say_crossover(finding, claim, crossover, expected);
}

static const char *test_crossover(struct pa_finding *finding,
                                  const struct pa_claim *claim,
                                  const struct pa_run *run,
                                  const struct pa_series *series)
{
    struct pa_crossover crossover;
    /* The claim's tolerance is about the place, not about what is level. */
    if (!pa_crossover_find(&crossover, run, series, claim->other))
        return "too few points at which both were measured";
    describe(finding, series, claim, series->variable);
    finding->row.from = crossover.row.from;
    finding->row.to = crossover.row.to;
    finding->row.points = crossover.row.points;
    finding->row.invocations = crossover.row.invocations;
    pa_finding_set_effect(finding, crossover.place, claim->variable);
    judge_crossover(finding, claim, &crossover);
    return NULL;
}

static const char *test_at(struct pa_finding *finding,
                           const struct pa_claim *claim,
                           const struct pa_run *run, const struct pa_base *base)
{
    struct pa_series series;

    pa_base_series(&series, run, base);
    const char *lack = strcmp(claim->expectation, "crossover") == 0
                           ? test_crossover(finding, claim, run, &series)
                       : is_value(claim)
                           ? test_value(finding, claim, &series)
                           : test_ratio(finding, claim, run, &series);
    pa_series_free(&series);
    return lack;
}

void pa_claim_test(struct pa_finding *finding, const struct pa_claim *claim,
                   const struct pa_run *run, const struct pa_growths *growths)
{
    const struct pa_base base = {.backend = claim->backend,
                                 .stage = claim->stage,
                                 .layout = claim->layout,
                                 .other = claim->other,
                                 .highest_fd = claim->highest_fd,
                                 .fd_count = claim->fd_count,
                                 .ready_count = claim->ready_count,
                                 .held = claim->held,
                                 .run = run,
                                 .variable = variable_of(claim)};
    const char *lack = NULL;

    *finding = pa_finding_of(claim);
    if (pa_claim_class(claim) != PA_CLASSES)
        lack =
            pa_claim_test_class(finding, claim, pa_base_growth(growths, &base));
    else if (compares(claim) || is_value(claim))
        lack = test_at(finding, claim, run, &base);
    else
        pa_claim_test_change(finding, claim, run, growths, &base);
    if (lack)
        pa_finding_too_little(finding, lack);
}

void pa_claims_write(struct pb_csv *csv, const struct pa_claims *claims,
                     const struct pa_run *run, const struct pa_growths *growths)
{
    struct pa_finding finding;

    PB_CSV_HEADER(csv, PB_VERDICTS);
    for (size_t i = 0; i < claims->n_claims; i++) {
        pa_claim_test(&finding, &claims->claims[i], run, growths);
        finding.row.verdict = pa_verdict_text(finding.verdict);
        finding.row.finding = finding.text;
        finding.row.flags = pa_flags_text(finding.flags);
        pb_claims_put(csv, &finding.row);
    }
}
