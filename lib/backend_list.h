/* SPDX-License-Identifier: MIT */
/* The backends, in the order in which they are listed. One line each: X(id,
 * name), where backend_<id>.c ends with the table pollset__<id> and name is
 * what pollset_create() takes. */
#ifndef POLLSET_BACKEND_LIST_H
#define POLLSET_BACKEND_LIST_H

#define POLLSET_BACKENDS(X)                                                    \
    X(select_textbook, "select-textbook")                                      \
    X(select, "select")                                                        \
    X(poll, "poll")                                                            \
    X(epoll, "epoll")                                                          \
    X(epoll_et, "epoll-et")                                                    \
    X(epoll_oneshot, "epoll-oneshot")                                          \
    X(io_uring, "io_uring")                                                    \
    X(io_uring_multishot, "io_uring-multishot")                                \
    X(io_uring_epoll, "io_uring-epoll")

#endif
