/* SPDX-License-Identifier: MIT */
/* Operations that are timed fd by fd while a set grows: opening, registering,
 * unregistering and closing. */
#ifndef PB_OPERATION_GROWTH_H
#define PB_OPERATION_GROWTH_H

#include "operation.h"

/* One descriptor table; task->own of the operations on a shared epoll instance,
 * and task->scene is the fds in this table. */
struct pb_share {
    int table;    /* its number, from 0 */
    int epoll_fd; /* the instance that all tables share */
};

/* The fds of the scene's farm; calls is their number. */
extern const struct pb_operation pb_operation_build;
extern const struct pb_operation pb_operation_close;

/* The watched fds and task->set, which register wants empty and unregister
 * full; calls is their number. */
extern const struct pb_operation pb_operation_register;
extern const struct pb_operation pb_operation_unregister;

/* The same with the shared epoll instance, by bare calls, in the thread whose
 * table it is; and the wait, in any thread, with the one share that has ready
 * fds, the last that registers. */
extern const struct pb_operation pb_operation_shared_register;
extern const struct pb_operation pb_operation_shared_unregister;
extern const struct pb_operation pb_operation_shared_wait;

#endif
