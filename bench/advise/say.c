/* SPDX-License-Identifier: MIT */
#include "say.h"

#include "show.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Of versions that were looked at with both settings: docs/advise.md. */
static const struct {
    const char *program;
    enum pa_way to;
    const char *setting;
} settings[] = {
    {"haproxy", PA_EPOLL, "take \"noepoll\" out of the section global"},
    {"haproxy", PA_POLL, "put \"noepoll\" into the section global"},
    {"lighttpd", PA_EPOLL, "server.event-handler = \"linux-sysepoll\""},
    {"lighttpd", PA_POLL, "server.event-handler = \"poll\""},
    {"memcached", PA_EPOLL, "take EVENT_NOEPOLL out of its environment"},
    {"memcached", PA_POLL, "put EVENT_NOEPOLL=1 into its environment"},
};

const char *pa_way_setting(const char *program, enum pa_way to)
{
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
        if (settings[i].to == to && strcmp(settings[i].program, program) == 0)
            return settings[i].setting;
    return NULL;
}

const char *pa_answer_name(enum pa_answer answer)
{
    static const char *const names[] = {"stay", "switch", "cannot tell"};
    return names[answer];
}

/* In a column of so many characters, of which some have two bytes. */
static void put(const char *text, int width)
{
    int n = 0;

    for (const char *at = text; *at; at++)
        n += (*at & 0xC0) != 0x80;
    printf("%s%*s", text, n < width ? width - n : 0, "");
}

/* Of a share as a percentage, so that it has two digits at least. */
static int digits_of(double share)
{
    return fabs(share) < 0.0995;
}

static void put_percent(double share, int width)
{
    char text[40];

    snprintf(text, sizeof text, "%.*f %%", digits_of(share), 100 * share);
    put(text, width);
}

/* "49 % of a core [42, 55]". */
static void say_share(struct pa_interval share)
{
    int digits = digits_of(share.value);

    printf("%.*f %% of a core", digits, 100 * share.value);
    if (!isnan(share.low))
        printf(" [%.*f, %.*f]", digits, 100 * share.low, digits,
               100 * share.high);
}

static void say_thread(const struct pa_thread *thread,
                       const struct pa_advice *advice)
{
    int are_waits = thread->is_counted || advice->has_options ||
                    advice->answer != PA_CANNOT_TELL;
    int n = 0;

    printf("thread %d: %s, %zu fd%s", thread->tid, thread->call,
           thread->watched.n, thread->watched.n == 1 ? "" : "s");
    for (enum pa_fd_type type = 0; type < PA_N_FD_TYPES; type++) {
        if (!thread->n_of[type])
            continue;
        printf("%s%s %zu", n++ ? ", " : " (", pa_fd_type_name(type),
               thread->n_of[type]);
    }
    printf("%s", n ? ")" : "");
    if (thread->watched.n && !thread->is_traced)
        printf(", highest %d", pa_watched_highest(&thread->watched));
    printf(", %.0f %s/s", advice->waits.value, are_waits ? "waits" : "sleeps");
    if (thread->is_traced) {
        putchar('\n');
        return;
    }
    printf("; busy ");
    put_percent(advice->busy, 0);
    puts(" of a core");
    if (!thread->is_counted)
        return;
    struct pa_slice sum = pa_thread_sum(thread);
    double waits = (double)sum.waits;
    printf(
        "  it counts: %.1f fd%s ready at each wait, %.0f %% of which sleep; ",
        (double)sum.returned / waits, sum.returned == sum.waits ? "" : "s",
        100 * fmin((double)sum.sleeps / waits, 1));
    put_percent(((double)sum.waiting_ns - waits * thread->clock_ns) * 1e-9 /
                    sum.seconds,
                0);
    puts(" of a core in them");
}

static void say_option(const struct pa_advice *advice, enum pa_way way,
                       int is_now)
{
    const struct pa_option *option = &advice->options[way];
    int digits = digits_of(option->taken.value);

    printf("  ");
    put(pa_way_name(way), 10);
    if (isnan(option->wait_ns.value)) {
        puts(option->cannot ? option->cannot : "RUN has no cold model of it");
        return;
    }
    put(pa_show_cost(option->wait_ns.value, "ns").text, 11);
    put_percent(option->waiting, 21);
    if (isinf(option->taken.value)) {
        puts(is_now ? "now" : "");
        return;
    }
    put_percent(option->taken.value, 0);
    if (is_now)
        printf("  now");
    else if (option->taken.value > PB_OVERLOAD_SHARE)
        printf("  overload");
    else
        printf("  [%.*f, %.*f]", digits, 100 * option->taken.low, digits,
               100 * option->taken.high);
    putchar('\n');
}

static void say_switch(const struct pa_look *look,
                       const struct pa_advice *advice)
{
    const char *setting = pa_way_setting(look->name, advice->best);

    printf("Switch to %s: it saves about ", pa_way_name(advice->best));
    say_share(advice->options[advice->best].saved);
    if (advice->sooner_ns >= 1e4)
        printf(", and what woke it is known about %s sooner",
               pa_show_cost(advice->sooner_ns, "ns").text);
    puts(".");
    if (setting)
        printf("  %s: %s\n", look->name, setting);
}

static void say_stay(const struct pa_advice *advice)
{
    if (!advice->has_options) {
        printf("Stay: it takes ");
        put_percent(advice->busy, 0);
        puts(" of a core in all, so that no other call saves 1 %.");
        return;
    }
    struct pa_interval saved = advice->options[advice->best].saved;
    int is_more = saved.value < 0;
    printf("Stay: no other call saves %.0f %% of a core (%s ",
           100 * PB_ADVICE_SHARE, pa_way_name(advice->best));
    if (advice->options[advice->best].taken.value > PB_OVERLOAD_SHARE &&
        !isinf(advice->busy)) {
        puts("would be overloaded).");
        return;
    }
    printf(is_more ? "would cost " : "saves ");
    say_share(is_more
                  ? (struct pa_interval){-saved.value, -saved.high, -saved.low}
                  : saved);
    puts(is_more ? " more)." : ").");
}

static void say_advice(const struct pa_look *look,
                       const struct pa_thread *thread,
                       const struct pa_advice *advice)
{
    say_thread(thread, advice);
    if (advice->has_options)
        printf("            a wait     waiting, of a core%s\n",
               thread->is_traced ? "" : "   the program would take");
    for (enum pa_way way = 0; advice->has_options && way < PA_N_WAYS; way++)
        say_option(advice, way, way == thread->way);
    if (advice->answer == PA_SWITCH)
        say_switch(look, advice);
    else if (advice->answer == PA_STAY)
        say_stay(advice);
    else
        printf("Cannot tell: %s.\n", advice->reason.text);
    if (!advice->has_options)
        return;
    printf("  Predicted for waits %s, by RUN's models of %s, from warm to cold "
           "(same machine, same kernel)",
           thread->is_counted && !thread->is_traced ? "like these"
                                                    : "that sleep",
           advice->kind);
    if (!thread->is_traced &&
        strcmp(advice->kind, pa_thread_fd_kind(thread)) != 0)
        printf("; most of these fds are: %s", pa_thread_fd_kind(thread));
    puts(".");
}

/* A tracer stops a program at each of its calls. */
static void say_trace(const struct pa_look *look)
{
    double waits = 0, returned = 0;

    for (size_t i = 0; i < look->n_threads; i++) {
        struct pa_slice sum = pa_thread_sum(&look->threads[i]);
        waits += (double)sum.waits;
        returned += (double)sum.returned;
    }
    printf("%s, a trace of %.1f s, with a tracer's distortion: the %.1f fds "
           "ready at each wait may have been 1, and the waits as many more\n",
           look->trace, look->seconds, returned / waits);
}

void pa_say(const struct pa_told *told)
{
    const struct pa_look *look = told->look;
    struct pa_problem reason;
    size_t n = 0;

    if (look->trace)
        say_trace(look);
    else
        printf("%s (%d), looked at for %.1f s through /proc%s; nothing was "
               "stopped "
               "or traced\n",
               look->name, look->pid, look->seconds,
               look->is_counted ? ", with what it counts" : "");
    if (look->has_ended)
        printf("It ended after that: the figures are over that time.\n");
    for (size_t i = 0; i < look->n_threads; i++) {
        if (look->threads[i].way == PA_NO_WAY)
            continue;
        say_advice(look, &look->threads[i], &told->advice[i]);
        n++;
    }
    pa_judge_none(&reason, look, told->advice);
    if (*reason.text)
        printf("Cannot tell: %s.\n", reason.text);
    else if (n < look->n_threads)
        printf("Not seen waiting for an fd: %zu other thread%s.\n",
               look->n_threads - n, look->n_threads - n > 1 ? "s" : "");
}
