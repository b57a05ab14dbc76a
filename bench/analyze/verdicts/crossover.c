/* SPDX-License-Identifier: MIT */
/* Where one backend becomes cheaper than another. */
#include "claims_parts.h"
#include "need.h"
#include "points.h"
#include "rules.h"

#include <math.h>
#include <stdlib.h>

/* Where both were measured. */
struct place {
    double x;
    const struct pa_point *first, *second;
    double mean; /* of the logarithm of the ratio of their costs */
    int sign;    /* -1: first is cheaper, 1: second, 0: neither */
};

struct places {
    size_t n;
    struct place *at;
};

/* A difference is one if its interval is, and if it is more than level. */
static int sign_of(struct pa_interval logs, double level)
{
    if (logs.high < 0 && logs.value < -level)
        return -1;
    return logs.low > 0 && logs.value > level;
}

static struct places places_of(const struct pa_run *run,
                               const struct pa_series *series,
                               const char *other)
{
    struct places places = {.at = pa_room(series->n_points, sizeof *places.at)};

    for (size_t i = 0; i < series->n_points; i++) {
        const struct pa_point *point = series->points[i];
        const struct pa_point *partner = pa_partner(run, point, other);
        double x = pa_series_x(series, i);
        if (series->variable == PB_FACTOR_ready_count)
            x /= (double)point->factors.fd_count;
        if (!partner || !(x > 0))
            continue;
        struct pa_interval logs =
            pa_log_ratio(point, partner, run->n_invocations, NULL);
        if (!isnan(logs.value))
            places.at[places.n++] =
                (struct place){x, point, partner, logs.value,
                               sign_of(logs, log1p(PB_NOTHING_SHARE))};
    }
    return places;
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

/* The crossing lies between the last point of one sign and the first of the
 * other; level points between them take part. */
static void locate(struct pb_crossovers_row *row, const struct pa_run *run,
                   const struct place *places, size_t low, size_t high)
{
    double zeros[PA_INVOCATIONS_MAX];
    size_t n;

    narrow(places, &low, &high);
    for (size_t k = 0; k < run->n_invocations; k++)
        zeros[k] = zero_of(places, low, high, k);
    struct pa_interval place =
        pa_exp_interval(pa_t_interval(zeros, run->n_invocations));
    pa_mean(zeros, run->n_invocations, &n);
    row->invocations = (int64_t)n;
    row->place = place.value;
    row->low = place.low;
    row->high = place.high;
    if (isnan(place.low))
        row->reason = "too few invocations cross";
    else
        row->status = "found";
}

/* Whether the two are variants of one backend that cost the same at most of
 * the points. They do the same work: what sets them apart at a few points is
 * where their sets happen to lie, and no rule of which to choose. */
static int are_alike(const struct pb_crossovers_row *row,
                     const struct places *places,
                     const struct pa_backend_list *backends)
{
    size_t n_level = 0;

    for (size_t i = 0; i < places->n; i++)
        n_level += places->at[i].sign == 0;
    return 2 * n_level > places->n &&
           pa_is(pa_backend_family(backends, row->first),
                 pa_backend_family(backends, row->second));
}

static void swap(struct pb_crossovers_row *row)
{
    const char *first = row->first;

    row->first = row->second;
    row->second = first;
    row->ratio_from = 1 / row->ratio_from;
    row->ratio_to = 1 / row->ratio_to;
}

/* From the signs along the series to a status. */
static void decide(struct pb_crossovers_row *row, const struct pa_run *run,
                   const struct places *places)
{
    int first_sign = 0, last_sign = 0;
    size_t last = 0, low = 0, high = 0, n_changes = 0;

    for (size_t i = 0; i < places->n; i++) {
        int sign = places->at[i].sign;
        if (sign == 0)
            continue;
        if (last_sign != 0 && sign != last_sign) {
            low = last;
            high = i;
            n_changes++;
        }
        last = i;
        last_sign = sign;
        first_sign = first_sign ? first_sign : sign;
    }
    if (first_sign == 0 ||
        (n_changes > 0 && are_alike(row, places, &run->backends))) {
        row->status = "level";
    } else if (n_changes > 1) {
        row->reason = "they cross more than once";
    } else {
        if (n_changes == 0)
            row->status = "always";
        else
            locate(row, run, places->at, low, high);
        if (first_sign > 0)
            swap(row);
    }
}

/* Of a series and another backend, with nothing found as yet. */
static struct pb_crossovers_row row_of(const struct pa_run *run,
                                       const struct pa_series *series,
                                       const char *other,
                                       const struct places *places)
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
        .status = "cannot-tell",
        PA_INTERVAL(place, low, high, pa_around(NAN, NAN)),
        .from = places->at[0].x,
        .to = places->at[places->n - 1].x,
        .ratio_from = exp(places->at[0].mean),
        .ratio_to = exp(places->at[places->n - 1].mean),
        .points = (int64_t)places->n,
        .invocations = (int64_t)run->n_invocations,
        .reason = "",
        .typical = pa_is_typical(run, base),
    };

    PB_HELD_TO_ROW(&row, &held);
    return row;
}

int pa_crossover_find(struct pb_crossovers_row *row, const struct pa_run *run,
                      const struct pa_series *series, const char *other)
{
    if (series->n_points < PB_LINE_POINTS)
        return 0;
    struct places places = places_of(run, series, other);
    int is_line = places.n >= PB_LINE_POINTS;
    if (is_line) {
        *row = row_of(run, series, other, &places);
        if (run->n_invocations < 2)
            row->reason = "one invocation has no interval";
        else
            decide(row, run, &places);
    }
    free(places.at);
    return is_line;
}

/* Those of the series' backend and each that is after it. */
static void write_along(struct pb_csv *csv, const struct pa_run *run,
                        const struct pa_series *series)
{
    const char *backends[PA_BACKENDS_MAX];
    size_t n = pa_backends(run, backends, PA_BACKENDS_MAX);
    struct pb_crossovers_row row;
    int is_after = 0;

    for (size_t i = 0; i < n; i++) {
        if (is_after && pa_crossover_find(&row, run, series, backends[i]))
            pb_crossovers_put(csv, &row);
        is_after |= backends[i] == series->points[0]->factors.backend;
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
    if (pa_is(asked->figure, "ratios"))
        return asked->varies & pb_factors_with(PB_FITTED);
    return pa_is(asked->figure, "series") || pa_is(asked->figure, "variants")
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
