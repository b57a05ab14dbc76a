/* SPDX-License-Identifier: MIT */
/* Waits with timeouts that a narrow type may not hold, with all backends, for
 * an fd that gets ready after some milliseconds. Needs nothing but the library,
 * so that in_32_bits.sh can build it. Exit status: 0 right, 1 not. */
#include "pollset.h"

#include <stdio.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

static int wait_for_timer(const char *backend, int64_t timeout_ns)
{
    struct pollset *set;
    struct pollset_event event = {.fd = -1};
    const struct itimerspec soon = {.it_value.tv_nsec = 5000000};
    int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
    int n = pollset_create(&set, backend);
    if (n == 0)
        n = pollset_register(set, fd, POLLIN, NULL);
    if (n == 0 && timerfd_settime(fd, 0, &soon, NULL) == 0)
        n = pollset_poll(set, &event, 1, timeout_ns);
    if (n != 1 || event.fd != fd)
        fprintf(stderr, "%s, timeout %lld ns: %d %s, fd %d for %d\n", backend,
                (long long)timeout_ns, n, n < 0 ? strerror(-n) : "", event.fd,
                fd);
    pollset_destroy(set);
    close(fd);
    return n == 1 && event.fd == fd;
}

int main(void)
{
    const int64_t second_ns = 1000000000;
    const int64_t timeouts_ns[] = {
        INT64_C(4294967) * 1000000, /* in microseconds, in milliseconds, */
        INT64_C(2147483647) * 1000000,
        INT64_C(2147483647) * second_ns, /* in seconds */
        INT64_C(2147483648) * second_ns,
        INT64_C(4294967296) * second_ns,
        INT64_C(4294967297) * second_ns,
        INT64_MAX,
        POLLSET_FOREVER,
    };
    const size_t n = sizeof(timeouts_ns) / sizeof(timeouts_ns[0]);
    struct pollset_backend_info info;
    int n_wrong = 0;
    for (unsigned i = 0; pollset_backend_at(i, &info) == 0; i++) {
        for (size_t t = 0; info.error == 0 && t < n; t++)
            n_wrong += !wait_for_timer(info.name, timeouts_ns[t]);
    }
    return n_wrong > 0;
}
