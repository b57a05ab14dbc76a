/* SPDX-License-Identifier: MIT */
/* Event-loop libraries, to be compared with the polling library. Each is one
 * file, built when the library is there. */
#ifndef PB_LOOP_H
#define PB_LOOP_H

#include "operation.h"

/* One watched fd, as the argument of the library's callback. */
struct pb_loop_fd {
    struct pb_looping *looping;
    int *place;   /* in scene->fds; the cookie of its events */
    void *handle; /* of the library */
};

/* A library's loop with the fds of a scene in it. */
struct pb_looping {
    const struct pb_loop *loop;
    const struct pb_scene *scene;
    struct pb_answers *answers;
    void *base;             /* of the library */
    struct pb_loop_fd *fds; /* scene->got.fd_count of them */

    /* What an event's callback does besides noting it; NULL: nothing. */
    void (*serve)(void *server, const struct pollset_event *event);
    void *server;
};

struct pb_loop {
    const char *name; /* the backend column */

    /* Make looping->base and let it watch every fd for reading. close also
     * gets what open left half done. 0 or -errno. */
    int (*open)(struct pb_looping *looping);
    void (*close)(struct pb_looping *looping);

    /* One turn that does not block; each event goes to pb_loop_report(). */
    void (*turn)(struct pb_looping *looping);
};

/* What every library's callback does. */
static inline void pb_loop_report(const struct pb_loop_fd *fd)
{
    const struct pb_looping *looping = fd->looping;
    struct pb_answers *answers = looping->answers;
    if (answers->n_events == answers->room)
        return;
    struct pollset_event *event = &answers->events[answers->n_events++];
    *event = (struct pollset_event){
        .cookie = fd->place, .fd = *fd->place, .events = POLLIN};
    if (looping->serve)
        looping->serve(looping->server, event);
}

/* The libraries that this program was built with, ending with NULL; and those
 * that it was built without, with blanks between, or "". */
extern const char *const pb_loop_names[];
extern const char pb_loops_missing[];

/* The loop of a task's library, which watches the fds of its scene. Returns 0,
 * or -errno and nothing to close. */
int pb_looping_open(struct pb_looping **looping, const struct pb_task *task);
void pb_looping_close(struct pb_looping *looping);

/* The descriptors that such a loop takes, at most. */
int pb_looping_own_fds(const char *library);

#endif
