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
    /* Where that is forbidden, the soft limit is what there is. */
    int64_t usable =
        setrlimit(RLIMIT_NOFILE, &fds) < 0 ? limit->soft : limit->hard;
    limit->usable = usable < 0 || usable > most ? most : (int)usable;
    return 0;
}
