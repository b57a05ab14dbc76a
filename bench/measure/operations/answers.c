/* SPDX-License-Identifier: MIT */
#include "operation.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

/* What a slot has room for: 32-bit ARM has events of the kernel that are longer
 * than the library's. */
union slot {
    struct pollset_event event;
    struct epoll_event of_epoll;
};

static int reserve_events(struct pb_answers *answers, size_t n_slots)
{
    if (n_slots <= answers->room)
        return 0;
    union slot *slots = realloc(answers->events, n_slots * sizeof *slots);
    if (!slots)
        return -ENOMEM;
    memset(slots, 0, n_slots * sizeof *slots);
    answers->events = &slots->event;
    answers->room = n_slots;
    return 0;
}

int pb_answers_reserve(struct pb_answers *answers, size_t n_slots,
                       int highest_fd)
{
    if (!answers->seen_in || highest_fd > answers->highest_fd) {
        size_t n_fds = (size_t)highest_fd + 1;
        uint32_t *seen_in = realloc(answers->seen_in, n_fds * sizeof *seen_in);
        if (!seen_in)
            return -ENOMEM;
        memset(seen_in, 0, n_fds * sizeof *seen_in);
        answers->seen_in = seen_in;
        answers->highest_fd = highest_fd;
        answers->call = 0;
    }
    return reserve_events(answers, n_slots + PB_SPARE_SLOTS);
}

int pb_answers_reserve_batch(struct pb_task *task, uint32_t calls)
{
    const struct pb_scene *scene = task->scene;
    size_t n_slots = scene ? (size_t)scene->got.ready_count * calls : 0;
    return pb_answers_reserve(task->answers, n_slots,
                              scene ? scene->got.highest_fd : 0);
}

void pb_answers_free(struct pb_answers *answers)
{
    free(answers->events);
    free(answers->seen_in);
    free(answers->other);
    *answers = (struct pb_answers){0};
}

/* The cookie of a registered fd is its place in scene->fds. moved: so many
 * places, modulo N, beyond the expected ones. */
static int is_right(const struct pb_scene *scene,
                    const struct pollset_event *event, uint32_t moved)
{
    const int *place = event->cookie;
    int64_t n = scene->got.fd_count;
    return place >= scene->fds && place < scene->fds + n &&
           *place == event->fd &&
           scene->staging->expects(
               scene, (int)((place - scene->fds + n - moved % n) % n)) &&
           event->events == POLLIN;
}

/* A number for the next call. When they have been through, the marks of the
 * first ones are wiped: they would pass for marks of this call. */
static uint32_t next_call(struct pb_answers *answers)
{
    if (answers->call == UINT32_MAX) {
        size_t n_fds = (size_t)answers->highest_fd + 1;
        memset(answers->seen_in, 0, n_fds * sizeof *answers->seen_in);
        answers->call = 0;
    }
    return ++answers->call;
}

/* One call reported R events. Each is right and none is there twice: so they
 * are exactly the R that are expected. */
static int check_call(struct pb_answers *answers, const struct pb_scene *scene,
                      const struct pollset_event *events, uint32_t moved)
{
    uint32_t call = next_call(answers);
    for (int i = 0; i < scene->got.ready_count; i++) {
        if (!is_right(scene, &events[i], moved) ||
            answers->seen_in[events[i].fd] == call)
            return -EBADMSG;
        answers->seen_in[events[i].fd] = call;
    }
    return 0;
}

/* moved: so many places at first, and moves of them more from call to call. */
static int check_calls(struct pb_answers *answers, const struct pb_scene *scene,
                       uint32_t calls, uint32_t moved, uint32_t moves)
{
    size_t ready_count = (size_t)scene->got.ready_count;
    if (answers->n_events != calls * ready_count)
        return -EBADMSG;
    for (uint32_t i = 0; i < calls; i++) {
        int error =
            check_call(answers, scene, answers->events + i * ready_count,
                       moved + i * moves);
        if (error)
            return error;
    }
    return 0;
}

int pb_answers_check(struct pb_answers *answers, const struct pb_scene *scene,
                     uint32_t calls)
{
    return check_calls(answers, scene, calls, 0, 0);
}

int pb_answers_check_moving(struct pb_answers *answers,
                            const struct pb_scene *scene, uint32_t calls,
                            uint32_t moved)
{
    return check_calls(answers, scene, calls, moved, 1);
}

struct epoll_event *pb_answers_epoll_events(struct pb_answers *answers)
{
    void *slots = answers->events;
    return slots;
}

/* An event of an fd that is not watched gets a cookie that is no place. */
static struct pollset_event convert(const struct epoll_event *event,
                                    const struct pb_scene *scene,
                                    uint64_t first_cookie)
{
    uint64_t place = event->data.u64 - first_cookie;
    if (place >= (uint64_t)scene->got.fd_count)
        return (struct pollset_event){.fd = -1};
    return (struct pollset_event){.cookie = &scene->fds[place],
                                  .fd = scene->fds[place],
                                  .events = event->events};
}

int pb_answers_check_epoll(struct pb_answers *answers,
                           const struct pb_scene *scene, uint64_t first_cookie,
                           uint32_t calls)
{
    const char *bytes = (const char *)answers->events;
    struct epoll_event event;
    size_t n = calls * (size_t)scene->got.ready_count;

    answers->n_events = n;
    /* In place: from the end at which what is written lies on what was read. */
    for (size_t done = 0; done < n; done++) {
        size_t i = sizeof event > sizeof *answers->events ? done : n - 1 - done;
        memcpy(&event, bytes + i * sizeof event, sizeof event);
        answers->events[i] = convert(&event, scene, first_cookie);
    }
    return pb_answers_check(answers, scene, calls);
}
