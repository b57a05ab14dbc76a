/* SPDX-License-Identifier: MIT */
#include "need.h"
#include "output.h"
#include "pairs.h"
#include "points.h"
#include "predict.h"
#include "rules.h"

#include <math.h>
#include <string.h>

const char *pa_regime_name(enum pa_regime regime)
{
    static const char *const names[] = {"sleeping", "awake", "overload"};
    return names[regime];
}

/* A server whose looks cost what they do. The waits of one that is awake look
 * once, and queue on the fds before the first of R ready ones: with the busy
 * ones spread that is one in R + 1. So they cost always + first / (R + 1). */
struct turn {
    double sleeping_ns, always_ns, first_ns;
};

static struct turn turn_of(const struct pa_server *server, double look_ns,
                           double queueing_ns, double sleeping_ns)
{
    double busy = (double)server->busy, n = busy + (double)server->idle;
    double first_ns =
        (queueing_ns - look_ns) * (server->is_spread ? 1 : busy / n);

    return (struct turn){sleeping_ns, queueing_ns - first_ns, first_ns};
}

static double wait_ns(const struct turn *turn, double ready)
{
    return turn->always_ns + turn->first_ns / (ready + 1);
}

/* A wait finds what came during the turn before: R = X (R a + w(R)), which is
 * u R^2 + (u - X always) R - X (always + first) = 0, where u = 1 - X a is what
 * the requests themselves leave of a core. */
static double ready_of(const struct pa_server *server, const struct turn *turn)
{
    double rate = server->per_second * 1e-9; /* in a ns */
    double left = 1 - rate * server->service_ns;
    double always = rate * turn->always_ns, first = rate * turn->first_ns;
    double half = (left - always) / 2;

    if (!(left > 0))
        return INFINITY;
    return (sqrt(half * half + left * (always + first)) - half) / left;
}

static enum pa_regime serve(double outcomes[PA_N_OUTCOMES],
                            const struct pa_server *server,
                            const struct turn *turn)
{
    double busy = (double)server->busy, rate = server->per_second, p50 = NAN;
    double share = rate * (server->service_ns + turn->sleeping_ns) * 1e-9;
    double ready = isnan(rate) ? busy : ready_of(server, turn);
    enum pa_regime regime = PA_AWAKE;

    if (share <= PB_OVERLOAD_SHARE)
        regime = PA_SLEEPING;
    else if (ready > busy)
        regime = PA_OVERLOAD;
    if (regime == PA_SLEEPING || ready < 1)
        ready = 1;
    else if (regime == PA_AWAKE && !isnan(rate))
        p50 = PB_P50_WAITS * wait_ns(turn, ready);
    if (regime == PA_OVERLOAD || isnan(rate)) {
        ready = busy;
        rate = 1e9 / (server->service_ns + wait_ns(turn, ready) / ready);
    }
    share = share < 1 ? share : 1;
    outcomes[PA_READY] = ready;
    outcomes[PA_REQUEST_NS] = share * 1e9 / rate;
    outcomes[PA_SHARE] = share;
    outcomes[PA_PER_SECOND] = rate;
    outcomes[PA_P50_NS] = p50;
    return regime;
}

struct pa_served pa_serve(const struct pa_server *server,
                          const struct pa_passes *passes)
{
    const struct pa_interval *ns = passes->ns, *sleep = &passes->asleep.cost_ns;
    const struct turn turns[] = {turn_of(server, ns[PA_WARM_LOOK].value,
                                         ns[PA_WARM_QUEUE].value, sleep->value),
                                 turn_of(server, ns[PA_WARM_LOOK].low,
                                         ns[PA_WARM_QUEUE].low, sleep->low),
                                 turn_of(server, ns[PA_COLD_LOOK].high,
                                         ns[PA_COLD_QUEUE].high, sleep->high)};
    double found[PA_ARRAY_SIZE(turns)][PA_N_OUTCOMES] = {{0}};
    struct pa_served served = {.wait = passes->asleep};

    for (size_t i = PA_ARRAY_SIZE(turns); i-- > 0;)
        served.regime = serve(found[i], server, &turns[i]);
    for (int i = 0; i < PA_N_OUTCOMES; i++) {
        double value = found[0][i], a = found[1][i], b = found[2][i];
        served.of[i] = (struct pa_interval){value, NAN, NAN};
        if (!isnan(a + b)) {
            served.of[i].low = fmin(value, fmin(a, b));
            served.of[i].high = fmax(value, fmax(a, b));
        }
    }
    return served;
}

/* --- predictions.csv ----------------------------------------------------- */

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
    return pa_scans(run, point->factors.backend, "ready_count");
}

/* Returns whether its backend has models of passes, or -1. */
static int serve_point(struct pa_served *served, const struct pa_point *point,
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
            serve_point(&served, point, 0, predictor, &problem) > 0)
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
    int is_known =
        serve_point(&served, point, row.service_ns, predictor, problem);
    int is_awake = is_known > 0 && served.regime != PA_SLEEPING;
    if (is_awake) {
        row.service_ns = service_ns_of(run, point, 0, predictor);
        serve_point(&served, point, row.service_ns, predictor, problem);
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
