/* SPDX-License-Identifier: MIT */
/* What a wait would cost, from a run's models: docs/method.md, "Predicting". */
#ifndef PA_PREDICT_H
#define PA_PREDICT_H

#include "run_tables.h"
#include "stats.h"
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
    const char *stage;   /* of the models that are used; to be set */
    enum pa_model_of of; /* likewise */
};

/* Read folder/models.csv; the stage is "all", of a usual wait. Returns 0, or -1
 * with *problem set and nothing to free. */
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

/* A wait passes over all fds; where it may sleep it queues on each one before
 * the first that is ready, and passes once more when it was woken. What either
 * costs has two ends: all that it touches is in the core's own cache, or has
 * left it. Between them it depends on what ran on the CPU since the last one.
 */
struct pa_passes {
    struct pa_prediction asleep; /* of a wait that sleeps: both, but for what
                                    sleeping costs besides, which all share */
    struct pa_interval ns[PA_N_MODELS_OF];
};

/* As pa_predict, of every backend that has all four models (sweep cache). */
int pa_predict_passes(struct pa_passes *passes, size_t room,
                      const struct pa_predictor *predictor,
                      const struct pb_factors *factors,
                      struct pa_problem *problem);

/* A look, and with queues one that queues, too: PB_SLEEP_COLD of the way from
 * the warm end to the cold one, the interval from the one to the other. */
struct pa_interval pa_passes_ns(const struct pa_passes *passes, int queues);

/* Add what so many changes of the set before each wait cost, by the row of
 * growth.csv for the number of fds that is nearest; a backend that has none is
 * left out. Returns how many are left, or -1 with *problem set. */
int pa_predict_changes(struct pa_prediction *predictions, size_t n,
                       struct pa_predictor *predictor,
                       const struct pb_factors *factors,
                       struct pa_problem *problem);

/* serve.c: what the waits of a server cost it. */
struct pa_server {
    int64_t idle, busy; /* connections; busy at least 1 */
    double per_second;  /* requests, asked at times of their own; NAN: each busy
                           connection asks again when it has its answer */
    double service_ns;  /* CPU time of a request, but for the wait */
    int is_spread;      /* the busy ones are among the idle, not behind them */
};

/* sleeping: a wait for each request. awake: it never sleeps, and finds at each
 * wait what came during the last turn. overload: and that is not all of it. */
enum pa_regime { PA_SLEEPING, PA_AWAKE, PA_OVERLOAD };

enum pa_served_number {
    PA_READY,      /* requests that a wait finds */
    PA_REQUEST_NS, /* CPU time of a request, with its wait */
    PA_SHARE,      /* of a core */
    PA_PER_SECOND, /* requests that are served */
    PA_P50_NS,     /* median latency; NAN: there is no law */
    PA_N_OUTCOMES
};

/* Intervals are from a server all of whose fds are in the core's own cache at
 * each wait, to one none of whose are. */
struct pa_served {
    enum pa_regime regime;
    struct pa_interval of[PA_N_OUTCOMES];
    struct pa_prediction wait; /* if it sleeps */
};

const char *pa_regime_name(enum pa_regime regime);

/* The law, of a server with these passes over all its fds. */
struct pa_served pa_serve(const struct pa_server *server,
                          const struct pa_passes *passes);

/* Write predictions.csv, of the servers of a run by models.csv of its folder;
 * no file where either is missing. Returns 0, or -1 with *problem set. */
int pa_predictions_write(const struct pa_run *run, const char *folder,
                         struct pa_problem *problem);

#endif
