/* SPDX-License-Identifier: MIT */
#include "loop.h"

#include <errno.h>
#include <stdlib.h>
#include <uv.h>

static void on_event(uv_poll_t *poll, int status, int events)
{
    (void)status;
    (void)events;
    pb_loop_report(poll->data);
}

static int watch_fd(uv_loop_t *loop, struct pb_loop_fd *fd)
{
    uv_poll_t *poll = calloc(1, sizeof *poll);
    if (!poll)
        return -ENOMEM;
    int error = uv_poll_init(loop, poll, *fd->place);
    if (error) {
        free(poll);
        return error;
    }
    poll->data = fd;
    fd->handle = poll;
    return uv_poll_start(poll, UV_READABLE, on_event);
}

static int open_libuv(struct pb_looping *looping)
{
    uv_loop_t *loop = calloc(1, sizeof *loop);
    if (!loop)
        return -ENOMEM;
    int error = uv_loop_init(loop);
    if (error) {
        free(loop);
        return error;
    }
    looping->base = loop;
    for (int i = 0; !error && i < looping->scene->got.fd_count; i++)
        error = watch_fd(loop, &looping->fds[i]);
    return error;
}

static void on_close(uv_handle_t *handle)
{
    free(handle);
}

static void close_libuv(struct pb_looping *looping)
{
    uv_loop_t *loop = looping->base;
    if (!loop)
        return;
    for (int i = 0; looping->fds && i < looping->scene->got.fd_count; i++)
        if (looping->fds[i].handle)
            uv_close(looping->fds[i].handle, on_close);
    uv_run(loop, UV_RUN_DEFAULT);
    uv_loop_close(loop);
    free(loop);
}

static void turn_libuv(struct pb_looping *looping)
{
    uv_run(looping->base, UV_RUN_NOWAIT);
}

const struct pb_loop pb_loop_libuv = {
    .name = "libuv",
    .open = open_libuv,
    .close = close_libuv,
    .turn = turn_libuv,
};
