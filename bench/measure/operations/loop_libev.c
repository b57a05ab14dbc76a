/* SPDX-License-Identifier: MIT */
#include "loop.h"

#include <errno.h>
#include <ev.h>
#include <stdlib.h>

static void on_event(struct ev_loop *loop, ev_io *io, int what)
{
    (void)loop;
    (void)what;
    pb_loop_report(io->data);
}

static int open_libev(struct pb_looping *looping)
{
    looping->base = ev_loop_new(EVBACKEND_EPOLL);
    if (!looping->base)
        return -ENOMEM;
    for (int i = 0; i < looping->scene->got.fd_count; i++) {
        struct pb_loop_fd *fd = &looping->fds[i];
        ev_io *io = calloc(1, sizeof *io);
        if (!io)
            return -ENOMEM;
        ev_init(io, on_event);
        ev_io_set(io, *fd->place, EV_READ);
        io->data = fd;
        fd->handle = io;
        ev_io_start(looping->base, io);
    }
    return 0;
}

static void close_libev(struct pb_looping *looping)
{
    for (int i = 0; looping->fds && i < looping->scene->got.fd_count; i++) {
        if (looping->fds[i].handle)
            ev_io_stop(looping->base, looping->fds[i].handle);
        free(looping->fds[i].handle);
    }
    if (looping->base)
        ev_loop_destroy(looping->base);
}

static void turn_libev(struct pb_looping *looping)
{
    ev_run(looping->base, EVRUN_NOWAIT);
}

const struct pb_loop pb_loop_libev = {
    .name = "libev",
    .open = open_libev,
    .close = close_libev,
    .turn = turn_libev,
};
