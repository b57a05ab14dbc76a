/* SPDX-License-Identifier: MIT */
#include "claims.h"

#include "base_point.h"
#include "claims_parts.h"
#include "claims_text.h"
#include "crossover.h"
#include "points.h"
#include "row.h"
#include "rules.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CLAIM_INDEX(name, type, unit, fallback, meaning) CLAIM_##name,
enum claim_column { PB_CLAIMS(CLAIM_INDEX) CLAIM_COLUMNS };

static const struct pa_column claim_columns[] = {PB_CLAIMS(PA_COLUMN)};

static const char *const expectations[] = {
    "depends", "independent", "cheaper", "not-cheaper", "same", "crossover"};

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
                             .expected = row[CLAIM_expected].real,
                             .tolerance =
                                 row[CLAIM_tolerance_percent].real / 100};
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
    static const char *const comparisons[] = {"cheaper", "not-cheaper", "same",
                                              "crossover"};
    return is_one_of(claim->expectation, comparisons,
                     PA_ARRAY_SIZE(comparisons));
}

static int needs_variable(const struct pa_claim *claim)
{
    static const char *const lines[] = {"depends", "independent", "crossover"};
    return is_one_of(claim->expectation, lines, PA_ARRAY_SIZE(lines)) ||
           pa_claim_class(claim) != PA_CLASSES;
}

static int check(const struct pa_claim *claim, struct pa_problem *problem)
{
    const char *const words[] = {claim->highest_fd, claim->fd_count,
                                 claim->ready_count};

    if (!is_one_of(claim->expectation, expectations,
                   PA_ARRAY_SIZE(expectations)) &&
        pa_claim_class(claim) == PA_CLASSES)
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

void pa_finding_describe(struct pa_finding *finding,
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

void pa_finding_blank(struct pa_finding *finding, enum pb_factor variable)
{
    if (variable == PB_FACTOR_highest_fd)
        finding->highest_fd = PA_ANY;
    if (variable == PB_FACTOR_fd_count)
        finding->fd_count = PA_ANY;
    if (variable == PB_FACTOR_ready_count)
        finding->ready_count = PA_ANY;
}

void pa_finding_set_unit(struct pa_finding *finding, const char *unit)
{
    snprintf(finding->unit, sizeof finding->unit, "%s", unit);
}

void pa_finding_too_little(struct pa_finding *finding,
                           const struct pa_claim *claim, const char *why)
{
    finding->verdict = PA_CANNOT_TELL;
    snprintf(finding->text, sizeof finding->text, "too little data on %s: %s",
             claim->backend, why);
}

static int judge_ratio(struct pa_finding *finding, const struct pa_claim *claim,
                       double tolerance)
{
    struct pa_interval ratio = finding->effect;
    double below = 1 / (1 + tolerance);
    int is_below = ratio.high<below, is_above = ratio.low> 1 + tolerance;
    int is_level = ratio.low > below && ratio.high < 1 + tolerance;
    int supports, refutes;

    if (strcmp(claim->expectation, "same") == 0) {
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
    return pa_claim_say_ratio(finding, claim, tolerance);
}

static int test_ratio(struct pa_finding *finding, const struct pa_claim *claim,
                      const struct pa_run *run, const struct pa_series *series)
{
    const struct pa_point *other =
        series->n_points ? pa_partner(run, series->points[0], claim->other)
                         : NULL;

    if (!other) {
        pa_finding_too_little(finding, claim,
                              "the two were not measured at this base point");
        return 0;
    }
    pa_finding_describe(finding, series, claim);
    finding->from = finding->to = NAN;
    pa_finding_set_unit(finding, "ratio of costs");
    finding->effect = pa_exp_interval(pa_log_ratio(
        series->points[0], other, run->n_invocations, &finding->n_invocations));
    if (isnan(finding->effect.low)) {
        pa_finding_too_little(finding, claim, "one invocation has no interval");
        return 0;
    }
    finding->flags |= other->flags;
    finding->change_ns = finding->base_ns - other->estimate_ns;
    finding->share = finding->change_ns / finding->base_ns;
    finding->margin_ns = pa_margin_ns(other->estimate_ns, claim->tolerance);
    return judge_ratio(finding, claim, finding->margin_ns / other->estimate_ns);
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

static int judge_crossover(struct pa_finding *finding,
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
    return pa_claim_say_crossover(finding, claim, crossover, expected);
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
        pa_finding_too_little(finding, claim,
                              "too few points at which both were measured");
        return 0;
    }
    pa_finding_describe(finding, series, claim);
    finding->from = crossover.from;
    finding->to = crossover.to;
    finding->n_points = crossover.n_points;
    finding->n_invocations = crossover.n_invocations;
    finding->effect = crossover.place;
    pa_finding_set_unit(finding, claim->variable);
    pa_finding_blank(finding, series->variable);
    return judge_crossover(finding, claim, &crossover);
}

struct pa_finding pa_finding_none(void)
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
                           .variable = variable_of(claim)};
    struct pa_series series;
    int error;

    *finding = pa_finding_none();
    if (pa_claim_class(claim) != PA_CLASSES)
        return pa_claim_test_class(finding, claim,
                                   pa_base_growth(growths, &base));
    if (!compares(claim))
        return pa_claim_test_change(finding, claim, run, growths, &base);
    if (pa_base_series(&series, run, &base) < 0)
        return -1;
    if (strcmp(claim->expectation, "crossover") == 0)
        error = test_crossover(finding, claim, run, &series);
    else
        error = test_ratio(finding, claim, run, &series);
    pa_series_free(&series);
    return error;
}

PB_ROW(verdict, PB_VERDICTS)

/* What the claim says; the rest of the row is what was found. */
static struct pb_verdict_row row_of(const struct pa_claim *claim)
{
    return (struct pb_verdict_row){
        .claim = claim->name,
        .statement = claim->statement,
        .source = claim->source,
        .year = claim->year,
        .expectation = claim->expectation,
        .backend = claim->backend,
        .other = claim->other,
        .stage = claim->stage,
        .variable = claim->variable,
        .layout = claim->layout,
    };
}

static void write_verdict(struct pb_csv *csv, const struct pa_claim *claim,
                          const struct pa_finding *finding)
{
    struct pb_verdict_row row = row_of(claim);

    row.verdict = pa_verdict_text(finding->verdict);
    row.finding = finding->text;
    row.highest_fd = finding->highest_fd;
    row.fd_count = finding->fd_count;
    row.ready_count = finding->ready_count;
    row.from = finding->from;
    row.to = finding->to;
    row.effect = finding->effect.value;
    row.low = finding->effect.low;
    row.high = finding->effect.high;
    row.unit = finding->unit;
    row.change_ns = finding->change_ns;
    row.margin_ns = finding->margin_ns;
    row.base_ns = finding->base_ns;
    row.share_percent = 100 * finding->share;
    row.points = (int64_t)finding->n_points;
    row.invocations = (int64_t)finding->n_invocations;
    row.flags = pa_flags_text(finding->flags);
    pb_verdict_put(csv, &row);
}

void pa_claims_write(struct pb_csv *csv, const struct pa_claims *claims,
                     const struct pa_run *run, const struct pa_growths *growths)
{
    struct pa_finding finding;

    PB_CSV_HEADER(csv, PB_VERDICTS);
    for (size_t i = 0; i < claims->n_claims; i++)
        if (pa_claim_test(&finding, &claims->claims[i], run, growths) < 0)
            csv->error = -ENOMEM;
        else
            write_verdict(csv, &claims->claims[i], &finding);
}
