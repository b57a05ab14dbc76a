/* SPDX-License-Identifier: MIT */
/* The cost model of a backend's stage, for predictions. docs/method.md,
 * "Models". */
#ifndef PA_MODEL_H
#define PA_MODEL_H

#include "fit.h"
#include "steps.h"

struct pa_candidate {
    struct pa_model model;
    struct pa_fit fit; /* of the points' estimates */
    double bic;        /* Bayesian criterion; a searched place counts, too */
};

/* A backend's stage with its model, for one value of each factor that is
 * held. */
struct pa_subject {
    const struct pb_factors *held; /* of any of its points */
    struct pa_design design;       /* costs are the estimates */
    struct pa_candidate chosen;
    unsigned flags; /* enum pa_flag: PA_CONTENDED if points were left out */
};

struct pa_models {
    const struct pa_run *run;
    const struct pa_steps *steps; /* whose places models may have */
    size_t n_subjects;
    struct pa_subject *subjects;
};

/* Models of every backend and stage with enough points, those first whose held
 * factors most points of the run have. The run and its steps must outlive
 * them. */
void pa_models_make(struct pa_models *models, const struct pa_run *run,
                    const struct pa_steps *steps);
void pa_models_free(struct pa_models *models);

/* Choose the terms for the design (costs filled in). Returns 0, or -1 if there
 * are too few points. */
int pa_model_select(struct pa_candidate *chosen, const struct pa_design *design,
                    const struct pa_models *models);

/* Fit the model without the terms that the points cannot tell apart. Returns 0,
 * or -1 if that cannot be done. */
int pa_model_try(struct pa_candidate *candidate, const struct pa_design *design,
                 const struct pa_model *model);

/* How many values above a place the points have, PB_VARIED_VALUES at most. */
size_t pa_count_values(const struct pa_design *design, enum pb_factor variable,
                       double above);

/* Write models.csv. */
void pa_models_write(struct pb_csv *csv, const struct pa_models *models);

/* How well they predict what they have not seen: fit each again on a quarter of
 * the range, test it on the rest, and write holdout.csv. docs/method.md,
 * "Hold-out". */
void pa_holdout_write(struct pb_csv *csv, const struct pa_models *models);

#endif
