/* SPDX-License-Identifier: MIT */
#include "crossover.h"

#include "points.h"
#include "row.h"
#include "rules.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The logarithms of the ratio of costs, points by invocations. */
struct ratios {
    size_t n_points;
    size_t n_invocations;
    double *x;
    double *logs;  /* n_invocations of each point */
    double *gaps;  /* likewise: difference of the costs */
    double *means; /* over invocations */
    int *signs;    /* -1: first is cheaper, 1: second, 0: neither */
};

static void ratios_free(struct ratios *ratios)
{
    free(ratios->x);
    free(ratios->logs);
    free(ratios->gaps);
    free(ratios->means);
    free(ratios->signs);
}

static int ratios_init(struct ratios *ratios, size_t n_points,
                       size_t n_invocations)
{
    *ratios = (struct ratios){
        .n_invocations = n_invocations,
        .x = calloc(n_points + 1, sizeof(double)),
        .logs = calloc(n_points * n_invocations + 1, sizeof(double)),
        .gaps = calloc(n_points * n_invocations + 1, sizeof(double)),
        .means = calloc(n_points + 1, sizeof(double)),
        .signs = calloc(n_points + 1, sizeof(int))};
    if (ratios->x && ratios->logs && ratios->gaps && ratios->means &&
        ratios->signs)
        return 0;
    ratios_free(ratios);
    return -1;
}

/* A difference is one if its interval is, and if it is more than level. */
static int sign_of(struct pa_interval logs, double level)
{
    if (logs.high < 0 && logs.value < -level)
        return -1;
    return logs.low > 0 && logs.value > level;
}

static double x_of(const struct pa_series *series, size_t i)
{
    double x = pa_series_x(series, i);
    int64_t n_fds = series->points[i]->factors.fd_count;

    return series->variable == PB_FACTOR_ready_count ? x / (double)n_fds : x;
}

static int ratios_fill(struct ratios *ratios, const struct pa_run *run,
                       const struct pa_series *series, const char *other,
                       double level)
{
    if (ratios_init(ratios, series->n_points, run->n_invocations) < 0)
        return -1;
    for (size_t i = 0; i < series->n_points; i++) {
        const struct pa_point *partner =
            pa_partner(run, series->points[i], other);
        double x = x_of(series, i);
        if (!partner || !(x > 0))
            continue;
        double *logs = ratios->logs + ratios->n_points * ratios->n_invocations;
        pa_log_ratios(series->points[i], partner, run->n_invocations, logs);
        struct pa_interval mean = pa_t_interval(logs, run->n_invocations);
        if (isnan(mean.value))
            continue;
        double *gaps = ratios->gaps + ratios->n_points * ratios->n_invocations;
        for (size_t k = 0; k < run->n_invocations; k++)
            gaps[k] = series->points[i]->cost_ns[k] - partner->cost_ns[k];
        ratios->x[ratios->n_points] = x;
        ratios->means[ratios->n_points] = mean.value;
        ratios->signs[ratios->n_points++] = sign_of(mean, level);
    }
    return 0;
}

/* Least-squares line through the differences at the points low..high of
 * invocation k, where it is zero: costs grow in proportion to what is counted,
 * so that their difference is a line, as a ratio is not. The logarithm of the
 * place; NAN if it is not near where the line was drawn. */
static double zero_of(const struct ratios *ratios, size_t low, size_t high,
                      size_t k)
{
    double n = 0, x = 0, y = 0, xx = 0, xy = 0;

    for (size_t i = low; i <= high; i++) {
        double value = ratios->gaps[i * ratios->n_invocations + k];
        double at = ratios->x[i] - ratios->x[low];
        if (isnan(value))
            return NAN;
        n++;
        x += at;
        y += value;
        xx += at * at;
        xy += at * value;
    }
    double slope = (n * xy - x * y) / (n * xx - x * x);
    double zero = ratios->x[low] - (y - slope * x) / n / slope;
    double span = ratios->x[high] / ratios->x[low];
    return zero > ratios->x[low] / span && zero < ratios->x[high] * span
               ? log(zero)
               : NAN;
}

/* The crossing lies between the last point of one sign and the first of the
 * other; level points between them take part. */
static int locate(struct pa_crossover *crossover, const struct ratios *ratios,
                  size_t low, size_t high)
{
    double *places = malloc(ratios->n_invocations * sizeof *places);

    if (!places)
        return -1;
    for (size_t k = 0; k < ratios->n_invocations; k++)
        places[k] = zero_of(ratios, low, high, k);
    struct pa_interval logs = pa_t_interval(places, ratios->n_invocations);
    pa_mean(places, ratios->n_invocations, &crossover->n_invocations);
    free(places);
    crossover->place = pa_exp_interval(logs);
    crossover->status = PA_CROSSOVER_FOUND;
    if (isnan(logs.low)) {
        crossover->status = PA_CROSSOVER_CANNOT_TELL;
        crossover->reason = "too few invocations cross";
    }
    return 0;
}

/* If the mean over invocations changes its sign once on the way, its two
 * neighbours bracket the place more closely. */
static void narrow(const struct ratios *ratios, size_t *low, size_t *high)
{
    size_t n_changes = 0, at = 0;

    for (size_t i = *low; i < *high; i++)
        if ((ratios->means[i] > 0) != (ratios->means[i + 1] > 0)) {
            n_changes++;
            at = i;
        }
    if (n_changes == 1) {
        *low = at;
        *high = at + 1;
    }
}

/* Whether the two are variants of one backend that cost the same at most of
 * the points. They do the same work: what sets them apart at a few points is
 * where their sets happen to lie, and no rule of which to choose. */
static int are_alike(const struct pa_crossover *crossover,
                     const struct ratios *ratios,
                     const struct pa_backend_list *backends)
{
    size_t n_level = 0;

    for (size_t i = 0; i < ratios->n_points; i++)
        n_level += ratios->signs[i] == 0;
    return 2 * n_level > ratios->n_points &&
           strcmp(pa_backend_family(backends, crossover->first),
                  pa_backend_family(backends, crossover->second)) == 0;
}

static void swap(struct pa_crossover *crossover)
{
    const char *first = crossover->first;

    crossover->first = crossover->second;
    crossover->second = first;
    crossover->ratio_from = 1 / crossover->ratio_from;
    crossover->ratio_to = 1 / crossover->ratio_to;
}

/* From the signs along the series to a status. */
static int decide(struct pa_crossover *crossover, const struct ratios *ratios,
                  const struct pa_backend_list *backends)
{
    size_t last = SIZE_MAX, low = 0, high = 0, n_changes = 0;

    for (size_t i = 0; i < ratios->n_points; i++) {
        if (ratios->signs[i] == 0)
            continue;
        if (last != SIZE_MAX && ratios->signs[i] != ratios->signs[last]) {
            low = last;
            high = i;
            n_changes++;
        }
        last = i;
    }
    if (n_changes > 0 && are_alike(crossover, ratios, backends)) {
        crossover->status = PA_CROSSOVER_LEVEL;
        return 0;
    }
    if (n_changes > 1) {
        crossover->reason = "they cross more than once";
        return 0;
    }
    if (n_changes == 0)
        crossover->status =
            last == SIZE_MAX ? PA_CROSSOVER_LEVEL : PA_CROSSOVER_ALWAYS;
    int first_sign =
        last == SIZE_MAX ? 0 : ratios->signs[n_changes ? low : last];
    if (n_changes == 1) {
        narrow(ratios, &low, &high);
        if (locate(crossover, ratios, low, high) < 0)
            return -1;
    }
    if (first_sign > 0)
        swap(crossover);
    return 0;
}

int pa_crossover_find(struct pa_crossover *crossover, const struct pa_run *run,
                      const struct pa_series *series, const char *other)
{
    struct ratios ratios;

    if (series->n_points < PB_LINE_POINTS)
        return 1;
    if (ratios_fill(&ratios, run, series, other, log1p(PB_NOTHING_SHARE)) < 0)
        return -1;
    size_t n = ratios.n_points;
    int error = n < PB_LINE_POINTS;
    if (!error) {
        *crossover =
            (struct pa_crossover){.first = series->points[0]->factors.backend,
                                  .second = other,
                                  .base = series->points[0]->factors,
                                  .variable = series->variable,
                                  .status = PA_CROSSOVER_CANNOT_TELL,
                                  .place = {NAN, NAN, NAN},
                                  .from = ratios.x[0],
                                  .to = ratios.x[n - 1],
                                  .ratio_from = exp(ratios.means[0]),
                                  .ratio_to = exp(ratios.means[n - 1]),
                                  .n_points = n,
                                  .n_invocations = run->n_invocations,
                                  .reason = ""};
        if (run->n_invocations < 2)
            crossover->reason = "one invocation has no interval";
        else
            error = decide(crossover, &ratios, &run->backends);
    }
    ratios_free(&ratios);
    return error;
}

PB_ROW(crossover, PB_CROSSOVERS)

static void write_crossover(struct pb_csv *csv, const struct pa_run *run,
                            const struct pa_crossover *crossover)
{
    const struct pb_factors *base = &crossover->base;
    enum pb_factor along = crossover->variable;
    static const char *const statuses[] = {"found", "always", "level",
                                           "cannot-tell"};
    struct pb_crossover_row row = {
        .first = crossover->first,
        .second = crossover->second,
        .stage = base->stage,
        .layout = base->layout,
        .variable = along == PB_FACTOR_ready_count
                        ? "ready_share"
                        : pb_factor_infos[along].name,
        .highest_fd =
            along == PB_FACTOR_highest_fd ? PA_NONE : base->highest_fd,
        .fd_count = along == PB_FACTOR_fd_count ? PA_NONE : base->fd_count,
        .ready_count =
            along == PB_FACTOR_ready_count ? PA_NONE : base->ready_count,
        .status = statuses[crossover->status],
        .place = crossover->place.value,
        .low = crossover->place.low,
        .high = crossover->place.high,
        .from = crossover->from,
        .to = crossover->to,
        .ratio_from = crossover->ratio_from,
        .ratio_to = crossover->ratio_to,
        .points = (int64_t)crossover->n_points,
        .invocations = (int64_t)crossover->n_invocations,
        .reason = crossover->reason,
        .typical = pa_is_typical(run, base),
    };

    PB_HELD_TO_ROW(&row, base);
    pb_crossover_put(csv, &row);
}

static int write_along(struct pb_csv *csv, const struct pa_run *run,
                       const struct pa_series *series)
{
    const char *backends[PA_BACKENDS_MAX];
    size_t n = pa_backends(run, backends, PA_BACKENDS_MAX);
    size_t i = 0;

    while (i < n && backends[i] != series->points[0]->factors.backend)
        i++;
    for (i++; i < n; i++) {
        struct pa_crossover crossover;
        int error = pa_crossover_find(&crossover, run, series, backends[i]);
        if (error < 0)
            return -1;
        if (error == 0)
            write_crossover(csv, run, &crossover);
    }
    return 0;
}

/* The crossovers along one factor of all series of a case. */
static int write_route(struct pb_csv *csv, const struct pa_run *run,
                       const struct pa_case *asked, enum pb_factor variable)
{
    struct pa_series series = {0};
    int error = 0;

    for (size_t i = 0; i < run->n_points && error == 0; i++) {
        if (run->points[i].asked != asked ||
            !pa_series_starts(run, i, variable))
            continue;
        error = pa_series_of_point(&series, run, i, variable);
        if (error == 0 && series.n_points > 0)
            error = write_along(csv, run, &series);
        pa_series_free(&series);
    }
    return error;
}

/* Along the x axis of a series; of a plane, along both. */
static unsigned routes_of(const struct pa_case *asked)
{
    if (strcmp(asked->figure, "ratios") == 0)
        return asked->varies & pb_factors_with(PB_FITTED);
    return strcmp(asked->figure, "series") == 0 ? 1u << asked->axis : 0;
}

void pa_crossovers_write(struct pb_csv *csv, const struct pa_run *run)
{
    PB_CSV_HEADER(csv, PB_CROSSOVERS);
    for (size_t i = 0; i < run->cases.n; i++)
        for (enum pb_factor v = 0; v < PB_N_FACTORS; v++)
            if (routes_of(&run->cases.cases[i]) & 1u << v &&
                write_route(csv, run, &run->cases.cases[i], v) < 0)
                csv->error = -ENOMEM;
}
