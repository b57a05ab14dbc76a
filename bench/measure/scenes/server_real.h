/* SPDX-License-Identifier: MIT */
/* Servers that others wrote, each told which call to wait in, on a port of the
 * loopback that is free. They serve with one thread, and not as root. */
#ifndef PB_SERVER_REAL_H
#define PB_SERVER_REAL_H

#include "server.h"

/* Those that are known, number index (0, 1, ...); NULL past the last.
 *
 * Their start() returns  0 when a request was answered as it should be;
 *          -ENOPKG it is not installed; -EOPNOTSUPP it cannot be told to wait
 *          in that call, or this build waits in another one; -EIO it ended at
 *          once, or answered otherwise; -EPERM root may not become nobody
 *          here; -ETIMEDOUT; -errno of what it takes to start one.
 */
const struct pb_server_kind *pb_server_real_at(unsigned index);

/* The connections that one can have at once while it waits in a call; 0: it
 * cannot be told to. */
int pb_server_real_most(const struct pb_server_kind *kind, const char *call);

#endif
