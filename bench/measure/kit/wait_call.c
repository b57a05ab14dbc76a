/* SPDX-License-Identifier: MIT */
#include "wait_call.h"

#include <stddef.h>
#include <string.h>
#include <sys/syscall.h>

static const char *const names[PA_N_WAYS] = {"select", "poll", "epoll"};

/* An architecture has some of them: the newer ones never had poll. */
static const struct call {
    long number;
    enum pa_way way;
    const char *name;
} calls[] = {
#ifdef SYS__newselect /* there SYS_select has one argument */
    {SYS__newselect, PA_SELECT, "select"},
#elif defined SYS_select
    {SYS_select, PA_SELECT, "select"},
#endif
#ifdef SYS_pselect6
    {SYS_pselect6, PA_SELECT, "pselect6"},
#endif
#ifdef SYS_pselect6_time64
    {SYS_pselect6_time64, PA_SELECT, "pselect6_time64"},
#endif
#ifdef SYS_poll
    {SYS_poll, PA_POLL, "poll"},
#endif
#ifdef SYS_ppoll
    {SYS_ppoll, PA_POLL, "ppoll"},
#endif
#ifdef SYS_ppoll_time64
    {SYS_ppoll_time64, PA_POLL, "ppoll_time64"},
#endif
#ifdef SYS_epoll_wait
    {SYS_epoll_wait, PA_EPOLL, "epoll_wait"},
#endif
    {SYS_epoll_pwait, PA_EPOLL, "epoll_pwait"},
#ifdef SYS_epoll_pwait2
    {SYS_epoll_pwait2, PA_EPOLL, "epoll_pwait2"},
#endif
};

const char *pa_way_name(enum pa_way way)
{
    return names[way];
}

enum pa_way pa_way_of(const char *name)
{
    for (enum pa_way way = 0; way < PA_N_WAYS; way++)
        if (strcmp(name, names[way]) == 0)
            return way;
    return PA_NO_WAY;
}

enum pa_way pa_way_of_call(long number, const char **name)
{
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        if (calls[i].number == number) {
            *name = calls[i].name;
            return calls[i].way;
        }
    }
    return PA_NO_WAY;
}

static const struct call *of_name(const char *name)
{
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        if (strcmp(calls[i].name, name) == 0)
            return &calls[i];
    return NULL;
}

enum pa_way pa_way_of_call_name(const char *name, const char **known)
{
    const struct call *call = of_name(name);

    if (call)
        *known = call->name;
    return call ? call->way : PA_NO_WAY;
}

long pa_call_number(const char *name)
{
    const struct call *call = of_name(name);
    return call ? call->number : -1;
}
