/* SPDX-License-Identifier: MIT */
#include "predictions.h"

#include "need.h"
#include "output.h"
#include "pairs.h"
#include "points.h"
#include "server.h"

#include <math.h>
#include <string.h>

/* What of a server a metric is. */
static enum pa_outcome outcome_of(enum pb_metric metric)
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

/* Returns 1; 0 where the backend has no models of passes; or -1. */
static int passes_of(struct pa_passes *found, const struct pa_point *point,
                     const struct pa_predictor *predictor,
                     struct pa_problem *problem)
{
    struct pa_passes passes[PA_BACKENDS_MAX];
    struct pb_factors factors = point->factors;

    factors.ready_count = 1;
    int n = pa_predict_passes(passes, PA_BACKENDS_MAX, predictor, &factors,
                              problem);
    for (int i = 0; i < n; i++)
        if (strcmp(passes[i].asleep.backend, factors.backend) == 0) {
            *found = passes[i];
            return 1;
        }
    return n < 0 ? -1 : 0;
}

static struct pa_served serve(const struct pa_point *point,
                              const struct pa_passes *passes, double service_ns)
{
    const struct pb_factors *factors = &point->factors;
    struct pa_server server = {
        .idle = factors->fd_count - factors->busy_fds,
        .busy = factors->busy_fds,
        .per_second = factors->rate > 0 ? (double)factors->rate : NAN,
        .service_ns = service_ns,
        .is_spread = 1};

    return pa_serve(&server, passes);
}

/* CPU time of a request but for the wait at a rate: the median of what is left
 * where waits look through ready fds alone; NAN: there are no such points. */
static double service_ns_of(const struct pa_run *run,
                            const struct pa_point *like, int64_t rate,
                            const struct pa_predictor *predictor)
{
    PA_FREED double *left = pa_room(run->n_points, sizeof *left);
    struct pa_problem problem;
    struct pa_passes passes;
    size_t n = 0;

    for (const struct pa_point *point = run->points;
         point < run->points + run->n_points; point++)
        if (point->metric == PB_METRIC_request_cpu &&
            point->factors.rate == rate &&
            point->factors.busy_fds == like->factors.busy_fds &&
            pa_point_is_usable(point) && scans_ready(run, point) &&
            passes_of(&passes, point, predictor, &problem) > 0)
            left[n++] = point->estimate_ns -
                        serve(point, &passes, 0).of[PA_REQUEST_NS].value;
    pa_sort(left, n);
    return pa_quantile(left, n, 0.5);
}

/* Whether there is a law for it. Flat out the ready ones are at most those that
 * are busy, which predicts nothing. */
static int is_predicted(const struct pa_run *run, const struct pa_point *point)
{
    enum pa_outcome outcome = outcome_of(point->metric);

    return point->factors.busy_fds > 0 && outcome != PA_N_OUTCOMES &&
           (outcome != PA_READY || point->factors.rate > 0) &&
           pa_point_is_usable(point) && !scans_ready(run, point);
}

/* One that sleeps pays for being woken; one that is awake does as flat out.
 * Returns whether there is a row, or -1. */
static int write_point(struct pb_csv *csv, const struct pa_run *run,
                       const struct pa_point *point,
                       const struct pa_predictor *predictor,
                       struct pa_problem *problem)
{
    struct pb_predictions_row row = pb_predictions_none();
    struct pa_passes passes;
    int is_known = passes_of(&passes, point, predictor, problem);

    if (is_known <= 0)
        return is_known;
    row.service_ns = service_ns_of(run, point, point->factors.rate, predictor);
    struct pa_served served = serve(point, &passes, row.service_ns);
    if (served.regime != PA_SLEEPING) {
        row.service_ns = service_ns_of(run, point, 0, predictor);
        served = serve(point, &passes, row.service_ns);
    }
    const struct pa_interval found =
        served.of[outcome_of(point->metric) % PA_N_OUTCOMES];
    if (isnan(found.value))
        return 0;
    PB_FACTORS_TO_ROW(&row, &point->factors);
    row.regime = pa_regime_name(served.regime);
    row.predicted = found.value;
    row.low = found.low;
    row.high = found.high;
    row.measured = point->estimate_ns;
    row.error_percent = 100 * (found.value / point->estimate_ns - 1);
    row.beyond = passes.asleep.beyond;
    pb_predictions_put(csv, &row);
    return 1;
}

int pa_predictions_write(const struct pa_run *run, const char *folder,
                         struct pa_problem *problem)
{
    struct pa_predictor predictor;
    struct pa_output output;
    int error = 0, n = 0;

    if (pa_predictor_read(&predictor, folder, problem) < 0)
        return -1;
    if (pa_output_open(&output, folder, "predictions.csv", problem) < 0) {
        pa_predictor_free(&predictor);
        return -1;
    }
    PB_CSV_HEADER(&output.csv, PB_PREDICTIONS);
    for (size_t i = 0; i < run->n_points && error >= 0; i++) {
        if (!is_predicted(run, &run->points[i]))
            continue;
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
