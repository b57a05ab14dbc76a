/* SPDX-License-Identifier: MIT */
/* Changes of the set, and the wait after them, through the library: what the
 * kernel keeps it is told of, what the program keeps it writes itself. */
#include "operation.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>

/* task->own: which fd is changed next. */
struct changing {
    int (*change)(struct pollset *set, int *fd); /* NULL: all at once */
    const int *order;                            /* places of fds, n of them */
    int n, at;
};

/* To what it is: the kernel does all it has to do for another interest. */
static int modify(struct pollset *set, int *fd)
{
    return pollset_modify(set, *fd, POLLIN, fd);
}

static int add_again(struct pollset *set, int *fd)
{
    int error = pollset_unregister(set, *fd);
    return error ? error : pollset_register(set, *fd, POLLIN, fd);
}

static const struct {
    const char *change;
    int (*run)(struct pollset *set, int *fd);
    bool at_random;
} ways[] = {
    {pb_modify, modify, false},       {pb_modify_random, modify, true},
    {pb_add_again, add_again, false}, {pb_add_again_random, add_again, true},
    {pb_rebuild, NULL, false},
};

/* From the first place on, or shuffled as Fisher and Yates have it, the same
 * way in every invocation. */
static int *make_order(int n, bool at_random)
{
    unsigned short random[3] = {4, 5, 6};
    int *order = calloc((size_t)n, sizeof *order);
    if (!order)
        return NULL;
    for (int i = 0; i < n; i++) {
        int k = at_random ? (int)(nrand48(random) % (i + 1)) : i;
        order[i] = order[k];
        order[k] = i;
    }
    return order;
}

static void close_changing(struct pb_task *task)
{
    struct changing *changing = task->own;
    free((void *)changing->order);
    free(changing);
    task->own = NULL;
}

static int open_changing(struct pb_task *task)
{
    const struct pb_factors *got = &task->scene->got;
    struct changing *changing = calloc(1, sizeof *changing);
    int error = -EINVAL;

    if (!changing)
        return -ENOMEM;
    task->own = changing;
    changing->n = (int)got->fd_count;
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        if (got->change != ways[i].change)
            continue;
        changing->change = ways[i].run;
        changing->order = make_order(changing->n, ways[i].at_random);
        error = changing->order ? 0 : -ENOMEM;
    }
    if (error)
        close_changing(task);
    return error;
}

static int rebuild(struct pb_task *task)
{
    int *fds = task->scene->fds, n = (int)task->scene->got.fd_count, error = 0;

    for (int i = 0; i < n && !error; i++)
        error = pollset_unregister(task->set, fds[i]);
    for (int i = 0; i < n && !error; i++)
        error = pollset_register(task->set, fds[i], POLLIN, &fds[i]);
    return error;
}

static int change_some(struct pb_task *task)
{
    struct changing *changing = task->own;
    int *fds = task->scene->fds;
    int64_t n_changes = task->scene->got.changes;
    int error = changing->change ? 0 : rebuild(task);

    for (int64_t i = 0; changing->change && i < n_changes && !error; i++) {
        error =
            changing->change(task->set, &fds[changing->order[changing->at]]);
        changing->at = changing->at + 1 < changing->n ? changing->at + 1 : 0;
    }
    return error;
}

static int run_change(struct pb_task *task, uint32_t calls)
{
    struct pb_answers *answers = task->answers;
    struct pollset_event *out = answers->events;
    struct pollset_event *last = out + answers->room;

    for (uint32_t i = 0; i < calls && out < last; i++) {
        int n = change_some(task);
        if (n == 0)
            n = pollset_poll(task->set, out, (int)(last - out), 0);
        if (n < 0)
            return n;
        out += n;
    }
    answers->n_events = (size_t)(out - answers->events);
    return 0;
}

/* Each answer, and that none was lost on the way. */
static int check_change(struct pb_task *task, uint32_t calls)
{
    const struct pb_scene *scene = task->scene;
    return pollset_count(task->set) == scene->got.fd_count
               ? pb_answers_check(task->answers, scene, calls)
               : -EBADMSG;
}

const struct pb_operation pb_operation_change = {
    .stage = "all",
    .needs_set = 1,
    .changes_set = 1,
    .open = open_changing,
    .close = close_changing,
    .timed =
        {
            .reserve = pb_answers_reserve_batch,
            .run = run_change,
            .check = check_change,
        },
};
