/* SPDX-License-Identifier: MIT */
#include "claims_parts.h"
#include "metrics.h"
#include "points.h"
#include "rules.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Expectations of what other costs. */
#define COMPARED "cheaper not-cheaper same crossover"

static const struct pa_column claim_columns[] = {PB_CLAIMS(PA_COLUMN)};

int pa_claim_expects(const struct pa_claim *claim, const char *words)
{
    return pa_has_word(words, claim->expectation);
}

/* "ready_share" is the ready count, in shares. */
static enum pb_factor variable_of(const struct pa_claim *claim)
{
    if (pa_is(claim->variable, "ready_share"))
        return PB_FACTOR_ready_count;
    return pb_factor_of(claim->variable);
}

static int check(const struct pa_claim *claim, struct pa_problem *problem)
{
    int compares = pa_claim_expects(claim, COMPARED);
    int is_value = pa_claim_expects(claim, "value");
    int needs_variable =
        pa_claim_expects(claim, "depends independent crossover") ||
        pa_claim_class(claim) != PA_CLASSES;
    int is_held = !strchr(claim->other, '=') || pa_held_is_valid(claim->other);
    double tolerance = claim->tolerance_percent;
    const struct {
        int is_right;
        const char *column, *value, *wrong;
    } checks[] = {
        {compares || needs_variable || is_value, "expectation is \"",
         claim->expectation, "\"; see results/README.md"},
        {!compares || *claim->other, "other is empty", "", ""},
        {!needs_variable || variable_of(claim) != PB_N_FACTORS,
         "no variable \"", claim->variable, "\""},
        {pa_held_is_valid(claim->held), "held is \"", claim->held,
         "\", which names no factor"},
        {is_held, "other is \"", claim->other, "\", which names no factor"},
        {!is_value || claim->expected > 0, "expected is not > 0", "", ""},
        {tolerance > 0 && tolerance < 1000, "tolerance_percent is not > 0", "",
         ""},
        {pa_base_word_is_valid(claim->highest_fd), "no base point \"",
         claim->highest_fd, "\""},
        {pa_base_word_is_valid(claim->fd_count), "no base point \"",
         claim->fd_count, "\""},
        {pa_base_word_is_valid(claim->ready_count), "no base point \"",
         claim->ready_count, "\""},
    };

    for (size_t i = 0; i < PA_ARRAY_SIZE(checks); i++)
        if (!checks[i].is_right)
            return pa_problem_set(problem, "%.60s: %s%.60s%s", claim->claim,
                                  checks[i].column, checks[i].value,
                                  checks[i].wrong);
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
    claims->n_claims = claims->table.n_rows;
    for (size_t i = 0; i < claims->n_claims; i++) {
        if (pa_is(claims->claims[i].held, "usual"))
            claims->claims[i].held = "";
        if (check(&claims->claims[i], problem) < 0) {
            pa_claims_free(claims);
            return pa_problem_at(problem, path, 0);
        }
    }
    return 0;
}

void pa_claims_free(struct pa_claims *claims)
{
    pa_table_free(&claims->table);
}

const char *pa_verdict_text(enum pa_verdict verdict)
{
    static const char *const texts[] = {"supported", "refuted", "cannot-tell"};
    return texts[verdict];
}

struct pa_finding pa_finding_of(const struct pa_trial *trial)
{
    const struct pa_claim *claim = trial->claim;
    struct pa_finding finding = {.claim = claim,
                                 .is_exact = !pa_is_timed(trial->run),
                                 .expected = claim->expected,
                                 .tolerance = claim->tolerance_percent / 100,
                                 .verdict = PA_CANNOT_TELL,
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
                         const struct pb_factors *base, enum pb_factor variable,
                         double base_ns)
{
    struct pb_factors held = pb_factors_without(*base, variable);
    struct pb_claims_row *row = &finding->row;

    row->highest_fd = held.highest_fd;
    row->fd_count = held.fd_count;
    row->ready_count = held.ready_count;
    row->base_ns = base_ns;
    row->margin_ns =
        pb_metric_margin(base->metric, base_ns, finding->tolerance);
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
                     enum pb_factor variable)
{
    pa_finding_set_base(finding, &series->points[0]->factors, variable,
                        series->points[0]->estimate_ns);
    for (size_t i = 0; i < series->n_points; i++)
        finding->flags |= series->points[i]->flags;
}

/* Whether what was found is wholly within so many times what is expected, and
 * as many times less; wholly outside; or neither. */
static enum pa_verdict judge_within(const struct pa_finding *finding)
{
    double low = finding->expected / (1 + finding->tolerance);
    double high = finding->expected * (1 + finding->tolerance);
    const struct pb_claims_row *found = &finding->row;

    if (found->low >= low && found->high <= high)
        return PA_SUPPORTED;
    return found->high < low || found->low > high ? PA_REFUTED : PA_CANNOT_TELL;
}

static enum pa_verdict judge_ratio(const struct pa_finding *finding)
{
    double below = 1 / (1 + finding->tolerance);
    int is_under = finding->row.high<below, is_over = finding->row.low> below;

    if (pa_claim_expects(finding->claim, "same"))
        return judge_within(finding);
    if (!is_under && !is_over)
        return PA_CANNOT_TELL;
    return is_under == pa_claim_expects(finding->claim, "cheaper")
               ? PA_SUPPORTED
               : PA_REFUTED;
}

/* The tests return why there is too little data for a verdict; or NULL. */
static const char *test_ratio(struct pa_finding *finding,
                              const struct pa_run *run,
                              const struct pa_series *series)
{
    const struct pa_point *other =
        series->n_points
            ? pa_partner(run, series->points[0], finding->claim->other)
            : NULL;
    struct pb_claims_row *row = &finding->row;
    size_t n;

    if (!other)
        return "the two were not measured at this base point";
    describe(finding, series, PB_N_FACTORS);
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
                                      finding->tolerance);
    finding->expected = 1;
    finding->tolerance = row->margin_ns / other->estimate_ns;
    finding->verdict = judge_ratio(finding);
    pa_claim_say(finding, NULL, NULL);
    return NULL;
}

static const char *test_value(struct pa_finding *finding,
                              const struct pa_series *series)
{
    if (series->n_points == 0)
        return "not measured at this base point";
    const struct pa_point *point = series->points[0];
    if (isnan(point->low_ns))
        return "one invocation has no interval";
    describe(finding, series, PB_N_FACTORS);
    finding->row.points = 1;
    finding->row.invocations = (int64_t)point->n_invocations;
    pa_finding_set_effect(
        finding,
        (struct pa_interval){point->estimate_ns, point->low_ns, point->high_ns},
        pb_metric_infos[point->metric].unit);
    finding->verdict = judge_within(finding);
    pa_claim_say(finding, NULL, NULL);
    return NULL;
}

/* Never crossing says that the place is outside the range measured. */
static enum pa_verdict judge_place(const struct pa_finding *finding,
                                   const struct pb_crossovers_row *crossover)
{
    int is_reversed = !pa_is(crossover->first, finding->claim->backend);
    double expected = finding->expected, times = 1 + finding->tolerance;

    if (pa_is(crossover->status, "found")) {
        if (is_reversed)
            return PA_REFUTED;
        return isnan(expected) ? PA_SUPPORTED : judge_within(finding);
    }
    if (!pa_is(crossover->status, "always"))
        return PA_CANNOT_TELL;
    return (is_reversed ? expected > crossover->from
                        : expected * times < crossover->to)
               ? PA_REFUTED
               : PA_CANNOT_TELL;
}

static const char *test_crossover(struct pa_finding *finding,
                                  const struct pa_run *run,
                                  const struct pa_series *series)
{
    struct pb_crossovers_row found;
    /* The claim's tolerance is about the place, not about what is level. */
    if (!pa_crossover_find(&found, run, series, finding->claim->other))
        return "too few points at which both were measured";
    describe(finding, series, series->variable);
    finding->row.from = found.from;
    finding->row.to = found.to;
    finding->row.points = found.points;
    finding->row.invocations = found.invocations;
    pa_finding_set_effect(
        finding, (struct pa_interval){found.place, found.low, found.high},
        finding->claim->variable);
    /* Banga's is a share of the highest fd. */
    if (finding->expected < 1 && pa_is(finding->claim->variable, "fd_count"))
        finding->expected *= (double)finding->row.highest_fd;
    finding->verdict = judge_place(finding, &found);
    pa_claim_say(finding, NULL, &found);
    return NULL;
}

static void test_at_point(struct pa_finding *finding,
                          const struct pa_trial *trial)
{
    struct pa_series series;

    pa_base_series(&series, trial);
    const char *lack = pa_claim_expects(trial->claim, "crossover")
                           ? test_crossover(finding, trial->run, &series)
                       : pa_claim_expects(trial->claim, "value")
                           ? test_value(finding, &series)
                           : test_ratio(finding, trial->run, &series);
    pa_series_free(&series);
    if (lack)
        pa_finding_too_little(finding, lack);
}

void pa_claim_test(struct pa_finding *finding, const struct pa_claim *claim,
                   const struct pa_run *run, const struct pa_growths *growths)
{
    const struct pa_trial trial = {.claim = claim,
                                   .run = run,
                                   .growths = growths,
                                   .variable = variable_of(claim)};

    *finding = pa_finding_of(&trial);
    if (pa_claim_expects(claim, COMPARED " value"))
        test_at_point(finding, &trial);
    else
        pa_claim_test_growth(finding, &trial);
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
