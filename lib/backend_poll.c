/* SPDX-License-Identifier: MIT */
/* poll(2): the set's list of fds is the array that it takes. */
#include "kernel_call.h"

#include <errno.h>
#include <poll.h>

struct poll_set {
    struct pollset set;
    int n_ready; /* by the last wait */
    int cursor;  /* place to collect from first; not 0 after a full out */
};

static int poll_probe(void)
{
    return poll(NULL, 0, 0) < 0 ? -errno : 0;
}

/* The core has the list; what was found in it is no longer true. */
static int poll_change(struct pollset *set, int fd, uint32_t events)
{
    (void)fd;
    (void)events;
    ((struct poll_set *)set)->n_ready = 0;
    return 0;
}

static void poll_remove(struct pollset *set, int fd)
{
    poll_change(set, fd, 0);
}

POLLSET__INLINE int poll_wait(struct pollset *set, int max_events,
                              int64_t timeout_ns)
{
    struct poll_set *self = (struct poll_set *)set;
    (void)max_events;
    int n = pollset__call_poll(set->fds, set->n_fds,
                               pollset__timeout_ms(timeout_ns));
    self->n_ready = n < 0 ? 0 : n;
    return n;
}

/* First place at or after i, before n, with an event; n if there is none. */
POLLSET__INLINE int next_ready(const struct pollfd *fds, int i, int n)
{
    if (i < n && fds[i].revents) /* where many are, the next one often is */
        return i;
    for (; n - i >= 8; i += 8) {
        const struct pollfd *f = &fds[i];
        int even = f[0].revents | f[2].revents | f[4].revents | f[6].revents;
        int odd = f[1].revents | f[3].revents | f[5].revents | f[7].revents;
        if (even | odd)
            break;
    }
    while (i < n && !fds[i].revents)
        i++;
    return i;
}

/* Report what is ready among the places from i up to end into out, which has
 * room for max_events; returns how many, and in next where it left off. */
POLLSET__INLINE int scan(const struct poll_set *self, int i, int end,
                         struct pollset_event *out, int max_events, int *next)
{
    int n = 0;
    const struct pollset *set = &self->set;
    while (n < max_events && (i = next_ready(set->fds, i, end)) < end) {
        const struct pollfd *ready = &set->fds[i++];
        out[n++] = (struct pollset_event){
            .cookie = pollset__slot(set, ready->fd)->cookie,
            .fd = ready->fd,
            .events = (unsigned short)ready->revents,
        };
    }
    *next = i;
    return n;
}

/* More is ready than out has room for, or was so the last time: go round the
 * array from call to call, so that every ready fd has its turn. */
POLLSET__COLD static int collect_in_turns(struct poll_set *self,
                                          struct pollset_event *out,
                                          int max_events)
{
    int begin = self->cursor < self->set.n_fds ? self->cursor : 0;
    int wanted = self->n_ready < max_events ? self->n_ready : max_events;
    int n = scan(self, begin, self->set.n_fds, out, wanted, &self->cursor);
    if (n < wanted)
        n += scan(self, 0, begin, out + n, wanted - n, &self->cursor);
    if (self->n_ready <= max_events)
        self->cursor = 0;
    return n;
}

POLLSET__INLINE int poll_collect(struct pollset *set, struct pollset_event *out,
                                 int max_events)
{
    struct poll_set *self = (struct poll_set *)set;
    if (POLLSET__UNLIKELY(self->n_ready > max_events || self->cursor != 0))
        return collect_in_turns(self, out, max_events);
    int ignored;
    return scan(self, 0, set->n_fds, out, self->n_ready, &ignored);
}

static int poll_poll(struct pollset *set, struct pollset_event *out,
                     int max_events, int64_t timeout_ns)
{
    static const struct pollset_backend stages = {.wait = poll_wait,
                                                  .collect = poll_collect};
    return pollset__stages(&stages, set, out, max_events, timeout_ns);
}

const struct pollset_backend pollset__poll = {
    .summary = "poll(2): the kernel reads an array of all watched fds",
    .events = POLLIN | POLLPRI | POLLOUT | POLLRDHUP | POLLRDNORM | POLLRDBAND |
              POLLWRNORM | POLLWRBAND | POLLERR | POLLHUP | POLLNVAL,
    .wait_consumes = false,
    .set_size = sizeof(struct poll_set),
    .probe = poll_probe,
    .create = NULL,
    .destroy = NULL,
    .add = poll_change,
    .modify = poll_change,
    .remove = poll_remove,
    .prepare = NULL,
    .wait = poll_wait,
    .collect = poll_collect,
    .poll = poll_poll,
    .family = "poll",
    .scans = "fd_count",
    .own_fds = 0,
};
