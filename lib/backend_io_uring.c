/* SPDX-License-Identifier: MIT */
/* io_uring(7), by polls of one fd each (IORING_OP_POLL_ADD). Two backends,
 * which differ in a bit:
 *
 * io_uring is level-triggered. A poll that has completed is armed again by the
 * next wait, in the system call of that wait. When it is armed, the kernel
 * looks whether the fd is ready, so what completes at once is so now. One that
 * was armed by an earlier wait completes by what happened since, which may have
 * been read meanwhile: then a second system call arms it again, and so asks.
 *
 * io_uring-multishot is edge-triggered: a poll stays armed
 * (IORING_POLL_ADD_MULTI) and completes by each event. It is taken at its word:
 * an fd may be reported that has been read since, and POLLPRI, if asked for,
 * comes with any data. It ends when the ring of completions is full, and is
 * armed again then.
 *
 * A poll that is armed keeps its file open: an fd that is closed and not
 * unregistered closes for the other end when it is unregistered. What is armed
 * again is what the number stands for by then, and is forgotten if that is not
 * open, as by epoll. Regular files are always ready, as with poll(2). */
#include "ring.h"

#ifdef POLLSET_HAS_LIBURING

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

enum {
    SUBMISSIONS = 512, /* that one system call takes */
    WORKED_OFF = 20    /* completions that one works off, at least */
};

struct ring_set {
    struct pollset set;
    struct pollset__ring ring;
    uint32_t n_armed; /* numbers the polls; a slot's generation is its last */

    /* Registrations, by fd and generation: those that the next wait arms, and
     * those that the last wait found ready, of which n_reported from the first
     * on have been collected. What happened to them is revents in the list. */
    uint64_t *due, *found;
    size_t n_due, n_found, n_reported;
    size_t first;   /* place of found that is collected first, then around */
    size_t n_turns; /* events that have been reported, which first goes by */
    size_t due_room, found_room;

    int error; /* of a poll that could not be armed */
};

static bool is_level(const struct ring_set *self)
{
    return !self->set.backend->extra_events;
}

static uint64_t registration(int fd, uint32_t generation)
{
    return (uint64_t)generation << 32 | (uint32_t)fd;
}

/* The slot of a registration that still stands, or NULL. */
POLLSET__INLINE struct pollset_slot *current(const struct ring_set *self,
                                             uint64_t of)
{
    struct pollset_slot *slot = pollset__find_slot(&self->set, (unsigned)of);
    return slot && slot->generation == of >> 32 ? slot : NULL;
}

static struct pollfd *entry(const struct ring_set *self,
                            const struct pollset_slot *slot)
{
    return &self->set.fds[slot->place];
}

static int reserve(uint64_t **list, size_t *room, size_t n)
{
    void *array = *list;
    int error = pollset__grow(&array, room, n, sizeof(**list));
    *list = array;
    return error;
}

static int ring_create(struct pollset *set)
{
    struct ring_set *self = (struct ring_set *)set;
    return pollset__ring_open(&self->ring, SUBMISSIONS);
}

static void ring_destroy(struct pollset *set)
{
    struct ring_set *self = (struct ring_set *)set;
    pollset__ring_close(&self->ring);
    free(self->due);
    free(self->found);
}

/* There is room: each registration that stands is there at most once, and the
 * list, which is twice as long as there are such, is rid of others first. */
static void add_due(struct ring_set *self, uint64_t of)
{
    if (self->n_due == self->due_room) {
        size_t n = 0;
        for (size_t i = 0; i < self->n_due; i++)
            if (current(self, self->due[i]))
                self->due[n++] = self->due[i];
        self->n_due = n;
    }
    self->due[self->n_due++] = of;
}

/* Take a poll out of the kernel's hands; it is told by the next system call. */
static void disarm(struct ring_set *self, int fd, struct pollset_slot *slot)
{
    struct io_uring_sqe *sqe = NULL;
    if (slot->armed && !pollset__ring_is_inherited(&self->ring))
        sqe = pollset__ring_submission(&self->ring);
    slot->armed = false;
    if (!sqe) /* then it completes by an event, and is found out to be old */
        return;
    io_uring_prep_poll_remove(sqe, registration(fd, slot->generation));
    sqe->flags |= IOSQE_CQE_SKIP_SUCCESS;
    io_uring_sqe_set_data64(sqe, POLLSET__RING_IGNORED);
}

/* Have the next wait watch fd, which is open; the kernel refuses no other. */
static int watch(struct ring_set *self, int fd, struct pollset_slot *slot)
{
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0 || flags & O_PATH)
        return -EBADF;
    disarm(self, fd, slot);
    slot->in_doubt = false;
    slot->generation = ++self->n_armed;
    add_due(self, registration(fd, slot->generation));
    return 0;
}

static int ring_add(struct pollset *set, int fd, uint32_t events)
{
    struct ring_set *self = (struct ring_set *)set;
    size_t n = (size_t)set->n_fds + 1;
    (void)events; /* the core keeps them */
    int error = reserve(&self->due, &self->due_room, 2 * n);
    if (!error)
        error = reserve(&self->found, &self->found_room, n);
    return error ? error : watch(self, fd, pollset__slot(set, fd));
}

static int ring_modify(struct pollset *set, int fd, uint32_t events)
{
    struct ring_set *self = (struct ring_set *)set;
    struct pollset_slot *slot = pollset__slot(set, fd);
    (void)events;
    int error = watch(self, fd, slot);
    if (!error)
        entry(self, slot)->revents = 0;
    return error;
}

/* A poll that is level-triggered and has completed, or tells of something that
 * it goes on watching for, because nobody asked for what it first told of. */
static void note_level(struct ring_set *self, struct pollset_slot *slot,
                       const struct io_uring_cqe *cqe, bool is_so)
{
    struct pollfd *fd = entry(self, slot);
    int events = cqe->res & (fd->events | POLLERR | POLLHUP);
    if (is_so && events && !slot->in_doubt) {
        fd->revents = (short)events;
        self->found[self->n_found++] = cqe->user_data;
        return;
    }
    if (events || !slot->in_doubt) {
        /* The kernel also tells, unasked, of POLLRDHUP. */
        slot->in_doubt = is_so && !events;
        disarm(self, fd->fd, slot);
        slot->generation = ++self->n_armed;
        add_due(self, registration(fd->fd, slot->generation));
    }
}

static void note_multishot(struct ring_set *self, struct pollset_slot *slot,
                           const struct io_uring_cqe *cqe)
{
    struct pollfd *fd = entry(self, slot);
    int events = cqe->res & (fd->events | POLLERR | POLLHUP);
    if (events && !fd->revents)
        self->found[self->n_found++] = cqe->user_data;
    fd->revents |= (short)events;
    if (!slot->armed)
        add_due(self, cqe->user_data);
}

/* What a poll that was armed after number since tells is so; what an earlier
 * one tells, was. */
static void note(struct ring_set *self, const struct io_uring_cqe *cqe,
                 uint32_t since)
{
    struct pollset_slot *slot = current(self, cqe->user_data);
    if (!slot)
        return;
    if (!(cqe->flags & IORING_CQE_F_MORE))
        slot->armed = false;
    if (cqe->res == -EBADF)
        return;
    if (cqe->res < 0) {
        self->error = cqe->res;
        add_due(self, cqe->user_data);
    } else if (is_level(self)) {
        note_level(self, slot, cqe, (int32_t)(slot->generation - since) > 0);
    } else {
        note_multishot(self, slot, cqe);
    }
}

static unsigned reap(struct ring_set *self, uint32_t since)
{
    const struct io_uring_cqe *cqe;
    unsigned head, n = 0;
    io_uring_for_each_cqe(&self->ring.io, head, cqe)
    {
        note(self, cqe, since);
        n++;
    }
    io_uring_cq_advance(&self->ring.io, n);
    return n;
}

/* What is left, to the last. The kernel's mark that there is more can outlast
 * it: another CPU, whose completion was worked off already, sets it late. So no
 * more calls are made in vain than it takes to look at all fds. */
static void reap_all(struct ring_set *self, uint32_t since)
{
    int n_vain = self->set.n_fds / WORKED_OFF;

    reap(self, since);
    while (n_vain >= 0 && pollset__ring_has_more(&self->ring) &&
           pollset__ring_enter(&self->ring, 0, NULL) >= 0)
        n_vain -= reap(self, since) == 0;
}

/* Arm a poll for what a registration asks for. */
static int arm(struct ring_set *self, uint64_t of)
{
    struct pollset_slot *slot = current(self, of);
    if (!slot || !slot->registered)
        return 0;
    struct io_uring_sqe *sqe = pollset__ring_submission(&self->ring);
    if (!sqe)
        return -EAGAIN;
    if (is_level(self))
        slot->generation = ++self->n_armed;
    slot->armed = true;
    int fd = (int)(uint32_t)of;
    unsigned events = (unsigned short)entry(self, slot)->events;
    /* The kernel does not wake up a poll for POLLPRI alone. */
    io_uring_prep_poll_add(sqe, fd,
                           events | (events & POLLPRI ? POLLRDBAND : 0));
    if (slot->in_doubt || !is_level(self))
        sqe->len = IORING_POLL_ADD_MULTI;
    io_uring_sqe_set_data64(sqe, registration(fd, slot->generation));
    return 0;
}

/* Another ring, for the thread that calls, with nothing armed in it. */
POLLSET__COLD static int renew(struct ring_set *self)
{
    struct pollset__ring made;
    int error = pollset__ring_open(&made, SUBMISSIONS);
    if (error)
        return error;
    pollset__ring_close(&self->ring);
    self->ring = made;
    self->n_due = self->n_found = 0;
    for (int i = 0; i < self->set.n_fds; i++) {
        int fd = self->set.fds[i].fd;
        struct pollset_slot *slot = pollset__slot(&self->set, fd);
        slot->armed = false;
        self->set.fds[i].revents = 0;
        add_due(self, registration(fd, slot->generation));
    }
    return -EAGAIN;
}

/* Arm what is due, and note what completes. */
static int ask(struct ring_set *self, uint32_t since)
{
    size_t n = self->n_due;
    for (size_t i = 0; i < n; i++)
        if (arm(self, self->due[i]) < 0)
            n = i;
    self->n_due -= n;
    if (self->n_due > 0)
        memmove(self->due, self->due + n, self->n_due * sizeof(*self->due));
    int error = pollset__ring_enter(&self->ring, 0, NULL);
    if (error == -EEXIST)
        return renew(self);
    if (error < 0)
        return error;
    reap_all(self, since);
    return 0;
}

/* What the last wait found is asked about anew: first what has not been
 * reported, so that all get their turn. Or that goes on waiting for its turn,
 * if it will not be found again, and the next begins where this one stopped. */
static void put_back(struct ring_set *self)
{
    size_t n = self->n_found, n_kept = 0;
    for (size_t i = 0; i < n; i++) {
        size_t place = is_level(self) ? (self->n_reported + i) % n : i;
        uint64_t of = self->found[place];
        struct pollset_slot *slot = current(self, of);
        if (!slot)
            continue;
        if (is_level(self)) {
            add_due(self, of);
        } else if ((place + n - self->first) % n >= self->n_reported) {
            self->found[n_kept++] = of;
            continue;
        }
        entry(self, slot)->revents = 0;
    }
    self->n_turns += is_level(self) ? 0 : self->n_reported;
    self->n_found = n_kept;
    self->n_reported = 0;
}

static void ring_remove(struct pollset *set, int fd)
{
    struct ring_set *self = (struct ring_set *)set;
    struct pollset_slot *slot = pollset__slot(set, fd);
    bool was_armed = slot->armed && !pollset__ring_is_inherited(&self->ring);
    disarm(self, fd, slot);
    slot->generation = ++self->n_armed;
    /* Now, so that a close that follows is one. */
    if (was_armed && pollset__ring_enter(&self->ring, 0, NULL) >= 0)
        reap(self, self->n_armed);
}

/* What is ready, or what the wait returns if that is nothing. */
static int found_or(const struct ring_set *self, int other)
{
    return self->n_found > 0 ? (int)self->n_found : other;
}

/* What ends the sleep has to be looked into, unless the time has. */
static int sleep_until_told(struct ring_set *self, int64_t timeout_ns)
{
    int error = pollset__ring_sleep(&self->ring, timeout_ns);
    if (error)
        return error == -EEXIST ? renew(self) : error;
    reap(self, self->n_armed);
    return found_or(self, self->n_due > 0 || timeout_ns < 0 ? -EAGAIN : 0);
}

static int ring_wait(struct pollset *set, int max_events, int64_t timeout_ns)
{
    struct ring_set *self = (struct ring_set *)set;
    (void)max_events;
    if (pollset__ring_is_inherited(&self->ring))
        return renew(self);
    put_back(self);
    /* A sleep submits nothing, or a signal would pass unnoticed. */
    if (timeout_ns != 0 && self->n_due == 0 && self->n_found == 0)
        return sleep_until_told(self, timeout_ns);
    uint32_t since = self->n_armed;
    self->error = 0;
    int error = ask(self, since);
    if (!error && self->n_due > 0 && !self->error)
        error = ask(self, since);
    if (error || self->error)
        return error ? error : found_or(self, self->error);
    return found_or(self, timeout_ns != 0 ? -EAGAIN : 0);
}

static int ring_collect(struct pollset *set, struct pollset_event *out,
                        int max_events)
{
    struct ring_set *self = (struct ring_set *)set;
    int n = 0;
    size_t i = 0;
    self->first = self->n_found > 0 ? self->n_turns % self->n_found : 0;
    for (; i < self->n_found && n < max_events; i++) {
        size_t place = (self->first + i) % self->n_found;
        const struct pollset_slot *slot = current(self, self->found[place]);
        if (!slot)
            continue;
        const struct pollfd *fd = entry(self, slot);
        out[n++] =
            (struct pollset_event){.cookie = slot->cookie,
                                   .fd = fd->fd,
                                   .events = (unsigned short)fd->revents};
    }
    self->n_reported = i;
    return n;
}

static int ring_poll(struct pollset *set, struct pollset_event *out,
                     int max_events, int64_t timeout_ns)
{
    static const struct pollset_backend stages = {.wait = ring_wait,
                                                  .collect = ring_collect};
    return pollset__stages(&stages, set, out, max_events, timeout_ns);
}

#define POLLSET__RING_TABLE                                                    \
    .events = POLLSET__RING_EVENTS, .set_size = sizeof(struct ring_set),       \
    .probe = pollset__ring_probe, .create = ring_create,                       \
    .destroy = ring_destroy, .add = ring_add, .modify = ring_modify,           \
    .remove = ring_remove, .wait = ring_wait, .collect = ring_collect,         \
    .poll = ring_poll

#endif

const struct pollset_backend pollset__io_uring = {
    POLLSET__RING_TABLE,
    .summary = "io_uring(7), one-shot polls that each wait arms again",
    .family = "io_uring",
    .scans = "ready_count",
    .own_fds = 1,
    .opt_in = 1,
};

const struct pollset_backend pollset__io_uring_multishot = {
    POLLSET__RING_TABLE,
    .summary = "io_uring(7), multishot polls: reports what has happened",
    .family = "io_uring",
    .scans = "ready_count",
    .own_fds = 1,
    .trigger = "edge",
    .opt_in = 1,
    .extra_events = 1,
};
