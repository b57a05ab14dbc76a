/* SPDX-License-Identifier: MIT */
/* Events that are served, with every backend that can be had: all of a turn are
 * reported, or the batch has failed; and the calls by their numbers. */
#include "unit.h"

#include "loop.h"
#include "operation.h"
#include "sampler.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LOWEST_FD = 40, HIGHEST_FD = 167, N = 24, R = 5 };

static const struct pb_operation *const flows[] = {
    &pb_operation_standing, &pb_operation_served,
    &pb_operation_served_by_manual, &pb_operation_over_floor};

static struct pb_answers answers;
static struct pb_series series;
static struct pb_task task;

static void open_scene_of(const struct pb_staging *staging, int highest_fd,
                          int fd_count, int ready_count)
{
    const struct pb_farm farm = {LOWEST_FD, HIGHEST_FD,
                                 pb_fd_kind_of("socketpair")};
    const struct pb_factors wanted = {.highest_fd = highest_fd,
                                      .fd_count = fd_count,
                                      .ready_count = ready_count};
    task = (struct pb_task){.series = &series, .answers = &answers};
    closefrom(3);
    assert_int_equal(pb_scene_choose(staging, &farm, &wanted, 0, &task.scene),
                     0);
    assert_int_equal(pb_scene_open(task.scene), 0);
}

static void open_scene(int fd_count, int ready_count)
{
    open_scene_of(&pb_own_farm, HIGHEST_FD, fd_count, ready_count);
}

static void close_scene(void)
{
    pb_scene_close(task.scene);
    pb_scene_free(task.scene);
}

/* A set of the scene's fds, but for the one at the place without. */
static void make_set(const char *backend, int without)
{
    struct pb_scene *scene = task.scene;
    assert_int_equal(pollset_create(&task.set, backend), 0);
    for (int i = 0; i < scene->got.fd_count; i++)
        if (i != without)
            assert_int_equal(pollset_register(task.set, scene->fds[i], POLLIN,
                                              &scene->fds[i]),
                             0);
}

static int sample(void)
{
    uint32_t calls;
    const struct pb_operation *operation = series.operation;
    int error = operation->open(&task);
    assert_int_equal(error, 0);
    assert_int_equal(pb_calibrate(&operation->timed, &task, 1, &calls), 0);
    assert_int_equal(calls % task.scene->got.ready_count, 0);
    error = pb_sample_batch(&operation->timed, &task, calls, 0).error;
    operation->close(&task);
    return error;
}

static int first_ready(void)
{
    int place = 0;
    while (!task.scene->staging->expects(task.scene, place))
        place++;
    return place;
}

/* Whatever was served before, and by whom. */
static void flow_with(const char *backend)
{
    for (size_t i = 0; i < sizeof flows / sizeof flows[0]; i++) {
        series = (struct pb_series){.backend = backend, .operation = flows[i]};
        open_scene(N, R);
        make_set(backend, -1);
        for (int batch = 0; batch < 3; batch++)
            assert_int_equal(sample(), 0);
        pollset_destroy(task.set);
        assert_int_equal(pb_farm_check(&task.scene->farm, true), 0);
        make_set(backend, first_ready());
        assert_int_equal(sample(), -EBADMSG);
        pollset_destroy(task.set);
        make_set(backend, -1);
        int place = first_ready();
        pollset_modify(task.set, task.scene->fds[place], POLLIN,
                       &task.scene->fds[place + 1]);
        assert_int_equal(sample(), -EBADMSG);
        pollset_destroy(task.set);
        close_scene();
    }
}

static void lost_and_wrong_events_fail_a_batch(void **state)
{
    struct pollset_backend_info info;
    (void)state;
    for (unsigned i = 0; pollset_backend_at(i, &info) == 0; i++)
        if (!info.error)
            flow_with(info.name);
    series.operation = &pb_operation_floor;
    open_scene(N, R);
    assert_int_equal(sample(), 0);
    close_scene();
}

static void few_slots_are_filled_until_all_are_reported(void **state)
{
    (void)state;
    series = (struct pb_series){.backend = "epoll",
                                .operation = &pb_operation_standing};
    for (int most = 1; most <= R; most++) {
        open_scene(N, R);
        task.scene->got.max_events = most;
        make_set("epoll", -1);
        assert_int_equal(sample(), 0);
        pollset_destroy(task.set);
        close_scene();
    }
}

/* A batch of turns of R events; of a scene in which an idle fd has taken the
 * place of one that is to be reported, if it is to be wrong. */
static int sample_by_ring(const struct pb_operation *operation, const char *way,
                          bool is_wrong)
{
    series = (struct pb_series){.backend = way, .operation = operation};
    open_scene(N, R);
    int idle = 0, ready = first_ready();
    while (task.scene->staging->expects(task.scene, idle))
        idle++;
    task.scene->got.changes = 3 * N + 1;
    int kept = dup(task.scene->fds[ready]); /* its other end is written to */
    if (is_wrong)
        assert_true(dup2(task.scene->fds[idle], task.scene->fds[ready]) >= 0);
    assert_int_equal(operation->open(&task), 0);
    int error = pb_sample_batch(&operation->timed, &task, 4 * R, 0).error;
    operation->close(&task);
    close(kept);
    close_scene();
    return error;
}

static void a_ring_and_an_epoll_set_report_all(void **state)
{
    static const struct pb_operation *const uses[] = {
        [PB_RING_CHANGES] = &pb_operation_ring_changes,
        [PB_RING_WAITS] = &pb_operation_ring_served};
    struct pollset_backend_info info;
    static const char *const asked[] = {"poll", "epoll", NULL};
    int n_ways = 0;
    (void)state;
    assert_null(*pb_ring_ways(PB_RING_WAITS, asked + 2));
    for (int use = 0; use < 2; use++)
        for (const char *const *way =
                 pb_ring_ways((enum pb_ring_use)use, asked);
             *way; way++, n_ways++) {
            assert_int_equal(sample_by_ring(uses[use], *way, false), 0);
            assert_int_equal(sample_by_ring(uses[use], *way, true), -EBADMSG);
        }
    assert_int_equal(n_ways, pollset_backend_find("io_uring", &info) ? 0 : 4);
}

static void each_call_reports_the_one_fd(void **state)
{
    (void)state;
    char byte;
    for (unsigned i = 0; pb_call_name(i); i++) {
        series = (struct pb_series){.backend = pb_call_name(i),
                                    .operation = &pb_operation_call};
        open_scene(1, 1);
        int error = pb_operation_call.open(&task);
        if (!error)
            error =
                pb_sample_batch(&pb_operation_call.timed, &task, 10, 0).error;
        assert_true(error == 0 || error == -ENOSYS); /* an older kernel */
        if (!error) {
            assert_int_equal(read(task.scene->fds[0], &byte, 1), 1);
            assert_int_equal(
                pb_sample_batch(&pb_operation_call.timed, &task, 10, 0).error,
                -EBADMSG);
        }
        if (task.own)
            pb_operation_call.close(&task);
        close_scene();
    }
}

static void open_chain(int ready_count)
{
    open_scene_of(&pb_chain, LOWEST_FD + 2 * (N - 1), N, ready_count);
    assert_int_equal(pb_chain_to_twin(task.scene), 2 * N);
}

/* What a batch that failed left is gone: the next one is right again. */
static void chain_with(const char *backend, int ready_count)
{
    series = (struct pb_series){.backend = backend,
                                .operation = &pb_operation_cascade};
    open_chain(ready_count);
    make_set(backend, -1);
    assert_int_equal(sample(), 0);
    pollset_destroy(task.set);
    make_set(backend, N / 2);
    assert_int_equal(sample(), -EBADMSG);
    pollset_destroy(task.set);
    make_set(backend, -1);
    assert_int_equal(sample(), 0);
    pollset_modify(task.set, task.scene->fds[1], POLLIN, &task.scene->fds[2]);
    assert_int_equal(sample(), -EBADMSG);
    pollset_destroy(task.set);
    close_scene();
}

static void each_event_of_a_chain_makes_the_next(void **state)
{
    (void)state;
    for (int r = 1; r < N; r = 2 * r + 3) {
        chain_with("poll", r);
        chain_with("epoll", r);
    }
    for (int i = 0; pb_loop_names[i]; i++) {
        series = (struct pb_series){.backend = pb_loop_names[i],
                                    .operation = &pb_operation_cascade_loop};
        for (int r = 1; r <= N; r *= N) {
            open_chain(r);
            assert_int_equal(sample(), 0);
            close_scene();
        }
    }
}

/* All fds that there are in rings, or none. */
static void a_chain_and_its_twins_have_to_fit(void **state)
{
    const struct pb_farm farm = {LOWEST_FD, HIGHEST_FD,
                                 pb_fd_kind_of("socketpair")};
    const int most = (HIGHEST_FD + 1 - LOWEST_FD) / PB_CHAIN_FDS;
    (void)state;
    for (int n = most - 1; n <= most + 1; n++) {
        const struct pb_factors wanted = {.highest_fd = LOWEST_FD + 2 * (n - 1),
                                          .fd_count = n,
                                          .ready_count = n};
        struct pb_scene *scene;
        assert_int_equal(pb_scene_choose(&pb_chain, &farm, &wanted, 0, &scene),
                         n <= most ? 0 : -ERANGE);
        pb_scene_free(scene);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lost_and_wrong_events_fail_a_batch),
        cmocka_unit_test(few_slots_are_filled_until_all_are_reported),
        cmocka_unit_test(a_ring_and_an_epoll_set_report_all),
        cmocka_unit_test(each_call_reports_the_one_fd),
        cmocka_unit_test(each_event_of_a_chain_makes_the_next),
        cmocka_unit_test(a_chain_and_its_twins_have_to_fit),
    };
    int n_failed = cmocka_run_group_tests(tests, NULL, NULL);
    pb_answers_free(&answers);
    return n_failed;
}
