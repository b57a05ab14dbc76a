/* SPDX-License-Identifier: MIT */
#include "sampler.h"

#include "clock.h"
#include "rules.h"

#include <errno.h>
#include <sched.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/resource.h>

/* What the calls took, and what happened meanwhile. */
struct timing {
    bool hands_over; /* to other threads, for whom it waits */
    int64_t elapsed_ns;
    long involuntary_switches;
};

/* Of all threads: a scene's may take turns with this one. A CPU that is given
 * up is that of a process that was stopped, or that a tracer holds: nothing
 * here waits for anything, but for whom it hands over to. */
static int count_switches(bool hands_over, long *n_switches)
{
    struct rusage usage;
    if (getrusage(RUSAGE_SELF, &usage) < 0)
        return -errno;
    *n_switches = usage.ru_nivcsw + (hands_over ? 0 : usage.ru_nvcsw);
    return 0;
}

/* Whether the clock stood still or jumped, seen by a second one that nothing
 * sets. That one is read before and after it, so only a jump makes it show
 * less; more may also be a switch between the readings of the two. */
static int is_astray(const struct timing *timing, int64_t raw_ns)
{
    int64_t tolerance_ns = PB_CLOCK_ASTRAY_NS + raw_ns / 10;
    return timing->elapsed_ns < 0 ||
           timing->elapsed_ns - raw_ns > tolerance_ns ||
           (timing->involuntary_switches == 0 &&
            raw_ns - timing->elapsed_ns > tolerance_ns);
}

static int warm_once(const struct pb_timed *timed, struct pb_task *task)
{
    return timed->warm ? timed->warm(task) : timed->run(task, 1);
}

/* Until it gets no cheaper: a last-level cache may take in a line only after it
 * has been asked for several times. Sets that outgrow the core's own cache
 * were seen to need up to eight calls after the rest of a round, and to cost
 * 2-4 times as much after one. What takes longer than this fits no cache. */
static int warm(const struct pb_timed *timed, struct pb_task *task)
{
    int64_t least_ns = INT64_MAX, all_ns = 0;
    int error = 0;
    for (int n_idle = 0;
         n_idle < PB_WARM_IDLE && all_ns < PB_WARM_MOST_NS && !error;) {
        int64_t start_ns = pb_now_ns();
        error = warm_once(timed, task);
        int64_t call_ns = pb_now_ns() - start_ns;
        n_idle =
            call_ns < least_ns - least_ns / PB_WARM_GAIN_PARTS ? 0 : n_idle + 1;
        least_ns = call_ns < least_ns ? call_ns : least_ns;
        all_ns += call_ns;
    }
    return error;
}

/* Time one of the two functions. Returns 0 or -errno. */
static int time_calls(int (*run)(struct pb_task *, uint32_t),
                      struct pb_task *task, uint32_t calls,
                      struct timing *timing)
{
    long before = 0, after = 0;
    int error = count_switches(timing->hands_over, &before);
    if (error)
        return error;
    int64_t raw_start_ns = pb_raw_ns(), start_ns = pb_now_ns();
    error = run(task, calls);
    timing->elapsed_ns = pb_now_ns() - start_ns;
    int64_t raw_ns = pb_raw_ns() - raw_start_ns;
    if (!error)
        error = count_switches(timing->hands_over, &after);
    timing->involuntary_switches = after - before;
    return !error && is_astray(timing, raw_ns) ? -ETIME : error;
}

/* What the calls add to something that is not the time. */
static int count_calls(const struct pb_timed *timed, struct pb_task *task,
                       struct pb_sample *sample)
{
    int64_t before = timed->read ? timed->read() : 0;
    int error = timed->run(task, sample->calls);
    int64_t after = timed->read ? timed->read() : 0;
    if (error == PB_DISTURBED) {
        sample->involuntary_switches = 1;
        error = 0;
    }
    sample->batch_ns =
        error || timed->read ? after - before : timed->total(task);
    if (!error && timed->made)
        sample->calls = timed->made(task);
    return !error && (before < 0 || after < 0) ? -ENODATA : error;
}

static int count_batch(const struct pb_timed *timed, struct pb_task *task,
                       struct pb_sample *sample)
{
    int error = timed->reserve ? timed->reserve(task, sample->calls) : 0;
    if (!error)
        error = warm(timed, task);
    if (!error)
        error = count_calls(timed, task, sample);
    for (int n = 1; n < PB_REPEATS_MOST && error == -EDEADLK; n++)
        error = count_calls(timed, task, sample);
    return error;
}

/* Each call by itself. A switch in between is as bad as one within: what it
 * leaves in the cache is another's. */
static int time_each(const struct pb_timed *timed, struct pb_task *task,
                     struct pb_sample *sample, int64_t clock_cost_ns)
{
    long before = 0, after = 0;
    int error = timed->reserve ? timed->reserve(task, 1) : 0;
    if (!error)
        error = warm(timed, task);
    if (!error)
        error = count_switches(false, &before);
    bool counts = clock_cost_ns < 0;
    for (int i = 0; i < 2 && counts && !error; i++) { /* as time_overhead() */
        int64_t start_ns = pb_now_ns();
        error = timed->run(task, 0);
        int64_t cost_ns = pb_now_ns() - start_ns;
        if (i == 0 || cost_ns < clock_cost_ns)
            clock_cost_ns = cost_ns;
    }
    for (uint32_t i = 0; i < sample->calls && !error; i++) {
        error = timed->chill(task);
        int64_t start_ns = pb_now_ns();
        if (!error)
            error = timed->run(task, 1);
        sample->batch_ns += pb_now_ns() - start_ns;
        if (!error)
            error = timed->check(task, 1);
    }
    if (!error)
        error = count_switches(false, &after);
    sample->overhead_ns = clock_cost_ns * sample->calls;
    sample->involuntary_switches = after - before;
    return !error && sample->batch_ns <= 0 ? -ETIME : error;
}

/* What is done along with the calls or, of a count, around them. A count has it
 * twice and takes the less: an interrupt in it would make the count too small,
 * and no other follows so soon. */
static int time_overhead(const struct pb_timed *timed, struct pb_task *task,
                         struct pb_sample *sample, struct timing *timing,
                         bool counts)
{
    int64_t least_ns = INT64_MAX;
    int error = 0;
    for (int i = 0; i < (counts ? 2 : 1) && !error; i++) {
        error = timed->run_overhead ? time_calls(timed->run_overhead, task,
                                                 sample->calls, timing)
                                    : time_calls(timed->run, task, 0, timing);
        if (timing->elapsed_ns < least_ns)
            least_ns = timing->elapsed_ns;
    }
    sample->involuntary_switches = timing->involuntary_switches;
    if (least_ns > sample->overhead_ns)
        sample->overhead_ns = least_ns;
    return error;
}

static int time_batch(const struct pb_timed *timed, struct pb_task *task,
                      struct pb_sample *sample, int64_t clock_cost_ns)
{
    bool counts = clock_cost_ns < 0 && !timed->whole && !timed->calls;
    sample->overhead_ns = clock_cost_ns < 0 ? 0 : clock_cost_ns;
    int error = timed->reserve ? timed->reserve(task, sample->calls) : 0;
    if (!error)
        error = warm(timed, task);
    struct timing timing = {.hands_over =
                                timed->hands_over && timed->hands_over(task)};
    if (!error && (timed->run_overhead || counts))
        error = time_overhead(timed, task, sample, &timing, counts);
    if (!error)
        error = time_calls(timed->run, task, sample->calls, &timing);
    if (error)
        return error;
    sample->batch_ns = timing.elapsed_ns;
    sample->involuntary_switches += timing.involuntary_switches;
    return sample->batch_ns > 0 ? 0 : -ETIME;
}

struct pb_sample pb_sample_batch(const struct pb_timed *timed,
                                 struct pb_task *task, uint32_t calls,
                                 int64_t clock_cost_ns)
{
    struct pb_sample sample = {.calls = calls};

    if (timed->chill)
        sample.error = time_each(timed, task, &sample, clock_cost_ns);
    else if (timed->read || timed->total)
        sample.error = count_batch(timed, task, &sample);
    else
        sample.error = time_batch(timed, task, &sample, clock_cost_ns);
    if (!sample.error && timed->check && !timed->chill)
        sample.error = timed->check(task, calls);
    sample.cpu = sched_getcpu();
    return sample;
}

int pb_calibrate(const struct pb_timed *timed, struct pb_task *task,
                 int64_t target_ns, uint32_t *calls)
{
    /* A clock that shows nothing of so many calls will show nothing of more. */
    enum { MAX_CALLS = 1 << 20, MAX_TIMELESS_CALLS = 1024 };
    if (timed->calls || timed->whole) {
        *calls = timed->whole ? timed->whole(task) : timed->calls;
        return 0;
    }
    for (*calls = 1; *calls < MAX_CALLS; *calls *= 2) {
        struct pb_sample sample = pb_sample_batch(timed, task, *calls, 0);
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
