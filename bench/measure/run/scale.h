/* SPDX-License-Identifier: MIT */
/* Measures what grows with the number of fds once per fd, in time and memory:
 * opening, registering, unregistering and closing them; and one wait. */
#ifndef PB_SCALE_H
#define PB_SCALE_H

#include "csv_write.h"
#include "fd_kind.h"

#include <stdint.h>

/* One point, measured in a process of its own. */
struct pb_scale {
    int beyond_limit;            /* many tables and bare calls, else one table
                                    and the library's backends */
    const char *const *backends; /* of the library; ends with NULL */
    const struct pb_fd_kind *fd_kind;
    int fd_count;  /* N, watched in all tables together; one of them is ready */
    int table_fds; /* descriptors that one table may have */
    int invocation, cpu;
    unsigned seed; /* of the run */
    int round;     /* the place of N in the order of the invocation */
    int64_t clock_cost_ns;
    struct pb_csv *samples, *memory; /* rows are added; not flushed */
};

/* The name of the sweep. */
const char *pb_scale_sweep(const struct pb_scale *scale);

/* Watched fds for which one table of table_fds descriptors has room. */
int pb_scale_room(int table_fds);

/* Series that a point has: backends times stages. */
int pb_scale_series(const struct pb_scale *scale);

/* Measure the point in this process, which has no descriptors open but the
 * standard streams and up to four more, numbered from 3.
 *
 * The last row is the reference loop's, as at the end of a round of pollbench:
 * so a point whose rows are not all there can be told.
 *
 * Returns  0, or -ENOMEM; what went wrong with the fds is in the rows.
 */
int pb_scale_measure(const struct pb_scale *scale);

#endif
