/* SPDX-License-Identifier: MIT */
/* Costs whose growth is known, and measurements of them with seeded noise. For
 * tests of growth classes and local slopes only. */
#ifndef GROWTH_TRUTHS_H
#define GROWTH_TRUTHS_H

#include "growth_class.h"

#include <gsl/gsl_rng.h>

struct growth_truth {
    const char *name;
    double (*cost)(double n);
    unsigned right;  /* bit 1 << class: a right answer */
    unsigned partly; /* true, but not all of it */
};

/* Ends with a name of NULL. */
extern const struct growth_truth growth_truths[];

/* The truth of that name, which must be there. */
const struct growth_truth *growth_truth_of(const char *name);

/* A line that becomes 1.7 times as steep at 90, and one that becomes steeper at
 * 40 and at 900: no points lie there. */
double growth_bent_at_90(double n);
double growth_bent_off_grid(double n);

/* What is measured and how well. Shares are standard deviations of the
 * logarithm. */
struct growth_design {
    int n_most;
    int per_octave; /* points: 1 of a quick run, 2 of a default one */
    size_t n_invocations;
    double noise; /* of each point in each invocation */
    double lack;  /* of each point, the same in all invocations */
    double drift; /* of each invocation, the same at all points */
    int is_odd;   /* noise by Student's t of 3 degrees of freedom, and one
                     invocation 5 % dearer in the upper half of the points */
};

#define GROWTH_POINTS_MAX      64
#define GROWTH_INVOCATIONS_MAX 16

struct growth_data {
    struct pa_curve curve; /* points into the rest */
    double x[GROWTH_POINTS_MAX];
    double estimates[GROWTH_POINTS_MAX];
    double costs[GROWTH_POINTS_MAX * GROWTH_INVOCATIONS_MAX];
};

/* Answers to n measurements of a truth, in percent of n. */
struct growth_rates {
    double right, partly, unknown, wrong;
};

struct growth_rates growth_rates_of(const struct growth_truth *truth,
                                    const struct growth_design *design, int n);

/* How often the interval of a local slope of growth_bent_off_grid() holds the
 * slope, and its mean half-width as a share of that: percent. */
struct growth_coverage {
    double held, half_width;
};

struct growth_coverage growth_coverage_of(const struct growth_design *design,
                                          double low, double high, int n);

/* Measure the truth. random may be NULL if there is no noise. */
void growth_measure(struct growth_data *data, double (*cost)(double n),
                    const struct growth_design *design, gsl_rng *random);

#endif
