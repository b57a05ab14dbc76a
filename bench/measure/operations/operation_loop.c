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
#define NAME(name)    #name,
PB_LOOP_LIST(DECLARE)
static const struct pb_loop *const loops[] = {PB_LOOP_LIST(POINTER) NULL};
const char *const pb_loop_names[] = {PB_LOOP_LIST(NAME) NULL};
const char pb_loops_missing[] = PB_LOOPS_MISSING;

static const struct pb_loop *find(const char *name)
{
    const struct pb_loop *const *loop = loops;
    while (*loop && strcmp((*loop)->name, name) != 0)
        loop++;
    assert(*loop); /* planned from the same list */
    return *loop;
}

void pb_looping_close(struct pb_looping *looping)
{
    looping->loop->close(looping);
    free(looping->fds);
    free(looping);
}

int pb_looping_open(struct pb_looping **looping, const struct pb_task *task)
{
    const struct pb_scene *scene = task->scene;
    struct pb_looping *made = calloc(1, sizeof *made);

    if (!made)
        return -ENOMEM;
    made->loop = find(task->series->backend);
    made->scene = scene;
    made->answers = task->answers;
    made->fds = calloc((size_t)scene->got.fd_count, sizeof *made->fds);
    int error = made->fds ? 0 : -ENOMEM;
    for (int i = 0; !error && i < scene->got.fd_count; i++)
        made->fds[i] = (struct pb_loop_fd){made, &scene->fds[i], NULL};
    if (!error)
        error = made->loop->open(made);
    if (error)
        pb_looping_close(made);
    else
        *looping = made;
    return error;
}

/* An epoll instance, and what the libraries wake themselves up with. */
int pb_looping_own_fds(const char *library)
{
    (void)library;
    return 8;
}

/* Room for events starts small in these libraries and doubles when a turn
 * fills it; the timed turns are to report all that is ready. */
static void grow(struct pb_looping *looping)
{
    enum { TURNS = 16 };
    for (int i = 0; i < TURNS; i++) {
        looping->answers->n_events = 0;
        looping->loop->turn(looping);
    }
}

static void close_loop(struct pb_task *task)
{
    pb_looping_close(task->own);
    task->own = NULL;
}

static int open_loop(struct pb_task *task)
{
    struct pb_looping *looping;
    int error = pb_looping_open(&looping, task);

    if (error)
        return error;
    task->own = looping;
    error = pb_answers_reserve_batch(task, 1);
    if (error)
        close_loop(task);
    else
        grow(looping);
    return error;
}

static int run_loop(struct pb_task *task, uint32_t calls)
{
    struct pb_looping *looping = task->own;
    void (*turn)(struct pb_looping *) = looping->loop->turn;
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
    .own_fds = pb_looping_own_fds,
    .open = open_loop,
    .close = close_loop,
    .timed =
        {
            .reserve = pb_answers_reserve_batch,
            .run = run_loop,
            .check = check_loop,
        },
};
