/* SPDX-License-Identifier: MIT */
/* Threads beside the one that measures: those that wait for what it does, or
 * that are only there. */
#ifndef PB_THREADS_H
#define PB_THREADS_H

#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct pb_thread {
    void (*run)(void *context);
    void *context;
    pthread_t thread;
    pid_t id;
    int status_fd; /* of the kernel's file on it, to be read by others */
    sem_t is_up;
    bool is_there;
};

/* Start a thread, on that CPU (-1: where the caller may run). It calls
 * run(context) once. 0 or -errno; then there is nothing to join. */
int pb_thread_start(struct pb_thread *thread, int cpu,
                    void (*run)(void *context), void *context);

/* Wait until run() has returned. Nothing happens if it is not there. */
void pb_thread_join(struct pb_thread *thread);

/* Wait until all of them sleep, and have slept for a while, so that none of
 * them is on its way into or out of it.
 *
 * n_switches  receives how often they gave up their CPUs so far, in sum.
 * Returns     0; -ETIMEDOUT when that takes more than a second; -errno.
 */
int pb_threads_settle(const struct pb_thread *threads, int n,
                      int64_t *n_switches);

#endif
