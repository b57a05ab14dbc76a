/* SPDX-License-Identifier: MIT */
/* predictions.csv: what the law says of a run's own servers. */
#include "need.h"
#include "output.h"
#include "pairs.h"
#include "points.h"
#include "serve.h"

#include <math.h>
#include <string.h>

/* What of a server a metric is. */
static enum pa_served_number outcome_of(enum pb_metric metric)
{
    return metric == PB_METRIC_request_cpu    ? PA_REQUEST_NS
           : metric == PB_METRIC_wait_events  ? PA_READY
           : metric == PB_METRIC_response_p50 ? PA_P50_NS
                                              : PA_N_OUTCOMES;
}

/* Whether what it costs its backend to wait grows with what is ready alone. */
static int scans_ready(const struct pa_run *run, const struct pa_point *point)
{
    const struct pa_backend *backend =
        pa_backend_of(&run->backends, point->factors.backend);

    return backend && strcmp(backend->scans, "ready_count") == 0;
}

/* Returns whether its backend has models of passes, or -1. */
static int serve(struct pa_served *served, const struct pa_point *point,
                 double service_ns, const struct pa_predictor *predictor,
                 struct pa_problem *problem)
{
    struct pa_passes passes[PA_BACKENDS_MAX];
    struct pb_factors at = point->factors;
    struct pa_server server = {.idle = at.fd_count - at.busy_fds,
                               .busy = at.busy_fds,
                               .per_second =
                                   at.rate > 0 ? (double)at.rate : NAN,
                               .service_ns = service_ns,
                               .is_spread = at.busy_fds > 1}; /* else last */

    at.ready_count = 1;
    int n = pa_predict_passes(passes, PA_BACKENDS_MAX, predictor, &at, problem);
    for (int i = 0; i < n; i++)
        if (strcmp(passes[i].asleep.backend, at.backend) == 0) {
            *served = pa_serve(&server, &passes[i]);
            return 1;
        }
    return n < 0 ? -1 : 0;
}

/* CPU time of a request but for the wait at a rate: the median of what is left
 * where waits look through ready fds alone; NAN: there are no such points. */
static double service_ns_of(const struct pa_run *run,
                            const struct pa_point *like, int64_t rate,
                            const struct pa_predictor *predictor)
{
    PA_FREED double *left = pa_room(run->n_points, sizeof *left);
    struct pa_problem problem;
    struct pa_served served;
    size_t n = 0;

    for (size_t i = 0; i < run->n_points; i++) {
        const struct pa_point *point = &run->points[i];
        if (point->metric == PB_METRIC_request_cpu &&
            point->factors.rate == rate &&
            point->factors.busy_fds == like->factors.busy_fds &&
            strcmp(point->factors.server, like->factors.server) == 0 &&
            pa_point_is_usable(point) && scans_ready(run, point) &&
            serve(&served, point, 0, predictor, &problem) > 0)
            left[n++] = point->estimate_ns - served.of[PA_REQUEST_NS].value;
    }
    pa_sort(left, n);
    return pa_quantile(left, n, 0.5);
}

/* One that sleeps pays for being woken; one that is awake does as flat out,
 * where what a wait finds is at most all, which predicts nothing. Returns
 * whether there is a row, or -1. */
static int write_point(struct pb_csv *csv, const struct pa_run *run,
                       const struct pa_point *point,
                       const struct pa_predictor *predictor,
                       struct pa_problem *problem)
{
    enum pa_served_number outcome = outcome_of(point->metric);
    struct pb_predictions_row row = pb_predictions_none();
    struct pa_served served = {.regime = PA_SLEEPING};
    int64_t rate = point->factors.rate;

    if (point->factors.busy_fds == 0 || outcome >= PA_N_OUTCOMES ||
        (outcome == PA_READY && rate == 0) || !pa_point_is_usable(point) ||
        scans_ready(run, point))
        return 0;
    row.service_ns = service_ns_of(run, point, rate, predictor);
    int is_known = serve(&served, point, row.service_ns, predictor, problem);
    int is_awake = is_known > 0 && served.regime != PA_SLEEPING;
    if (is_awake) {
        row.service_ns = service_ns_of(run, point, 0, predictor);
        serve(&served, point, row.service_ns, predictor, problem);
    }
    if (is_known <= 0 || isnan(served.of[outcome].value) ||
        is_awake == (served.regime == PA_SLEEPING)) /* not as it was known */
        return is_known < 0 ? -1 : 0;
    PB_FACTORS_TO_ROW(&row, &point->factors);
    row.regime = pa_regime_name(served.regime);
    row.predicted = served.of[outcome].value;
    row.low = served.of[outcome].low;
    row.high = served.of[outcome].high;
    row.measured = point->estimate_ns;
    row.error_percent = 100 * (row.predicted / row.measured - 1);
    row.beyond = served.wait.beyond;
    pb_predictions_put(csv, &row);
    return 1;
}

int pa_predictions_write(const struct pa_run *run, const char *folder,
                         struct pa_problem *problem)
{
    struct pa_predictor predictor;
    struct pa_output output;
    int n = 0;

    if (pa_output_open(&output, folder, "predictions.csv", problem) < 0)
        return -1;
    PB_CSV_HEADER(&output.csv, PB_PREDICTIONS);
    int error = pa_predictor_read(&predictor, folder, problem);
    for (size_t i = 0; i < run->n_points && error >= 0; i++) {
        error =
            write_point(&output.csv, run, &run->points[i], &predictor, problem);
        n += error;
    }
    pa_predictor_free(&predictor);
    if (error >= 0 && n > 0)
        return pa_output_close(&output, problem);
    pa_output_abandon(&output);
    return error < 0 ? -1 : 0;
}
