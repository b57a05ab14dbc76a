/* SPDX-License-Identifier: MIT */
/* A scan is taken apart into a straight line, bends, steps and single odd
 * points, whichever explains most of what is left over, one after the other
 * (orthogonal matching pursuit: Pati, Rezaiifar and Krishnaprasad, Asilomar
 * 1993), so long as each is worth its extended Bayesian criterion (Chen and
 * Chen, Biometrika 95 (2008) 759). Since bends and odd points compete, neither
 * a change of slope nor one bad point is taken for a step. */
#include "steps.h"

#include "need.h"
#include "points.h"
#include "rules.h"
#include "run_tables.h"
#include "stats.h"

#include <gsl/gsl_cblas.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum piece_kind { LINE_0, LINE_1, COLUMN, BEND, STEP, ODD };

struct piece {
    enum piece_kind kind;
    size_t i; /* index of the point where it starts, or of the column */
};

struct pieces {
    size_t n;
    struct piece at[PB_SCAN_PIECES];
};

/* A scan, scaled so that sums of squares do not cancel: x in 0..1, and every
 * cost 1 (relative errors), with 1 / cost as the weight of a piece. */
struct scan {
    const struct pa_growth_series *series;
    struct pa_curve curve; /* its own */
    size_t n;
    size_t n_base; /* pieces that are there whatever the costs are */
    double *x;     /* the room of all of these */
    double *weight;
    double *residual;    /* of the weighted costs, which are all 1 */
    double *sum0, *sum1; /* sums from i to the end, see suffix_sums() */
    struct pieces pieces;
    double *basis;   /* PB_SCAN_PIECES orthonormal vectors of n */
    double *lengths; /* 3 n: squared length of each candidate */
    double *gain;    /* 3 n: what of it is left over beside the basis */
};

static double piece_value(const struct scan *scan, struct piece piece, size_t j)
{
    double w = scan->weight[j];

    switch (piece.kind) {
    case LINE_0:
        return w;
    case LINE_1:
        return w * scan->x[j];
    case COLUMN:
        return w * scan->curve.columns[j * scan->curve.n_columns + piece.i];
    case BEND:
        return j > piece.i ? w * (scan->x[j] - scan->x[piece.i]) : 0;
    case STEP:
        return j >= piece.i ? w : 0;
    default:
        return j == piece.i ? w : 0;
    }
}

static double dot(const struct scan *scan, const double *a, const double *b)
{
    return cblas_ddot((int)scan->n, a, 1, b, 1);
}

/* Take from the vector what it has of another, which is of length 1. */
static void take_off(const struct scan *scan, double *vector,
                     const double *other)
{
    cblas_daxpy((int)scan->n, -dot(scan, vector, other), other, 1, vector, 1);
}

/* sum0[i], sum1[i]: over j >= i, of weight * vector and weight * x * vector.
 * The product of any candidate with the vector follows from them at once. */
static void suffix_sums(struct scan *scan, const double *vector)
{
    double s0 = 0, s1 = 0;

    for (size_t j = scan->n; j-- > 0;) {
        s0 += scan->weight[j] * vector[j];
        s1 += scan->weight[j] * scan->x[j] * vector[j];
        scan->sum0[j] = s0;
        scan->sum1[j] = s1;
    }
}

static size_t candidate(const struct scan *scan, enum piece_kind kind, size_t i)
{
    return (size_t)(kind - BEND) * scan->n + i;
}

/* Of a candidate with the vector whose suffix sums there are. */
static double product(const struct scan *scan, enum piece_kind kind, size_t i,
                      const double *vector)
{
    if (kind == STEP)
        return scan->sum0[i];
    if (kind == BEND)
        return scan->sum1[i] - scan->x[i] * scan->sum0[i];
    return scan->weight[i] * vector[i];
}

/* Make the piece orthogonal to the basis and put it there. Returns -1 if
 * nothing is left of it. */
static int add_piece(struct scan *scan, struct piece piece)
{
    double *vector = scan->basis + scan->pieces.n * scan->n;

    for (size_t j = 0; j < scan->n; j++)
        vector[j] = piece_value(scan, piece, j);
    double before = sqrt(dot(scan, vector, vector));
    for (int twice = 0; twice < 2; twice++)
        for (size_t q = 0; q < scan->pieces.n; q++)
            take_off(scan, vector, scan->basis + q * scan->n);
    double length = sqrt(dot(scan, vector, vector));
    if (!(length > 1e-7 * before))
        return -1;
    for (size_t j = 0; j < scan->n; j++)
        vector[j] /= length;
    take_off(scan, scan->residual, vector);
    scan->pieces.at[scan->pieces.n++] = piece;
    return 0;
}

/* Build basis and residual anew from these pieces, without piece `without`. */
static void rebuild(struct scan *scan, const struct pieces pieces,
                    size_t without)
{
    scan->pieces.n = 0;
    for (size_t j = 0; j < scan->n; j++)
        scan->residual[j] = 1;
    for (size_t i = 0; i < pieces.n; i++)
        if (i != without)
            add_piece(scan, pieces.at[i]);
}

/* Which candidates are meant: of these kinds, at these points. */
struct window {
    enum piece_kind first, last;
    size_t begin, end;
};

static int is_allowed(const struct scan *scan, enum piece_kind kind, size_t i)
{
    /* Fewer points beyond a step are odd points, not a level. */
    if (kind == STEP)
        return i >= PB_STEP_SIDE_POINTS && i + PB_STEP_SIDE_POINTS <= scan->n;
    return kind == ODD || (i >= 1 && i + 2 <= scan->n);
}

static void measure_gains(struct scan *scan)
{
    memcpy(scan->gain, scan->lengths, 3 * scan->n * sizeof *scan->gain);
    for (size_t q = 0; q < scan->pieces.n; q++) {
        const double *vector = scan->basis + q * scan->n;
        suffix_sums(scan, vector);
        for (enum piece_kind kind = BEND; kind <= ODD; kind++)
            for (size_t i = 0; i < scan->n; i++) {
                double share = product(scan, kind, i, vector);
                scan->gain[candidate(scan, kind, i)] -= share * share;
            }
    }
}

/* The candidate that would take most off the residual; its kind is LINE_0 when
 * there is none. */
static struct piece best_piece(struct scan *scan, struct window window)
{
    struct piece best = {LINE_0, 0};
    double most = 0;

    measure_gains(scan);
    suffix_sums(scan, scan->residual);
    for (enum piece_kind kind = window.first; kind <= window.last; kind++)
        for (size_t i = window.begin; i < window.end; i++) {
            size_t at = candidate(scan, kind, i);
            double share = product(scan, kind, i, scan->residual);
            if (!is_allowed(scan, kind, i) ||
                scan->gain[at] < 1e-9 * scan->lengths[at] ||
                share * share / scan->gain[at] <= most)
                continue;
            most = share * share / scan->gain[at];
            best = (struct piece){kind, i};
        }
    return best;
}

static double residual_squares(const struct scan *scan)
{
    /* Rounding, not data, is below this: an exact line must not be searched
     * for steps of 1e-15. */
    double floor = 1e-18 * (double)scan->n;
    return fmax(floor, dot(scan, scan->residual, scan->residual));
}

/* The extended Bayesian criterion: of the pieces that were searched for, each
 * had 3 n places to be at. */
static double criterion(const struct scan *scan)
{
    double n = (double)scan->n;
    return n * log(residual_squares(scan)) +
           (double)scan->pieces.n * (log(n) + 2 * log(3 * n));
}

/* Add the best piece. Returns -1 if there is none. */
static int add_best(struct scan *scan, struct window window)
{
    size_t most = scan->n / 3 < PB_SCAN_PIECES ? scan->n / 3 : PB_SCAN_PIECES;
    struct piece piece = {LINE_0, 0};

    if (scan->pieces.n < most)
        piece = best_piece(scan, window);
    return piece.kind == LINE_0 ? -1 : add_piece(scan, piece);
}

static void grow(struct scan *scan)
{
    const struct window all = {BEND, ODD, 0, scan->n};
    double before = criterion(scan);

    while (add_best(scan, all) == 0) {
        double now = criterion(scan);
        if (now >= before) {
            rebuild(scan, scan->pieces, scan->pieces.n - 1);
            return;
        }
        before = now;
    }
}

/* Early choices were made before the later ones were known, and a bend with an
 * odd point beside it can stand where a step belongs: clear a place, begin
 * there with a piece of each kind, and keep what the criterion finds better.
 * Returns whether anything was. */
static int reconsider(struct scan *scan, size_t place)
{
    struct window about = {
        .begin = place < PB_STEP_SIDE_POINTS ? 0 : place - PB_STEP_SIDE_POINTS,
        .end = place + PB_STEP_SIDE_POINTS + 1};

    about.end = about.end < scan->n ? about.end : scan->n;
    for (enum piece_kind kind = BEND; kind <= ODD; kind++) {
        const struct pieces before = scan->pieces;
        double least = criterion(scan);

        about.first = about.last = kind;
        for (size_t i = scan->pieces.n; i-- > scan->n_base;)
            if (scan->pieces.at[i].i >= about.begin &&
                scan->pieces.at[i].i < about.end)
                rebuild(scan, scan->pieces, i);
        if (add_best(scan, about) == 0)
            grow(scan);
        if (criterion(scan) < least - 1e-6 * fabs(least))
            return 1;
        rebuild(scan, before, before.n);
    }
    return 0;
}

static void scan_init(struct scan *scan, const struct pa_growth_series *series)
{
    size_t n = series->curve.n_points;
    double *room = pa_room(n * (PB_SCAN_PIECES + 11), sizeof *room);

    *scan = (struct scan){.series = series,
                          .curve = series->curve,
                          .n = n,
                          .x = room,
                          .weight = room + n,
                          .residual = room + 2 * n,
                          .sum0 = room + 3 * n,
                          .sum1 = room + 4 * n,
                          .lengths = room + 5 * n,
                          .gain = room + 8 * n,
                          .basis = room + 11 * n};
    double range = (double)(series->values[n - 1] - series->values[0]);
    for (size_t i = 0; i < n; i++) {
        scan->x[i] = (double)(series->values[i] - series->values[0]) / range;
        scan->weight[i] = 1 / series->curve.estimates[i];
        scan->residual[i] = 1;
    }
    for (enum piece_kind kind = BEND; kind <= ODD; kind++)
        for (size_t i = 0; i < n; i++) {
            double *length = &scan->lengths[candidate(scan, kind, i)];
            for (size_t j = i; j < n; j++) {
                double value = piece_value(scan, (struct piece){kind, i}, j);
                *length += value * value;
            }
        }
}

static void take_apart(struct scan *scan)
{
    int is_better = 1;

    add_piece(scan, (struct piece){LINE_0, 0});
    add_piece(scan, (struct piece){LINE_1, 0});
    for (size_t i = 0; i < scan->curve.n_columns; i++)
        add_piece(scan, (struct piece){COLUMN, i});
    scan->n_base = scan->pieces.n;
    grow(scan);
    for (int i = 0; is_better && i < PB_SCAN_POLISHES; i++) {
        is_better = 0;
        for (size_t q = scan->n_base; q < scan->pieces.n; q++)
            is_better |= reconsider(scan, scan->pieces.at[q].i);
    }
}

/* Coefficient of the last piece of the basis in an invocation, and in *length
 * that of the piece beside the others: by construction it is the only one that
 * its basis vector holds. A point that the invocation lacks takes the cost that
 * the others gave it; NAN if it lacks most of them. */
static double last_coefficient(const struct scan *scan, size_t k,
                               double *length)
{
    const struct pa_curve *curve = &scan->curve;
    const double *vector = scan->basis + (scan->pieces.n - 1) * scan->n;
    struct piece piece = scan->pieces.at[scan->pieces.n - 1];
    double share = 0;
    size_t n = 0;

    *length = 0;
    for (size_t j = 0; j < scan->n; j++) {
        double cost = curve->costs[j * curve->n_invocations + k];
        n += cost > 0;
        share += vector[j] * scan->weight[j] *
                 (cost > 0 ? cost : curve->estimates[j]);
        *length += vector[j] * piece_value(scan, piece, j);
    }
    return 2 * n > scan->n ? share / *length : NAN;
}

/* Size and chance of the step that is the last piece. The p-value is from the
 * scatter about the fit, times the places where a step might have been found.
 */
static void measure_last(struct pa_step *step, struct scan *scan)
{
    size_t n = scan->curve.n_invocations;
    double degrees = (double)(scan->n - scan->pieces.n);
    double deviation = sqrt(residual_squares(scan) / degrees);
    double sizes[PA_INVOCATIONS_MAX], length = NAN;

    for (size_t k = 0; k < n; k++)
        sizes[k] = last_coefficient(scan, k, &length);
    pa_mean(sizes, n, &step->n_invocations);
    step->size = pa_t_interval(sizes, n);
    double t = step->size.value * fabs(length) / deviation;
    step->chance = fmin(1, (double)scan->n * pa_t_chance(t, degrees));
}

static struct pa_step describe(struct scan *scan)
{
    const struct pa_growth_series *series = scan->series;
    size_t i = scan->pieces.at[scan->pieces.n - 1].i;

    struct pa_step step = {.base = series->base,
                           .variable = series->variable,
                           .before = series->values[i - 1],
                           .place = series->values[i],
                           .is_edge = i < PB_STEP_EDGE_POINTS ||
                                      i + PB_STEP_EDGE_POINTS > scan->n};
    measure_last(&step, scan);
    step.share = step.size.value / scan->curve.estimates[i - 1];
    /* Where the one more fd lies makes a difference of some tenths of a
     * percent; in a count nothing else would. */
    double share = fabs(step.share);
    step.is_minor =
        !scan->curve.is_exact && (share < PB_STEP_TINY_SHARE ||
                                  (share < PB_STEP_MINOR_SHARE &&
                                   fabs(step.size.value) < PB_STEP_MINOR_NS));
    return step;
}

static int is_certain(const struct pa_step *step)
{
    const struct pb_metric_info *info = pb_metric_info(step->base.metric);

    if (!(step->chance < PB_STEP_CHANCE) ||
        !(fabs(step->size.value) >= info->nothing) ||
        (info->estimator == PB_MINIMUM &&
         fabs(step->share) < PB_STEP_COUNT_SHARE))
        return 0;
    return step->n_invocations < PB_AGREED_INVOCATIONS || step->size.low > 0 ||
           step->size.high < 0;
}

static int compare_steps(const void *a, const void *b)
{
    const struct pa_step *left = a;
    const struct pa_step *right = b;
    return (left->place > right->place) - (left->place < right->place);
}

/* Two jumps in one direction at neighbouring points are one jump with a point
 * on its way up. */
static void merge(struct pa_steps *steps, size_t first)
{
    size_t n = first;

    for (size_t i = first; i < steps->n_steps; i++) {
        struct pa_step *last = &steps->steps[n - (n > first)];
        struct pa_step *step = &steps->steps[i];
        if (n > first && last->place == step->before &&
            last->size.value * step->size.value > 0) {
            last->place = step->place;
            last->size.value += step->size.value;
            last->size.low += step->size.low;
            last->size.high += step->size.high;
            last->share += step->share;
            last->chance = fmin(last->chance, step->chance);
            last->is_minor = last->is_minor && step->is_minor;
        } else {
            steps->steps[n++] = *step;
        }
    }
    steps->n_steps = n;
}

static void collect(struct pa_steps *steps, struct scan *scan)
{
    size_t first = steps->n_steps;

    /* Each piece is put last, so that last_coefficient() is about it: what
     * rotates is all seen at one place. */
    for (size_t i = scan->pieces.n; i > scan->n_base; i--) {
        struct piece piece = scan->pieces.at[scan->n_base];
        rebuild(scan, scan->pieces, scan->n_base);
        add_piece(scan, piece);
        if (scan->pieces.at[scan->pieces.n - 1].kind != STEP)
            continue;
        struct pa_step step = describe(scan);
        if (!is_certain(&step))
            continue;
        steps->steps = pa_grown(steps->steps, steps->n_steps, sizeof step);
        steps->steps[steps->n_steps++] = step;
    }
    if (steps->n_steps == first)
        return;
    qsort(steps->steps + first, steps->n_steps - first, sizeof *steps->steps,
          compare_steps);
    merge(steps, first);
}

void pa_steps_scan(struct pa_steps *steps,
                   const struct pa_growth_series *series)
{
    struct scan scan;

    if (series->curve.n_points < PB_SCAN_POINTS)
        return;
    scan_init(&scan, series);
    take_apart(&scan);
    collect(steps, &scan);
    free(scan.x);
}

static int is_scanned(const struct pa_point *point, enum pb_factor variable)
{
    return pa_point_is_shown_by(point, "steps") &&
           point->asked->varies & 1u << variable;
}

/* Scan the series that point i is the first of, within the range of what is
 * scanned. */
static void scan_from(struct pa_steps *steps, const struct pa_run *run,
                      size_t i, enum pb_factor variable)
{
    const struct pb_factors *base = &run->points[i].factors;
    struct pa_growth_series series;
    int64_t low = INT64_MAX, high = INT64_MIN;

    for (size_t j = 0; j < run->n_points; j++) {
        const struct pa_point *point = &run->points[j];
        int64_t x = pb_factor_number(&point->factors, variable);
        if (!is_scanned(point, variable) ||
            !pa_growth_agrees(&point->factors, base, variable))
            continue;
        if (j < i)
            return;
        low = x < low ? x : low;
        high = x > high ? x : high;
    }
    pa_growth_series_collect(&series, run, base, variable);
    struct pa_growth_series scanned =
        pa_growth_series_between(&series, low, high);
    pa_steps_scan(steps, &scanned);
    pa_growth_series_free(&series);
}

void pa_steps_find(struct pa_steps *steps, const struct pa_run *run)
{
    *steps = (struct pa_steps){0};
    for (size_t i = 0; i < run->n_points; i++)
        for (enum pb_factor v = 0; v < PB_N_FACTORS; v++)
            if (is_scanned(&run->points[i], v))
                scan_from(steps, run, i, v);
}

void pa_steps_free(struct pa_steps *steps)
{
    free(steps->steps);
    *steps = (struct pa_steps){0};
}

static const char *flags_of(const struct pa_step *step)
{
    static const char *const words[] = {
        "",     "few",      "minor",      "few minor",
        "edge", "few edge", "minor edge", "few minor edge"};
    int is_few =
        pa_is_few(pb_metric_of(step->base.metric), step->n_invocations);
    return words[is_few + 2 * step->is_minor + 4 * step->is_edge];
}

int pa_step_is_of(const struct pa_step *step, const struct pa_run *run,
                  const struct pb_factors *factors)
{
    const char *backend = factors->backend;

    return !(pb_factors_differ(&step->base, factors) &
             pb_factors_with(PB_HELD)) &&
           (strcmp(step->base.backend, backend) == 0 ||
            strcmp(step->base.backend,
                   pa_backend_family(&run->backends, backend)) == 0);
}

void pa_steps_write(struct pb_csv *csv, const struct pa_steps *steps,
                    const struct pa_run *run)
{
    PB_CSV_HEADER(csv, PB_STEPS);
    for (size_t i = 0; i < steps->n_steps; i++) {
        const struct pa_step *step = &steps->steps[i];
        struct pb_steps_row row = {
            .place = step->place,
            .before = step->before,
            PA_INTERVAL(size_ns, low_ns, high_ns, step->size),
            .share_percent = 100 * step->share,
            .p_value = step->chance,
            .flags = flags_of(step),
            .invocations = (int64_t)step->n_invocations,
            .typical = pa_is_typical(run, &step->base),
        };
        PA_BASE_TO_ROW(&row, step);
        pb_steps_put(csv, &row);
    }
}
