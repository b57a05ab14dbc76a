/* SPDX-License-Identifier: MIT */
/* Threads beside the one that measures: that they are there, that they sleep,
 * and what is counted of those that wait for one fd. */
#include "unit.h"

#include "operation.h"
#include "scene.h"
#include "threads.h"

#include <dirent.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

static int count_threads(void)
{
    DIR *folder = opendir("/proc/self/task");
    int n = 0;

    assert_non_null(folder);
    for (const struct dirent *entry; (entry = readdir(folder));)
        n += entry->d_name[0] != '.';
    closedir(folder);
    return n;
}

/* A thread that has ended may be listed for a moment. */
static void are_gone(void)
{
    for (int i = 0; i < 2000 && count_threads() > 1; i++)
        usleep(1000);
    assert_int_equal(count_threads(), 1);
}

/* --- threads -------------------------------------------------------------- */

static void wait_on(void *context)
{
    uint64_t number = 0;
    while (number < 100 && read(*(int *)context, &number, sizeof number) > 0)
        ;
}

static atomic_bool is_busy;

static void spin(void *context)
{
    (void)context;
    while (is_busy)
        ;
}

static void each_wait_of_a_thread_is_one_switch(void **state)
{
    (void)state;
    struct pb_thread thread;
    int64_t before, after;
    uint64_t number = 1;
    int fd = eventfd(0, 0);

    assert_true(fd >= 0);
    assert_int_equal(pb_thread_start(&thread, NULL, wait_on, &fd), 0);
    assert_int_equal(pb_threads_settle(&thread, 1, &before), 0);
    for (int i = 0; i < 10; i++) {
        assert_int_equal(write(fd, &number, sizeof number), sizeof number);
        assert_int_equal(pb_threads_settle(&thread, 1, &after), 0);
    }
    assert_int_equal(after - before, 10);
    number = 100;
    assert_int_equal(write(fd, &number, sizeof number), sizeof number);
    pb_thread_join(&thread);
    pb_thread_join(&thread); /* no matter */
    close(fd);
    are_gone();
}

static void one_that_never_sleeps_is_not_waited_for_without_end(void **state)
{
    (void)state;
    struct pb_thread thread;
    int64_t n_switches;

    is_busy = true;
    assert_int_equal(pb_thread_start(&thread, NULL, spin, NULL), 0);
    assert_int_equal(pb_threads_settle(&thread, 1, &n_switches), -ETIMEDOUT);
    is_busy = false;
    pb_thread_join(&thread);
}

/* --- in scenes -------------------------------------------------------------
 */

static const struct pb_farm numbers = {8, 1023, pb_fd_kinds};

static struct pb_scene *choose(const struct pb_staging *staging,
                               struct pb_factors wanted)
{
    struct pb_scene *scene;

    wanted.highest_fd = pb_farm_lowest_m(&numbers, (int)wanted.fd_count,
                                         (int)wanted.ready_count);
    wanted.fd_kind = "eventfd";
    assert_int_equal(pb_scene_choose(staging, &numbers, &wanted, 1, &scene), 0);
    closefrom(3);
    assert_int_equal(pb_scene_open(scene), 0);
    return scene;
}

static void drop(struct pb_scene *scene)
{
    pb_scene_close(scene);
    pb_scene_free(scene);
}

static void idle_threads_are_there_while_a_batch_is_timed(void **state)
{
    (void)state;
    for (int n = 1; n <= 3; n++) {
        struct pb_scene *scene =
            choose(&pb_idle_threads,
                   (struct pb_factors){
                       .fd_count = 4, .ready_count = 1, .idle_threads = n - 1});
        assert_int_equal(scene->got.idle_threads, n - 1);
        are_gone();
        assert_int_equal(scene->staging->start(scene), 0);
        assert_int_equal(count_threads(), n);
        assert_int_equal(scene->staging->stop(scene), 0);
        are_gone();
        drop(scene);
    }
}

/* So that they differ in nothing but the threads. */
static void they_have_the_fds_that_others_share(void **state)
{
    (void)state;
    struct pb_factors wanted = {.fd_count = 4, .ready_count = 1};
    struct pb_scene *alone = choose(&pb_shared_farm, wanted);

    wanted.idle_threads = 1;
    struct pb_scene *accompanied = choose(&pb_idle_threads, wanted);
    struct pb_scene *apart = choose(&pb_own_farm, wanted);
    assert_int_equal(alone->got.idle_threads, 0);
    assert_true(pb_scene_shares(alone, accompanied));
    assert_false(pb_scene_shares(alone, apart));
    drop(apart);
    drop(accompanied);
    drop(alone);
}

/* --- who wakes -------------------------------------------------------------
 */

static const struct pb_operation *const counting[] = {
    &pb_operation_waiters_switches, &pb_operation_waiters_returns,
    &pb_operation_waiters_busiest};
enum { SWITCHES, RETURNS, BUSIEST, N_COUNTING };

static struct pb_sample count(struct pb_scene *scene, const char *way, int what)
{
    const struct pb_operation *operation = counting[what];
    struct pb_series series = {.backend = way, .operation = operation};
    struct pb_task task = {.series = &series, .scene = scene};
    struct pb_sample sample = {0};

    sample.error = operation->open(&task);
    if (!sample.error)
        sample = pb_sample_batch(&operation->timed, &task,
                                 operation->timed.calls, 0);
    if (task.own)
        operation->close(&task);
    are_gone();
    return sample;
}

static struct pb_scene *choose_waiters(int n)
{
    return choose(&pb_own_farm,
                  (struct pb_factors){.fd_count = 1, .waiters = n});
}

/* Whatever wakes whom: each event is got once, by a wait that returned, of a
 * thread that had slept. */
static void counts_are_those_of_all_events(void **state)
{
    (void)state;
    const char *way, *family;

    for (unsigned i = 0; (way = pb_waiters_way(i, &family)); i++)
        for (int n = 1; n <= 4; n *= 2) {
            struct pb_scene *scene = choose_waiters(n);
            struct pb_sample samples[N_COUNTING];
            for (int k = 0; k < N_COUNTING; k++) {
                samples[k] = count(scene, way, k);
                assert_int_equal(samples[k].error, 0);
            }
            int64_t calls = samples[SWITCHES].calls;
            assert_true(samples[RETURNS].batch_ns >= calls);
            assert_true(samples[SWITCHES].batch_ns >= calls);
            assert_in_range(samples[BUSIEST].batch_ns, (calls + n - 1) / n,
                            calls);
            drop(scene);
        }
}

static void one_that_waits_alone_wakes_once_for_each_event(void **state)
{
    (void)state;
    struct pb_scene *scene = choose_waiters(1);

    for (int k = 0; k < N_COUNTING; k++) {
        struct pb_sample sample = count(scene, "poll-each", k);
        assert_int_equal(sample.error, 0);
        assert_int_equal(sample.batch_ns, sample.calls);
    }
    drop(scene);
}

/* A semaphore gives a reader 1, whatever was written: not what was sent. */
static void an_event_that_is_another_is_a_wrong_answer(void **state)
{
    (void)state;
    struct pb_scene *scene = choose_waiters(2);
    int fd = eventfd(0, EFD_SEMAPHORE);

    assert_true(fd >= 0);
    assert_int_equal(dup2(fd, scene->fds[0]), scene->fds[0]);
    close(fd);
    for (int k = 0; k < N_COUNTING; k++)
        assert_int_equal(count(scene, "epoll-one-set", k).error, -EBADMSG);
    drop(scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_wait_of_a_thread_is_one_switch),
        cmocka_unit_test(one_that_never_sleeps_is_not_waited_for_without_end),
        cmocka_unit_test(idle_threads_are_there_while_a_batch_is_timed),
        cmocka_unit_test(they_have_the_fds_that_others_share),
        cmocka_unit_test(counts_are_those_of_all_events),
        cmocka_unit_test(one_that_waits_alone_wakes_once_for_each_event),
        cmocka_unit_test(an_event_that_is_another_is_a_wrong_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
