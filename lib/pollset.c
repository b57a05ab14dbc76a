/* SPDX-License-Identifier: MIT */
/* The public functions: checks of arguments, the table of descriptors, the
 * retry after a signal. What talks to the kernel is in the backends. */
#include "pollset.h"

#include "backend.h"
#include "backend_list.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define DECLARE(id, name) extern const struct pollset_backend pollset__##id;
POLLSET_BACKENDS(DECLARE)
#undef DECLARE

static const struct {
    const char *name;
    const struct pollset_backend *backend;
} backends[] = {
#define ENTRY(id, name) {name, &pollset__##id},
    POLLSET_BACKENDS(ENTRY)
#undef ENTRY
};

#define N_BACKENDS (sizeof(backends) / sizeof(backends[0]))

const char *pollset_version(void)
{
    return POLLSET_VERSION;
}

/* Why a backend cannot be used, for people. */
static const char *reason_of(int error)
{
    switch (-error) {
    case 0:
        return "";
    case ENOSYS:
        return "this kernel does not have the system call, or what it takes";
    case EPERM:
    case EACCES:
        return "the system call is forbidden here (seccomp, a sysctl or the "
               "like)";
    case ENOTSUP:
        return "the library was built without liburing";
    case EMFILE:
        return "the process has no descriptor left (RLIMIT_NOFILE)";
    case ENFILE:
        return "the system has no descriptor left (fs.file-max)";
    case ENOMEM:
        return "the kernel has no memory for it";
    default:
        return "the system call fails here";
    }
}

int pollset_backend_at(unsigned index, struct pollset_backend_info *info)
{
    if (index >= N_BACKENDS)
        return -ENOENT;
    const struct pollset_backend *backend = backends[index].backend;
    int error = backend->probe();
    *info = (struct pollset_backend_info){
        .name = backends[index].name,
        .summary = backend->summary,
        .events = backend->events,
        .error = error,
        .reason = reason_of(error),
        .wait_consumes = backend->wait_consumes,
        .family = backend->family,
        .scans = backend->scans,
        .own_fds = backend->own_fds,
        .trigger = backend->trigger ? backend->trigger : "level",
        .opt_in = backend->opt_in,
        .order = (int)index,
    };
    return 0;
}

/* Number of the backend called name; N_BACKENDS if there is none. */
static unsigned index_of(const char *name)
{
    unsigned index = 0;
    while (index < N_BACKENDS && strcmp(backends[index].name, name) != 0)
        index++;
    return index;
}

int pollset_backend_find(const char *name, struct pollset_backend_info *info)
{
    if (pollset_backend_at(index_of(name), info) == 0)
        return info->error;
#define LISTED(id, name) " " name
    *info = (struct pollset_backend_info){
        .name = "",
        .summary = "",
        .error = -ENOENT,
        .reason = "no backend has this name; there are:" //
        POLLSET_BACKENDS(LISTED),
        .family = "",
        .scans = "",
        .trigger = "",
        .order = (int)N_BACKENDS,
    };
#undef LISTED
    return info->error;
}

int pollset_create(struct pollset **set, const char *name)
{
    *set = NULL;
    unsigned index = index_of(name);
    if (index == N_BACKENDS)
        return -ENOENT;
    const struct pollset_backend *backend = backends[index].backend;
    struct pollset *made = calloc(1, backend->set_size);
    if (!made)
        return -ENOMEM;
    made->backend = backend;
    made->descriptor = -1;
    int error = backend->create ? backend->create(made) : 0;
    if (error) {
        pollset_destroy(made);
        return error;
    }
    *set = made;
    return 0;
}

int pollset_destroy(struct pollset *set)
{
    if (!set)
        return 0;
    if (set->n_stops > 0)
        return -EBUSY;
    if (set->backend->destroy)
        set->backend->destroy(set);
    for (size_t i = 0; i < set->n_pages; i++)
        free(set->pages[i]);
    free(set->pages);
    free(set->fds);
    free(set);
    return 0;
}

int pollset__grow(void **array, size_t *capacity, size_t n, size_t item_size)
{
    if (n <= *capacity)
        return 0;
    size_t longer = 8;
    while (longer < n)
        longer *= 2;
    void *moved = calloc(longer, item_size);
    if (!moved)
        return -ENOMEM;
    if (*capacity)
        memcpy(moved, *array, *capacity * item_size);
    free(*array);
    *array = moved;
    *capacity = longer;
    return 0;
}

/* Room for n pages in the directory. What is empty of it is neither written
 * nor copied, and so takes no memory but addresses. */
static int reserve_pages(struct pollset *set, size_t n)
{
    if (n <= set->n_pages)
        return 0;
    size_t longer = n < 2 * set->n_pages ? 2 * set->n_pages : n;
    struct pollset_slot **moved = calloc(longer, sizeof(struct pollset_slot *));
    if (!moved)
        return -ENOMEM;
    for (size_t i = 0; i < set->n_pages; i++) {
        if (set->pages[i])
            moved[i] = set->pages[i];
    }
    free(set->pages);
    set->pages = moved;
    set->n_pages = longer;
    return 0;
}

/* A slot for fd, and room for it in the list. */
static int reserve(struct pollset *set, int fd)
{
    size_t page = (unsigned)fd / POLLSET__PAGE_SLOTS;
    int error = reserve_pages(set, page + 1);
    if (error)
        return error;
    if (!set->pages[page])
        set->pages[page] =
            calloc(POLLSET__PAGE_SLOTS, sizeof(struct pollset_slot));
    if (!set->pages[page])
        return -ENOMEM;
    void *fds = set->fds;
    error = pollset__grow(&fds, &set->n_allocated, (size_t)set->n_fds + 1,
                          sizeof(*set->fds));
    set->fds = fds;
    return error;
}

/* The slot of fd if it is registered, else NULL. */
static struct pollset_slot *registered(const struct pollset *set, int fd)
{
    struct pollset_slot *slot = pollset__find_slot(set, (unsigned)fd);
    return slot && slot->registered ? slot : NULL;
}

int pollset_register(struct pollset *set, int fd, uint32_t events, void *cookie)
{
    if (fd < 0)
        return -EBADF;
    if (registered(set, fd))
        return pollset_modify(set, fd, events, cookie);
    if (events & ~set->backend->events)
        return -EINVAL;
    int error = reserve(set, fd);
    if (!error)
        error = set->backend->add(set, fd, events);
    if (error)
        return error;
    struct pollset_slot *slot = pollset__slot(set, fd);
    slot->cookie = cookie;
    slot->place = set->n_fds;
    slot->registered = true;
    set->fds[set->n_fds++] = (struct pollfd){.fd = fd, .events = (short)events};
    return 0;
}

int pollset_register_new(struct pollset *set, int fd, uint32_t events,
                         void *cookie)
{
    return registered(set, fd) ? -EEXIST
                               : pollset_register(set, fd, events, cookie);
}

int pollset_modify(struct pollset *set, int fd, uint32_t events, void *cookie)
{
    struct pollset_slot *slot = registered(set, fd);
    if (!slot)
        return -ENOENT;
    if (events & ~set->backend->events)
        return -EINVAL;
    int error = set->backend->modify(set, fd, events);
    if (error)
        return error;
    slot->cookie = cookie;
    set->fds[slot->place].events = (short)events;
    return 0;
}

int pollset_unregister(struct pollset *set, int fd)
{
    struct pollset_slot *slot = registered(set, fd);
    if (!slot)
        return -ENOENT;
    set->backend->remove(set, fd);
    struct pollfd last = set->fds[--set->n_fds];
    set->fds[slot->place] = last;
    pollset__slot(set, last.fd)->place = slot->place;
    slot->registered = false;
    slot->cookie = NULL;
    return 0;
}

int pollset_count(const struct pollset *set)
{
    return set->n_fds;
}

int pollset_descriptor(const struct pollset *set)
{
    return set->descriptor >= 0 ? set->descriptor : -ENOTSUP;
}

void pollset_set_stop(struct pollset *set, int (*stop)(void *), void *stop_arg)
{
    set->stop = stop;
    set->stop_arg = stop_arg;
}

static int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* What the stop callback says, during which the set is not to be destroyed. */
static bool is_stopped(struct pollset *set)
{
    if (!set->stop)
        return false;
    set->n_stops++;
    bool is_stopped = set->stop(set->stop_arg);
    set->n_stops--;
    return is_stopped;
}

/* Whether a poll that ended with result is to be gone through again, not
 * looking at the time. */
static bool is_interrupted(struct pollset *set, int result)
{
    return result == -EAGAIN || (result == -EINTR && !is_stopped(set));
}

/* The three stages, once. */
static int poll_once(struct pollset *set, struct pollset_event *out,
                     int max_events, int64_t timeout_ns)
{
    int n = pollset_prepare(set);
    if (n == 0)
        n = set->backend->wait(set, max_events, timeout_ns);
    return n > 0 ? set->backend->collect(set, out, max_events) : n;
}

int pollset__poll_again(struct pollset *set, struct pollset_event *out,
                        int max_events, int64_t timeout_ns, int error)
{
    int n = error;
    while (is_interrupted(set, n))
        n = poll_once(set, out, max_events, timeout_ns);
    return n;
}

/* A poll with timeout_ns > 0. */
POLLSET__COLD static int poll_until(struct pollset *set,
                                    struct pollset_event *out, int max_events,
                                    int64_t timeout_ns)
{
    int64_t deadline_ns;
    if (__builtin_add_overflow(now_ns(), timeout_ns, &deadline_ns))
        deadline_ns = INT64_MAX;
    for (;;) {
        int n = poll_once(set, out, max_events, timeout_ns);
        if (n > 0 || (n < 0 && !is_interrupted(set, n)))
            return n;
        /* Nothing is ready, as far as one system call tells: it was cut short
         * by a signal, or by the longest wait that its argument can say. */
        int64_t left_ns = deadline_ns - now_ns();
        if (left_ns <= 0 && n == 0)
            return 0;
        timeout_ns = left_ns > 0 ? left_ns : 0;
    }
}

/* A poll of an empty set, which needs no slot in out. Only what the stop
 * callback registers can be ready: there is no place to report that to. */
POLLSET__COLD static int poll_empty(struct pollset *set, int64_t timeout_ns)
{
    struct pollset_event dropped;
    int n = pollset_poll(set, &dropped, 1, timeout_ns);
    return n > 0 ? 0 : n;
}

int pollset_poll(struct pollset *set, struct pollset_event *out, int max_events,
                 int64_t timeout_ns)
{
    if (POLLSET__UNLIKELY(max_events < 1)) {
        if (max_events != POLLSET_NO_LIMIT)
            return -EINVAL;
        /* As many slots as out has now: a stop callback may register more. */
        max_events = set->n_fds;
        if (max_events == 0)
            return poll_empty(set, timeout_ns);
    }
    if (timeout_ns > 0)
        return poll_until(set, out, max_events, timeout_ns);
    return set->backend->poll(set, out, max_events, timeout_ns);
}

int pollset_prepare(struct pollset *set)
{
    return set->backend->prepare ? set->backend->prepare(set) : 0;
}

int pollset_wait(struct pollset *set, int max_events, int64_t timeout_ns)
{
    if (max_events < 1) {
        if (max_events != POLLSET_NO_LIMIT)
            return -EINVAL;
        max_events = INT_MAX;
    }
    return set->backend->wait(set, max_events, timeout_ns);
}

int pollset_collect(struct pollset *set, struct pollset_event *out,
                    int max_events)
{
    if (max_events < 1) {
        if (max_events != POLLSET_NO_LIMIT)
            return -EINVAL;
        max_events = INT_MAX;
    }
    return set->backend->collect(set, out, max_events);
}
