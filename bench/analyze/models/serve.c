/* SPDX-License-Identifier: MIT */
#include "serve.h"

#include "rules.h"

#include <math.h>

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
    double found[PA_ARRAY_SIZE(turns)][PA_N_OUTCOMES];
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
