/* SPDX-License-Identifier: MIT */
#include "fd_kind.h"

#include "fd_kind_open.h"
#include "proc_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

void pb_fd_close_pair(const int ends[2])
{
    for (int i = 0; i < 2; i++)
        if (ends[i] >= 0)
            close(ends[i]);
}

int pb_fd_put(int fd)
{
    ssize_t n = write(fd, "", 1);
    if (n == 1)
        return 0;
    return n < 0 ? -errno : -EIO;
}

int pb_fd_await(int fd)
{
    enum { MOST_MS = 1000 };
    struct pollfd waited = {.fd = fd, .events = POLLIN};
    int n = poll(&waited, 1, MOST_MS);
    return n < 0 ? -errno : n == 0 ? -ETIMEDOUT : 0;
}

static int open_sockets(int type, bool readable, int ends[2])
{
    if (socketpair(AF_UNIX, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) < 0)
        return -errno;
    int error = readable ? pb_fd_put(ends[0]) : 0;
    if (!error && readable)
        error = pb_fd_put(ends[1]);
    if (error)
        pb_fd_close_pair(ends);
    return error;
}

static int open_socketpair(bool readable, int ends[2])
{
    return open_sockets(SOCK_STREAM, readable, ends);
}

static int open_datagram(bool readable, int ends[2])
{
    return open_sockets(SOCK_DGRAM, readable, ends);
}

static bool is_like(int fd, bool readable)
{
    struct pollfd looked_at = {.fd = fd, .events = POLLIN};
    int domain = -1;
    socklen_t n_bytes = sizeof domain;
    return getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &n_bytes) == 0 &&
           domain == AF_UNIX && poll(&looked_at, 1, 0) == readable;
}

/* More names of the nearest such socket before them, in a farm: of one that
 * has something to read, or of one that has not. The first pair is new. */
static int open_dup(bool readable, int ends[2])
{
    enum { LOWEST_FD = 8, ALIKE_WITHIN = 8 };
    int error = open_socketpair(readable, ends);
    int before = error ? -1 : ends[0] - 1, least = before + 1 - ALIKE_WITHIN;

    while (before >= LOWEST_FD && before >= least && !is_like(before, readable))
        before--;
    for (int i = 0; before >= LOWEST_FD && before >= least && i < 2; i++)
        if (!error && dup3(before, ends[i], O_CLOEXEC) < 0)
            error = -errno;
    if (error && before >= 0)
        pb_fd_close_pair(ends);
    return error;
}

static int open_eventfds(bool readable, int ends[2])
{
    for (int i = 0; i < 2; i++) {
        ends[i] = eventfd(readable, EFD_NONBLOCK | EFD_CLOEXEC);
        if (ends[i] < 0) {
            int error = -errno;
            if (i == 1)
                close(ends[0]);
            return error;
        }
    }
    return 0;
}

/* Put an end that reads and writes in the place of a pipe's write end: then
 * both are readable, and neither is hung up. Only the path in /proc leads to
 * a pipe without a name; thread-self, since the table may be the thread's. */
static int open_both_ways(int fd)
{
    char path[48];
    snprintf(path, sizeof path, "/proc/thread-self/fd/%d", fd);
    int both = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (both < 0)
        return -errno;
    int error = dup3(both, fd, O_CLOEXEC) < 0 ? -errno : 0;
    close(both);
    return error;
}

static int open_pipe(bool readable, int ends[2])
{
    if (pipe2(ends, O_NONBLOCK | O_CLOEXEC) < 0)
        return -errno;
    int error = readable ? pb_fd_put(ends[1]) : 0;
    if (!error && readable)
        error = open_both_ways(ends[1]);
    if (error)
        pb_fd_close_pair(ends);
    return error;
}

/* Bytes as the sweep scale found them on Linux 6.18, x86-64: an AF_UNIX socket
 * with its inode, dentry and file; an eventfd and its file; half a pipe, with
 * the page of each eighth number that holds a byte; and so on. */
const struct pb_fd_kind pb_fd_kinds[] = {
    {"socketpair", "AF_UNIX stream sockets, both ends", open_socketpair, 2700},
    {"eventfd", "counters, two of them", open_eventfds, 520},
    {"pipe", "read and write end", open_pipe, 1500},
    {"datagram", "AF_UNIX datagram sockets, both ends", open_datagram, 2700},
    {"tcp", "TCP over loopback, both ends", pb_fd_open_tcp, 4000},
    {"udp", "UDP over loopback, both ends", pb_fd_open_udp, 2700},
    {"timerfd", "timers, two of them", pb_fd_open_timerfd, 700},
    {"signalfd", "of two signals, two of each", pb_fd_open_signalfd, 520},
    {"inotify", "watches of nothing, two of them", pb_fd_open_inotify, 900},
    {"pty", "pseudo terminal, both ends", pb_fd_open_pty, 6000},
    {"dup", "names of one AF_UNIX socket, for comparison", open_dup, 30},
    {0},
};

/* Limits of the system on a kind, which others may have used in part. */
static const struct {
    const char *kind, *limit;
} limits[] = {
    {"inotify", "/proc/sys/fs/inotify/max_user_instances"},
    {"pty", "/proc/sys/kernel/pty/max"},
};

int pb_fd_kind_most(const struct pb_fd_kind *kind)
{
    enum { LEFT_TO_OTHERS = 4 /* a part of */ };
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        char text[32];
        const char *line = pb_proc_line(limits[i].limit, text, sizeof text);
        long most = line ? strtol(line, NULL, 10) : 0;
        if (most > 0 && strcmp(kind->name, limits[i].kind) == 0)
            return (int)(most - most / LEFT_TO_OTHERS);
    }
    return INT_MAX;
}

const char *pb_fd_kind_name(int index)
{
    enum { N_KINDS = sizeof pb_fd_kinds / sizeof pb_fd_kinds[0] };
    return index >= 0 && index < N_KINDS ? pb_fd_kinds[index].name : NULL;
}

const struct pb_fd_kind *pb_fd_kind_of(const char *name)
{
    const struct pb_fd_kind *kind = pb_fd_kinds;
    while (name && kind->name && strcmp(kind->name, name) != 0)
        kind++;
    return kind->name ? kind : NULL;
}
