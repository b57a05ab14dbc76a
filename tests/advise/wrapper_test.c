/* SPDX-License-Identifier: MIT */
/* What the wrapper library does to the program that it is in, which is this
 * one, and what it counts of it. */
#include "unit.h"

#include "counts.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct pa_counts *counts;

static int find_counts(void **state)
{
    char line[512];
    void *at;
    FILE *maps = fopen("/proc/self/maps", "re");

    (void)state;
    while (maps && !counts && fgets(line, sizeof line, maps))
        if (strstr(line, PA_COUNTS_NAME) && sscanf(line, "%p-", &at) == 1)
            counts = at;
    if (maps)
        fclose(maps);
    return counts ? 0 : -1;
}

/* Those of this thread by that call, all sets together. */
static struct pa_counts_slot counted(long number)
{
    struct pa_counts_slot sum = {0};
    int32_t tid = (int32_t)syscall(SYS_gettid);

    for (int i = 0; i < PA_COUNTS_SLOTS; i++) {
        const struct pa_counts_slot *slot = &counts->slots[i];
        if (slot->tid != tid || slot->number != number)
            continue;
        sum.waits += slot->waits;
        sum.returned += slot->returned;
        sum.cpu_ns += slot->cpu_ns;
    }
    return sum;
}

static void waits_and_what_they_report_are_counted(void **state)
{
    struct pollfd fds[2] = {{-1, POLLIN, 0}, {-1, POLLIN, 0}};
    int ends[2];

    (void)state;
    assert_int_equal(pipe(ends), 0);
    fds[0].fd = fds[1].fd = ends[0];
    assert_int_equal(write(ends[1], "", 1), 1);
    struct pa_counts_slot before = counted(SYS_ppoll);
    for (int i = 0; i < 10; i++)
        assert_int_equal(ppoll(fds, 2, NULL, NULL), 2);
    struct pa_counts_slot after = counted(SYS_ppoll);
    assert_int_equal(after.waits - before.waits, 10);
    assert_int_equal(after.returned - before.returned, 20);
    assert_true(after.cpu_ns > before.cpu_ns);
    close(ends[0]);
    close(ends[1]);
}

/* As without it: what fails says why, and what does not says nothing. */
static void errno_is_what_the_call_makes_it(void **state)
{
    struct epoll_event event;
    struct pollfd *volatile nowhere = NULL;
    fd_set none;

    (void)state;
    FD_ZERO(&none);
    errno = 123;
    assert_int_equal(poll(NULL, 0, 0), 0);
    assert_int_equal(select(1, &none, NULL, NULL, &(struct timeval){0}), 0);
    assert_int_equal(errno, 123);
    assert_int_equal(select(-1, NULL, NULL, NULL, NULL), -1);
    assert_int_equal(errno, EINVAL);
    assert_int_equal(epoll_wait(-1, &event, 1, 0), -1);
    assert_int_equal(errno, EBADF);
    assert_int_equal(poll(nowhere, 1, 0), -1);
    assert_int_equal(errno, EFAULT);
}

static volatile sig_atomic_t n_handled;

static void wait_in_handler(int number)
{
    (void)number;
    n_handled++;
    poll(NULL, 0, 0);
    select(0, NULL, NULL, NULL, &(struct timeval){0});
}

static void a_handler_may_wait_too(void **state)
{
    struct sigaction action = {.sa_handler = wait_in_handler};
    const struct itimerval often = {{0, 2000}, {0, 2000}}, never = {0};

    (void)state;
    assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
    assert_int_equal(setitimer(ITIMER_REAL, &often, NULL), 0);
    for (int i = 0; i < 20; i++) {
        assert_int_equal(poll(NULL, 0, 1000), -1);
        assert_int_equal(errno, EINTR);
    }
    assert_int_equal(setitimer(ITIMER_REAL, &never, NULL), 0);
    assert_true(n_handled >= 20);
}

static void *wait_for_good(void *started)
{
    *(volatile int *)started = 1;
    for (;;)
        poll(NULL, 0, -1);
    return NULL;
}

static void a_thread_can_be_cancelled_in_a_wait(void **state)
{
    volatile int started = 0;
    pthread_t thread;
    void *result = NULL;

    (void)state;
    assert_int_equal(
        pthread_create(&thread, NULL, wait_for_good, (void *)&started), 0);
    while (!started)
        poll(NULL, 0, 1);
    assert_int_equal(pthread_cancel(thread), 0);
    assert_int_equal(pthread_join(thread, &result), 0);
    assert_ptr_equal(result, PTHREAD_CANCELED);
}

/* As a server that goes into the background: its waits are the child's. */
static void a_child_counts_for_itself(void **state)
{
    int status = -1;

    (void)state;
    poll(NULL, 0, 0);
    struct pa_counts_slot before = counted(SYS_ppoll);
    pid_t child = fork();
    if (child == 0) {
        ppoll(NULL, 0, &(struct timespec){0}, NULL);
        _exit(counted(SYS_ppoll).waits == 1 ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_int_equal(counted(SYS_ppoll).waits, before.waits);
}

static void *wait_once(void *unused)
{
    struct timespec none = {0};

    ppoll(NULL, 0, &none, NULL);
    uint64_t waits = counted(SYS_ppoll).waits;
    return waits <= 1 ? unused : NULL;
}

/* The rest of them is not counted, and that can be seen. */
static void more_threads_than_slots_wait_all_the_same(void **state)
{
    pthread_t threads[PA_COUNTS_SLOTS + 10];

    (void)state;
    for (size_t i = 0; i < sizeof threads / sizeof *threads; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, wait_once, &counts),
                         0);
    for (size_t i = 0; i < sizeof threads / sizeof *threads; i++) {
        void *result = NULL;
        assert_int_equal(pthread_join(threads[i], &result), 0);
        assert_non_null(result);
    }
    assert_true(counts->n_slots > PA_COUNTS_SLOTS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(waits_and_what_they_report_are_counted),
        cmocka_unit_test(errno_is_what_the_call_makes_it),
        cmocka_unit_test(a_handler_may_wait_too),
        cmocka_unit_test(a_thread_can_be_cancelled_in_a_wait),
        cmocka_unit_test(a_child_counts_for_itself),
        cmocka_unit_test(more_threads_than_slots_wait_all_the_same),
    };
    return cmocka_run_group_tests(tests, find_counts, NULL);
}
