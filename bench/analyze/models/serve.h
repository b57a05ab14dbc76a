/* SPDX-License-Identifier: MIT */
/* What the waits of a server cost it: docs/method.md, "Predicting". */
#ifndef PA_SERVE_H
#define PA_SERVE_H

#include "predict.h"
#include "samples.h"

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
