/* SPDX-License-Identifier: MIT */
/* How well the models predict what they have not seen: fitted on a quarter of
 * the range, tested on the rest. docs/method.md, "Hold-out". */
#ifndef PA_HOLDOUT_H
#define PA_HOLDOUT_H

#include "model.h"

struct pa_holdout_row {
    const char *backend;
    const char *stage;
    const char *model; /* selected, linear or one-term */
    const char *test;  /* small or large */
    struct pa_model form;
    int64_t train_highest_fd;
    int64_t train_fd_count;
    size_t n_train;
    size_t n_test;
    double median, p90, most, bias; /* of predicted / measured - 1 */
    struct pb_factors worst;
    unsigned flags;
};

struct pa_holdout {
    size_t n_rows;
    struct pa_holdout_row *rows;
};

/* Returns 0, or -1 with *problem set. */
int pa_holdout_make(struct pa_holdout *holdout, const struct pa_models *models,
                    const struct pa_run *run, const struct pa_steps *steps,
                    struct pa_problem *problem);
void pa_holdout_free(struct pa_holdout *holdout);

int pa_holdout_write(const struct pa_holdout *holdout, const char *folder,
                     struct pa_problem *problem);

#endif
