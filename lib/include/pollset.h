/* SPDX-License-Identifier: MIT */
/* libpollset: select, poll and epoll behind the words of Python's `select`
 * module documentation: register, modify, unregister, poll.
 *
 * Functions return 0 or a count, or a negative errno. They print nothing,
 * never exit, and after an error the set is as it was before the call.
 * File descriptors stay the caller's: a set never closes one. One set is used
 * by one thread at a time; different sets are independent.
 *
 * What each backend can and cannot report, what it makes of descriptors that
 * are closed while registered, of regular files and of fork(2), is said in
 * docs/library.md.
 */
#ifndef POLLSET_H
#define POLLSET_H

#include <poll.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define POLLSET_VERSION_MAJOR 0
#define POLLSET_VERSION_MINOR 1
#define POLLSET_VERSION_PATCH 0
#define POLLSET_VERSION       "0.1.0"

#if defined(__GNUC__)
#define POLLSET_API __attribute__((visibility("default")))
#else
#define POLLSET_API
#endif

/* The events register() watches for unless the caller says otherwise:
 * Python's default mask. Whether asked for or not are reported: POLLERR and
 * POLLHUP by poll and epoll, POLLNVAL by poll and select. To select an error
 * or a hang-up is POLLIN or POLLOUT, and epoll forgets what is closed. */
#define POLLSET_DEFAULT_EVENTS (POLLIN | POLLPRI | POLLOUT)

#define POLLSET_FOREVER  INT64_C(-1) /* timeout_ns: wait without limit */
#define POLLSET_NO_LIMIT (-1) /* max_events: out holds all that are ready */

struct pollset; /* a set of registered fds; opaque */

/* One ready fd, as pollset_poll() reports it. */
struct pollset_event {
    void *cookie;    /* what the fd was registered with */
    int fd;          /* the registered descriptor number */
    uint32_t events; /* poll(2) bits, at least one set */
};

/* What is known of a backend; the strings live as long as the program. */
struct pollset_backend_info {
    const char *name;    /* what pollset_create() takes */
    const char *summary; /* one line: what it does */
    uint32_t events;     /* the events it can be asked for */
    int error;           /* 0: usable here; else the negative errno */
    const char *reason;  /* "" when usable, else why not, one line */
    int wait_consumes;   /* 1: wait needs a fresh prepare before each call */
    const char *family;  /* the backend this is a variant of; its own name if
                            of none */
    const char *scans;   /* what one poll looks through, by the name of its
                            number: highest_fd (all numbers up to it), fd_count
                            (the watched fds) or ready_count (the ready ones) */
    int own_fds;         /* descriptors that a set takes for itself */
    const char *trigger; /* level: each poll reports what is ready. edge: only
                            what has changed since it was reported last. once:
                            not again until it is registered or modified */
    int opt_in;          /* 1: left out where all backends are compared, unless
                            it is named */
    int order;           /* place in the list, from 0 */
};

/* The version of the library that is linked, "major.minor.patch". */
POLLSET_API const char *pollset_version(void);

/* Describe backend number index (0, 1, ...), in the order of the list.
 *
 * Returns  0, or -ENOENT when index is past the last backend.
 * Cost     may probe the kernel with one system call and undo it.
 */
POLLSET_API int pollset_backend_at(unsigned index,
                                   struct pollset_backend_info *info);

/* Describe the backend called name.
 *
 * Returns  0 when it can be used here, -ENOENT when no backend has this name,
 *          else the errno that makes it unusable. info is filled in each
 *          case; info->reason says why in words.
 */
POLLSET_API int pollset_backend_find(const char *name,
                                     struct pollset_backend_info *info);

/* Make an empty set that waits with the backend called name.
 *
 * set      receives the new set; NULL after an error.
 * Returns  0; -ENOENT unknown name; -ENOMEM; -EMFILE or -ENFILE (epoll needs a
 *          descriptor); or what pollset_backend_find() returns for it. There
 *          is no fall-back to another backend.
 */
POLLSET_API int pollset_create(struct pollset **set, const char *name);

/* Free the set, which may be NULL. The registered fds stay open.
 *
 * Returns  0, or -EBUSY from within the set's stop callback: nothing is freed.
 */
POLLSET_API int pollset_destroy(struct pollset *set);

/* Watch fd for events; hand cookie back with each of its events.
 *
 * events   any of POLLIN POLLPRI POLLOUT, with poll and epoll also POLLRDHUP
 *          POLLRDNORM POLLRDBAND POLLWRNORM POLLWRBAND; or 0 for errors only.
 *          POLLERR, POLLHUP and POLLNVAL change nothing where the backend can
 *          report them.
 * Returns  0, also when fd was registered: the newer events and cookie stand.
 *          -EBADF fd is negative (epoll: or not open, or by O_PATH);
 *          -EINVAL the backend cannot report one of the events; -ENOMEM.
 *          epoll also: -EPERM a file that cannot be waited for, such as a
 *          regular one, a directory, /dev/null or /dev/urandom; -EINVAL fd is
 *          the set's own descriptor; -ELOOP fd is an epoll instance that
 *          watches this one, or has four or more in a row below it; -ENOSPC
 *          the user's limit on watches; and -EBADF or -EINVAL from now on when
 *          the set's own descriptor was closed, as closefrom(3) does.
 * Cost     O(1); epoll O(log n) in the kernel. Memory: 32 bytes, and what a
 *          table of 512 neighbouring numbers takes, 12 KiB, once for each that
 *          has been used; not what is below fd. select's bitmaps reach up to
 *          the highest number that is open, 6 bits a number.
 * Source   Python select documentation, poll.register and epoll.register.
 */
POLLSET_API int pollset_register(struct pollset *set, int fd, uint32_t events,
                                 void *cookie);

/* As pollset_register(), for fds that are not registered.
 *
 * Returns  as it, but -EEXIST if fd is registered, and nothing changes.
 * Source   Python select documentation, epoll.register; epoll_ctl(2).
 */
POLLSET_API int pollset_register_new(struct pollset *set, int fd,
                                     uint32_t events, void *cookie);

/* Change what a registered fd is watched for: same effect as register.
 *
 * Returns  as pollset_register(), and -ENOENT if fd is not registered, which
 *          a negative one never is. Cost as pollset_register().
 */
POLLSET_API int pollset_modify(struct pollset *set, int fd, uint32_t events,
                               void *cookie);

/* Stop watching fd, which may have been closed: no later poll reports it.
 *
 * Returns  0, or -ENOENT if fd is not registered.
 */
POLLSET_API int pollset_unregister(struct pollset *set, int fd);

/* How many fds are registered. */
POLLSET_API int pollset_count(const struct pollset *set);

/* The descriptor that the set itself has: epoll's instance. It is readable
 * while an fd of the set is ready, so that the set can be watched by others.
 * It stays the set's: it is to be neither closed nor changed by epoll_ctl(2).
 *
 * Returns  the number, the same for the life of the set; -ENOTSUP the backend
 *          has none.
 */
POLLSET_API int pollset_descriptor(const struct pollset *set);

/* Wait until at least one registered fd is ready, or timeout_ns has passed.
 *
 * out         array of max_events slots, owned by the caller, filled from 0.
 * max_events  > 0, or POLLSET_NO_LIMIT: out has as many slots as
 *             pollset_count() says when the call begins; for an empty set it
 *             may be NULL. With fewer slots than ready fds, repeated calls
 *             report all of them within ceil(ready / max_events) + 1 calls.
 * timeout_ns  0 never blocks; negative waits for ever; else rounded up to the
 *             backend's grain, so that it never returns early.
 * Returns     number of slots filled (0 means time-out, or that out had none
 *             for what the stop callback has registered); -EINTR when a signal
 *             arrived and the stop callback said so (otherwise the wait is
 *             retried with the time that is left, PEP 475); -EINVAL
 *             max_events is 0 or below POLLSET_NO_LIMIT, or poll(2) is over
 *             RLIMIT_NOFILE; -ENOMEM; epoll also -EMFILE, -ENFILE or -ENOSPC
 *             when the kernel's set has to be made anew, cannot be, and
 *             nothing else is ready, and -EBADF or -EINVAL when the set's own
 *             descriptor was closed.
 * Cost        select: O(highest fd + fds); poll: O(fds); epoll: O(ready).
 * Source      select(2), poll(2), epoll_wait(2); see docs/library.md.
 */
POLLSET_API int pollset_poll(struct pollset *set, struct pollset_event *out,
                             int max_events, int64_t timeout_ns);

/* Ask stop(stop_arg) after each signal that interrupts a wait; when it returns
 * non-zero, pollset_poll() gives up with -EINTR. NULL: always retry.
 *
 * stop may do with the set what its owner may: register, modify, unregister,
 * also poll it and set another callback; pollset_destroy() refuses. The poll
 * that called it then waits for the set as it is now, and reports into the
 * slots that it was given. stop has to return: longjmp(3) out of it is an
 * error that is not noticed. */
POLLSET_API void pollset_set_stop(struct pollset *set, int (*stop)(void *),
                                  void *stop_arg);

/* pollset_poll() in its three stages, so that each can be timed alone. They
 * go in this order: prepare builds in user space what the system call reads,
 * wait makes that one system call and retries nothing (select, when it may
 * block, also asks whether the highest fd is open), collect turns what the
 * kernel wrote into events. collect may be repeated, and so may prepare; wait
 * may be repeated without a prepare unless the backend's wait_consumes is 1.
 * Registering, modifying or unregistering starts the order over.
 *
 * pollset_prepare() returns 0, or -ENOMEM: select, and a number that was
 * registered before it was open needs a longer bitmap now that it is.
 * pollset_wait() returns what is ready as the kernel counts it, or -errno;
 * pollset_collect() returns the number of slots filled; both also -EAGAIN,
 * when the kernel's state had to be mended and prepare and wait are due again.
 */
POLLSET_API int pollset_prepare(struct pollset *set);
POLLSET_API int pollset_wait(struct pollset *set, int max_events,
                             int64_t timeout_ns);
POLLSET_API int pollset_collect(struct pollset *set, struct pollset_event *out,
                                int max_events);

#ifdef __cplusplus
}
#endif

#endif
