/* SPDX-License-Identifier: MIT */
/* Threads beside the one that measures: that they are there, that they sleep,
 * and what is counted of those that wait for one fd. */
#include "unit.h"

#include "buckets.h"
#include "operation.h"
#include "scene.h"
#include "threads.h"

#include <dirent.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
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
    assert_int_equal(pb_thread_start(&thread, -1, wait_on, &fd), 0);
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
    assert_int_equal(pb_thread_start(&thread, -1, spin, NULL), 0);
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
    scene->other_cpu = -1;
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

/* --- from the write to the return -------------------------------------------
 */

static const struct {
    const struct pb_operation *operation;
    const char *writer;
} wakeups[] = {{&pb_operation_wakeup_asleep, pb_other_cpu},
               {&pb_operation_wakeup_asleep, pb_same_cpu},
               {&pb_operation_wakeup_spinning, pb_other_cpu}};

/* A window, at a rate that is not reached: one event after the other; few, so
 * that a busy machine has them done in time. */
enum { FEW_EVENTS = 20 };

static struct pb_sample play(const struct pb_operation *operation,
                             struct pb_scene *scene, char *latencies)
{
    struct pb_series series = {.backend = "poll", .operation = operation};
    struct pb_task task = {
        .series = &series, .scene = scene, .latencies = latencies};
    struct pb_sample sample = {0};

    assert_int_equal(pollset_create(&task.set, "poll"), 0);
    for (int i = 0; i < scene->got.fd_count; i++)
        assert_int_equal(
            pollset_register(task.set, scene->fds[i], POLLIN, &scene->fds[i]),
            0);
    assert_int_equal(operation->open(&task), 0);
    sample = pb_sample_batch(&operation->timed, &task, FEW_EVENTS, 0);
    operation->close(&task);
    pollset_destroy(task.set);
    return sample;
}

static struct pb_scene *choose_wakeup(int i)
{
    struct pb_scene *scene =
        choose(&pb_own_farm, (struct pb_factors){.fd_count = 3,
                                                 .writer = wakeups[i].writer,
                                                 .rate = 50000});
    scene->other_cpu = sched_getcpu(); /* one CPU will do for what is tested */
    return scene;
}

/* Events in a histogram, and the sum of what its buckets begin with. */
static int64_t count_events(const char *text, int64_t *sum_ns)
{
    int64_t n = 0;
    for (*sum_ns = 0; (text = strpbrk(text, " ;")) && *text == ' '; text++) {
        char *end;
        int64_t ns = strtoll(text, &end, 10);
        assert_int_equal(*end, ':');
        int64_t count = strtoll(end + 1, NULL, 10);
        assert_int_equal(pb_bucket_low(ns), ns);
        assert_true(count > 0);
        *sum_ns += ns * count;
        n += count;
    }
    return n;
}

/* What was due comes no later than it is written, so that no response is
 * shorter than the service in it, to within a bucket. */
static void every_event_is_in_both_histograms(void **state)
{
    (void)state;
    char *latencies = calloc(1, PB_LATENCIES_BYTES);

    assert_non_null(latencies);
    for (int i = 0; i < 3; i++) {
        struct pb_scene *scene = choose_wakeup(i);
        struct pb_sample sample = {.error = -ETIMEDOUT}; /* on a busy machine */
        for (int k = 0; k < 5 && sample.error == -ETIMEDOUT; k++)
            sample = play(wakeups[i].operation, scene, latencies);
        int64_t response_ns, service_ns;
        const char *service = strchr(latencies, ';');
        assert_int_equal(sample.error, 0);
        assert_non_null(service);
        assert_memory_equal(latencies, "response ", 9);
        assert_memory_equal(service, ";service ", 9);
        assert_int_equal(count_events(latencies, &response_ns), sample.calls);
        assert_int_equal(count_events(service + 1, &service_ns), sample.calls);
        assert_true((double)response_ns > 0.99 * (double)service_ns);
        assert_true(sample.batch_ns > 0);
        drop(scene);
    }
    free(latencies);
}

static void an_event_with_another_number_is_a_wrong_answer(void **state)
{
    (void)state;
    struct pb_scene *scene = choose_wakeup(0);
    int fd = eventfd(0, EFD_SEMAPHORE); /* of which a reader gets 1 */

    assert_true(fd >= 0);
    assert_int_equal(dup2(fd, scene->fds[2]), scene->fds[2]);
    close(fd);
    assert_int_equal(play(wakeups[0].operation, scene, NULL).error, -EBADMSG);
    drop(scene);
}

/* The partner cannot write there: nothing ever wakes the one that waits. */
static void a_lost_wakeup_is_a_failure_and_no_hang(void **state)
{
    (void)state;
    struct pb_scene *scene = choose_wakeup(0);
    int ends[2];

    assert_int_equal(pipe(ends), 0);
    assert_int_equal(dup2(ends[0], scene->fds[2]), scene->fds[2]);
    assert_int_equal(play(wakeups[0].operation, scene, NULL).error, -ETIMEDOUT);
    close(ends[0]);
    close(ends[1]);
    drop(scene);
}

static void without_a_second_cpu_there_is_the_same_one(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        struct pb_scene *scene = choose_wakeup(i);
        scene->other_cpu = -1;
        assert_int_equal(play(wakeups[i].operation, scene, NULL).error,
                         wakeups[i].writer == pb_same_cpu ? 0 : -ENXIO);
        drop(scene);
    }
}

static void buckets_are_narrow_and_have_no_gaps(void **state)
{
    (void)state;
    for (int64_t ns = 0, next; ns < INT64_C(4000000000); ns = next) {
        next = ns + pb_bucket_width(ns);
        assert_int_equal(pb_bucket_low(ns), ns);
        assert_int_equal(pb_bucket_low(next - 1), ns);
        assert_int_equal(pb_bucket_low(next), next);
        assert_true(128 * pb_bucket_width(ns) <= (ns < 256 ? 128 : ns));
    }
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
        cmocka_unit_test(every_event_is_in_both_histograms),
        cmocka_unit_test(an_event_with_another_number_is_a_wrong_answer),
        cmocka_unit_test(a_lost_wakeup_is_a_failure_and_no_hang),
        cmocka_unit_test(without_a_second_cpu_there_is_the_same_one),
        cmocka_unit_test(buckets_are_narrow_and_have_no_gaps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
