/* SPDX-License-Identifier: MIT */
#include "judge.h"

#include <math.h>
#include <sys/epoll.h>
#include <sys/select.h>

/* What was counted, as shares and rates. */
static void take_sums(struct pa_advice *advice, const struct pa_thread *thread)
{
    struct pa_slice sum = pa_thread_sum(thread);
    double rates[PB_LOOK_SLICES];

    for (int i = 0; i < thread->n_slices; i++)
        rates[i] = (double)(thread->is_counted ? thread->slices[i].waits
                                               : thread->slices[i].sleeps) /
                   thread->slices[i].seconds;
    advice->waits = pa_t_interval(rates, (size_t)thread->n_slices);
    advice->busy = thread->is_traced
                       ? (double)INFINITY /* what it takes is not known */
                       : (double)sum.cpu_ns / sum.seconds * 1e-9;
    advice->delay = (double)sum.delay_ns / sum.seconds * 1e-9;
    advice->asleep = (double)sum.asleep / sum.samples;
}

#define SATURATED                                                              \
    "it does not sleep for each wait, so how often it waits is not known; "    \
    "look when it has less to do, or let it count (--preload)"

static int count_saturated(const struct pa_thread *thread)
{
    int n = 0;

    for (int i = 0; i < thread->n_slices; i++) {
        const struct pa_slice *slice = &thread->slices[i];
        n += (double)(slice->cpu_ns + slice->delay_ns) >
             PB_BUSY_SHARE * 1e9 * slice->seconds;
    }
    return n;
}

/* Each of the following returns 0, or -1 with the reason why it cannot be told.
 * The first: was enough seen, and did it sleep once for each wait? A starved
 * program looks idle: it is on a CPU as little as one that has nothing to do.
 */
static int check_load(struct pa_advice *advice, const struct pa_thread *thread)
{
    struct pa_slice sum = pa_thread_sum(thread);
    struct pa_problem *reason = &advice->reason;
    int n = count_saturated(thread);

    if (sum.samples < PB_LOOK_FEW)
        return pa_problem_set(reason,
                              "only %d samples, of %d at least: look longer "
                              "(--seconds)",
                              sum.samples, PB_LOOK_FEW);
    if (sum.sleeps > 0 && sum.cpu_ns == 0 && sum.delay_ns == 0)
        return pa_problem_set(reason, "this kernel keeps no times of threads "
                                      "(CONFIG_SCHED_INFO)");
    if (advice->delay > PB_STARVED_SHARE)
        return pa_problem_set(reason,
                              "starved: it waited for a CPU for %.0f %% of the "
                              "time, which others use; look when they do not",
                              100 * advice->delay);
    if (n > 0)
        return pa_problem_set(reason,
                              "saturated in %d of %d parts of the look (busy "
                              "%.0f %%): " SATURATED,
                              n, thread->n_slices, 100 * advice->busy);
    if (advice->asleep < PB_ASLEEP_SHARE)
        return pa_problem_set(reason,
                              "saturated: asleep in the wait in %.0f %% of the "
                              "samples only (busy %.0f %%): " SATURATED,
                              100 * advice->asleep, 100 * advice->busy);
    return 0;
}

static int check_sleeps(struct pa_advice *advice,
                        const struct pa_thread *thread)
{
    struct pa_slice sum = pa_thread_sum(thread);
    double share = (double)thread->elsewhere / sum.samples;

    if (share <= PB_ELSEWHERE_SHARE)
        return 0;
    return pa_problem_set(&advice->reason,
                          "in %.0f %% of the samples it sleeps elsewhere "
                          "(system call %ld): which of its sleeps are waits "
                          "cannot be told",
                          100 * share, thread->other_call);
}

/* Whoever counts may be saturated. */
static int check_counts(struct pa_advice *advice,
                        const struct pa_thread *thread)
{
    int64_t n = pa_thread_sum(thread).waits;

    if (n < PB_LOOK_FEW)
        return pa_problem_set(&advice->reason,
                              "only %d waits, of %d at least: look longer "
                              "(--seconds)",
                              (int)n, PB_LOOK_FEW);
    if (thread->elsewhere_share > PB_ELSEWHERE_SHARE)
        return pa_problem_set(&advice->reason,
                              "%.0f %% of its waits are by another call or on "
                              "another set: what one of them takes cannot be "
                              "told",
                              100 * thread->elsewhere_share);
    return 0;
}

static int check_set(struct pa_advice *advice, const struct pa_thread *thread)
{
    const struct pa_watched *watched = &thread->watched;
    size_t n = pa_watched_with(watched, EPOLLET | EPOLLONESHOT |
                                            (uint32_t)EPOLLEXCLUSIVE);

    if (thread->set_slice < 0)
        return pa_problem_set(
            &advice->reason, "what it waits for could not be read%s",
            thread->is_counted ? ": it changes all the time, or is too large"
                               : " while it slept; look longer (--seconds)");
    if (watched->n == 0)
        return pa_problem_set(&advice->reason, "it waits for no fd: it only "
                                               "sleeps");
    if (watched->n > PB_SET_CHANGE * thread->n_least)
        return pa_problem_set(&advice->reason,
                              "its set was of %zu fds and of %zu: look when "
                              "it does not change",
                              thread->n_least, watched->n);
    if (thread->way == PA_EPOLL && n > 0)
        return pa_problem_set(&advice->reason,
                              "edge-triggered, one-shot or exclusive (%zu of "
                              "%zu entries): the other calls promise something "
                              "else, so the program has to be another",
                              n, watched->n);
    return 0;
}

static const char *why_not(const struct pa_thread *thread, enum pa_way way)
{
    if (way == PA_SELECT && way != thread->way && thread->is_traced)
        return "not known: a trace may not tell the highest fd";
    if (way == PA_SELECT && way != thread->way &&
        pa_watched_highest(&thread->watched) >= FD_SETSIZE)
        return "cannot: an fd is beyond FD_SETSIZE";
    if (way == PA_EPOLL && thread->n_of[PA_FD_FILE] > 0)
        return "cannot: it takes no regular file";
    return NULL;
}

static double half(struct pa_interval interval)
{
    return (interval.high - interval.low) / 2;
}

/* No more is saved than it takes. The error is that of the rate, that of both
 * models, whose invocations are the same, and that of the method; what it
 * leaves below the whole is the interval, and its middle the estimate. */
static struct pa_interval saving(const struct pa_advice *advice,
                                 const struct pa_wait_cost *now,
                                 const struct pa_wait_cost *other, double off)
{
    double waits = advice->waits.value * 1e-9; /* in a ns */
    double less_ns =
        now->ns.value + now->array_ns - other->ns.value - other->array_ns;
    double models = waits * (half(now->ns) + half(other->ns));
    double rate = half(advice->waits) * 1e-9 * less_ns;
    double saved = waits * less_ns;

    if (saved > advice->busy)
        saved = advice->busy;
    double wide = sqrt(models * models + rate * rate + pow(off * saved, 2));
    if (isnan(wide)) /* of one invocation */
        return (struct pa_interval){saved, NAN, NAN};
    double high = fmin(saved + wide, advice->busy);
    return (struct pa_interval){(saved - wide + high) / 2, saved - wide, high};
}

static void fill_options(struct pa_advice *advice,
                         const struct pa_thread *thread,
                         const struct pa_wait_cost by_way[PA_N_WAYS])
{
    const struct pa_interval none = {NAN, NAN, NAN};

    for (enum pa_way way = 0; way < PA_N_WAYS; way++) {
        struct pa_option *option = &advice->options[way];
        option->cannot = why_not(thread, way);
        option->wait_ns = option->cannot ? none : by_way[way].ns;
        option->waiting = advice->waits.value * option->wait_ns.value * 1e-9;
        option->saved =
            saving(advice, &by_way[thread->way], &by_way[way],
                   thread->is_counted && way == PA_EPOLL ? PB_COUNTED_OFF
                                                         : PB_ADVICE_OFF);
        if (option->cannot)
            option->saved = none;
        if (way == thread->way)
            option->saved = (struct pa_interval){0, 0, 0};
        option->taken = (struct pa_interval){advice->busy - option->saved.value,
                                             advice->busy - option->saved.high,
                                             advice->busy - option->saved.low};
        if (way != thread->way && !isnan(option->saved.value) &&
            (advice->best == PA_NO_WAY ||
             option->saved.value > advice->options[advice->best].saved.value))
            advice->best = way;
    }
    advice->has_options = 1;
}

/* Waits cannot take more than the thread does, even warm, but for the method's
 * error. */
static int check_models(struct pa_advice *advice, struct pa_interval wait_ns)
{
    double least_ns = fmin(wait_ns.low, wait_ns.value); /* low may be NAN */
    double waiting = advice->waits.value * least_ns * 1e-9;

    if ((1 - PB_ADVICE_OFF) * waiting <= advice->busy)
        return 0;
    return pa_problem_set(&advice->reason,
                          "by RUN its waits take %.1f %% of a core, and it "
                          "takes %.1f %% in all: RUN's fds are not like these, "
                          "or others used the machine; " PA_MEASURE_ONE,
                          100 * waiting, 100 * advice->busy);
}

static int choose(struct pa_advice *advice)
{
    if (advice->best == PA_NO_WAY)
        return pa_problem_set(&advice->reason,
                              "there is no other call that it could use and "
                              "RUN has a cold model of");
    const struct pa_option *best = &advice->options[advice->best];
    if (best->saved.value < PB_ADVICE_SHARE)
        return 0;
    if (isnan(best->saved.low))
        return pa_problem_set(&advice->reason,
                              "RUN is of one invocation, or the look was too "
                              "short: there is no interval");
    if (best->saved.low <= 0)
        return pa_problem_set(&advice->reason,
                              "%s saves %.1f %% of a core [%.1f, %.1f], which "
                              "may be nothing; look longer (--seconds)",
                              pa_way_name(advice->best),
                              100 * best->saved.value, 100 * best->saved.low,
                              100 * best->saved.high);
    advice->answer = PA_SWITCH;
    return 0;
}

static int compare(struct pa_advice *advice, struct pa_costs *costs,
                   const struct pa_thread *thread, struct pa_problem *problem)
{
    struct pa_wait_cost by_way[PA_N_WAYS];
    int known = pa_costs_of_this_machine(costs, problem);

    if (known == PA_KNOWN)
        known = pa_costs_at(costs, by_way, thread, &advice->kind, problem);
    if (known == PA_NOT_KNOWN)
        advice->reason = *problem;
    if (known != PA_KNOWN)
        return known < 0 ? -1 : 0;
    if (thread->is_counted && !thread->is_traced)
        pa_costs_counted(by_way, thread);
    else if (!thread->is_traced &&
             check_models(advice, by_way[thread->way].ns) < 0)
        return 0;
    fill_options(advice, thread, by_way);
    if (choose(advice) == 0 && advice->answer == PA_SWITCH)
        advice->sooner_ns =
            by_way[thread->way].again_ns - by_way[advice->best].again_ns;
    return 0;
}

static double most_taken(const struct pa_advice *advice)
{
    double most = 0;

    for (enum pa_way way = 0; way < PA_N_WAYS; way++)
        most = fmax(most, advice->options[way].taken.value);
    return most;
}

int pa_judge(struct pa_advice *advice, struct pa_costs *costs,
             const struct pa_thread *thread, struct pa_problem *problem)
{
    int error = 0;

    *advice = (struct pa_advice){.best = PA_NO_WAY};
    take_sums(advice, thread);
    if (thread->way == PA_NO_WAY)
        return 0;
    int is_seen = thread->is_counted ? check_counts(advice, thread) == 0
                                     : check_load(advice, thread) == 0 &&
                                           check_sleeps(advice, thread) == 0;
    if (is_seen && check_set(advice, thread) == 0)
        error = compare(advice, costs, thread, problem);
    if (is_seen && advice->busy < PB_ADVICE_SHARE) {
        *advice->reason.text = '\0'; /* there is nothing to be saved */
        advice->has_options &= most_taken(advice) >= PB_ADVICE_SHARE;
    }
    if (*advice->reason.text)
        advice->answer = PA_CANNOT_TELL;
    return error;
}

void pa_judge_none(struct pa_problem *reason, const struct pa_look *look,
                   const struct pa_advice *advice)
{
    for (size_t i = 0; i < look->n_threads; i++) {
        if (look->threads[i].way != PA_NO_WAY) {
            *reason->text = '\0';
            return;
        }
        if (advice[i].busy + advice[i].delay > PB_BUSY_SHARE) {
            pa_problem_set(reason,
                           "thread %d is saturated (busy %.0f %%) and was not "
                           "once seen asleep in a wait; look when it has less "
                           "to do",
                           look->threads[i].tid, 100 * advice[i].busy);
            return;
        }
    }
    pa_problem_set(reason, "no wait on any fd was seen: it computes, or blocks "
                           "in read, futex or io_uring_enter");
}
