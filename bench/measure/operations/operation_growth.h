/* SPDX-License-Identifier: MIT */
/* Operations that are timed fd by fd while a set grows: opening, registering,
 * unregistering and closing. */
#ifndef PB_OPERATION_GROWTH_H
#define PB_OPERATION_GROWTH_H

#include "farm.h"
#include "operation.h"

/* What one descriptor table has of the fds; task->own of these operations.
 * task->watch is NULL, but for waits. */
struct pb_share {
    int table;             /* its number, from 0 */
    struct pb_farm farm;   /* in this table */
    struct pb_watch watch; /* the fds of it that are watched */
    int epoll_fd;          /* the instance that all tables share; or -1 */
};

/* The farm's fds; calls is their number. */
extern const struct pb_operation pb_operation_build;
extern const struct pb_operation pb_operation_close;

/* The watched fds and task->set, which register wants empty and unregister
 * full; calls is their number. */
extern const struct pb_operation pb_operation_register;
extern const struct pb_operation pb_operation_unregister;

/* The same with the shared epoll instance, by bare calls, in the thread whose
 * table it is; and the wait, in any thread, with the one share that has ready
 * fds, the last that registers, as task->own and its fds as task->watch. */
extern const struct pb_operation pb_operation_shared_register;
extern const struct pb_operation pb_operation_shared_unregister;
extern const struct pb_operation pb_operation_shared_wait;

#endif
