/* SPDX-License-Identifier: MIT */
#include "loopback.h"

#include <errno.h>
#include <sys/socket.h>

struct sockaddr_in pb_loopback_address(int port)
{
    return (struct sockaddr_in){.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)port),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

int pb_loopback_bind(int fd, struct sockaddr_in *address)
{
    socklen_t n_bytes = sizeof *address;
    struct sockaddr *any = (struct sockaddr *)address;

    *address = pb_loopback_address(0);
    return bind(fd, any, n_bytes) < 0 || getsockname(fd, any, &n_bytes) < 0
               ? -errno
               : 0;
}

int pb_loopback_connect(int fd, const struct sockaddr_in *address)
{
    const struct sockaddr *any = (const struct sockaddr *)address;
    return connect(fd, any, sizeof *address) < 0 ? -errno : 0;
}

int pb_loopback_be_abrupt(int fd)
{
    const struct linger at_once = {.l_onoff = 1};
    return setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once) < 0
               ? -errno
               : 0;
}
