/* SPDX-License-Identifier: MIT */
#include "sampler.h"

#include "clock.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/resource.h>

/* What stands beside the clock: how often the thread was interrupted, and a
 * second clock that nothing sets. */
struct witness {
    long involuntary_switches;
    int64_t raw_ns;
};

static int look_before(struct witness *before)
{
    struct rusage usage;
    if (getrusage(RUSAGE_THREAD, &usage) < 0)
        return -errno;
    before->involuntary_switches = usage.ru_nivcsw;
    before->raw_ns = pb_raw_ns();
    return 0;
}

/* Fill in the switches. Returns -ETIME when the two clocks tell of different
 * times: then the clock stood still, or jumped. A switch between the readings
 * would look the same, but is told apart by being counted. */
static int look_after(const struct witness *before, struct pb_sample *sample)
{
    enum { TOLERANCE_NS = 1000000 };
    struct rusage usage;
    int64_t raw_ns = pb_raw_ns() - before->raw_ns;
    if (getrusage(RUSAGE_THREAD, &usage) < 0)
        return -errno;
    sample->involuntary_switches =
        usage.ru_nivcsw - before->involuntary_switches;
    if (sample->batch_ns <= 0)
        return -ETIME;
    int64_t apart_ns = llabs(sample->batch_ns - raw_ns);
    return sample->involuntary_switches == 0 &&
                   apart_ns > TOLERANCE_NS + raw_ns / 10
               ? -ETIME
               : 0;
}

static int warm(struct pb_task *task)
{
    const struct pb_operation *operation = task->series->operation;
    return operation->warm ? operation->warm(task) : operation->run(task, 1);
}

/* Time one of the operation's two functions. Returns 0 or -errno. */
static int time_calls(int (*run)(struct pb_task *, uint32_t),
                      struct pb_task *task, uint32_t calls, int64_t *elapsed_ns)
{
    int64_t start_ns = pb_now_ns();
    int error = run(task, calls);
    *elapsed_ns = pb_now_ns() - start_ns;
    return error;
}

static int reserve(struct pb_task *task, uint32_t calls)
{
    const struct pb_watch *watch = task->watch;
    return pb_answers_reserve(task->answers, pb_answers_slots(task, calls),
                              watch ? watch->got.highest_fd : 0);
}

static int time_batch(struct pb_task *task, struct pb_sample *sample,
                      int64_t clock_cost_ns)
{
    const struct pb_operation *operation = task->series->operation;
    sample->overhead_ns = clock_cost_ns;
    int error = reserve(task, sample->calls);
    if (!error)
        error = warm(task);
    if (!error && operation->run_overhead) {
        int64_t extra_ns = 0;
        error =
            time_calls(operation->run_overhead, task, sample->calls, &extra_ns);
        if (extra_ns > clock_cost_ns)
            sample->overhead_ns += extra_ns - clock_cost_ns;
    }
    if (error)
        return error;
    struct witness before = {0};
    error = look_before(&before);
    if (!error)
        error =
            time_calls(operation->run, task, sample->calls, &sample->batch_ns);
    return error ? error : look_after(&before, sample);
}

struct pb_sample pb_sample_batch(struct pb_task *task, uint32_t calls,
                                 int64_t clock_cost_ns)
{
    const struct pb_operation *operation = task->series->operation;
    struct pb_sample sample = {.calls = calls};

    sample.error = time_batch(task, &sample, clock_cost_ns);
    if (!sample.error && operation->check)
        sample.error = operation->check(task, calls);
    return sample;
}

int pb_calibrate(struct pb_task *task, int64_t target_ns, uint32_t *calls)
{
    /* A clock that shows nothing of so many calls will show nothing of more. */
    enum { MAX_CALLS = 1 << 20, MAX_TIMELESS_CALLS = 1024 };
    const struct pb_operation *operation = task->series->operation;
    if (operation->calls) {
        *calls = operation->calls;
        return 0;
    }
    for (*calls = 1; *calls < MAX_CALLS; *calls *= 2) {
        struct pb_sample sample = pb_sample_batch(task, *calls, 0);
        if (sample.error &&
            (sample.error != -ETIME || *calls >= MAX_TIMELESS_CALLS))
            return sample.error;
        if (sample.error)
            continue;
        if (sample.batch_ns >= target_ns)
            return 0;
        /* Close enough to reckon the rest. */
        if (sample.batch_ns > target_ns / 8) {
            double more = 1.02 * (double)target_ns / (double)sample.batch_ns;
            *calls = (uint32_t)(*calls * more) + 1;
            return 0;
        }
    }
    return 0;
}
