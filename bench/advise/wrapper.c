/* SPDX-License-Identifier: MIT */
/* A library to be loaded into a program (LD_PRELOAD): it counts the program's
 * waits for descriptors, and what CPU time its threads take in them. It takes
 * nothing of the program's but what the calls are given to wait for, opens
 * nothing that stays open, allocates nothing after it was loaded, and may be
 * interrupted by a signal whose handler waits, too. A thread that finds no slot
 * is not counted. What it finds errno as, it leaves it as. */
#include "counts.h"

#include <dlfcn.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { COPY_MS = 100 }; /* from one copy of a set to the next, at least */

static struct pa_counts *counts; /* NULL: there is no memory for them */
static __thread struct pa_counts_slot *last_slot; /* the thread's last */
static __thread int32_t thread_id;                /* 0: not yet known */
static __thread int64_t copied_ms;

/* --- the counts ---------------------------------------------------------- */

static int64_t ns_of(clockid_t clock)
{
    struct timespec now = {0, 0};
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static int64_t cpu_ns(void)
{
    return ns_of(CLOCK_THREAD_CPUTIME_ID);
}

/* The least of some: what is between two readings with nothing in between. */
static uint32_t measure_clock(void)
{
    int64_t least_ns = INT32_MAX;
    for (int i = 0; i < 64; i++) {
        int64_t start_ns = cpu_ns(), taken_ns = cpu_ns() - start_ns;
        least_ns = taken_ns < least_ns ? taken_ns : least_ns;
    }
    return (uint32_t)least_ns;
}

/* A child has what its parent had, in memory of its own; its waits are new. */
static void begin_child(void)
{
    thread_id = 0;
    last_slot = NULL;
    counts->n_slots = 0;
    memset(counts->slots, 0, sizeof counts->slots);
}

/* Private: what a child does to it, its parent does not see. */
__attribute__((constructor)) static void begin(void)
{
    size_t n_bytes =
        sizeof *counts + (size_t)PA_COUNTS_SLOTS * (size_t)PA_COUNTS_SET_BYTES;
    int before = errno, fd = memfd_create(PA_COUNTS_NAME, MFD_CLOEXEC);
    void *mapped = MAP_FAILED;
    if (fd >= 0 && ftruncate(fd, (off_t)n_bytes) == 0)
        mapped = mmap(NULL, n_bytes, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_NORESERVE, fd, 0);
    if (fd >= 0)
        close(fd);
    if (mapped != MAP_FAILED) {
        counts = mapped;
        counts->clock_ns = measure_clock();
        pthread_atfork(NULL, NULL, begin_child);
    }
    errno = before;
}

static bool is_of(const struct pa_counts_slot *slot, int64_t number,
                  int64_t set)
{
    return slot->number == number && slot->set == set;
}

static struct pa_counts_slot *claim(int64_t number, int64_t set)
{
    uint32_t i = __atomic_fetch_add(&counts->n_slots, 1, __ATOMIC_RELAXED);
    if (i >= PA_COUNTS_SLOTS) {
        __atomic_store_n(&counts->n_slots, PA_COUNTS_SLOTS + 1,
                         __ATOMIC_RELAXED);
        return NULL;
    }
    struct pa_counts_slot *slot = &counts->slots[i];
    slot->number = number;
    slot->set = set;
    __atomic_store_n(&slot->tid, thread_id, __ATOMIC_RELEASE);
    return slot;
}

static struct pa_counts_slot *slot_of(int64_t number, int64_t set)
{
    if (!counts)
        return NULL;
    if (last_slot && is_of(last_slot, number, set))
        return last_slot;
    if (!thread_id)
        thread_id = (int32_t)syscall(SYS_gettid);
    struct pa_counts_slot *found = NULL;
    for (int i = 0; i < PA_COUNTS_SLOTS && !found; i++)
        if (counts->slots[i].tid == thread_id &&
            is_of(&counts->slots[i], number, set))
            found = &counts->slots[i];
    found = found ? found : claim(number, set);
    if (found)
        last_slot = found;
    return found;
}

/* Read by others as it is written: what they read a part of, they find out. */
static void add(volatile uint64_t *sum, uint64_t more)
{
    *sum = *sum + more;
}

/* --- copies of what is waited for ----------------------------------------- */

static unsigned char *copy_of(const struct pa_counts_slot *slot)
{
    return (unsigned char *)(counts + 1) +
           (slot - counts->slots) * (ptrdiff_t)PA_COUNTS_SET_BYTES;
}

static bool is_due(const struct pa_counts_slot *slot)
{
    int64_t now_ms = ns_of(CLOCK_MONOTONIC_COARSE) / 1000000;
    if (slot->version > 0 && now_ms - copied_ms < COPY_MS)
        return false;
    copied_ms = now_ms;
    return true;
}

static void begin_copy(struct pa_counts_slot *slot)
{
    __atomic_store_n(&slot->version, slot->version | 1, __ATOMIC_RELAXED);
    __atomic_thread_fence(__ATOMIC_RELEASE);
}

static void end_copy(struct pa_counts_slot *slot)
{
    __atomic_store_n(&slot->version, (slot->version | 1) + 1, __ATOMIC_RELEASE);
}

static void copy_poll(struct pa_counts_slot *slot, const struct pollfd *fds,
                      nfds_t n)
{
    if (!slot || !is_due(slot))
        return;
    begin_copy(slot);
    bool fits = fds && n <= PA_COUNTS_SET_BYTES / sizeof *fds;
    if (fits)
        memcpy(copy_of(slot), fds, n * sizeof *fds);
    slot->arguments[0] = fits ? (uintptr_t)copy_of(slot) : 0;
    slot->arguments[1] = n;
    end_copy(slot);
}

static void copy_select(struct pa_counts_slot *slot, int n_fds,
                        fd_set *const sets[3])
{
    enum { WORD = 8 * sizeof(unsigned long) };
    if (!slot || n_fds < 0 || !is_due(slot))
        return;
    size_t n_bytes = ((size_t)n_fds + WORD - 1) / WORD * sizeof(unsigned long);
    bool fits = 3 * n_bytes <= PA_COUNTS_SET_BYTES;
    begin_copy(slot);
    slot->arguments[0] = (uint64_t)n_fds;
    for (size_t i = 0; i < 3; i++) {
        unsigned char *copy = copy_of(slot) + i * n_bytes;
        bool is_there = fits && sets[i];
        if (is_there)
            memcpy(copy, sets[i], n_bytes);
        slot->arguments[1 + i] = is_there ? (uintptr_t)copy : 0;
    }
    end_copy(slot);
}

static void note_epoll(struct pa_counts_slot *slot, int set)
{
    if (slot && slot->version == 0) {
        slot->arguments[0] = (uint64_t)set;
        slot->version = 2;
    }
}

/* --- the calls ------------------------------------------------------------ */

/* What was there before this library, looked for when first needed: another's
 * constructor may wait. */
static void *find(void **found, const char *name)
{
    void *real = __atomic_load_n(found, __ATOMIC_RELAXED);
    if (real)
        return real;
    int before = errno;
    real = dlsym(RTLD_NEXT, name);
    errno = before;
    __atomic_store_n(found, real, __ATOMIC_RELAXED);
    return real;
}

static int finish(struct pa_counts_slot *slot, int64_t start_ns, int n)
{
    if (!slot)
        return n;
    int before = errno;
    add(&slot->cpu_ns, (uint64_t)(cpu_ns() - start_ns));
    add(&slot->waits, 1);
    add(&slot->returned, n > 0 ? (uint64_t)n : 0);
    errno = before;
    return n;
}

/* Make the call that has this name, too, timed. */
#define CALL(slot, name, ...)                                                  \
    static void *found;                                                        \
    __typeof__(&(name)) real;                                                  \
    *(void **)&real = find(&found, #name);                                     \
    if (!real) {                                                               \
        errno = ENOSYS;                                                        \
        return -1;                                                             \
    }                                                                          \
    struct pa_counts_slot *counted = (slot);                                   \
    int64_t start_ns = counted ? cpu_ns() : 0;                                 \
    return finish(counted, start_ns, real(__VA_ARGS__))

#ifdef SYS_poll
enum { NUMBER_POLL = SYS_poll };
#else
enum { NUMBER_POLL = SYS_ppoll };
#endif
#ifdef SYS__newselect
enum { NUMBER_SELECT = SYS__newselect };
#elif defined SYS_select
enum { NUMBER_SELECT = SYS_select };
#else
enum { NUMBER_SELECT = SYS_pselect6 };
#endif

int poll(struct pollfd *fds, nfds_t nfds, int timeout)
{
    struct pa_counts_slot *slot = slot_of(NUMBER_POLL, -1);
    copy_poll(slot, fds, nfds);
    CALL(slot, poll, fds, nfds, timeout);
}

int ppoll(struct pollfd *fds, nfds_t nfds, const struct timespec *timeout,
          const sigset_t *ss)
{
    struct pa_counts_slot *slot = slot_of(SYS_ppoll, -1);
    copy_poll(slot, fds, nfds);
    CALL(slot, ppoll, fds, nfds, timeout, ss);
}

int select(int nfds, fd_set *readfds, fd_set *writefds, fd_set *exceptfds,
           struct timeval *timeout)
{
    struct pa_counts_slot *slot = slot_of(NUMBER_SELECT, -1);
    copy_select(slot, nfds, (fd_set *[]){readfds, writefds, exceptfds});
    CALL(slot, select, nfds, readfds, writefds, exceptfds, timeout);
}

int pselect(int nfds, fd_set *readfds, fd_set *writefds, fd_set *exceptfds,
            const struct timespec *timeout, const sigset_t *sigmask)
{
    struct pa_counts_slot *slot = slot_of(SYS_pselect6, -1);
    copy_select(slot, nfds, (fd_set *[]){readfds, writefds, exceptfds});
    CALL(slot, pselect, nfds, readfds, writefds, exceptfds, timeout, sigmask);
}

static struct pa_counts_slot *slot_of_epoll(int64_t number, int set)
{
    struct pa_counts_slot *slot = slot_of(number, set);
    note_epoll(slot, set);
    return slot;
}

#ifdef SYS_epoll_wait
enum { NUMBER_EPOLL = SYS_epoll_wait };
#else
enum { NUMBER_EPOLL = SYS_epoll_pwait };
#endif

int epoll_wait(int epfd, struct epoll_event *events, int maxevents, int timeout)
{
    CALL(slot_of_epoll(NUMBER_EPOLL, epfd), epoll_wait, epfd, events, maxevents,
         timeout);
}

int epoll_pwait(int epfd, struct epoll_event *events, int maxevents,
                int timeout, const sigset_t *ss)
{
    CALL(slot_of_epoll(SYS_epoll_pwait, epfd), epoll_pwait, epfd, events,
         maxevents, timeout, ss);
}

#ifdef SYS_epoll_pwait2
int epoll_pwait2(int epfd, struct epoll_event *events, int maxevents,
                 const struct timespec *timeout, const sigset_t *ss);
int epoll_pwait2(int epfd, struct epoll_event *events, int maxevents,
                 const struct timespec *timeout, const sigset_t *ss)
{
    CALL(slot_of_epoll(SYS_epoll_pwait2, epfd), epoll_pwait2, epfd, events,
         maxevents, timeout, ss);
}
#endif

/* What a program calls in their place that was built with _FORTIFY_SOURCE. */
int __poll_chk(struct pollfd *fds, nfds_t nfds, int timeout, size_t n_bytes);
int __poll_chk(struct pollfd *fds, nfds_t nfds, int timeout, size_t n_bytes)
{
    struct pa_counts_slot *slot = slot_of(NUMBER_POLL, -1);
    copy_poll(slot, nfds <= n_bytes / sizeof *fds ? fds : NULL, nfds);
    CALL(slot, __poll_chk, fds, nfds, timeout, n_bytes);
}

int __ppoll_chk(struct pollfd *fds, nfds_t nfds, const struct timespec *timeout,
                const sigset_t *ss, size_t n_bytes);
int __ppoll_chk(struct pollfd *fds, nfds_t nfds, const struct timespec *timeout,
                const sigset_t *ss, size_t n_bytes)
{
    struct pa_counts_slot *slot = slot_of(SYS_ppoll, -1);
    copy_poll(slot, nfds <= n_bytes / sizeof *fds ? fds : NULL, nfds);
    CALL(slot, __ppoll_chk, fds, nfds, timeout, ss, n_bytes);
}
