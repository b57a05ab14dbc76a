/* SPDX-License-Identifier: MIT */
#include "epoll_common.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

int pollset__epoll_probe(void)
{
    int epfd = epoll_create1(EPOLL_CLOEXEC);
    if (epfd < 0)
        return -errno;
    close(epfd);
    return 0;
}

/* Room in the buffer for n events. */
static int reserve(struct pollset__epoll_set *self, size_t n)
{
    void *buffer = self->buffer;
    int error = pollset__grow(&buffer, &self->n_room, n, sizeof(*self->buffer));
    self->buffer = buffer;
    return error;
}

int pollset__epoll_create(struct pollset *set)
{
    struct pollset__epoll_set *self = (struct pollset__epoll_set *)set;
    /* Also an empty set is waited for, and epoll_wait wants room for one. */
    int error = reserve(self, 1);
    if (error)
        return error;
    set->descriptor = epoll_create1(EPOLL_CLOEXEC);
    return set->descriptor < 0 ? -errno : 0;
}

void pollset__epoll_destroy(struct pollset *set)
{
    struct pollset__epoll_set *self = (struct pollset__epoll_set *)set;
    if (set->descriptor >= 0)
        close(set->descriptor);
    free(self->buffer);
}

/* A registration as the kernel is to have it. */
static struct epoll_event registration(const struct pollset *set, int fd,
                                       uint32_t events, uint32_t generation)
{
    return (struct epoll_event){
        .events = events | set->backend->extra_events,
        .data.u64 = (uint64_t)generation << 32 | (uint32_t)fd,
    };
}

static int control(int epfd, int operation, int fd, struct epoll_event event)
{
    return epoll_ctl(epfd, operation, fd, &event) < 0 ? -errno : 0;
}

int pollset__epoll_add(struct pollset *set, int fd, uint32_t events)
{
    struct pollset__epoll_set *self = (struct pollset__epoll_set *)set;
    int error = reserve(self, (size_t)set->n_fds + 1);
    if (error)
        return error;
    struct pollset_slot *slot = pollset__slot(set, fd);
    struct epoll_event event =
        registration(set, fd, events, slot->generation + 1);
    error = control(set->descriptor, EPOLL_CTL_ADD, fd, event);
    /* Closed, unregistered, and brought back from a duplicate. */
    if (error == -EEXIST)
        error = control(set->descriptor, EPOLL_CTL_MOD, fd, event);
    if (error)
        return error;
    slot->generation++;
    self->n_ready = 0;
    return 0;
}

int pollset__epoll_modify(struct pollset *set, int fd, uint32_t events)
{
    struct pollset__epoll_set *self = (struct pollset__epoll_set *)set;
    uint32_t generation = pollset__slot(set, fd)->generation;
    int error = control(set->descriptor, EPOLL_CTL_MOD, fd,
                        registration(set, fd, events, generation));
    /* Closed while registered, and the number now stands for another file. */
    if (error == -ENOENT) {
        error = pollset__epoll_add(set, fd, events);
        self->n_lost += error == 0;
        return error;
    }
    if (error == 0)
        self->n_ready = 0;
    return error;
}

void pollset__epoll_remove(struct pollset *set, int fd)
{
    struct pollset__epoll_set *self = (struct pollset__epoll_set *)set;
    /* Fails if fd was closed; if the file lives on, renew() comes to it. */
    if (epoll_ctl(set->descriptor, EPOLL_CTL_DEL, fd, NULL) < 0)
        self->n_lost++;
    pollset__slot(set, fd)->generation++;
    self->n_ready = 0;
}

/* Have epfd watch fd as the set does. */
static int add_again(const struct pollset__epoll_set *self, int epfd, int fd)
{
    /* Closed, or else epfd could not have its number. */
    if (fd == epfd)
        return 0;
    const struct pollset_slot *slot = pollset__slot(&self->set, fd);
    uint32_t events = (unsigned short)self->set.fds[slot->place].events;
    int error = control(epfd, EPOLL_CTL_ADD, fd,
                        registration(&self->set, fd, events, slot->generation));
    /* Closed, or closed and reused for a regular file: forgotten. */
    if (error == -EBADF || error == -EPERM)
        return 0;
    return error == -EEXIST ? 0 : error;
}

static int add_ready(const struct pollset__epoll_set *self, int epfd)
{
    int error = 0;
    for (int i = 0; i < self->n_ready && !error; i++) {
        if (pollset__epoll_is_current(self, &self->buffer[i]))
            error =
                add_again(self, epfd, (int)(uint32_t)self->buffer[i].data.u64);
    }
    return error;
}

/* The kernel reports in the order in which fds are added or were last
 * reported. To be fair to the end, those go first that it was about to report:
 * what the last wait brought and the caller has not seen, then the others that
 * are ready, in the kernel's order. */
static int add_all(struct pollset__epoll_set *self, int epfd)
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
POLLSET__COLD static int renew(struct pollset__epoll_set *self)
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

/* The last wait brought events of what is not registered any more, besides n
 * that have been collected. If the kernel's set cannot be made anew, report
 * what is ready besides: the kernel goes on where it stopped, so that as many
 * waits as it can know files have seen all that is. */
int pollset__epoll_drop_stale(struct pollset__epoll_set *self,
                              struct pollset_event *out, int max_events, int n)
{
    int error = renew(self);
    if (error == 0)
        return -EAGAIN;
    int64_t n_left = (int64_t)self->set.n_fds + self->n_lost;
    for (; n == 0 && n_left > 0; n_left--) {
        if (pollset__epoll_wait(&self->set, max_events, 0) <= 0)
            break;
        n = pollset__epoll_report(self, out, max_events);
    }
    return n > 0 ? n : error;
}
