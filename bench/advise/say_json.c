/* SPDX-License-Identifier: MIT */
#include "say.h"

#include <jansson.h>
#include <stdio.h>

/* What is not known is null: jansson makes no real of it. */
static json_t *interval(struct pa_interval interval)
{
    return json_pack("{s:o?, s:o?, s:o?}", "value", json_real(interval.value),
                     "low", json_real(interval.low), "high",
                     json_real(interval.high));
}

static json_t *types(const struct pa_thread *thread)
{
    json_t *object = json_object();

    for (enum pa_fd_type type = 0; type < PA_N_FD_TYPES; type++)
        if (thread->n_of[type])
            json_object_set_new(object, pa_fd_type_name(type),
                                json_integer((json_int_t)thread->n_of[type]));
    return object;
}

/* How many fds are watched for each set of events. */
static json_t *events(const struct pa_watched *watched)
{
    json_t *object = json_object();

    for (size_t i = 0; i < watched->n; i++) {
        char key[16];
        snprintf(key, sizeof key, "0x%x", watched->fds[i].events);
        json_int_t n = json_integer_value(json_object_get(object, key));
        json_object_set_new(object, key, json_integer(n + 1));
    }
    return object;
}

static json_t *option(const struct pa_option *option, enum pa_way way)
{
    return json_pack("{s:s, s:o, s:o?, s:o, s:o, s:s?}", "call",
                     pa_way_name(way), "wait_ns", interval(option->wait_ns),
                     "waiting", json_real(option->waiting), "taken",
                     interval(option->taken), "saved", interval(option->saved),
                     "cannot", option->cannot);
}

static json_t *options(const struct pa_advice *advice)
{
    json_t *array = json_array();

    for (enum pa_way way = 0; advice->has_options && way < PA_N_WAYS; way++)
        json_array_append_new(array, option(&advice->options[way], way));
    return array;
}

/* A trace tells how many fds there are, and not which. */
static json_t *of_fds(const struct pa_thread *thread, int64_t number)
{
    return thread->is_traced ? json_null() : json_integer((json_int_t)number);
}

static json_t *observed(const struct pa_thread *thread,
                        const struct pa_advice *advice)
{
    const struct pa_watched none = {0};
    const struct pa_watched *watched = &thread->watched;
    struct pa_slice sum = pa_thread_sum(thread);

    return json_pack(
        "{s:i, s:s, s:I, s:I, s:o, s:o, s:o, s:o, s:f, s:I, s:o, s:i, s:i, "
        "s:o?, s:o?, s:o?, s:b}",
        "tid", thread->tid, "call", thread->call, "fds", (json_int_t)watched->n,
        "least_fds", (json_int_t)thread->n_least, "highest_fd",
        of_fds(thread, pa_watched_highest(watched)), "occupied_words",
        of_fds(thread, (int64_t)pa_watched_words(watched)), "types",
        types(thread), "events", events(thread->is_traced ? &none : watched),
        "seconds", sum.seconds, "sleeps", (json_int_t)sum.sleeps,
        thread->is_counted ? "waits_per_second" : "sleeps_per_second",
        interval(advice->waits), "samples", sum.samples, "samples_elsewhere",
        thread->elsewhere, "busy", json_real(advice->busy), "delayed",
        json_real(advice->delay), "asleep", json_real(advice->asleep), "traced",
        thread->is_traced);
}

/* Of one that counts its waits. */
static json_t *counted(const struct pa_thread *thread)
{
    struct pa_slice sum = pa_thread_sum(thread);
    double ns = (double)sum.waiting_ns - (double)sum.waits * thread->clock_ns;

    return thread->is_counted
               ? json_pack("{s:I, s:I, s:f}", "waits", (json_int_t)sum.waits,
                           "returned", (json_int_t)sum.returned, "waiting_ns",
                           ns)
               : json_object();
}

static json_t *thread(const struct pa_look *look,
                      const struct pa_thread *thread,
                      const struct pa_advice *advice)
{
    int is_switch = advice->answer == PA_SWITCH;
    json_t *told =
        json_pack("{s:s, s:s?, s:s?, s:s?, s:s?, s:o}", "answer",
                  pa_answer_name(advice->answer), "reason",
                  *advice->reason.text ? advice->reason.text : NULL, "to",
                  is_switch ? pa_way_name(advice->best) : NULL, "setting",
                  is_switch ? pa_way_setting(look->name, advice->best) : NULL,
                  "model_fd_kind", advice->kind, "options", options(advice));
    json_t *all = observed(thread, advice), *counts = counted(thread);

    if (!all || !told || !counts || json_object_update(all, told) < 0 ||
        json_object_update(all, counts) < 0) {
        json_decref(all);
        all = NULL;
    }
    json_decref(told);
    json_decref(counts);
    return all;
}

int pa_say_json(const struct pa_told *told, struct pa_problem *problem)
{
    const struct pa_look *look = told->look;
    json_t *threads = json_array();
    struct pa_problem reason;
    int error = 0;

    for (size_t i = 0; i < look->n_threads; i++)
        if (look->threads[i].way != PA_NO_WAY)
            error |= json_array_append_new(
                threads, thread(look, &look->threads[i], &told->advice[i]));
    pa_judge_none(&reason, look, told->advice);
    json_t *all = json_pack(
        "{s:i, s:s, s:f, s:b, s:I, s:f, s:I, s:s?, s:o}", "pid", look->pid,
        "name", look->name, "seconds", look->seconds, "ended", look->has_ended,
        "reads", (json_int_t)look->n_reads, "own_share", look->own_share,
        "all_threads", (json_int_t)look->n_threads, "reason",
        *reason.text ? reason.text : NULL, "threads", threads);
    if (!all || error)
        error = pa_problem_set(problem, "out of memory");
    else if (json_dumpf(all, stdout, JSON_INDENT(1)) == 0)
        putchar('\n');
    json_decref(all);
    return error;
}
