/* SPDX-License-Identifier: MIT */
#include "fd_kind.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

static void close_pair(const int ends[2])
{
    close(ends[0]);
    close(ends[1]);
}

/* One byte into a descriptor. */
static int put(int fd)
{
    ssize_t n = write(fd, "", 1);
    if (n == 1)
        return 0;
    return n < 0 ? -errno : -EIO;
}

static int open_socketpair(bool readable, int ends[2])
{
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0,
                   ends) < 0)
        return -errno;
    int error = readable ? put(ends[0]) : 0;
    if (!error && readable)
        error = put(ends[1]);
    if (error)
        close_pair(ends);
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
    int error = readable ? put(ends[1]) : 0;
    if (!error && readable)
        error = open_both_ways(ends[1]);
    if (error)
        close_pair(ends);
    return error;
}

/* Bytes as the sweep scale found them on Linux 6.18, x86-64: an AF_UNIX socket
 * with its inode, dentry and file; an eventfd and its file; half a pipe, with
 * the page of each eighth number that holds a byte. */
const struct pb_fd_kind pb_fd_kinds[] = {
    {"socketpair", "AF_UNIX stream sockets, both ends", open_socketpair, 2700},
    {"eventfd", "counters, two of them", open_eventfds, 520},
    {"pipe", "read and write end", open_pipe, 1500},
    {0},
};

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
