/* SPDX-License-Identifier: MIT */
/* One turn of an event-loop library over the same fds. */
#include "loop.h"
#include "loop_list.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define DECLARE(name) extern const struct pb_loop pb_loop_##name;
#define POINTER(name) &pb_loop_##name,
PB_LOOP_LIST(DECLARE)
const struct pb_loop *const pb_loops[] = {PB_LOOP_LIST(POINTER) NULL};

static const struct pb_loop *find(const char *name)
{
    const struct pb_loop *const *loop = pb_loops;
    while (*loop && strcmp((*loop)->name, name) != 0)
        loop++;
    assert(*loop); /* planned from the same list */
    return *loop;
}

/* Room for events starts small in these libraries and doubles when a turn
 * fills it; the timed turns are to report all that is ready. */
static void grow(const struct pb_loop *loop, struct pb_looping *looping)
{
    enum { TURNS = 16 };
    for (int i = 0; i < TURNS; i++) {
        looping->answers->n_events = 0;
        loop->turn(looping);
    }
}

static void close_loop(struct pb_task *task)
{
    struct pb_looping *looping = task->own;
    find(task->series->backend)->close(looping);
    free(looping->fds);
    free(looping);
    task->own = NULL;
}

static int open_loop(struct pb_task *task)
{
    const struct pb_scene *scene = task->scene;
    const struct pb_loop *loop = find(task->series->backend);
    struct pb_looping *looping = calloc(1, sizeof *looping);

    if (!looping)
        return -ENOMEM;
    task->own = looping;
    looping->scene = scene;
    looping->answers = task->answers;
    looping->fds = calloc((size_t)scene->got.fd_count, sizeof *looping->fds);
    int error = looping->fds ? 0 : -ENOMEM;
    for (int i = 0; !error && i < scene->got.fd_count; i++)
        looping->fds[i] = (struct pb_loop_fd){looping, &scene->fds[i], NULL};
    if (!error)
        error = loop->open(looping);
    if (!error)
        error = pb_answers_reserve_batch(task, 1);
    if (error) {
        close_loop(task);
        return error;
    }
    grow(loop, looping);
    return 0;
}

/* An epoll instance, and what the libraries wake themselves up with. */
static int own_fds(const char *backend)
{
    (void)backend;
    return 8;
}

static int run_loop(struct pb_task *task, uint32_t calls)
{
    struct pb_looping *looping = task->own;
    void (*turn)(struct pb_looping *) = find(task->series->backend)->turn;
    looping->answers->n_events = 0;
    for (uint32_t i = 0; i < calls; i++)
        turn(looping);
    return 0;
}

static int check_loop(struct pb_task *task, uint32_t calls)
{
    return pb_answers_check(task->answers, task->scene, calls);
}

const struct pb_operation pb_operation_loop = {
    .stage = "all",
    .own_fds = own_fds,
    .open = open_loop,
    .close = close_loop,
    .timed =
        {
            .reserve = pb_answers_reserve_batch,
            .run = run_loop,
            .check = check_loop,
        },
};
