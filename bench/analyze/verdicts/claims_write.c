/* SPDX-License-Identifier: MIT */
/* claims.csv of a run. */
#include "claims.h"

#include "output.h"
#include "points.h"
#include "row.h"
#include "series.h"

#include <errno.h>

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

int pa_claims_write(const struct pa_claims *claims, const struct pa_run *run,
                    const struct pa_growths *growths, const char *folder,
                    struct pa_problem *problem)
{
    struct pa_output output;

    if (pa_output_open(&output, folder, "claims.csv", problem) < 0)
        return -1;
    PB_CSV_HEADER(&output.csv, PB_VERDICTS);
    for (size_t i = 0; i < claims->n_claims; i++) {
        struct pa_finding finding;
        if (pa_claim_test(&finding, &claims->claims[i], run, growths) < 0) {
            output.csv.error = -ENOMEM;
            break;
        }
        write_verdict(&output.csv, &claims->claims[i], &finding);
    }
    return pa_output_close(&output, problem);
}
