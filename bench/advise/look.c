/* SPDX-License-Identifier: MIT */
#include "look.h"

#include "counted.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double seconds_of(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void sleep_until(double at_s)
{
    struct timespec at = {.tv_sec = (time_t)at_s};

    at.tv_nsec = (long)((at_s - (double)at.tv_sec) * 1e9);
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL) == EINTR)
        ;
}

/* What a thread has done so far. Returns 0, or -1: it has ended. */
static int count(struct pa_slice *counts, struct pa_process *process, int tid)
{
    struct pa_sched sched;
    const char *text = pa_process_text(process, tid, "status");

    if (!text || strstr(text, "\nState:\tZ") || strstr(text, "\nState:\tX") ||
        pa_read_status(&counts->sleeps, text, "voluntary_ctxt_switches") < 0)
        return -1;
    text = pa_process_text(process, tid, "schedstat");
    counts->seconds = seconds_of(CLOCK_MONOTONIC);
    if (!text || pa_read_sched(&sched, text) < 0)
        return -1;
    counts->cpu_ns = sched.cpu_ns;
    counts->delay_ns = sched.delay_ns;
    return 0;
}

/* End a slice of a thread. One that has ended is never looked at again: its
 * slices are those that were whole. */
static void end_slice(struct pa_thread *thread, struct pa_process *process,
                      int slice)
{
    struct pa_slice now, *last = &thread->start;
    struct pa_slice *ended = &thread->slices[slice];

    if (thread->n_slices < slice || count(&now, process, thread->tid) < 0)
        return;
    ended->seconds = now.seconds - last->seconds;
    ended->cpu_ns = now.cpu_ns - last->cpu_ns;
    ended->delay_ns = now.delay_ns - last->delay_ns;
    ended->sleeps = now.sleeps - last->sleeps;
    *last = now;
    thread->n_slices = slice + 1;
}

/* Keep the largest set: advice is for when it is busiest. */
static void keep_set(struct pa_thread *thread, struct pa_watched *got,
                     int slice)
{
    if (thread->set_slice < 0 || got->n < thread->n_least)
        thread->n_least = got->n;
    if (thread->set_slice < 0 || got->n > thread->watched.n) {
        struct pa_watched smaller = thread->watched;
        thread->watched = *got;
        *got = smaller;
    }
    thread->set_slice = slice;
}

static int set_of(enum pa_way way, const struct pa_at *at)
{
    return way == PA_EPOLL ? (int)at->arguments[0] : -1;
}

/* How often it has been on a CPU; -1: not known. */
static int64_t runs_of(struct pa_process *process, int tid)
{
    struct pa_sched sched;
    const char *text = pa_process_text(process, tid, "schedstat");

    return text && pa_read_sched(&sched, text) == 0 ? sched.runs : -1;
}

/* Read what it waits for, if it still sleeps: a thread that has not been on a
 * CPU between two looks is in the same call at both, and its memory at rest.
 * epoll's set is the kernel's, which reads it out as a whole. */
static void read_set(struct pa_thread *thread, struct pa_process *process,
                     int slice)
{
    struct pa_watched got = {0};
    struct pa_at at;
    const char *name;
    int64_t before = runs_of(process, thread->tid);
    const char *text = pa_process_text(process, thread->tid, "syscall");

    if (before < 0 || !text || pa_read_at(&at, text) < 0 ||
        at.where != PA_IN_CALL ||
        pa_way_of_call(at.number, &name) != thread->way ||
        set_of(thread->way, &at) != thread->set)
        return;
    if (pa_process_watched(process, &got, thread->tid, thread->way, &at) == 0 &&
        (thread->way == PA_EPOLL || runs_of(process, thread->tid) == before))
        keep_set(thread, &got, slice);
    pa_watched_free(&got);
}

/* epoll's set is read once: fdinfo holds a lock that its user needs, for 1.5
 * us an entry. */
static void sample(struct pa_thread *thread, struct pa_process *process,
                   int slice)
{
    struct pa_at at;
    const char *call = NULL;
    const char *text = pa_process_text(process, thread->tid, "syscall");

    if (!text || pa_read_at(&at, text) < 0)
        return;
    thread->slices[slice].samples++;
    if (at.where == PA_RUNNING)
        return;
    enum pa_way way =
        at.where == PA_IN_CALL ? pa_way_of_call(at.number, &call) : PA_NO_WAY;
    if (thread->way == PA_NO_WAY && way != PA_NO_WAY) {
        thread->way = way;
        thread->call = call;
        thread->set = set_of(way, &at);
    }
    if (way == PA_NO_WAY || way != thread->way ||
        set_of(way, &at) != thread->set) {
        thread->elsewhere++;
        thread->other_call = at.where == PA_IN_CALL ? at.number : -1;
        return;
    }
    thread->slices[slice].asleep++;
    if (thread->set_slice < 0 ||
        (way != PA_EPOLL && thread->set_slice != slice))
        read_set(thread, process, slice);
}

/* Threads that begin later are not seen. Returns 0, or -1 with *problem set. */
static int list_threads(struct pa_look *look, struct pa_process *process,
                        struct pa_problem *problem)
{
    int n = 0;
    PA_FREED int *tids = pa_process_threads(process, &n);

    look->threads = pa_room((size_t)n, sizeof *look->threads);
    for (int i = 0; i < n; i++) {
        struct pa_thread *thread = &look->threads[look->n_threads];
        *thread = (struct pa_thread){
            .tid = tids[i], .way = PA_NO_WAY, .set = -1, .set_slice = -1};
        look->n_threads += count(&thread->start, process, tids[i]) == 0;
    }
    return look->n_threads > 0 ? 0 : pa_process_problem(process, problem);
}

static size_t count_left(const struct pa_look *look, int n_slices)
{
    size_t n = 0;

    for (size_t i = 0; i < look->n_threads; i++)
        n += look->threads[i].n_slices >= n_slices;
    return n;
}

/* One part of the look. Samples are at a random time within each interval: a
 * program may have a beat, too. */
static void watch(struct pa_look *look, struct pa_process *process, int slice,
                  double seconds)
{
    double most = PB_LOOK_RATE * seconds;
    double fair = PB_LOOK_READS * seconds / (double)look->n_threads;
    int n = (int)(most < fair ? most : fair) + 1;
    double start = seconds_of(CLOCK_MONOTONIC);

    for (int i = 0; i < n; i++) {
        sleep_until(start + seconds / n * (i + drand48()));
        for (size_t j = 0; j < look->n_threads; j++)
            if (look->threads[j].n_slices == slice)
                sample(&look->threads[j], process, slice);
    }
    sleep_until(start + seconds);
    pa_counted_read(process->counted, process, slice + 1);
    for (size_t j = 0; j < look->n_threads; j++)
        end_slice(&look->threads[j], process, slice);
}

static void watch_all(struct pa_look *look, struct pa_process *process,
                      double seconds)
{
    double start = seconds_of(CLOCK_MONOTONIC);
    int slice = 0;

    while (slice < PB_LOOK_SLICES && count_left(look, slice) > 0)
        watch(look, process, slice++, seconds / PB_LOOK_SLICES);
    look->has_ended = count_left(look, slice) == 0;
    look->seconds = seconds_of(CLOCK_MONOTONIC) - start;
}

/* What was counted counts more than what was seen. */
static void finish(struct pa_look *look, struct pa_process *process)
{
    for (size_t i = 0; i < look->n_threads; i++) {
        struct pa_thread *thread = &look->threads[i];
        pa_counted_tell(process->counted, process, thread);
        pa_process_types(process, thread);
        look->is_counted |= thread->is_counted;
    }
}

int pa_look(struct pa_look *look, int pid, double seconds, int wants_counts,
            struct pa_problem *problem)
{
    struct pa_counted counted;
    struct pa_process process;
    double start = seconds_of(CLOCK_PROCESS_CPUTIME_ID);

    *look = (struct pa_look){.pid = pid};
    if (pa_process_open(&process, pid, look->name, problem) < 0)
        return -1;
    process.counted = &counted;
    pa_counted_find(&counted, &process);
    int error = list_threads(look, &process, problem);
    if (error == 0 && wants_counts && !counted.at)
        error = pa_counted_problem(&process, problem);
    if (error == 0) {
        watch_all(look, &process, seconds);
        look->own_share =
            (seconds_of(CLOCK_PROCESS_CPUTIME_ID) - start) / look->seconds;
        finish(look, &process);
    }
    look->n_reads = process.n_reads;
    pa_process_close(&process);
    if (error < 0)
        pa_look_free(look);
    return error;
}

void pa_look_free(struct pa_look *look)
{
    for (size_t i = 0; i < look->n_threads; i++)
        pa_watched_free(&look->threads[i].watched);
    free(look->threads);
    *look = (struct pa_look){0};
}

struct pa_slice pa_thread_sum(const struct pa_thread *thread)
{
    struct pa_slice sum = {0};

    for (int i = 0; i < thread->n_slices; i++) {
        const struct pa_slice *slice = &thread->slices[i];
        sum.seconds += slice->seconds;
        sum.cpu_ns += slice->cpu_ns;
        sum.delay_ns += slice->delay_ns;
        sum.sleeps += slice->sleeps;
        sum.samples += slice->samples;
        sum.asleep += slice->asleep;
        sum.waits += slice->waits;
        sum.returned += slice->returned;
        sum.waiting_ns += slice->waiting_ns;
    }
    return sum;
}

const char *pa_fd_type_name(enum pa_fd_type type)
{
#define NAME(what, name, kind) name,
    static const char *const names[] = {PA_FD_TYPES(NAME)};
    return names[type];
}

const char *pa_thread_fd_kind(const struct pa_thread *thread)
{
#define KIND(what, name, kind) kind,
    static const char *const kinds[] = {PA_FD_TYPES(KIND)};
    enum pa_fd_type most = 0;

    for (enum pa_fd_type type = 0; type < PA_N_FD_TYPES; type++)
        if (thread->n_of[type] > thread->n_of[most])
            most = type;
    return kinds[most];
}
