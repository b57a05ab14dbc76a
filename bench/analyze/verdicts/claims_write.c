/* SPDX-License-Identifier: MIT */
/* claims.csv of a run. */
#include "claims.h"

#include "output.h"
#include "points.h"
#include "series.h"

#include <errno.h>

static void write_claim(struct pb_csv *csv, const struct pa_claim *claim,
                        const struct pa_finding *finding)
{
    pb_csv_text(csv, claim->name);
    pb_csv_text(csv, claim->statement);
    pb_csv_text(csv, claim->source);
    pa_output_integer(csv, claim->year);
    pb_csv_text(csv, claim->expectation);
    pb_csv_text(csv, pa_verdict_text(finding->verdict));
    pb_csv_text(csv, finding->text);
    pb_csv_text(csv, claim->backend);
    pb_csv_text(csv, claim->other);
    pb_csv_text(csv, claim->stage);
    pb_csv_text(csv, claim->variable);
    pb_csv_text(csv, claim->layout);
}

static void write_finding(struct pb_csv *csv, const struct pa_finding *finding)
{
    pa_output_integer(csv, finding->highest_fd);
    pa_output_integer(csv, finding->fd_count);
    pa_output_integer(csv, finding->ready_count);
    pb_csv_real(csv, finding->from);
    pb_csv_real(csv, finding->to);
    pa_output_interval(csv, finding->effect);
    pb_csv_text(csv, finding->unit);
    pb_csv_real(csv, finding->change_ns);
    pb_csv_real(csv, finding->margin_ns);
    pb_csv_real(csv, finding->base_ns);
    pb_csv_real(csv, 100 * finding->share);
    pb_csv_integer(csv, (int64_t)finding->n_points);
    pb_csv_integer(csv, (int64_t)finding->n_invocations);
    pb_csv_text(csv, pa_flags_text(finding->flags));
    pb_csv_end_row(csv);
}

int pa_claims_write(const struct pa_claims *claims, const struct pa_run *run,
                    const char *folder, struct pa_problem *problem)
{
    struct pa_output output;

    if (pa_output_open(&output, folder, "claims.csv", problem) < 0)
        return -1;
    PB_CSV_HEADER(&output.csv, PB_VERDICTS);
    for (size_t i = 0; i < claims->n_claims; i++) {
        struct pa_finding finding;
        if (pa_claim_test(&finding, &claims->claims[i], run) < 0) {
            output.csv.error = -ENOMEM;
            break;
        }
        write_claim(&output.csv, &claims->claims[i], &finding);
        write_finding(&output.csv, &finding);
    }
    return pa_output_close(&output, problem);
}
