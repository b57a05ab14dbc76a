/* SPDX-License-Identifier: MIT */
#include "growth_truths.h"

#include "growth_class.h"

#include <gsl/gsl_randist.h>
#include <math.h>
#include <string.h>

static double beyond(double n, double at)
{
    return fmax(0, n - at);
}

static double flat(double n)
{
    (void)n;
    return 310;
}

static double rise_of_4_percent(double n)
{
    return 310 * (1 + 0.04 * log2(n) / 9);
}

static double log_eleven(double n)
{
    return 310 + 344 * log2(n);
}

static double log_half(double n)
{
    return 310 + 17 * log2(n);
}

static double log_little(double n)
{
    return 310 + 2.4 * log2(n);
}

static double epoll_log(double n)
{
    return 287 + 20 * log2(n);
}

static double square_root(double n)
{
    return 150 + 40 * sqrt(n);
}

static double line(double n)
{
    return 150 + 50 * n;
}

static double far_line(double n)
{
    return 16000 + 40 * n;
}

static double small_slope(double n)
{
    return 4000 + 0.5 * n;
}

/* Such as poll's at N = 1,024 in M, if it had a slope in M. */
static double far_from_0(double n)
{
    return 43700 + 14.5 * n;
}

static double bent_at_700(double n)
{
    return line(n) + 25 * beyond(n, 700);
}

static double bent_twice(double n)
{
    return line(n) + 5 * beyond(n, 24) + 25 * beyond(n, 700);
}

double growth_bent_off_grid(double n)
{
    return 126 + 45.75 * n + 6.25 * beyond(n, 40) + 20 * beyond(n, 900);
}

static double bent_at_32(double n)
{
    return line(n) + 10 * beyond(n, 32);
}

double growth_bent_at_90(double n)
{
    return line(n) + 35 * beyond(n, 90);
}

static double less_steep_at_90(double n)
{
    return line(n) - 15 * beyond(n, 90);
}

static double far_and_bent(double n)
{
    return 6000 + 40 * (n + 0.5 * beyond(n, 200));
}

static double n_log_n(double n)
{
    return 150 + 10 * n * log2(n);
}

static double n_log_n_bent(double n)
{
    return n_log_n(n) + 50 * beyond(n, 700);
}

static double quadratic(double n)
{
    return 150 + 2 * n * n;
}

static double line_and_log(double n)
{
    return 150 + 40 * n + 5 * n * log2(n);
}

static double line_and_square(double n)
{
    return 150 + 40 * n + 0.01 * n * n;
}

static double to_the_three_halves(double n)
{
    return 150 + 40 * pow(n, 1.5);
}

static double to_the_five_quarters(double n)
{
    return 150 + 40 * pow(n, 1.25);
}

static double to_the_three_quarters(double n)
{
    return 150 + 40 * pow(n, 0.75);
}

static double n_over_log(double n)
{
    return 150 + 60 * n / log2(n + 1);
}

static double log_squared(double n)
{
    return 310 + 20 * log2(n) * log2(n);
}

static double late_line(double n)
{
    return 310 + 20 * beyond(n, 16);
}

static double hump(double n)
{
    double octaves = log2(n) - 4;
    return 310 + 200 * exp(-octaves * octaves / 4);
}

static double step(double n)
{
    return 310 + 80 * (n >= 31);
}

static double falling(double n)
{
    return 310 + 600 / n;
}

static double cubic(double n)
{
    return 150 + 0.05 * n * n * n;
}

#define IS(class) (1U << PA_CLASS_##class)
#define UNKNOWN   IS(UNKNOWN)
#define BETWEEN   IS(BETWEEN)
#define BENT      IS(BENT)

const struct growth_truth growth_truths[] = {
    {"flat", flat, IS(CONSTANT), 0},
    {"4 % rise", rise_of_4_percent, UNKNOWN | IS(LOG), 0},
    {"log, x11", log_eleven, IS(LOG), 0},
    {"log, x1.5", log_half, IS(LOG), 0},
    {"log, 287 + 20", epoll_log, IS(LOG), 0},
    {"log, x1.07", log_little, IS(LOG), 0},
    {"sqrt n", square_root, IS(SQRT), 0},
    {"n", line, IS(LINE), 0},
    {"16,000 + 40 n", far_line, IS(LINE), BETWEEN},
    {"4,000 + 0.5 n", small_slope, IS(LINE), BETWEEN},
    {"43,700 + 14.5 n", far_from_0, IS(LINE), BETWEEN},
    {"n, x1.5 at 700", bent_at_700, IS(LINE) | BENT, BETWEEN},
    {"n, x1.1 at 24, x1.5 at 700", bent_twice, IS(LINE) | BENT, BETWEEN},
    {"n, bends at 40 and 900", growth_bent_off_grid, IS(LINE) | BENT, BETWEEN},
    {"n, x1.2 at 32", bent_at_32, IS(LINE) | BENT, BETWEEN},
    {"n, x1.7 at 90", growth_bent_at_90, IS(LINE) | BENT, BETWEEN},
    {"n, x0.7 at 90", less_steep_at_90, BENT, 0},
    {"6,000 + 40 n, x1.5 at 200", far_and_bent, IS(LINE) | BENT | BETWEEN, 0},
    {"n log n", n_log_n, IS(N_LOG_N), BETWEEN},
    {"n log n, bend at 700", n_log_n_bent, IS(N_LOG_N), BETWEEN},
    {"n^2", quadratic, IS(SQUARE), 0},
    {"40 n + 5 n log n", line_and_log, BETWEEN, IS(LINE)},
    {"40 n + 0.01 n^2", line_and_square, BETWEEN | BENT, IS(LINE)},
    {"n^1.5", to_the_three_halves, UNKNOWN, 0},
    {"n^1.25", to_the_five_quarters, UNKNOWN, BETWEEN},
    {"n^0.75", to_the_three_quarters, UNKNOWN, 0},
    {"n / log n", n_over_log, UNKNOWN, 0},
    {"log^2 n", log_squared, UNKNOWN, 0},
    {"n^3", cubic, UNKNOWN, 0},
    {"n - 16 beyond 16", late_line, UNKNOWN, 0},
    {"hump", hump, UNKNOWN, 0},
    {"step at 31, not known", step, UNKNOWN, 0},
    {"falling", falling, UNKNOWN, 0},
    {NULL, NULL, 0, 0}};

static double noise(gsl_rng *random, double deviation)
{
    return deviation > 0 ? exp(gsl_ran_gaussian(random, deviation)) : 1;
}

/* What a measurement is off by, as a factor. */
static double disturbance(gsl_rng *random, const struct growth_design *design,
                          int is_upper_half, size_t k)
{
    if (!design->is_odd)
        return noise(random, design->noise);
    return exp(design->noise * gsl_ran_tdist(random, 3)) *
           (k == 0 && is_upper_half ? 1.05 : 1);
}

static size_t place_points(double *x, const struct growth_design *design)
{
    size_t n = 0;

    for (int i = 0;; i++) {
        double at = round(pow(2, (double)i / design->per_octave));
        if (at > design->n_most)
            return n;
        if (n == 0 || at > x[n - 1])
            x[n++] = at;
    }
}

void growth_measure(struct growth_data *data, double (*cost)(double n),
                    const struct growth_design *design, gsl_rng *random)
{
    double drifts[GROWTH_INVOCATIONS_MAX];
    size_t n = place_points(data->x, design);
    size_t n_invocations = design->n_invocations;

    for (size_t k = 0; k < n_invocations; k++)
        drifts[k] = noise(random, design->drift);
    for (size_t i = 0; i < n; i++) {
        double level = cost(data->x[i]) * noise(random, design->lack);
        double *costs = data->costs + i * n_invocations;
        for (size_t k = 0; k < n_invocations; k++)
            costs[k] =
                level * drifts[k] * disturbance(random, design, 2 * i >= n, k);
        data->estimates[i] = pa_log_interval(costs, n_invocations).value;
    }
    data->curve = (struct pa_curve){.n_points = n,
                                    .n_invocations = n_invocations,
                                    .x = data->x,
                                    .estimates = data->estimates,
                                    .costs = data->costs};
}

const struct growth_truth *growth_truth_of(const char *name)
{
    const struct growth_truth *truth = growth_truths;

    while (truth->name && strcmp(truth->name, name) != 0)
        truth++;
    return truth;
}

static void count(struct growth_rates *rates, const struct growth_truth *truth,
                  enum pa_class class, double share)
{
    unsigned bit = 1U << class;

    if (bit & truth->right)
        rates->right += share;
    else if (bit & truth->partly)
        rates->partly += share;
    else if (class == PA_CLASS_UNKNOWN)
        rates->unknown += share;
    else
        rates->wrong += share;
}

struct growth_rates growth_rates_of(const struct growth_truth *truth,
                                    const struct growth_design *design, int n)
{
    struct growth_rates rates = {0};
    struct growth_data data;
    struct pa_growth_class growth;
    gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);

    for (int i = 0; i < n; i++) {
        gsl_rng_set(random, (unsigned long)i + 1);
        growth_measure(&data, truth->cost, design, random);
        pa_growth_classify(&growth, &data.curve);
        count(&rates, truth, growth.class, 100.0 / n);
    }
    gsl_rng_free(random);
    return rates;
}

struct growth_coverage growth_coverage_of(const struct growth_design *design,
                                          double low, double high, int n)
{
    const struct growth_design calm = {
        design->n_most, design->per_octave, 2, 0, 0, 0, 0};
    gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
    struct growth_coverage coverage = {0};
    struct pa_local_slope exact, slope;
    struct growth_data data;

    growth_measure(&data, growth_bent_off_grid, &calm, NULL);
    pa_local_slope_measure(&exact, &data.curve, low, high);
    for (int i = 0; i < n; i++) {
        gsl_rng_set(random, (unsigned long)i + 1);
        growth_measure(&data, growth_bent_off_grid, design, random);
        pa_local_slope_measure(&slope, &data.curve, low, high);
        double half = (slope.slope.high - slope.slope.low) / 2;
        if (fabs(slope.slope.value - exact.slope.value) <= half)
            coverage.held += 100.0 / n;
        coverage.half_width += 100 * half / exact.slope.value / n;
    }
    gsl_rng_free(random);
    return coverage;
}
