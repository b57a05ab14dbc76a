/* SPDX-License-Identifier: MIT */
/* The kinds of descriptors a farm can be made of: a table, one row a kind. */
#ifndef PB_FD_KIND_H
#define PB_FD_KIND_H

#include <stdbool.h>

struct pb_fd_kind {
    const char *name;    /* as in the CSV files */
    const char *summary; /* one line, for --list */

    /* Open two descriptors that are both readable, or both not.
     *
     * ends     receives the two lowest numbers that were free, ascending.
     * Returns  0; -EMFILE, -ENFILE, -ENOMEM; or what the calls for this kind
     *          say besides. After an error neither is open.
     */
    int (*open)(bool readable, int ends[2]);

    /* About how many bytes of kernel memory one such descriptor takes in a
     * farm, where every fourth pair has something to read. */
    int bytes;
};

/* All of them, the one that is taken when none is named first; the last has
 * no name. */
extern const struct pb_fd_kind pb_fd_kinds[];

/* How many of a kind may be open here at once, besides what the limit on
 * descriptors and memory allow: INT_MAX where there is no other limit. */
int pb_fd_kind_most(const struct pb_fd_kind *kind);

/* The kind called name (NULL: the first), or NULL when there is none. */
const struct pb_fd_kind *pb_fd_kind_of(const char *name);

/* Name of the kind at index; NULL past the last. */
const char *pb_fd_kind_name(int index);

#endif
