/* SPDX-License-Identifier: MIT */
/* Sockets of 127.0.0.1. Functions return 0 or -errno. */
#ifndef PB_LOOPBACK_H
#define PB_LOOPBACK_H

#include <netinet/in.h>

/* Bind to a port of the kernel's choice; address receives it. */
int pb_loopback_bind(int fd, struct sockaddr_in *address);

int pb_loopback_connect(int fd, const struct sockaddr_in *address);

/* The address of a port. */
struct sockaddr_in pb_loopback_address(int port);

/* Closing the connection, or one that is accepted from the listener, is to send
 * a reset: else its port would stay taken for a minute. */
int pb_loopback_be_abrupt(int fd);

#endif
