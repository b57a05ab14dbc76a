/* SPDX-License-Identifier: MIT */
#include "threads.h"

#include "clock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static void *serve(void *argument)
{
    struct pb_thread *self = argument;

    self->id = gettid();
    sem_post(&self->is_up);
    self->run(self->context);
    return NULL;
}

static int create(struct pb_thread *thread, int cpu)
{
    enum { STACK_BYTES = 256 << 10 };
    pthread_attr_t attributes;
    cpu_set_t cpus;

    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    CPU_ZERO(&cpus);
    if (cpu >= 0) {
        CPU_SET(cpu, &cpus);
        pthread_attr_setaffinity_np(&attributes, sizeof cpus, &cpus);
    }
    int error = pthread_create(&thread->thread, &attributes, serve, thread);
    pthread_attr_destroy(&attributes);
    return -error;
}

int pb_thread_start(struct pb_thread *thread, int cpu,
                    void (*run)(void *context), void *context)
{
    char path[64];

    *thread =
        (struct pb_thread){.run = run, .context = context, .status_fd = -1};
    sem_init(&thread->is_up, 0, 0);
    int error = create(thread, cpu);
    thread->is_there = !error;
    while (!error && sem_wait(&thread->is_up) < 0)
        ;
    if (!error) {
        snprintf(path, sizeof path, "/proc/self/task/%d/status", thread->id);
        thread->status_fd = open(path, O_RDONLY | O_CLOEXEC);
    }
    return error;
}

void pb_thread_join(struct pb_thread *thread)
{
    if (!thread->is_there)
        return;
    pthread_join(thread->thread, NULL);
    sem_destroy(&thread->is_up);
    if (thread->status_fd >= 0)
        close(thread->status_fd);
    thread->is_there = false;
}

/* Whether it sleeps just now; adds its switches. -errno: that is not told. */
static int look_at(const struct pb_thread *thread, int64_t *n_switches)
{
    static const char state[] = "\nState:\t",
                      key[] = "\nvoluntary_ctxt_switches:";
    char text[4096];
    ssize_t n = pread(thread->status_fd, text, sizeof text - 1, 0);

    if (n < 0)
        return -errno;
    text[n] = '\0';
    const char *is = strstr(text, state), *switches = strstr(text, key);
    if (!is || !switches)
        return -ENODATA;
    *n_switches += strtoll(switches + sizeof key - 1, NULL, 10);
    return is[sizeof state - 1] == 'S';
}

static int count_asleep(const struct pb_thread *threads, int n,
                        int64_t *n_switches)
{
    int n_asleep = 0;

    *n_switches = 0;
    for (int i = 0; i < n; i++) {
        int looked = look_at(&threads[i], n_switches);
        if (looked < 0)
            return looked;
        n_asleep += looked;
    }
    return n_asleep;
}

/* A thread counts as asleep before it has given up its CPU, and is woken before
 * it runs: only what was the same a while ago has come to rest. */
int pb_threads_settle(const struct pb_thread *threads, int n,
                      int64_t *n_switches)
{
    enum { PAUSE_NS = 20000, MOST_NS = 1000000000 };
    const struct timespec pause = {.tv_nsec = PAUSE_NS};
    int64_t start_ns = pb_now_ns(), before = -1;

    for (int n_calm = 0; n_calm < 2;) {
        nanosleep(&pause, NULL);
        int n_asleep = count_asleep(threads, n, n_switches);
        if (n_asleep < 0)
            return n_asleep;
        n_calm = n_asleep == n && *n_switches == before ? n_calm + 1 : 0;
        before = *n_switches;
        if (pb_now_ns() - start_ns > MOST_NS)
            return -ETIMEDOUT;
    }
    return 0;
}
