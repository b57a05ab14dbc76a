/* SPDX-License-Identifier: MIT */
#include "ring.h"

#ifdef POLLSET_HAS_LIBURING

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

static int set_up(struct io_uring *io, unsigned n_entries)
{
    enum { COMPLETIONS = 4 }; /* to a submission */
    struct io_uring_params params = {
        .flags = IORING_SETUP_CQSIZE | IORING_SETUP_SINGLE_ISSUER |
                 IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_TASKRUN_FLAG,
        .cq_entries = COMPLETIONS * n_entries,
    };
    int error = io_uring_queue_init_params(n_entries, io, &params);
    return error == -EINVAL ? -ENOSYS : error; /* older than the flags */
}

int pollset__ring_open(struct pollset__ring *ring, unsigned n_entries)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *mark = mmap(NULL, page, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    *ring = (struct pollset__ring){.mark = NULL};
    if (mark == MAP_FAILED)
        return -ENOMEM;
    int error = madvise(mark, page, MADV_WIPEONFORK) < 0 ? -errno : 0;
    if (!error)
        error = set_up(&ring->io, n_entries);
    if (error) {
        munmap(mark, page);
        return error;
    }
    *mark = 1;
    ring->mark = mark;
    return 0;
}

void pollset__ring_close(struct pollset__ring *ring)
{
    if (!ring->mark)
        return;
    io_uring_queue_exit(&ring->io);
    munmap(ring->mark, (size_t)sysconf(_SC_PAGESIZE));
    ring->mark = NULL;
}

int pollset__ring_probe(void)
{
    struct pollset__ring ring;
    int error = pollset__ring_open(&ring, 1);
    pollset__ring_close(&ring);
    return error;
}

struct io_uring_sqe *pollset__ring_submission(struct pollset__ring *ring)
{
    struct io_uring_sqe *sqe = io_uring_get_sqe(&ring->io);
    if (!sqe && pollset__ring_enter(ring, 0, NULL) > 0)
        sqe = io_uring_get_sqe(&ring->io);
    if (sqe)
        io_uring_prep_nop(sqe);
    return sqe;
}

#endif
