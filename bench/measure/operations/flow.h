/* SPDX-License-Identifier: MIT */
/* Events that are written, asked for and read: what those share who ask for
 * them in another way than by a set of the library. */
#ifndef PB_FLOW_H
#define PB_FLOW_H

#include "operation.h"

/* Where to write so that an fd gets something to read. */
struct pb_served {
    int fd, from;
};

struct pb_flow {
    int n;                   /* R */
    struct pb_served *fds;   /* that are to be reported */
    struct pb_served *twins; /* as many that nobody watches, or fewer */
    int n_twins;
    const char *trigger; /* of the backend, as pollset.h has it; or "" */
    int arms_again;  /* each event takes a modify before it is there again */
    int reads_again; /* ends with a read that finds nothing */
    int most;        /* events in one poll; more than are right, unless */
    int is_limited;  /* the point has it so */
    void *own;       /* of who asks */
};

/* Make task->own a flow in which nothing has been written: 0 or -errno; and
 * leave its fds as they were, whatever a batch that failed may have left. */
int pb_flow_open(struct pb_task *task);
void pb_flow_close(struct pb_task *task);

/* Whole turns: calls events. A turn that serves writes, has finds() add its R
 * events to the answers (0, -EBADMSG where there are others, or -errno), and
 * reads. */
uint32_t pb_flow_batch(const struct pb_task *task);
int pb_flow_reserve(struct pb_task *task, uint32_t calls);
int pb_flow_turns(struct pb_task *task, uint32_t calls,
                  int (*turn)(struct pb_task *task));
int pb_flow_serve(struct pb_task *task, int (*finds)(struct pb_task *task));

/* Turn by turn: each has reported all R, and no other. */
int pb_flow_check(struct pb_task *task, uint32_t calls);

#endif
