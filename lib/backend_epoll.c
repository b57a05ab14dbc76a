/* SPDX-License-Identifier: MIT */
/* epoll(7), level-triggered: the kernel keeps the set.
 *
 * What it keeps is the open file and not the descriptor number. When a number
 * is closed while a duplicate keeps the file open, the kernel goes on
 * reporting it and no EPOLL_CTL_DEL can reach it any more (epoll(7), questions
 * and answers, "Will closing a file descriptor ..."). Each registration
 * therefore has a generation, which comes back with its events; an event of an
 * older generation makes us start over with a fresh epoll instance. */
#include "kernel_call.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

_Static_assert(EPOLLIN == POLLIN && EPOLLPRI == POLLPRI &&
                   EPOLLOUT == POLLOUT && EPOLLRDHUP == POLLRDHUP &&
                   EPOLLERR == POLLERR && EPOLLHUP == POLLHUP,
               "epoll and poll use the same bits");

/* On some architectures poll has other bits for these (mips, sparc); there they
 * cannot be asked for. */
#define SAME_BIT(name) (POLL##name == EPOLL##name ? POLL##name : 0)

struct epoll_set {
    struct pollset set;
    struct epoll_event *buffer; /* what the last wait wrote */
    size_t n_room;              /* > set.n_fds, so that all fit */
    int n_ready;
    unsigned n_lost; /* registrations that the kernel may still have, at most */
};

static int epoll_probe(void)
{
    int epfd = epoll_create1(EPOLL_CLOEXEC);
    if (epfd < 0)
        return -errno;
    close(epfd);
    return 0;
}

/* Room in the buffer for n events. */
static int reserve(struct epoll_set *self, size_t n)
{
    void *buffer = self->buffer;
    int error = pollset__grow(&buffer, &self->n_room, n, sizeof(*self->buffer));
    self->buffer = buffer;
    return error;
}

static int epoll_create_set(struct pollset *set)
{
    struct epoll_set *self = (struct epoll_set *)set;
    /* Also an empty set is waited for, and epoll_wait wants room for one. */
    int error = reserve(self, 1);
    if (error)
        return error;
    set->descriptor = epoll_create1(EPOLL_CLOEXEC);
    return set->descriptor < 0 ? -errno : 0;
}

static void epoll_destroy(struct pollset *set)
{
    struct epoll_set *self = (struct epoll_set *)set;
    if (set->descriptor >= 0)
        close(set->descriptor);
    free(self->buffer);
}

static int control(int epfd, int operation, int fd, uint32_t events,
                   uint32_t generation)
{
    struct epoll_event event = {
        .events = events,
        .data.u64 = (uint64_t)generation << 32 | (uint32_t)fd,
    };
    return epoll_ctl(epfd, operation, fd, &event) < 0 ? -errno : 0;
}

static int epoll_add(struct pollset *set, int fd, uint32_t events)
{
    struct epoll_set *self = (struct epoll_set *)set;
    int error = reserve(self, (size_t)set->n_fds + 1);
    if (error)
        return error;
    struct pollset_slot *slot = pollset__slot(set, fd);
    uint32_t generation = slot->generation + 1;
    error = control(set->descriptor, EPOLL_CTL_ADD, fd, events, generation);
    /* Closed, unregistered, and brought back from a duplicate. */
    if (error == -EEXIST)
        error = control(set->descriptor, EPOLL_CTL_MOD, fd, events, generation);
    if (error)
        return error;
    slot->generation = generation;
    self->n_ready = 0;
    return 0;
}

static int epoll_modify(struct pollset *set, int fd, uint32_t events)
{
    struct epoll_set *self = (struct epoll_set *)set;
    int error = control(set->descriptor, EPOLL_CTL_MOD, fd, events,
                        pollset__slot(set, fd)->generation);
    /* Closed while registered, and the number now stands for another file. */
    if (error == -ENOENT) {
        error = epoll_add(set, fd, events);
        self->n_lost += error == 0;
        return error;
    }
    if (error == 0)
        self->n_ready = 0;
    return error;
}

static void epoll_remove(struct pollset *set, int fd)
{
    struct epoll_set *self = (struct epoll_set *)set;
    /* Fails if fd was closed; if the file lives on, renew() comes to it. */
    if (control(set->descriptor, EPOLL_CTL_DEL, fd, 0, 0) < 0)
        self->n_lost++;
    pollset__slot(set, fd)->generation++;
    self->n_ready = 0;
}

POLLSET__INLINE int epoll_wait_stage(struct pollset *set, int max_events,
                                     int64_t timeout_ns)
{
    struct epoll_set *self = (struct epoll_set *)set;
    if ((size_t)max_events > self->n_room)
        max_events = (int)self->n_room;
    int n = pollset__call_epoll_wait(set->descriptor, self->buffer, max_events,
                                     pollset__timeout_ms(timeout_ns));
    self->n_ready = n < 0 ? 0 : n;
    return n;
}

/* Have epfd watch fd as the set does. */
static int add_again(const struct epoll_set *self, int epfd, int fd)
{
    /* Closed, or else epfd could not have its number. */
    if (fd == epfd)
        return 0;
    const struct pollset_slot *slot = pollset__slot(&self->set, fd);
    uint32_t events = (unsigned short)self->set.fds[slot->place].events;
    int error = control(epfd, EPOLL_CTL_ADD, fd, events, slot->generation);
    /* Closed, or closed and reused for a regular file: forgotten. */
    if (error == -EBADF || error == -EPERM)
        return 0;
    return error == -EEXIST ? 0 : error;
}

static bool is_current(const struct epoll_set *self,
                       const struct epoll_event *event)
{
    const struct pollset_slot *slot =
        pollset__find_slot(&self->set, (unsigned)event->data.u64);
    return slot && slot->generation == event->data.u64 >> 32;
}

static int add_ready(const struct epoll_set *self, int epfd)
{
    int error = 0;
    for (int i = 0; i < self->n_ready && !error; i++) {
        if (is_current(self, &self->buffer[i]))
            error =
                add_again(self, epfd, (int)(uint32_t)self->buffer[i].data.u64);
    }
    return error;
}

/* The kernel reports in the order in which fds are added or were last
 * reported. To be fair to the end, those go first that it was about to report:
 * what the last wait brought and the caller has not seen, then the others that
 * are ready, in the kernel's order. */
static int add_all(struct epoll_set *self, int epfd)
{
    int error = add_ready(self, epfd);
    if (error)
        return error;
    int n =
        epoll_wait(self->set.descriptor, self->buffer, (int)self->n_room, 0);
    self->n_ready = n > 0 ? n : 0;
    error = add_ready(self, epfd);
    for (int i = 0; i < self->set.n_fds && !error; i++)
        error = add_again(self, epfd, self->set.fds[i].fd);
    return error;
}

/* Watch all registered fds with a new epoll instance, which does not know the
 * files that the old one cannot be made to forget. The idea is libev's. It
 * takes over the old one's number: a poll is not to use up one that the caller
 * has just closed and counts on. */
POLLSET__COLD static int renew(struct epoll_set *self)
{
    int epfd = epoll_create1(EPOLL_CLOEXEC);
    if (epfd < 0)
        return -errno;
    int error = add_all(self, epfd);
    if (!error && dup3(epfd, self->set.descriptor, O_CLOEXEC) < 0)
        error = -errno;
    close(epfd);
    self->n_ready = 0;
    if (!error)
        self->n_lost = 0;
    return error;
}

/* Report those of the last wait that are registered, into out. */
POLLSET__INLINE int report_current(const struct epoll_set *self,
                                   struct pollset_event *out, int max_events)
{
    int n_ready = self->n_ready < max_events ? self->n_ready : max_events;
    int n = 0;
    for (int i = 0; i < n_ready; i++) {
        const struct epoll_event *event = &self->buffer[i];
        if (POLLSET__UNLIKELY(!is_current(self, event)))
            continue;
        int fd = (int)(uint32_t)event->data.u64;
        out[n++] = (struct pollset_event){
            .cookie = pollset__slot(&self->set, fd)->cookie,
            .fd = fd,
            .events = event->events};
    }
    return n;
}

/* The last wait brought events of what is not registered any more, besides n
 * that have been collected. If the kernel's set cannot be made anew, report
 * what is ready besides: the kernel goes on where it stopped, so that as many
 * waits as it can know files have seen all that is. */
POLLSET__COLD static int drop_stale(struct epoll_set *self,
                                    struct pollset_event *out, int max_events,
                                    int n)
{
    int error = renew(self);
    if (error == 0)
        return -EAGAIN;
    int64_t n_left = (int64_t)self->set.n_fds + self->n_lost;
    for (; n == 0 && n_left > 0; n_left--) {
        if (epoll_wait_stage(&self->set, max_events, 0) <= 0)
            break;
        n = report_current(self, out, max_events);
    }
    return n > 0 ? n : error;
}

POLLSET__INLINE int epoll_collect(struct pollset *set,
                                  struct pollset_event *out, int max_events)
{
    struct epoll_set *self = (struct epoll_set *)set;
    int n_ready = self->n_ready < max_events ? self->n_ready : max_events;
    int n = report_current(self, out, max_events);
    if (POLLSET__UNLIKELY(n < n_ready))
        return drop_stale(self, out, max_events, n);
    return n;
}

static int epoll_poll(struct pollset *set, struct pollset_event *out,
                      int max_events, int64_t timeout_ns)
{
    static const struct pollset_backend stages = {.wait = epoll_wait_stage,
                                                  .collect = epoll_collect};
    return pollset__stages(&stages, set, out, max_events, timeout_ns);
}

const struct pollset_backend pollset__epoll = {
    .summary = "epoll(7), level-triggered: the kernel keeps the set",
    .events = POLLIN | POLLPRI | POLLOUT | POLLRDHUP | SAME_BIT(RDNORM) |
              SAME_BIT(RDBAND) | SAME_BIT(WRNORM) | SAME_BIT(WRBAND) | POLLERR |
              POLLHUP,
    .wait_consumes = false,
    .set_size = sizeof(struct epoll_set),
    .probe = epoll_probe,
    .create = epoll_create_set,
    .destroy = epoll_destroy,
    .add = epoll_add,
    .modify = epoll_modify,
    .remove = epoll_remove,
    .prepare = NULL,
    .wait = epoll_wait_stage,
    .collect = epoll_collect,
    .poll = epoll_poll,
    .family = "epoll",
    .scans = "ready_count",
    .own_fds = 1,
};
