/* SPDX-License-Identifier: MIT */
/* What is timed. An operation is a small table of functions, of which the
 * sampler knows those that it calls. */
#ifndef PB_OPERATION_H
#define PB_OPERATION_H

#include "metrics.h"
#include "plan.h"
#include "sampler.h"
#include "scene.h"

#include <pollset.h>
#include <stddef.h>
#include <stdint.h>

/* Slots beyond what right answers need: a wrong answer may be longer, and is
 * to be found by the check, not by a crash. */
enum { PB_SPARE_SLOTS = 64 };

/* Of two histograms: at most so many buckets of so many characters, if no time
 * is over 4 s. */
enum { PB_LATENCIES_BYTES = 128 << 10 };

/* Every event that the timed calls of one batch report, one call after the
 * other: that is how each call's answer can be checked after the timing. */
struct pb_answers {
    struct pollset_event *events;
    size_t room;       /* slots */
    size_t n_events;   /* slots filled by the batch */
    uint32_t *seen_in; /* by fd: number of the last call that reported it */
    int highest_fd;    /* seen_in has highest_fd + 1 entries */
    uint32_t call;     /* counts the calls checked so far */

    /* Other memory, of twice what the core's own cache holds: read between
     * calls that are to find nothing there. NULL: not needed yet. */
    unsigned char *other;
    size_t n_other;
};

struct epoll_event;

/* A series as it lives in one invocation. */
struct pb_task {
    const struct pb_series *series;
    struct pb_scene *scene;     /* NULL for a reference loop */
    struct pollset *set;        /* shared with the series of the same set */
    struct pb_answers *answers; /* shared by all tasks, one at a time */
    int wait_consumes;          /* of the backend */
    void *own;                  /* of the operation */
    int64_t counted;            /* by the calls; see pb_task_counted() */
    uint32_t calls;             /* see pb_task_calls() */
    char *latencies;            /* room for PB_LATENCIES_BYTES; or NULL */
};

struct pb_operation {
    const char *stage;     /* as in the CSV files */
    int needs_set;         /* task->set is wanted, with the fds registered */
    int changes_set;       /* and changed: it is made for a batch alone */
    enum pb_metric metric; /* what a batch is; if not said, its cost */

    /* One batch of an invocation is enough: it takes long, and others like it
     * would say the same. One that fails is tried again in the next of the
     * rounds that are planned. */
    bool is_once;

    /* It leaves a histogram in task->latencies, as samples.csv has it. */
    bool has_latencies;

    /* How many descriptors open() takes for a backend, at most; NULL: none. */
    int (*own_fds)(const char *backend);

    /* Make and unmake task->own; NULL when there is none. -errno. */
    int (*open)(struct pb_task *task);
    void (*close)(struct pb_task *task);

    struct pb_timed timed;
};

/* Whether what is opened for it may stay open from one batch to the next, where
 * there are descriptors enough: not where a scene's fds are its own, or others
 * write to them, since an epoll set would feel what is done to them when
 * another is measured. And a set that is changed would not be, the next time,
 * what it was. No staging: no fds. */
static inline bool pb_operation_stays(const struct pb_operation *operation,
                                      const struct pb_staging *staging)
{
    return !operation->changes_set &&
           (!staging || (staging->is_shared && !staging->is_written_to));
}

/* pollset_poll() with the point's timeout; the same by single calls, each after
 * other memory was read; and its stages. */
extern const struct pb_operation pb_operation_all;
extern const struct pb_operation pb_operation_cold;
extern const struct pb_operation pb_operation_prepare;
extern const struct pb_operation pb_operation_wait;
extern const struct pb_operation pb_operation_collect;

/* As many changes of the set as the point says, and the wait after them. */
extern const struct pb_operation pb_operation_change;

/* A wait that sleeps, in pb_sleeping: the CPU time that it and the read after
 * it take. */
extern const struct pb_operation pb_operation_sleep;

/* select(2), poll(2) or epoll_wait(2) by the C library, nothing around it. */
extern const struct pb_operation pb_operation_raw;

/* The backends that have such a call: number index (0, 1, ...), or NULL. */
const char *pb_raw_backend(unsigned index);

/* A system call that waits, by its number, in a loop that is the same for all,
 * on the one fd that there is; and those calls, number index (0, 1, ...), or
 * NULL: what stands for a backend there. */
enum { PB_CALLS_MOST = 16 };
extern const struct pb_operation pb_operation_call;
const char *pb_call_name(unsigned index);

/* Events that stay, and events that are served; one is a call. Over the floor:
 * what being told of them costs, besides the reads and writes, which are timed
 * with unwatched pairs of the farm, in the same batch; it needs as many of them
 * as are ready, below the watched ones. The floor itself takes no set. */
extern const struct pb_operation pb_operation_standing;
extern const struct pb_operation pb_operation_served;
extern const struct pb_operation pb_operation_served_by_manual;
extern const struct pb_operation pb_operation_over_floor;
extern const struct pb_operation pb_operation_floor;

/* Where io_uring and epoll meet: as many changes of an epoll set as the point
 * says, by a call each or by a ring in one, and the wait after them; and served
 * events of a ring alone or in an epoll set. What stands for a backend there,
 * if epoll is among those that are asked for; ends with NULL, and begins with
 * it where there is no io_uring. */
extern const struct pb_operation pb_operation_ring_changes;
extern const struct pb_operation pb_operation_ring_served;
enum pb_ring_use { PB_RING_CHANGES, PB_RING_WAITS };
const char *const *pb_ring_ways(enum pb_ring_use use, const char *const *asked);

/* One turn of an event-loop library; see loop.h. */
extern const struct pb_operation pb_operation_loop;

/* An event that is served in pb_chain, over its read and write with unwatched
 * pairs: whoever is told of one reads it and makes the next pair ready, R of
 * them at a time. By the library, and by an event-loop library. */
extern const struct pb_operation pb_operation_cascade;
extern const struct pb_operation pb_operation_cascade_loop;

/* All fds of a scene that has them for itself, a call one of them: opening them
 * and closing them; registering them with an empty set and taking them out of a
 * full one; and the memory that takes. */
extern const struct pb_operation pb_operation_build;
extern const struct pb_operation pb_operation_build_kernel_bytes;
extern const struct pb_operation pb_operation_close;
extern const struct pb_operation pb_operation_register;
extern const struct pb_operation pb_operation_register_kernel_bytes;
extern const struct pb_operation pb_operation_register_process_bytes;
extern const struct pb_operation pb_operation_unregister;

/* The same by bare calls in pb_many_tables, with the epoll instance that all of
 * them share, and a wait for it; and the bare call of another backend in each
 * table in turn, which adds up. */
extern const struct pb_operation pb_operation_shared_register;
extern const struct pb_operation pb_operation_shared_register_kernel_bytes;
extern const struct pb_operation pb_operation_shared_unregister;
extern const struct pb_operation pb_operation_shared_wait;
extern const struct pb_operation pb_operation_raw_in_turns;

/* Threads that wait for the one fd of a scene that it has for itself, as many
 * as its factor says, of a window of events: how often they gave up their CPUs
 * and came back from a wait, and how many events one of them got. */
extern const struct pb_operation pb_operation_waiters_switches;
extern const struct pb_operation pb_operation_waiters_returns;
extern const struct pb_operation pb_operation_waiters_busiest;

/* From the write to the return: events that a partner makes when they are due,
 * at the point's rate, and a wait for each; the waiter asleep or spinning. The
 * long one has as many as a percentile of 99.9 takes. */
extern const struct pb_operation pb_operation_wakeup_asleep;
extern const struct pb_operation pb_operation_wakeup_asleep_long;
extern const struct pb_operation pb_operation_wakeup_spinning;

/* Requests to a server that waits by a backend, in a window of them, flat out
 * or at the point's rate: the CPU time that one takes, the events that a wait
 * returns, and, at a rate, from one request to the next, with the latencies. */
extern const struct pb_operation pb_operation_request_cpu;
extern const struct pb_operation pb_operation_request_waits;
extern const struct pb_operation pb_operation_request_spacing;

/* How threads wait for it, in the place of a backend: number index (0, 1, ...),
 * and the backend of the library that it is a way of; or NULL. */
const char *pb_waiters_way(unsigned index, const char **family);

/* Whether its fds are in tables that other threads have. */
bool pb_task_is_in_tables(const struct pb_task *task);

/* The harness with nothing to time. */
extern const struct pb_operation pb_operation_null;

/* 100 dependent multiply-adds; poll(NULL, 0, 0); loads from a random cycle. */
extern const struct pb_operation pb_operation_ref1;
extern const struct pb_operation pb_operation_ref0;
extern const struct pb_operation pb_operation_memory_probe;

/* The total of a batch whose calls left it in task->counted; and how many calls
 * it was, of one that left that in task->calls. */
int64_t pb_task_counted(const struct pb_task *task);
uint32_t pb_task_calls(const struct pb_task *task);

/* Put both histograms of n times each, in ns, into a text of PB_LATENCIES_BYTES
 * as samples.csv has them. The times are left in order, rounded down. */
void pb_latencies_put(char *text, int64_t *response_ns, int64_t *service_ns,
                      uint32_t n);

/* Make the calls, and count the bytes of the kernel's memory by which that
 * grows. 0 or -errno. */
int pb_task_count_memory(struct pb_task *task, uint32_t calls,
                         int (*run)(struct pb_task *task, uint32_t calls));

/* Make room for the answers of a batch, touched so that the timed part does
 * not. seen_in grows with highest_fd. Returns 0 or -ENOMEM. */
int pb_answers_reserve(struct pb_answers *answers, size_t n_slots,
                       int highest_fd);
void pb_answers_free(struct pb_answers *answers);

/* The same for the answers of so many calls of a task. */
int pb_answers_reserve_batch(struct pb_task *task, uint32_t calls);

/* Whether the events are, call by call, the fds that the scene expects and no
 * other: 0 or -EBADMSG. */
int pb_answers_check(struct pb_answers *answers, const struct pb_scene *scene,
                     uint32_t calls);

/* The same where the first call reports those so many places beyond the
 * expected ones, modulo N, and each other call one place further on. */
int pb_answers_check_moving(struct pb_answers *answers,
                            const struct pb_scene *scene, uint32_t calls,
                            uint32_t moved);

/* As pb_answers_check() for bare calls of epoll_wait(2), of R events each, that
 * filled the slots from pb_answers_epoll_events() on, one call after the other.
 *
 * first_cookie  what data.u64 is of scene->fds[0]; one more for each next.
 */
int pb_answers_check_epoll(struct pb_answers *answers,
                           const struct pb_scene *scene, uint64_t first_cookie,
                           uint32_t calls);

/* The slots as what the kernel fills: with room for a batch, as reserved, and
 * PB_SPARE_SLOTS more. */
struct epoll_event *pb_answers_epoll_events(struct pb_answers *answers);

#endif
