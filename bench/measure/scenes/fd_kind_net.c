/* SPDX-License-Identifier: MIT */
/* Kinds that the network has: both ends of a connection over loopback. */
#include "fd_kind_open.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stddef.h>
#include <sys/socket.h>
#include <unistd.h>

static struct sockaddr_in loopback(void)
{
    return (struct sockaddr_in){.sin_family = AF_INET,
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

/* Bind to a port of its choice, which address receives. */
static int bind_to_any(int fd, struct sockaddr_in *address)
{
    socklen_t n_bytes = sizeof *address;
    struct sockaddr *any = (struct sockaddr *)address;

    *address = loopback();
    return bind(fd, any, n_bytes) < 0 || getsockname(fd, any, &n_bytes) < 0
               ? -errno
               : 0;
}

static int connect_to(int fd, const struct sockaddr_in *address)
{
    const struct sockaddr *any = (const struct sockaddr *)address;
    return connect(fd, any, sizeof *address) < 0 ? -errno : 0;
}

/* Closing sends a reset: else ports would stay taken for a minute. */
static int be_abrupt(int fd)
{
    const struct linger at_once = {.l_onoff = 1};
    return setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once) < 0
               ? -errno
               : 0;
}

/* The accepted end takes the place of the listening socket. */
static int join_tcp(const int ends[2])
{
    struct sockaddr_in address;
    int error = bind_to_any(ends[1], &address);

    if (!error && listen(ends[1], 1) < 0)
        error = -errno;
    if (!error)
        error = connect_to(ends[0], &address);
    if (error)
        return error;
    int accepted = accept4(ends[1], NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (accepted < 0)
        return -errno;
    error = dup3(accepted, ends[1], O_CLOEXEC) < 0 ? -errno : 0;
    close(accepted);
    for (int i = 0; i < 2 && !error; i++)
        error = be_abrupt(ends[i]);
    return error;
}

static int join_udp(const int ends[2])
{
    struct sockaddr_in addresses[2];
    int error = 0;

    for (int i = 0; i < 2 && !error; i++)
        error = bind_to_any(ends[i], &addresses[i]);
    for (int i = 0; i < 2 && !error; i++)
        error = connect_to(ends[i], &addresses[1 - i]);
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
