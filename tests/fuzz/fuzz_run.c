/* SPDX-License-Identifier: MIT */
/* host.csv, a form feed, samples.csv: read, and analysed as far as they go. */
#include "model.h"
#include "points.h"
#include "scratch_folder.h"
#include "steps.h"

#include <gsl/gsl_errno.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes);

static void check(const struct pa_run *run)
{
    for (size_t i = 0; i < run->n_points; i++) {
        const struct pa_point *point = &run->points[i];
        if (point->low_ns > point->high_ns || point->factors.fd_count < 0)
            abort();
    }
}

static void analyse(struct pa_run *run)
{
    struct pa_steps steps = {0};
    struct pa_models models = {0};
    struct pb_csv csv;

    pa_points_estimate(run);
    check(run);
    pb_csv_init(&csv, -1); /* into memory alone */
    pa_steps_find(&steps, run);
    pa_models_make(&models, run, &steps);
    pa_holdout_write(&csv, &models);
    pb_csv_free(&csv);
    pa_models_free(&models);
    pa_steps_free(&steps);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes)
{
    static const char *const names[] = {"host.csv", "samples.csv"};
    struct pa_problem problem = {0};
    struct pa_run run;

    gsl_set_error_handler_off();
    scratch_split(names, 2, bytes, n_bytes);
    if (pa_run_read(&run, scratch_folder(), &problem) == 0) {
        analyse(&run);
        pa_run_free(&run);
    } else if (!*problem.text) {
        abort();
    }
    return 0;
}
