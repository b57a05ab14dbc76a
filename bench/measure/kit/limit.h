/* SPDX-License-Identifier: MIT */
/* How many descriptors this process may have. */
#ifndef PB_LIMIT_H
#define PB_LIMIT_H

#include <stdint.h>

struct pb_limit {
    int64_t soft; /* as found; -1: unlimited */
    int64_t hard; /* as found; -1: unlimited */
    int usable;   /* descriptors that may be open at once, after raising */
};

/* Raise the soft limit to the hard one, for this process and its children,
 * and say how many descriptors there are, but at most most.
 * Returns 0 or -errno. */
int pb_limit_raise(int most, struct pb_limit *limit);

#endif
