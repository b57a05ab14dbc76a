/* SPDX-License-Identifier: MIT */
/* Events that are served, with every backend that can be had: all of a turn are
 * reported, or the batch has failed; and the calls by their numbers. */
#include "unit.h"

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

static void open_scene(int fd_count, int ready_count)
{
    const struct pb_farm farm = {LOWEST_FD, HIGHEST_FD,
                                 pb_fd_kind_of("socketpair")};
    const struct pb_factors wanted = {.highest_fd = HIGHEST_FD,
                                      .fd_count = fd_count,
                                      .ready_count = ready_count};
    task = (struct pb_task){.series = &series, .answers = &answers};
    closefrom(3);
    assert_int_equal(
        pb_scene_choose(&pb_own_farm, &farm, &wanted, 0, &task.scene), 0);
    assert_int_equal(pb_scene_open(task.scene), 0);
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
    assert_int_equal(calls % R, 0);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lost_and_wrong_events_fail_a_batch),
        cmocka_unit_test(few_slots_are_filled_until_all_are_reported),
        cmocka_unit_test(each_call_reports_the_one_fd),
    };
    int n_failed = cmocka_run_group_tests(tests, NULL, NULL);
    pb_answers_free(&answers);
    return n_failed;
}
