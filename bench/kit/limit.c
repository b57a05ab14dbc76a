/* SPDX-License-Identifier: MIT */
#include "limit.h"

#include <errno.h>
#include <sys/resource.h>

static int64_t as_number(rlim_t value)
{
    return value == RLIM_INFINITY || value > INT64_MAX ? -1 : (int64_t)value;
}

int pb_limit_raise(int most, struct pb_limit *limit)
{
    struct rlimit fds;
    if (getrlimit(RLIMIT_NOFILE, &fds) < 0)
        return -errno;
    limit->soft = as_number(fds.rlim_cur);
    limit->hard = as_number(fds.rlim_max);
    fds.rlim_cur = fds.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &fds) < 0)
        return -errno;
    limit->usable =
        limit->hard < 0 || limit->hard > most ? most : (int)limit->hard;
    return 0;
}
