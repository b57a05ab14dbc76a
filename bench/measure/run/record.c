/* SPDX-License-Identifier: MIT */
#include "record.h"

#include "operation.h"

#include <errno.h>
#include <string.h>

const char *pb_record_status(int error)
{
    if (error == 0)
        return "ok";
    if (error == -EBADMSG)
        return "wrong answer";
    if (error == -ETIME)
        return "the clock stood still or jumped";
    return strerror(-error);
}

void pb_record_factors(struct pb_csv *csv, const struct pb_plan *plan,
                       const struct pb_series *series)
{
    static const struct pb_factors none = {.tables = 1};
    const struct pb_factors *factors =
        series->watch < 0 ? &none : &plan->watches[series->watch].got;

    pb_csv_text(csv, series->sweep);
    pb_csv_text(csv, series->backend);
    pb_csv_text(csv, series->operation->stage);
    pb_csv_text(csv, pb_layout_name(factors->layout));
    pb_csv_integer(csv, factors->highest_fd);
    pb_csv_integer(csv, factors->fd_count);
    pb_csv_integer(csv, factors->ready_count);
    pb_csv_integer(csv, factors->occupied_words);
    pb_csv_text(csv, pb_fd_kind_name(factors->fd_kind));
    pb_csv_integer(csv, factors->tables);
}

void pb_record_sample(struct pb_csv *csv, const struct pb_plan *plan,
                      const struct pb_series *series,
                      const struct pb_occasion *occasion,
                      const struct pb_sample *sample)
{
    pb_record_factors(csv, plan, series);
    pb_csv_integer(csv, occasion->invocation);
    pb_csv_integer(csv, occasion->round);
    pb_csv_integer(csv, occasion->sequence);
    pb_csv_integer(csv, occasion->cpu);
    pb_csv_integer(csv, sample->calls);
    if (sample->error) {
        pb_csv_none(csv);
        pb_csv_none(csv);
    } else {
        pb_csv_integer(csv, sample->batch_ns);
        pb_csv_integer(csv, sample->overhead_ns);
    }
    pb_csv_integer(csv, sample->involuntary_switches);
    pb_csv_text(csv, pb_record_status(sample->error));
    pb_csv_end_row(csv);
}
