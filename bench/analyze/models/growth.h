/* SPDX-License-Identifier: MIT */
/* What may be said of how a cost grows with a count, from a few figures. */
#ifndef PA_GROWTH_H
#define PA_GROWTH_H

#include <stddef.h>

/* One of flat, linear, bent, n-log-n, quadratic, cannot-tell, for n figures y
 * at ascending, positive x. Unlike a fit of single Big-O terms: there is an
 * intercept, errors are relative, and no form is named that misses the figures
 * by more than 10 % (root mean square) or that they are too few to tell from
 * the others. A constant string. */
const char *pa_growth(const double *x, const double *y, size_t n);

#endif
