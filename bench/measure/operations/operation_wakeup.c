/* SPDX-License-Identifier: MIT */
/* From the write to the return. A partner writes each event when it is due, or
 * as soon as the one before was served: so the time from the write (service)
 * leaves out what an event has to wait for those before it, and the time from
 * when it was due (response) does not. */
#include "clock.h"
#include "operation.h"
#include "partner.h"
#include "rules.h"

#include <errno.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <time.h>

enum {
    EVENTS = 1000,
    MANY_EVENTS = 10000, /* which a percentile of 99.9 takes */
    WARM_EVENTS = 16,
    LEAD_NS = 1000000 /* from the start of the partner to the first event */
};

/* In memory that both have. */
struct window {
    bool writer_spins;
    uint32_t n_events;
    int64_t start_ns, period_ns;
    atomic_uint n_served;
    int64_t sent_ns[MANY_EVENTS], returned_ns[MANY_EVENTS];
    int64_t response_ns[MANY_EVENTS], service_ns[MANY_EVENTS];
    double writer_share; /* of its CPU */
};

static int64_t due_of(const struct window *window, uint32_t event)
{
    return window->start_ns + event * window->period_ns;
}

/* --- the partner ---------------------------------------------------------- */

static int64_t cpu_ns(void)
{
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

static void wait_until(const struct window *window, int64_t due_ns)
{
    const struct timespec due = {.tv_sec = due_ns / 1000000000,
                                 .tv_nsec = due_ns % 1000000000};
    if (window->writer_spins)
        while (pb_now_ns() < due_ns)
            ;
    else
        while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL) ==
               EINTR)
            ;
}

/* Whether the event before was served in time. */
static bool wait_for_served(struct window *window, uint32_t n_served)
{
    int64_t give_up_ns = pb_now_ns() + PB_PARTNER_PATIENCE_NS;
    while (window->n_served != n_served) {
        if (pb_now_ns() > give_up_ns)
            return false;
        if (!window->writer_spins)
            sched_yield();
    }
    return true;
}

static void write_when_due(struct pb_partner *partner, int fd)
{
    struct window *window = partner->context;
    int64_t start_ns = pb_now_ns(), start_cpu_ns = cpu_ns();

    prctl(PR_SET_TIMERSLACK, 1);
    for (uint32_t i = 0; i < window->n_events; i++) {
        wait_until(window, due_of(window, i));
        if (!wait_for_served(window, i))
            return;
        if (i + 1 == window->n_events)
            window->writer_share = (double)(cpu_ns() - start_cpu_ns) /
                                   (double)(pb_now_ns() - start_ns);
        window->sent_ns[i] = pb_now_ns();
        if (eventfd_write(fd, i + 1) < 0)
            return;
    }
}

/* --- the one that waits --------------------------------------------------- */

static int event_fd(const struct pb_task *task)
{
    return task->scene->fds[task->scene->got.fd_count - 1];
}

/* The number of the event as the fd holds it: 0, or what is wrong with it. */
static int take_event(const struct pb_task *task, bool spins, uint32_t number,
                      int64_t *returned_ns)
{
    struct pollset_event out[PB_SPARE_SLOTS];
    int64_t give_up_ns = pb_now_ns() + PB_PARTNER_PATIENCE_NS;
    eventfd_t value = 0;
    int n;

    do {
        n = pollset_poll(task->set, out, PB_SPARE_SLOTS,
                         spins ? 0 : PB_PARTNER_PATIENCE_NS);
        *returned_ns = pb_now_ns();
    } while (n == 0 && spins && *returned_ns < give_up_ns);
    if (n <= 0)
        return n < 0 ? n : -ETIMEDOUT;
    if (n != 1 || out[0].fd != event_fd(task) || out[0].events != POLLIN ||
        eventfd_read(out[0].fd, &value) < 0)
        return -EBADMSG;
    return value == number ? 0 : -EBADMSG;
}

/* All events, unless they take more than twice the time that they are due in,
 * and PB_PARTNER_PATIENCE_NS. */
static int serve(const struct pb_task *task, struct window *window, bool spins)
{
    int64_t give_up_ns = 2 * due_of(window, window->n_events) -
                         window->start_ns + PB_PARTNER_PATIENCE_NS;
    int error = 0;
    for (uint32_t i = 0; i < window->n_events && !error; i++) {
        error = take_event(task, spins, i + 1, &window->returned_ns[i]);
        window->n_served = i + 1;
        if (!error && window->returned_ns[i] > give_up_ns)
            error = -ETIMEDOUT;
    }
    return error;
}

/* 0, PB_DISTURBED or -errno. */
static int play(struct pb_task *task, uint32_t n_events, bool spins)
{
    struct window *window = task->own;
    struct pb_partner *partner;
    bool is_same = task->scene->got.writer == pb_same_cpu;
    int cpu = is_same ? sched_getcpu() : task->scene->other_cpu;

    if (cpu < 0)
        return -ENXIO;
    window->writer_spins = !is_same;
    window->n_events = n_events;
    window->period_ns = 1000000000 / task->scene->got.rate;
    window->start_ns = pb_now_ns() + LEAD_NS;
    window->n_served = 0;
    window->writer_share = 0;
    int error =
        pb_partner_start(&partner, cpu, event_fd(task), write_when_due, window);
    if (error)
        return error;
    error = serve(task, window, spins);
    pb_partner_stop(partner);
    return error                                                 ? error
           : !is_same && window->writer_share < PB_PARTNER_SHARE ? PB_DISTURBED
                                                                 : 0;
}

/* --- what is kept of it ----------------------------------------------------
 */

static void keep(struct pb_task *task)
{
    struct window *window = task->own;
    int64_t *response = window->response_ns, *service = window->service_ns;
    uint32_t n = window->n_events;

    for (uint32_t i = 0; i < n; i++) {
        response[i] = window->returned_ns[i] - due_of(window, i);
        service[i] = window->returned_ns[i] - window->sent_ns[i];
    }
    int64_t all_ns = window->returned_ns[n - 1] - window->returned_ns[0];
    task->counted = all_ns * n / (n > 1 ? n - 1 : 1);
    if (task->latencies)
        pb_latencies_put(task->latencies, response, service, n);
}

static int open_window(struct pb_task *task)
{
    void *window = mmap(NULL, sizeof(struct window), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    if (window == MAP_FAILED)
        return -errno;
    task->own = window;
    return 0;
}

static void close_window(struct pb_task *task)
{
    munmap(task->own, sizeof(struct window));
    task->own = NULL;
}

#define OPERATION(name, stage_name, spins, n_events)                           \
    static int warm_##name(struct pb_task *task)                               \
    {                                                                          \
        int error = play(task, WARM_EVENTS, spins);                            \
        return error < 0 ? error : 0;                                          \
    }                                                                          \
    static int run_##name(struct pb_task *task, uint32_t calls)                \
    {                                                                          \
        int error = play(task, calls, spins);                                  \
        if (error >= 0)                                                        \
            keep(task);                                                        \
        return error;                                                          \
    }                                                                          \
    const struct pb_operation pb_operation_wakeup_##name = {                   \
        .stage = (stage_name),                                                 \
        .needs_set = 1,                                                        \
        .metric = PB_METRIC_spacing,                                           \
        .is_once = true,                                                       \
        .has_latencies = true,                                                 \
        .open = open_window,                                                   \
        .close = close_window,                                                 \
        .timed =                                                               \
            {                                                                  \
                .calls = (n_events),                                           \
                .warm = warm_##name,                                           \
                .run = run_##name,                                             \
                .total = pb_task_counted,                                      \
            },                                                                 \
    };

OPERATION(asleep, "asleep", false, EVENTS)
OPERATION(asleep_long, "asleep", false, MANY_EVENTS)
OPERATION(spinning, "spinning", true, EVENTS)
