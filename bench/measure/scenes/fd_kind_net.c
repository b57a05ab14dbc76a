/* SPDX-License-Identifier: MIT */
/* Kinds that the network has: both ends of a connection over loopback. */
#include "fd_kind_open.h"
#include "loopback.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stddef.h>
#include <sys/socket.h>
#include <unistd.h>

/* The accepted end takes the place of the listening socket. */
static int join_tcp(const int ends[2])
{
    struct sockaddr_in address;
    int error = pb_loopback_bind(ends[1], &address);

    if (!error && listen(ends[1], 1) < 0)
        error = -errno;
    if (!error)
        error = pb_loopback_connect(ends[0], &address);
    if (error)
        return error;
    int accepted = accept4(ends[1], NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (accepted < 0)
        return -errno;
    error = dup3(accepted, ends[1], O_CLOEXEC) < 0 ? -errno : 0;
    close(accepted);
    for (int i = 0; i < 2 && !error; i++)
        error = pb_loopback_be_abrupt(ends[i]);
    return error;
}

static int join_udp(const int ends[2])
{
    struct sockaddr_in addresses[2];
    int error = 0;

    for (int i = 0; i < 2 && !error; i++)
        error = pb_loopback_bind(ends[i], &addresses[i]);
    for (int i = 0; i < 2 && !error; i++)
        error = pb_loopback_connect(ends[i], &addresses[1 - i]);
    return error;
}

/* Two sockets that become a connection, and a byte each way. What is sent
 * arrives before it was sent, mostly. */
static int open_joined(int type, int (*join)(const int ends[2]), bool readable,
                       int ends[2])
{
    ends[1] = -1;
    ends[0] = socket(AF_INET, type | SOCK_CLOEXEC, 0);
    if (ends[0] >= 0)
        ends[1] = socket(AF_INET, type | SOCK_CLOEXEC, 0);
    int error = ends[1] < 0 ? -errno : join(ends);
    for (int i = 0; i < 2 && readable && !error; i++)
        error = pb_fd_put(ends[i]);
    for (int i = 0; i < 2 && readable && !error; i++)
        error = pb_fd_await(ends[i]);
    if (error)
        pb_fd_close_pair(ends);
    return error;
}

int pb_fd_open_tcp(bool readable, int ends[2])
{
    return open_joined(SOCK_STREAM, join_tcp, readable, ends);
}

int pb_fd_open_udp(bool readable, int ends[2])
{
    return open_joined(SOCK_DGRAM, join_udp, readable, ends);
}
