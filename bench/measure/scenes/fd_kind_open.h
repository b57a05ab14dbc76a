/* SPDX-License-Identifier: MIT */
/* What opens each kind of pair, for the table in fd_kind.c; see there. */
#ifndef PB_FD_KIND_OPEN_H
#define PB_FD_KIND_OPEN_H

#include <stdbool.h>

/* Close those of both that are open. */
void pb_fd_close_pair(const int ends[2]);

/* One byte into a descriptor; wait until one has something to read, 1 s at
 * most. 0 or -errno. */
int pb_fd_put(int fd);
int pb_fd_await(int fd);

int pb_fd_open_tcp(bool readable, int ends[2]);
int pb_fd_open_udp(bool readable, int ends[2]);
int pb_fd_open_timerfd(bool readable, int ends[2]);
int pb_fd_open_signalfd(bool readable, int ends[2]);
int pb_fd_open_inotify(bool readable, int ends[2]);
int pb_fd_open_pty(bool readable, int ends[2]);

#endif
