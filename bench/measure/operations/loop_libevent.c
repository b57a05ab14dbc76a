/* SPDX-License-Identifier: MIT */
#include "loop.h"

#include <errno.h>
#include <event2/event.h>

static void on_event(evutil_socket_t fd, short what, void *argument)
{
    (void)fd;
    (void)what;
    pb_loop_report(argument);
}

static int open_libevent(struct pb_looping *looping)
{
    looping->base = event_base_new();
    if (!looping->base)
        return -ENOMEM;
    for (int i = 0; i < looping->scene->got.fd_count; i++) {
        struct pb_loop_fd *fd = &looping->fds[i];
        fd->handle = event_new(looping->base, *fd->place, EV_READ | EV_PERSIST,
                               on_event, fd);
        if (!fd->handle || event_add(fd->handle, NULL) < 0)
            return -ENOMEM;
    }
    return 0;
}

static void close_libevent(struct pb_looping *looping)
{
    for (int i = 0; looping->fds && i < looping->scene->got.fd_count; i++)
        if (looping->fds[i].handle)
            event_free(looping->fds[i].handle);
    if (looping->base)
        event_base_free(looping->base);
}

/* NONBLOCK alone goes on as long as anything is ready. */
static void turn_libevent(struct pb_looping *looping)
{
    event_base_loop(looping->base, EVLOOP_NONBLOCK | EVLOOP_ONCE);
}

const struct pb_loop pb_loop_libevent = {
    .name = "libevent",
    .open = open_libevent,
    .close = close_libevent,
    .turn = turn_libevent,
};
