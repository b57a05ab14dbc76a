/* SPDX-License-Identifier: MIT */
/* What a wait would cost, from a run's models: docs/method.md, "Predicting". */
#ifndef PA_PREDICT_H
#define PA_PREDICT_H

#include "stats.h"
#include "table.h"
#include "term.h"

struct pa_prediction {
    const char *backend; /* of the predictor's tables */
    struct pa_interval cost_ns;
    const char *unit;  /* of the cost: ns, or what the run counts */
    char beyond[200];  /* how it extrapolates; "" if it does not */
    const char *flags; /* of the model */
};

struct pa_predictor {
    struct pa_table models;
    struct pa_table growth; /* read when it is needed */
    const char *folder;
    const char *stage; /* of the models that are used; to be set */
    const char *cache; /* likewise: NULL for those of most points */
    int may_sleep;     /* and those of waits that queue on all fds but one */
};

/* Read folder/models.csv; the stage is "all". Returns 0, or -1 with *problem
 * set and nothing to free. */
int pa_predictor_read(struct pa_predictor *predictor, const char *folder,
                      struct pa_problem *problem);
void pa_predictor_free(struct pa_predictor *predictor);

/* Predict every backend that has a model of the stage, at most room of them.
 * The 95 % interval joins the scatter of the invocations with the model's own
 * error; beyond the measured range it cannot know of steps there. Returns how
 * many, or -1 with *problem set. */
int pa_predict(struct pa_prediction *predictions, size_t room,
               const struct pa_predictor *predictor,
               const struct pb_factors *factors, struct pa_problem *problem);

/* The same for a wait that sleeps: its first pass queues on all fds, and the
 * one after it has been woken only looks, each when all has left the core's own
 * cache. What sleeping costs besides is not in it, and common to all. */
int pa_predict_sleeping(struct pa_prediction *predictions, size_t room,
                        const struct pa_predictor *predictor,
                        const struct pb_factors *factors,
                        struct pa_problem *problem);

/* Add what so many changes of the set before each wait cost, by the row of
 * growth.csv for the number of fds that is nearest; a backend that has none is
 * left out. Returns how many are left, or -1 with *problem set. */
int pa_predict_changes(struct pa_prediction *predictions, size_t n,
                       struct pa_predictor *predictor,
                       const struct pb_factors *factors,
                       struct pa_problem *problem);

#endif
