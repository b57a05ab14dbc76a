/* SPDX-License-Identifier: MIT */
/* The buckets of a histogram of times: whole ns up to 256, and then 128 of each
 * octave, so that none is wider than 1 part in 128 of what is in it (the rule
 * of HdrHistogram, hdrhistogram.org). */
#ifndef PB_BUCKETS_H
#define PB_BUCKETS_H

#include <stdint.h>

enum { PB_BUCKETS_OF_OCTAVE = 128 };

/* How wide the one is that holds a number from 0 on. */
static inline int64_t pb_bucket_width(int64_t ns)
{
    int64_t width = 1;
    while (ns / width >= INT64_C(2) * PB_BUCKETS_OF_OCTAVE)
        width *= 2;
    return width;
}

/* The least number that it holds. */
static inline int64_t pb_bucket_low(int64_t ns)
{
    return ns - ns % pb_bucket_width(ns);
}

#endif
