/* SPDX-License-Identifier: MIT */
/* A farm is a run of socketpairs, or of another kind of fds, on consecutive
 * descriptor numbers. Both ends of every fourth pair are readable, for good: a
 * point is then only a choice of numbers, and points with other M, N, R, W
 * need no change of state. */
#ifndef PB_FARM_H
#define PB_FARM_H

#include "fd_kind.h"
#include "point.h"

#include <stdbool.h>

/* The descriptor numbers a farm occupies. lowest is a multiple of 8, highest
 * is one less than a multiple of 8. */
struct pb_farm {
    int lowest_fd;
    int highest_fd;
    const struct pb_fd_kind *kind;
};

/* The farm of whole blocks of 8 that ends below a number; highest is lower than
 * lowest when there is no room for a block. */
struct pb_farm pb_farm_below(const struct pb_fd_kind *kind, int end);

/* Make it no longer than up to an fd that it has. */
void pb_farm_shorten(struct pb_farm *farm, int highest_fd);

/* How many of its fds are ready, or are not. */
int pb_farm_count(const struct pb_farm *farm, bool ready);

/* Build the farm in this process, whose descriptors from lowest_fd on must be
 * free; numbers below that are filled up.
 *
 * Returns  0, -EMFILE or -ENFILE (limit of process or system), -EUSERS (limit
 * of the system on the kind), -ENOMEM, or -EBUSY when one of the numbers is
 * taken. After an error nothing of the farm is open.
 */
int pb_farm_build(const struct pb_farm *farm);

/* Close every descriptor of the farm. */
void pb_farm_tear_down(const struct pb_farm *farm);

/* Whether every fd of the farm is there and readable as it should be, or none
 * is there: 0, -EBADMSG, or what poll(2) says. */
int pb_farm_check(const struct pb_farm *farm, bool is_open);

/* Whether a farm's fd is readable. */
bool pb_farm_is_ready(int fd);

/* Choose the fds of a point.
 *
 * wanted   highest_fd is lowered to the next number with the readiness that
 *          M needs (idle, unless all are ready) when it has the other one.
 * fds      receives wanted->fd_count numbers, ascending.
 * seed     for PB_RANDOM.
 * got      receives the factors as they came out; occupied_words is counted.
 * Returns  0, or -ERANGE when the farm has no such set of fds. Where a
 *          ready_place is wanted, the ready fds are next to each other among
 *          idle ones that are packed.
 */
int pb_farm_choose(const struct pb_farm *farm, const struct pb_factors *wanted,
                   unsigned seed, int *fds, struct pb_factors *got);

/* What a choice of fds, ascending, comes out as: the factors that were wanted,
 * with those that are the fds'. */
void pb_farm_describe(const struct pb_farm *farm,
                      const struct pb_factors *wanted, const int *fds,
                      struct pb_factors *got);

/* The lowest M at which a packed set of fd_count fds, ready_count of them
 * ready, fits. */
int pb_farm_lowest_m(const struct pb_farm *farm, int fd_count, int ready_count);

#endif
