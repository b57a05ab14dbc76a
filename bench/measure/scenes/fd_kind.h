/* SPDX-License-Identifier: MIT */
/* The kinds of descriptors a farm can be made of. */
#ifndef PB_FD_KIND_H
#define PB_FD_KIND_H

#include <stdbool.h>

enum pb_fd_kind {
    PB_SOCKETPAIR, /* AF_UNIX stream sockets, both ends */
    PB_EVENTFD,    /* two of them */
    PB_PIPE,       /* read and write end */
    PB_FD_KINDS
};

/* Name of a kind as in the CSV files; NULL when out of range. */
const char *pb_fd_kind_name(int kind);

/* The kind called name, or PB_FD_KINDS when there is none. */
enum pb_fd_kind pb_fd_kind_of(const char *name);

/* Open two descriptors that are both readable, or both not.
 *
 * ends     receives the two lowest numbers that were free, ascending.
 * Returns  0; -EMFILE, -ENFILE, -ENOMEM; for a readable pipe also what open(2)
 *          says when there is no /proc. After an error neither is open.
 */
int pb_fd_kind_open(enum pb_fd_kind kind, bool readable, int ends[2]);

/* About how many bytes of kernel memory one such descriptor takes in a farm,
 * where every fourth pair has something to read. */
int pb_fd_kind_bytes(enum pb_fd_kind kind);

#endif
