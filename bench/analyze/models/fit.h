/* SPDX-License-Identifier: MIT */
/* Relative least squares: the coefficients that make the sum of
 * ((fitted - cost) / cost)^2 least, by QR decomposition (GSL). */
#ifndef PA_FIT_H
#define PA_FIT_H

#include "term.h"

/* The points of one backend and stage, and a cost for each. */
struct pa_design {
    size_t n_points;
    const struct pa_point **points;
    double *costs;     /* positive; NAN: the point is left out */
    double *workspace; /* of pa_fit(), which so never lacks memory */
};

struct pa_fit {
    size_t n_points; /* that had a cost */
    double coefficients[PA_TERMS_MAX];
    double rms; /* of (fitted - cost) / cost */
};

/* Room for n_points points. */
void pa_design_init(struct pa_design *design, size_t n_points);
void pa_design_free(struct pa_design *design);

/* Use the points' estimates as costs. */
void pa_design_use_estimates(struct pa_design *design);

/* Use invocation k's costs. */
void pa_design_use_invocation(struct pa_design *design, size_t k);

/* Fit. is_absolute makes it ordinary least squares instead, as other tools do.
 * Returns 0, or -1 if there are not more points than terms or the terms cannot
 * be told apart on these points. */
int pa_fit(const struct pa_design *design, const struct pa_model *model,
           int is_absolute, struct pa_fit *fit);

/* Drop from model, last first, every term that the points cannot tell from the
 * terms before it. */
void pa_model_reduce(struct pa_model *model, const struct pa_design *design);

#endif
