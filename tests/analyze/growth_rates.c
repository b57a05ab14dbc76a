/* SPDX-License-Identifier: MIT */
/* How often each truth is classed rightly, partly and wrongly, and how often a
 * local slope's interval holds it, by design and noise: the tables of
 * docs/method.md, "Growth classes".
 *
 *     growth_rates [REPETITIONS]      200 if not told
 *
 * Fails if, at 1 % noise, a class is wrong in over 1 % or a slope held in under
 * 93 %.
 */
#include "growth_truths.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static const struct column {
    const char *name;
    struct growth_design design;
} columns[] = {
    {"512 6x 1/0%", {512, 1, 6, 0.01, 0, 0.01, 0}},
    {"512 6x 1/.5", {512, 1, 6, 0.01, 0.005, 0.01, 0}},
    {"512 6x 1/.7", {512, 1, 6, 0.01, 0.007, 0.01, 0}},
    {"1024 6x 1/.7", {1024, 1, 6, 0.01, 0.007, 0.01, 0}},
    {"512 12x 1/.7", {512, 2, 12, 0.01, 0.007, 0.01, 0}},
    {"512 6x 3/1.5", {512, 1, 6, 0.03, 0.015, 0.01, 0}},
    {"512 6x odd", {512, 1, 6, 0.01, 0.005, 0.01, 1}},
};
#define COLUMNS (sizeof columns / sizeof *columns)

/* Returns how often 1 % noise is too much: over 1 % wrong. */
static int print_classes(int n)
{
    int n_missed = 0;

    printf("classes: right/partly/cannot tell/wrong, %%\n%-27s", "");
    for (size_t j = 0; j < COLUMNS; j++)
        printf(" %-15s", columns[j].name);
    for (const struct growth_truth *truth = growth_truths; truth->name;
         truth++) {
        printf("\n%-27s", truth->name);
        for (size_t j = 0; j < COLUMNS; j++) {
            struct growth_rates rates =
                growth_rates_of(truth, &columns[j].design, n);
            printf(" %3.0f/%3.0f/%3.0f/%3.0f", rates.right, rates.partly,
                   rates.unknown, rates.wrong);
            n_missed += columns[j].design.noise <= 0.01 && rates.wrong > 1;
        }
    }
    printf("\n");
    return n_missed;
}

static const struct {
    double low, high;
} windows[] = {{2, 24}, {64, 512}, {2048, 8192}};

/* Returns how many windows are held in under 93 %. */
static int print_slopes(int n)
{
    static const double lacks[] = {0, 0.007, 0.012};
    int n_missed = 0;

    printf("local slopes, bends at 40 and 900, noise 1 %%: "
           "held, %% (half-width, %%)\n%-27s",
           "");
    for (int per_octave = 1; per_octave <= 2; per_octave++)
        for (int i = 0; i < 3; i++)
            printf(" %-15s", per_octave == 1 ? "quick" : "default");
    printf("\n%-27s", "lack of fit, %");
    for (int i = 0; i < 6; i++)
        printf(" %-15.1f", 100 * lacks[i % 3]);
    for (size_t j = 0; j < sizeof windows / sizeof *windows; j++) {
        printf("\n%6.0f to %-17.0f", windows[j].low, windows[j].high);
        for (int i = 0; i < 6; i++) {
            struct growth_design design = {
                8192, 1 + i / 3, i < 3 ? 6 : 12, 0.01, lacks[i % 3], 0.01, 0};
            struct growth_coverage coverage =
                growth_coverage_of(&design, windows[j].low, windows[j].high, n);
            printf(" %5.1f (%.1f)%*s", coverage.held, coverage.half_width, 4,
                   "");
            n_missed += coverage.held < 93;
        }
    }
    printf("\n");
    return n_missed;
}

static void print_time(int n)
{
    const struct growth_truth *truth = growth_truth_of("n, x1.2 at 32");
    struct growth_design design = {512, 0, 12, 0.01, 0.007, 0.01, 0};

    for (design.per_octave = 2; design.per_octave <= 4;
         design.per_octave += 2) {
        clock_t begin = clock();
        growth_rates_of(truth, &design, n);
        printf("%d points, 12 invocations: %.2f ms a series\n",
               9 * design.per_octave + 1,
               1e3 * (double)(clock() - begin) / CLOCKS_PER_SEC / n);
    }
}

int main(int argc, char **argv)
{
    int n = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 200;

    int n_missed = print_classes(n) + print_slopes(5 * n);

    print_time(n);
    if (n_missed > 0)
        printf("%d rates miss what docs/method.md promises\n", n_missed);
    return n_missed > 0;
}
