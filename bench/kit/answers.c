/* SPDX-License-Identifier: MIT */
#include "operation.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Slots beyond what right answers need: a wrong answer may be longer, and is
 * to be found by the check, not by a crash. */
enum { SPARE_SLOTS = 64 };

static int reserve_events(struct pb_answers *answers, size_t n_slots)
{
    if (n_slots <= answers->room)
        return 0;
    struct pollset_event *events =
        realloc(answers->events, n_slots * sizeof *events);
    if (!events)
        return -ENOMEM;
    memset(events, 0, n_slots * sizeof *events);
    answers->events = events;
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
    return reserve_events(answers, n_slots + SPARE_SLOTS);
}

void pb_answers_free(struct pb_answers *answers)
{
    free(answers->events);
    free(answers->seen_in);
    *answers = (struct pb_answers){0};
}

/* The cookie of a registered fd is its place in watch->fds. */
static int is_right(const struct pb_watch *watch,
                    const struct pollset_event *event)
{
    const int *place = event->cookie;
    return place >= watch->fds && place < watch->fds + watch->got.fd_count &&
           *place == event->fd && pb_farm_is_ready(event->fd) &&
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
 * are exactly the R ready fds. */
static int check_call(struct pb_answers *answers, const struct pb_watch *watch,
                      const struct pollset_event *events)
{
    uint32_t call = next_call(answers);
    for (int i = 0; i < watch->got.ready_count; i++) {
        if (!is_right(watch, &events[i]) ||
            answers->seen_in[events[i].fd] == call)
            return -EBADMSG;
        answers->seen_in[events[i].fd] = call;
    }
    return 0;
}

int pb_answers_check(struct pb_answers *answers, const struct pb_watch *watch,
                     uint32_t calls)
{
    size_t ready_count = (size_t)watch->got.ready_count;
    if (answers->n_events != calls * ready_count)
        return -EBADMSG;
    for (uint32_t i = 0; i < calls; i++) {
        int error =
            check_call(answers, watch, answers->events + i * ready_count);
        if (error)
            return error;
    }
    return 0;
}
