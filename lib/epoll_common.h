/* SPDX-License-Identifier: MIT */
/* What the backends that have an epoll instance share: they differ in the bits
 * that go with each registration, and in how they wait.
 *
 * What the kernel keeps is the open file and not the descriptor number. When a
 * number is closed while a duplicate keeps the file open, the kernel goes on
 * reporting it and no EPOLL_CTL_DEL can reach it any more (epoll(7), questions
 * and answers, "Will closing a file descriptor ..."). Each registration
 * therefore has a generation, which comes back with its events; an event of an
 * older generation makes us start over with a fresh epoll instance. */
#ifndef POLLSET_EPOLL_COMMON_H
#define POLLSET_EPOLL_COMMON_H

#include "kernel_call.h"

#include <sys/epoll.h>

_Static_assert(EPOLLIN == POLLIN && EPOLLPRI == POLLPRI &&
                   EPOLLOUT == POLLOUT && EPOLLRDHUP == POLLRDHUP &&
                   EPOLLERR == POLLERR && EPOLLHUP == POLLHUP,
               "epoll and poll use the same bits");

/* On some architectures poll has other bits for these (mips, sparc); there they
 * cannot be asked for. */
#define POLLSET__SAME_BIT(name) (POLL##name == EPOLL##name ? POLL##name : 0)

/* What they all can report. */
#define POLLSET__EPOLL_EVENTS                                                  \
    (POLLIN | POLLPRI | POLLOUT | POLLRDHUP | POLLSET__SAME_BIT(RDNORM) |      \
     POLLSET__SAME_BIT(RDBAND) | POLLSET__SAME_BIT(WRNORM) |                   \
     POLLSET__SAME_BIT(WRBAND) | POLLERR | POLLHUP)

struct pollset__epoll_set {
    struct pollset set;
    struct epoll_event *buffer; /* what the last wait wrote */
    size_t n_room;              /* > set.n_fds, so that all fit */
    int n_ready;
    unsigned n_lost; /* registrations that the kernel may still have, at most */
};

/* For the table of struct pollset_backend. */
int pollset__epoll_probe(void);
int pollset__epoll_create(struct pollset *set);
void pollset__epoll_destroy(struct pollset *set);
int pollset__epoll_add(struct pollset *set, int fd, uint32_t events);
int pollset__epoll_modify(struct pollset *set, int fd, uint32_t events);
void pollset__epoll_remove(struct pollset *set, int fd);

/* The rest of a collect that found events of what is not registered any more,
 * besides n that are in out. */
POLLSET__COLD int pollset__epoll_drop_stale(struct pollset__epoll_set *self,
                                            struct pollset_event *out,
                                            int max_events, int n);

POLLSET__INLINE int pollset__epoll_wait(struct pollset *set, int max_events,
                                        int64_t timeout_ns)
{
    struct pollset__epoll_set *self = (struct pollset__epoll_set *)set;
    if ((size_t)max_events > self->n_room)
        max_events = (int)self->n_room;
    int n = pollset__call_epoll_wait(set->descriptor, self->buffer, max_events,
                                     pollset__timeout_ms(timeout_ns));
    self->n_ready = n < 0 ? 0 : n;
    return n;
}

POLLSET__INLINE bool
pollset__epoll_is_current(const struct pollset__epoll_set *self,
                          const struct epoll_event *event)
{
    const struct pollset_slot *slot =
        pollset__find_slot(&self->set, (unsigned)event->data.u64);
    return slot && slot->generation == event->data.u64 >> 32;
}

/* Report those of the last wait that are registered, into out. */
POLLSET__INLINE int pollset__epoll_report(const struct pollset__epoll_set *self,
                                          struct pollset_event *out,
                                          int max_events)
{
    int n_ready = self->n_ready < max_events ? self->n_ready : max_events;
    int n = 0;
    for (int i = 0; i < n_ready; i++) {
        const struct epoll_event *event = &self->buffer[i];
        if (POLLSET__UNLIKELY(!pollset__epoll_is_current(self, event)))
            continue;
        int fd = (int)(uint32_t)event->data.u64;
        out[n++] = (struct pollset_event){
            .cookie = pollset__slot(&self->set, fd)->cookie,
            .fd = fd,
            .events = event->events};
    }
    return n;
}

POLLSET__INLINE int pollset__epoll_collect(struct pollset *set,
                                           struct pollset_event *out,
                                           int max_events)
{
    struct pollset__epoll_set *self = (struct pollset__epoll_set *)set;
    int n_ready = self->n_ready < max_events ? self->n_ready : max_events;
    int n = pollset__epoll_report(self, out, max_events);
    if (POLLSET__UNLIKELY(n < n_ready))
        return pollset__epoll_drop_stale(self, out, max_events, n);
    return n;
}

POLLSET__INLINE int pollset__epoll_poll(struct pollset *set,
                                        struct pollset_event *out,
                                        int max_events, int64_t timeout_ns)
{
    static const struct pollset_backend stages = {
        .wait = pollset__epoll_wait, .collect = pollset__epoll_collect};
    return pollset__stages(&stages, set, out, max_events, timeout_ns);
}

/* What their tables have in common, whatever they wait by. */
#define POLLSET__EPOLL_TABLE                                                   \
    .events = POLLSET__EPOLL_EVENTS, .modify = pollset__epoll_modify,          \
    .remove = pollset__epoll_remove, .scans = "ready_count"

/* And of those that wait by epoll_wait(2); extra_events makes the difference.
 */
#define POLLSET__EPOLL_WAIT_TABLE                                              \
    POLLSET__EPOLL_TABLE,                                                      \
        .set_size = sizeof(struct pollset__epoll_set),                         \
        .probe = pollset__epoll_probe, .create = pollset__epoll_create,        \
        .destroy = pollset__epoll_destroy, .add = pollset__epoll_add,          \
        .wait = pollset__epoll_wait, .collect = pollset__epoll_collect,        \
        .poll = pollset__epoll_poll, .family = "epoll", .own_fds = 1

#endif
