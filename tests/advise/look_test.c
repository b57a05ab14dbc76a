/* SPDX-License-Identifier: MIT */
/* Looking at a program of which all is known: waiter. */
#include "unit.h"

#include "look.h"
#include "waiter.h"

#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static struct waiter {
    pid_t pid;
    volatile uint64_t *told; /* waits so far, and the thread */
} waiter;

static const double seconds = 0.5;
enum { RATE = 200, IDLE = 3, FLAT_OUT = 0 };

static void nap(void)
{
    nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
}

/* With the wrapper library in it, also where it is built with a sanitizer,
 * which wants to be first. */
static void preload(void)
{
    const char *had = getenv("ASAN_OPTIONS");
    char options[256];

    snprintf(options, sizeof options, "%s:verify_asan_link_order=0",
             had ? had : "");
    setenv("ASAN_OPTIONS", options, 1);
    setenv("LD_PRELOAD", WRAPPER, 1);
}

/* Until it has waited some times: then it is as it stays. */
static void start_at(int at_rate, const char *call, int n, int gap,
                     const char *idle)
{
    char path[] = "/tmp/waiter.XXXXXX", n_text[16], gap_text[16], rate[16];
    int fd = mkstemp(path);

    assert_true(fd >= 0 && ftruncate(fd, 16) == 0);
    waiter.told = mmap(NULL, 16, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    assert_true(waiter.told != MAP_FAILED);
    close(fd);
    snprintf(n_text, sizeof n_text, "%d", n);
    snprintf(gap_text, sizeof gap_text, "%d", gap);
    snprintf(rate, sizeof rate, "%d", at_rate);
    char *argv[] = {(char *)"waiter", (char *)call, n_text,
                    gap_text,         rate,         path,
                    (char *)idle,     NULL};
    assert_int_equal(
        posix_spawn(&waiter.pid, WAITER, NULL, NULL, argv, environ), 0);
    while (waiter.told[0] < 5 && waitpid(waiter.pid, NULL, WNOHANG) == 0)
        nap();
    unlink(path);
    assert_true(waiter.told[0] >= 5);
}

static void start(const char *call, int n, int gap, const char *idle)
{
    start_at(RATE, call, n, gap, idle);
}

static void stop(void)
{
    kill(waiter.pid, SIGKILL);
    waitpid(waiter.pid, NULL, 0);
    munmap((void *)waiter.told, 16);
}

/* The one thread that the program says waits; of the others none, or they wait
 * for the one fd that they have. */
static const struct pa_thread *thread_of(const struct pa_look *look)
{
    const struct pa_thread *found = NULL;
    int n_idle = 0;

    for (size_t i = 0; i < look->n_threads; i++) {
        const struct pa_thread *thread = &look->threads[i];
        if ((uint64_t)thread->tid == waiter.told[1])
            found = thread;
        else if (thread->way != PA_NO_WAY)
            n_idle += thread->way == PA_POLL && thread->watched.n == 1;
    }
    assert_int_equal(n_idle, (int)look->n_threads - 2);
    assert_non_null(found);
    return found;
}

static void check_set(const struct pa_thread *thread, int n, int gap)
{
    assert_int_equal(thread->watched.n, n);
    assert_int_equal(pa_watched_highest(&thread->watched),
                     waiter_fd(n - 1, gap));
    for (int i = 0; i < n; i++) {
        const struct pa_watched_fd *fd = &thread->watched.fds[i];
        int place = (fd->fd - WAITER_FIRST_FD) / gap;
        assert_int_equal(fd->fd, waiter_fd(place, gap));
        /* An epoll set always reports these, too, and fdinfo says so. */
        assert_int_equal(fd->events & ~(uint32_t)(POLLERR | POLLHUP),
                         waiter_events(place));
    }
    assert_int_equal(thread->n_of[PA_FD_UNIX] + thread->n_of[PA_FD_SOCKET],
                     n - 1);
    assert_int_equal(thread->n_of[PA_FD_EVENTFD], 1);
}

/* What it does is left as it is, and little is read of it. */
static void check_reads(const struct pa_look *look, int n)
{
    long samples = (long)(PB_LOOK_RATE * seconds) + PB_LOOK_SLICES;
    const long slices = PB_LOOK_SLICES;
    /* Of a slice two for the counts, and four for the set. */
    long per_thread = samples + (2 + 4) * slices + 4;

    assert_true(look->n_reads <=
                (long)look->n_threads * per_thread + (n + IDLE) + 4);
}

static void check_call(const char *call, enum pa_way way, int n, int gap)
{
    struct pa_problem problem = {0};
    struct pa_look look;

    start(call, n, gap, "3");
    uint64_t before = waiter.told[0];
    assert_int_equal(pa_look(&look, waiter.pid, seconds, 0, &problem), 0);
    uint64_t after = waiter.told[0];
    assert_string_equal(look.name, "waiter");
    assert_int_equal(look.n_threads, 2 + IDLE);
    const struct pa_thread *thread = thread_of(&look);
    assert_int_equal(thread->way, way);
    assert_string_equal(thread->call, call);
    check_set(thread, n, gap);
    check_reads(&look, n);
    struct pa_slice sum = pa_thread_sum(thread);
    /* On a busy machine a wait finds what was written meanwhile, and memory
     * may be waited for. */
    uint64_t n_waits = after - before, n_sleeps = (uint64_t)sum.sleeps;
    assert_true(n_sleeps > 0 && n_sleeps <= 2 * n_waits + 10);
    assert_true(4 * n_sleeps >= n_waits);
    assert_true(sum.asleep > 0 && 10 * thread->elsewhere <= sum.samples);
    assert_int_equal(thread->n_slices, PB_LOOK_SLICES);
    pa_look_free(&look);
    stop();
}

static void every_call_is_seen_with_its_set(void **state)
{
    (void)state;
#ifdef SYS_select
    check_call("select", PA_SELECT, 200, 3);
#endif
#ifdef SYS_pselect6
    check_call("pselect6", PA_SELECT, 200, 9);
#endif
#ifdef SYS_poll
    check_call("poll", PA_POLL, 1000, 1);
#endif
#ifdef SYS_epoll_wait
    check_call("epoll_wait", PA_EPOLL, 1000, 2);
#endif
    check_call("epoll_pwait", PA_EPOLL, 200, 1);
#ifdef SYS_ppoll
    check_call("ppoll", PA_POLL, 1, 1);
#endif
}

static void a_flag_of_one_entry_is_seen(void **state)
{
    struct pa_problem problem = {0};
    struct pa_look look;

    (void)state;
    start("edge", 50, 1, "0");
    assert_int_equal(pa_look(&look, waiter.pid, seconds, 0, &problem), 0);
    const struct pa_thread *thread = thread_of(&look);
    assert_int_equal(pa_watched_with(&thread->watched, 1u << 31), 1);
    pa_look_free(&look);
    stop();
}

/* It may end at any moment of the look: what is kept is of whole parts. */
static void one_that_ends_is_told_of(void **state)
{
    struct pa_problem problem = {0};
    struct pa_look look;

    (void)state;
    start("poll", 50, 1, "1");
    pid_t killer = fork();
    if (killer == 0) {
        for (int i = 0; i < 30; i++)
            nap();
        kill(waiter.pid, SIGKILL);
        _exit(0);
    }
    assert_int_equal(pa_look(&look, waiter.pid, 4 * seconds, 0, &problem), 0);
    assert_true(look.has_ended);
    for (size_t i = 0; i < look.n_threads; i++)
        assert_true(look.threads[i].n_slices < PB_LOOK_SLICES);
    pa_look_free(&look);
    waitpid(killer, NULL, 0);
    stop();
}

/* Of a thread that counts: every wait, what they report, and for what. */
static void check_counts(int rate, const char *call, enum pa_way way, int n)
{
    struct pa_problem problem = {0};
    struct pa_look look;

    preload();
    start_at(rate, call, n, 2, "1");
    unsetenv("LD_PRELOAD");
    uint64_t before = waiter.told[0];
    assert_int_equal(pa_look(&look, waiter.pid, seconds, 1, &problem), 0);
    uint64_t after = waiter.told[0];
    const struct pa_thread *thread = thread_of(&look);
    assert_true(look.is_counted && thread->is_counted);
    assert_int_equal(thread->way, way);
    check_set(thread, n, 2);
    struct pa_slice sum = pa_thread_sum(thread);
    assert_true(sum.waits > 0 && (uint64_t)sum.waits <= after - before + 1);
    assert_true(sum.returned >= sum.waits - 1 && sum.returned <= sum.waits + 1);
    assert_true(sum.waiting_ns > 0 && thread->clock_ns > 0);
    assert_true(sum.waiting_ns <= sum.cpu_ns + sum.cpu_ns / 2 + 20000000);
    assert_true(thread->elsewhere_share == 0);
    if (rate == FLAT_OUT) /* what a look alone cannot tell */
        assert_true(10 * sum.sleeps < sum.waits);
    pa_look_free(&look);
    stop();
}

static void every_call_is_counted(void **state)
{
    (void)state;
    check_counts(RATE, "libc_select", PA_SELECT, 100);
    check_counts(FLAT_OUT, "libc_pselect", PA_SELECT, 300);
    check_counts(FLAT_OUT, "libc_poll", PA_POLL, 1000);
    check_counts(RATE, "libc_ppoll", PA_POLL, 100);
    check_counts(FLAT_OUT, "libc_epoll_wait", PA_EPOLL, 500);
    check_counts(RATE, "libc_epoll_pwait", PA_EPOLL, 10);
}

/* By system calls that go round the C library, and without the library. */
static void one_that_does_not_count_is_told_of(void **state)
{
    struct pa_problem problem = {0};
    struct pa_look look;

    (void)state;
    start("poll", 50, 1, "0");
    assert_int_equal(pa_look(&look, waiter.pid, seconds, 1, &problem), -1);
    assert_non_null(strstr(problem.text, "was not started with"));
    stop();
    preload();
    start("epoll_pwait", 50, 1, "0");
    unsetenv("LD_PRELOAD");
    assert_int_equal(pa_look(&look, waiter.pid, seconds, 1, &problem), 0);
    assert_false(look.is_counted || thread_of(&look)->is_counted);
    assert_int_equal(thread_of(&look)->way, PA_EPOLL);
    pa_look_free(&look);
    stop();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_call_is_seen_with_its_set),
        cmocka_unit_test(a_flag_of_one_entry_is_seen),
        cmocka_unit_test(one_that_ends_is_told_of),
        cmocka_unit_test(every_call_is_counted),
        cmocka_unit_test(one_that_does_not_count_is_told_of),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
