/* SPDX-License-Identifier: MIT */
/* A pipe that can be read is reported by every backend that can be used. */
#include <pollset.h>

#include <unistd.h>

int main(void)
{
    struct pollset_backend_info info;
    struct pollset_event ready;
    struct pollset *set;
    int ends[2];

    if (pipe(ends) < 0 || write(ends[1], "x", 1) != 1)
        return 2;
    for (unsigned i = 0; pollset_backend_at(i, &info) == 0; i++) {
        if (info.error)
            continue;
        if (pollset_create(&set, info.name) < 0 ||
            pollset_register(set, ends[0], POLLSET_DEFAULT_EVENTS, &ready) < 0)
            return 3;
        if (pollset_poll(set, &ready, 1, 0) != 1 || ready.cookie != &ready)
            return 4;
        pollset_destroy(set);
    }
    return 0;
}
