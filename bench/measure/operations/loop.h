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
    const struct pb_scene *scene;
    struct pb_answers *answers;
    void *base;             /* of the library */
    struct pb_loop_fd *fds; /* scene->got.fd_count of them */
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
    struct pb_answers *answers = fd->looping->answers;
    if (answers->n_events < answers->room)
        answers->events[answers->n_events++] = (struct pollset_event){
            .cookie = fd->place, .fd = *fd->place, .events = POLLIN};
}

/* The libraries this program was built with, ending with NULL. */
extern const struct pb_loop *const pb_loops[];

#endif
