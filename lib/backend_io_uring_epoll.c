/* SPDX-License-Identifier: MIT */
/* epoll(7) that is waited for through io_uring(7): IORING_OP_EPOLL_WAIT, Linux
 * 6.15. What holds of epoll holds of it. A wait that finds nothing leaves its
 * request in the ring, for the next; one that has more slots or fewer takes it
 * back, in the system call that makes its own. */
#include "ring.h"

#ifdef POLLSET_HAS_LIBURING

#include "epoll_common.h"

#include <errno.h>

enum { EPOLL_WAIT_OPERATION = 59 }; /* which liburing knows since 2.10 */

struct ring_epoll_set {
    struct pollset__epoll_set epoll;
    struct pollset__ring ring;
    uint64_t n_requests; /* numbers them; of the last one: */
    bool is_pending;     /* it has not completed */
    int n_slots;         /* that it is to fill at most */
    int result;          /* when it has: what it came to */
};

enum { SUBMISSIONS = 4 };

static int ring_epoll_probe(void)
{
    struct io_uring_probe *known = io_uring_get_probe();
    int error = pollset__ring_probe();
    bool is_known =
        known && io_uring_opcode_supported(known, EPOLL_WAIT_OPERATION);
    io_uring_free_probe(known);
    if (!error && !is_known)
        error = -ENOSYS;
    return error ? error : pollset__epoll_probe();
}

static int ring_epoll_create(struct pollset *set)
{
    struct ring_epoll_set *self = (struct ring_epoll_set *)set;
    int error = pollset__epoll_create(set);
    return error ? error : pollset__ring_open(&self->ring, SUBMISSIONS);
}

static void ring_epoll_destroy(struct pollset *set)
{
    struct ring_epoll_set *self = (struct ring_epoll_set *)set;
    pollset__ring_close(&self->ring);
    pollset__epoll_destroy(set);
}

/* Another ring, for the thread that calls. */
POLLSET__COLD static int renew(struct ring_epoll_set *self)
{
    struct pollset__ring made;
    int error = pollset__ring_open(&made, SUBMISSIONS);
    if (error)
        return error;
    pollset__ring_close(&self->ring);
    self->ring = made;
    self->is_pending = false;
    return -EAGAIN;
}

static void reap(struct ring_epoll_set *self)
{
    const struct io_uring_cqe *cqe;
    unsigned head, n = 0;
    io_uring_for_each_cqe(&self->ring.io, head, cqe)
    {
        if (cqe->user_data == self->n_requests) {
            self->is_pending = false;
            self->result = cqe->res;
        }
        n++;
    }
    io_uring_cq_advance(&self->ring.io, n);
}

static void take_back(struct ring_epoll_set *self)
{
    struct io_uring_sqe *sqe = pollset__ring_submission(&self->ring);
    if (!sqe)
        return;
    io_uring_prep_cancel64(sqe, self->n_requests, 0);
    io_uring_sqe_set_data64(sqe, POLLSET__RING_IGNORED);
}

/* The kernel may be about to write into the buffer, which is to be moved. */
static int ring_epoll_add(struct pollset *set, int fd, uint32_t events)
{
    struct ring_epoll_set *self = (struct ring_epoll_set *)set;
    if (self->is_pending && !pollset__ring_is_inherited(&self->ring)) {
        take_back(self);
        pollset__ring_enter(&self->ring, 0, NULL);
        reap(self);
    }
    return pollset__epoll_add(set, fd, events);
}

static int request(struct ring_epoll_set *self, int n_slots)
{
    if (self->is_pending)
        take_back(self);
    struct io_uring_sqe *sqe = pollset__ring_submission(&self->ring);
    if (!sqe)
        return -EAGAIN;
    io_uring_prep_rw(EPOLL_WAIT_OPERATION, sqe, self->epoll.set.descriptor,
                     self->epoll.buffer, (unsigned)n_slots, 0);
    io_uring_sqe_set_data64(sqe, ++self->n_requests);
    self->is_pending = true;
    self->n_slots = n_slots;
    return 0;
}

/* Sleep only for what was asked before: with a submission, a signal would pass
 * unnoticed. */
static int ask(struct ring_epoll_set *self, int n_slots, int64_t timeout_ns)
{
    bool has_asked = self->is_pending && self->n_slots == n_slots;
    int error = has_asked ? 0 : request(self, n_slots);
    if (!error && (!has_asked || timeout_ns == 0)) {
        error = pollset__ring_enter(&self->ring, 0, NULL);
        if (error >= 0)
            reap(self);
    }
    if (error >= 0 && self->is_pending && timeout_ns != 0) {
        error = pollset__ring_sleep(&self->ring, timeout_ns);
        reap(self);
    }
    return error < 0 ? error : 0;
}

static int ring_epoll_wait(struct pollset *set, int max_events,
                           int64_t timeout_ns)
{
    struct ring_epoll_set *self = (struct ring_epoll_set *)set;
    if (pollset__ring_is_inherited(&self->ring))
        return renew(self);
    if ((size_t)max_events > self->epoll.n_room)
        max_events = (int)self->epoll.n_room;
    self->epoll.n_ready = 0;
    int error = ask(self, max_events, timeout_ns);
    if (error)
        return error == -EEXIST ? renew(self) : error;
    if (self->is_pending)
        return timeout_ns < 0 ? -EAGAIN : 0;
    self->epoll.n_ready = self->result < 0 ? 0 : self->result;
    return self->result;
}

static int ring_epoll_poll(struct pollset *set, struct pollset_event *out,
                           int max_events, int64_t timeout_ns)
{
    static const struct pollset_backend stages = {
        .wait = ring_epoll_wait, .collect = pollset__epoll_collect};
    return pollset__stages(&stages, set, out, max_events, timeout_ns);
}

#endif

const struct pollset_backend pollset__io_uring_epoll = {
#ifdef POLLSET_HAS_LIBURING
    POLLSET__EPOLL_TABLE,
    .set_size = sizeof(struct ring_epoll_set),
    .probe = ring_epoll_probe,
    .create = ring_epoll_create,
    .destroy = ring_epoll_destroy,
    .add = ring_epoll_add,
    .wait = ring_epoll_wait,
    .collect = pollset__epoll_collect,
    .poll = ring_epoll_poll,
#else
    POLLSET__RING_TABLE,
    .scans = "ready_count",
#endif
    .summary = "epoll(7), waited for through io_uring(7)",
    .family = "io_uring",
    .own_fds = 2,
    .opt_in = 1,
};
