/* SPDX-License-Identifier: MIT */
#include "crossover.h"

#include "need.h"
#include "points.h"
#include "rules.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Where both were measured. */
struct place {
    double x;
    const struct pa_point *first, *second;
    double mean; /* of the logarithm of the ratio of their costs */
    int sign;    /* -1: first is cheaper, 1: second, 0: neither */
};

struct ratios {
    size_t n_points, n_invocations;
    struct place *places;
};

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

static void ratios_fill(struct ratios *ratios, const struct pa_run *run,
                        const struct pa_series *series, const char *other)
{
    *ratios = (struct ratios){
        .n_invocations = run->n_invocations,
        .places = pa_room(series->n_points, sizeof *ratios->places)};
    for (size_t i = 0; i < series->n_points; i++) {
        const struct pa_point *point = series->points[i];
        const struct pa_point *partner = pa_partner(run, point, other);
        double x = x_of(series, i);
        if (!partner || !(x > 0))
            continue;
        struct pa_interval logs =
            pa_log_ratio(point, partner, run->n_invocations, NULL);
        if (!isnan(logs.value))
            ratios->places[ratios->n_points++] =
                (struct place){x, point, partner, logs.value,
                               sign_of(logs, log1p(PB_NOTHING_SHARE))};
    }
}

/* Least-squares line through the differences at the points low..high of
 * invocation k, where it is zero: costs grow in proportion to what is counted,
 * so that their difference is a line, as a ratio is not. The logarithm of the
 * place; NAN if it is not near where the line was drawn. */
static double zero_of(const struct place *places, size_t low, size_t high,
                      size_t k)
{
    double n = 0, x = 0, y = 0, xx = 0, xy = 0;

    for (size_t i = low; i <= high; i++) {
        double value =
            places[i].first->cost_ns[k] - places[i].second->cost_ns[k];
        double at = places[i].x - places[low].x;
        if (isnan(value))
            return NAN;
        n++;
        x += at;
        y += value;
        xx += at * at;
        xy += at * value;
    }
    double slope = (n * xy - x * y) / (n * xx - x * x);
    double zero = places[low].x - (y - slope * x) / n / slope;
    double span = places[high].x / places[low].x;
    return zero > places[low].x / span && zero < places[high].x * span
               ? log(zero)
               : NAN;
}

/* The crossing lies between the last point of one sign and the first of the
 * other; level points between them take part. */
static void locate(struct pa_crossover *crossover, const struct ratios *ratios,
                   size_t low, size_t high)
{
    double zeros[PA_INVOCATIONS_MAX];
    size_t n;

    for (size_t k = 0; k < ratios->n_invocations; k++)
        zeros[k] = zero_of(ratios->places, low, high, k);
    struct pa_interval logs = pa_t_interval(zeros, ratios->n_invocations);
    pa_mean(zeros, ratios->n_invocations, &n);
    crossover->row.invocations = (int64_t)n;
    crossover->place = pa_exp_interval(logs);
    crossover->status = PA_CROSSOVER_FOUND;
    if (isnan(logs.low)) {
        crossover->status = PA_CROSSOVER_CANNOT_TELL;
        crossover->row.reason = "too few invocations cross";
    }
}

/* If the mean over invocations changes its sign once on the way, its two
 * neighbours bracket the place more closely. */
static void narrow(const struct place *places, size_t *low, size_t *high)
{
    size_t n_changes = 0, at = 0;

    for (size_t i = *low; i < *high; i++)
        if ((places[i].mean > 0) != (places[i + 1].mean > 0)) {
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
        n_level += ratios->places[i].sign == 0;
    return 2 * n_level > ratios->n_points &&
           strcmp(pa_backend_family(backends, crossover->row.first),
                  pa_backend_family(backends, crossover->row.second)) == 0;
}

static void swap(struct pa_crossover *crossover)
{
    const char *first = crossover->row.first;

    crossover->row.first = crossover->row.second;
    crossover->row.second = first;
    crossover->row.ratio_from = 1 / crossover->row.ratio_from;
    crossover->row.ratio_to = 1 / crossover->row.ratio_to;
}

/* From the signs along the series to a status. */
static void decide(struct pa_crossover *crossover, const struct ratios *ratios,
                   const struct pa_backend_list *backends)
{
    const struct place *places = ratios->places;
    size_t last = SIZE_MAX, low = 0, high = 0, n_changes = 0;

    for (size_t i = 0; i < ratios->n_points; i++) {
        if (places[i].sign == 0)
            continue;
        if (last != SIZE_MAX && places[i].sign != places[last].sign) {
            low = last;
            high = i;
            n_changes++;
        }
        last = i;
    }
    if (n_changes > 0 && are_alike(crossover, ratios, backends)) {
        crossover->status = PA_CROSSOVER_LEVEL;
        return;
    }
    if (n_changes > 1) {
        crossover->row.reason = "they cross more than once";
        return;
    }
    if (n_changes == 0)
        crossover->status =
            last == SIZE_MAX ? PA_CROSSOVER_LEVEL : PA_CROSSOVER_ALWAYS;
    int first_sign = last == SIZE_MAX ? 0 : places[n_changes ? low : last].sign;
    if (n_changes == 1) {
        narrow(places, &low, &high);
        locate(crossover, ratios, low, high);
    }
    if (first_sign > 0)
        swap(crossover);
}

/* Of a series and another backend, with nothing found as yet. */
static struct pb_crossovers_row row_of(const struct pa_run *run,
                                       const struct pa_series *series,
                                       const char *other)
{
    const struct pb_factors *base = &series->points[0]->factors;
    enum pb_factor along = series->variable;
    struct pb_factors held = pb_factors_without(*base, along);
    struct pb_crossovers_row row = {
        .first = base->backend,
        .second = other,
        .stage = base->stage,
        .layout = base->layout,
        .variable = along == PB_FACTOR_ready_count
                        ? "ready_share"
                        : pb_factor_infos[along].name,
        .highest_fd = held.highest_fd,
        .fd_count = held.fd_count,
        .ready_count = held.ready_count,
        .invocations = (int64_t)run->n_invocations,
        .reason = "",
        .typical = pa_is_typical(run, base),
    };

    PB_HELD_TO_ROW(&row, &held);
    return row;
}

int pa_crossover_find(struct pa_crossover *crossover, const struct pa_run *run,
                      const struct pa_series *series, const char *other)
{
    struct ratios ratios;

    if (series->n_points < PB_LINE_POINTS)
        return 0;
    ratios_fill(&ratios, run, series, other);
    size_t n = ratios.n_points;
    if (n >= PB_LINE_POINTS) {
        *crossover = (struct pa_crossover){.row = row_of(run, series, other),
                                           .status = PA_CROSSOVER_CANNOT_TELL,
                                           .place = {NAN, NAN, NAN}};
        crossover->row.from = ratios.places[0].x;
        crossover->row.to = ratios.places[n - 1].x;
        crossover->row.ratio_from = exp(ratios.places[0].mean);
        crossover->row.ratio_to = exp(ratios.places[n - 1].mean);
        crossover->row.points = (int64_t)n;
        if (run->n_invocations < 2)
            crossover->row.reason = "one invocation has no interval";
        else
            decide(crossover, &ratios, &run->backends);
    }
    free(ratios.places);
    return n >= PB_LINE_POINTS;
}

static void write_crossover(struct pb_csv *csv, struct pa_crossover *crossover)
{
    static const char *const statuses[] = {"found", "always", "level",
                                           "cannot-tell"};

    crossover->row.status = statuses[crossover->status];
    crossover->row.place = crossover->place.value;
    crossover->row.low = crossover->place.low;
    crossover->row.high = crossover->place.high;
    pb_crossovers_put(csv, &crossover->row);
}

static void write_along(struct pb_csv *csv, const struct pa_run *run,
                        const struct pa_series *series)
{
    const char *backends[PA_BACKENDS_MAX];
    size_t n = pa_backends(run, backends, PA_BACKENDS_MAX);
    size_t i = 0;

    while (i < n && backends[i] != series->points[0]->factors.backend)
        i++;
    for (i++; i < n; i++) {
        struct pa_crossover crossover;
        if (pa_crossover_find(&crossover, run, series, backends[i]))
            write_crossover(csv, &crossover);
    }
}

/* The crossovers along one factor of all series of a case. */
static void write_route(struct pb_csv *csv, const struct pa_run *run,
                        const struct pa_case *asked, enum pb_factor variable)
{
    struct pa_series series;

    for (size_t i = 0; i < run->n_points; i++) {
        if (run->points[i].asked != asked ||
            !pa_series_starts(run, i, variable))
            continue;
        pa_series_of_point(&series, run, i, variable);
        if (series.n_points > 0)
            write_along(csv, run, &series);
        pa_series_free(&series);
    }
}

/* Along the x axis of a series; of a plane, along both. */
static unsigned routes_of(const struct pa_case *asked)
{
    if (strcmp(asked->figure, "ratios") == 0)
        return asked->varies & pb_factors_with(PB_FITTED);
    return strcmp(asked->figure, "series") == 0 ||
                   strcmp(asked->figure, "variants") == 0
               ? 1u << asked->axis
               : 0;
}

void pa_crossovers_write(struct pb_csv *csv, const struct pa_run *run)
{
    PB_CSV_HEADER(csv, PB_CROSSOVERS);
    for (size_t i = 0; i < run->cases.n; i++)
        for (enum pb_factor v = 0; v < PB_N_FACTORS; v++)
            if (routes_of(&run->cases.cases[i]) & 1u << v)
                write_route(csv, run, &run->cases.cases[i], v);
}
