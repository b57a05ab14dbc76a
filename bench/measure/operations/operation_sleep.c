/* SPDX-License-Identifier: MIT */
/* A wait that sleeps until a partner writes, and the read after it: the CPU
 * time of the one that waits. When it wakes is not looked at. */
#include "clock.h"
#include "operation.h"
#include "partner.h"

#include <errno.h>
#include <sys/eventfd.h>
#include <sys/resource.h>

static int64_t own_cpu_ns(void)
{
    return pb_clock_ns(CLOCK_THREAD_CPUTIME_ID);
}

static int count_sleeps(long *n_sleeps)
{
    struct rusage usage;
    if (getrusage(RUSAGE_THREAD, &usage) < 0)
        return -errno;
    *n_sleeps = usage.ru_nvcsw;
    return 0;
}

/* One wait with all that goes with it. A wake-up that is lost ends in the
 * timeout, and so in a wrong answer. */
static int sleep_once(struct pb_task *task, struct pollset_event *out, int room)
{
    const struct pb_scene *scene = task->scene;
    eventfd_t n_written;

    pb_partner_expect(scene->partner);
    int n = pollset_poll(task->set, out, room, scene->got.timeout * 1000000);
    if (n < 0)
        return n;
    if (n != 1 || eventfd_read(scene->event_fd, &n_written) < 0)
        return -EBADMSG;
    return n_written == 1 ? 0 : -EBADMSG;
}

static int run_sleep(struct pb_task *task, uint32_t calls)
{
    struct pb_answers *answers = task->answers;
    struct pollset_event *out = answers->events;
    struct pollset_event *last = out + answers->room;
    long before = 0, after = 0;
    int error = count_sleeps(&before);

    for (uint32_t i = 0; i < calls && !error; i++, out++)
        error = sleep_once(task, out, (int)(last - out));
    if (!error)
        error = count_sleeps(&after);
    answers->n_events = (size_t)(out - answers->events);
    if (!error && after - before != (long)calls)
        error = -EDEADLK; /* one did not sleep, or slept twice */
    return error;
}

/* How long a look at all of them takes sets the schedule: to queue on all, too,
 * takes up to four times as long, cold some more. */
static int pace_and_sleep(struct pb_task *task)
{
    enum { LEAST_NS = 100000, LOOKS = 6 };
    int64_t start_ns = pb_now_ns();
    int n = pollset_poll(task->set, task->answers->events, 1, 0);
    int64_t period_ns = LOOKS * (pb_now_ns() - start_ns);

    if (n != 0)
        return n < 0 ? n : -EBADMSG;
    task->scene->partner->period_ns =
        period_ns > LEAST_NS ? period_ns : LEAST_NS;
    return sleep_once(task, task->answers->events, 1);
}

static int check_sleep(struct pb_task *task, uint32_t calls)
{
    return pb_answers_check(task->answers, task->scene, calls);
}

const struct pb_operation pb_operation_sleep = {
    .stage = "sleep",
    .needs_set = 1,
    .metric = PB_METRIC_cpu,
    .timed =
        {
            .calls = 3,
            .read = own_cpu_ns,
            .reserve = pb_answers_reserve_batch,
            .warm = pace_and_sleep,
            .run = run_sleep,
            .check = check_sleep,
        },
};
