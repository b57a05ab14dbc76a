/* SPDX-License-Identifier: MIT */
/* The bare calls that are timed: each one's own answer is looked at, and not
 * only the last one's. epoll_wait(), poll() and select() of this program stand
 * in for the C library's, and lie once. */
#include "unit.h"

#include "operation.h"
#include "sampler.h"

#include <errno.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { N = 24, R = 2, CALLS = 10, LOWEST_FD = 40, HIGHEST_FD = 79 };

/* What is made of the right answer; a lie leaves the count as it is. */
enum lie { NONE, DUPLICATE, FOREIGN, OTHER_EVENT, ONE_MORE, FAILURE, LIES };

static struct world {
    struct pb_scene *scene;
    struct pb_answers answers;
    enum lie lie;
    int which;           /* of the batch's calls, from 1, is to lie */
    int calls_until_lie; /* 0: no lie is left to be told */
    const struct pb_operation *operation;
} world;

static int lies_now(void)
{
    return world.calls_until_lie > 0 && --world.calls_until_lie == 0;
}

static int count_after(enum lie lie, int n)
{
    if (lie == FAILURE)
        errno = EBADF;
    return lie == FAILURE ? -1 : n + (lie == ONE_MORE);
}

int epoll_wait(int epoll_fd, struct epoll_event *events, int most, int timeout)
{
    int n =
        (int)syscall(SYS_epoll_pwait, epoll_fd, events, most, timeout, NULL, 8);
    if (n < R || !lies_now())
        return n;
    if (world.lie == DUPLICATE || world.lie == ONE_MORE)
        events[world.lie == ONE_MORE ? n : n - 1] = events[0];
    if (world.lie == FOREIGN)
        events[0].data.u64 = N;
    if (world.lie == OTHER_EVENT)
        events[0].events = EPOLLIN | EPOLLHUP;
    return count_after(world.lie, n);
}

int poll(struct pollfd *pollfds, nfds_t n_fds, int timeout_ms)
{
    const struct timespec timeout = {.tv_nsec = timeout_ms};
    int n = (int)syscall(SYS_ppoll, pollfds, n_fds, &timeout, NULL, 8);
    if (n < R || !lies_now())
        return n;
    for (nfds_t i = 0; i < n_fds; i++)
        if (pollfds[i].revents) {
            pollfds[i].revents = world.lie == OTHER_EVENT ? POLLHUP : 0;
            break;
        }
    if (world.lie == FOREIGN || world.lie == DUPLICATE)
        pollfds[n_fds - 1].revents = POLLIN;
    return count_after(world.lie, n);
}

int select(int nfds, fd_set *in, fd_set *out, fd_set *exceptional,
           struct timeval *timeout)
{
    struct timespec time = {.tv_nsec = timeout->tv_usec};
    int n = (int)syscall(SYS_pselect6, nfds, in, out, exceptional, &time, NULL);
    if (n < R || !lies_now())
        return n;
    int first = 0;
    while (!FD_ISSET(first, in))
        first++;
    FD_CLR(first, in);
    FD_SET(0, in);
    return count_after(world.lie, n);
}

static int setup(void **state)
{
    const struct pb_factors wanted = {.layout = pb_layout_name(PB_PACKED),
                                      .highest_fd = HIGHEST_FD,
                                      .fd_count = N,
                                      .ready_count = R};
    (void)state;
    closefrom(3);
    const struct pb_farm farm = {LOWEST_FD, HIGHEST_FD,
                                 pb_fd_kind_of("eventfd")};
    world = (struct world){0};
    return pb_scene_choose(&pb_shared_farm, &farm, &wanted, 0, &world.scene) ||
           pb_scene_open(world.scene);
}

static int teardown(void **state)
{
    (void)state;
    pb_scene_close(world.scene);
    pb_scene_free(world.scene);
    pb_answers_free(&world.answers);
    return 0;
}

/* The operation, but the calls that only warm are honest. */
static int run(struct pb_task *task, uint32_t calls)
{
    if (calls == CALLS && world.lie != NONE)
        world.calls_until_lie = world.which;
    return world.operation->timed.run(task, calls);
}

/* A batch in which one call lies. */
static int sample(struct pb_task *task, enum lie lie, int which)
{
    struct pb_timed lying = task->series->operation->timed;
    world.operation = task->series->operation;
    world.lie = lie;
    world.which = which;
    lying.run = run;
    return pb_sample_batch(&lying, task, CALLS, 0).error;
}

static void expect_noticed(struct pb_task *task, enum lie last)
{
    for (int which = 1; which <= CALLS; which++) {
        for (enum lie lie = DUPLICATE; lie <= last; lie++)
            assert_int_equal(sample(task, lie, which), -EBADMSG);
        assert_int_equal(sample(task, ONE_MORE, which), -EBADMSG);
        assert_int_equal(sample(task, FAILURE, which), -EBADF);
        assert_int_equal(sample(task, NONE, 0), 0);
    }
}

static void each_call_is_checked(const char *backend, enum lie last)
{
    struct pb_series series = {.backend = backend,
                               .operation = &pb_operation_raw};
    struct pb_task task = {
        .series = &series, .scene = world.scene, .answers = &world.answers};
    assert_int_equal(pb_operation_raw.open(&task), 0);
    expect_noticed(&task, last);
    pb_operation_raw.close(&task);
}

static void each_epoll_wait_is_checked(void **state)
{
    (void)state;
    each_call_is_checked("epoll", OTHER_EVENT);
}

static void each_poll_is_checked(void **state)
{
    (void)state;
    each_call_is_checked("poll", OTHER_EVENT);
}

static void each_select_is_checked(void **state)
{
    (void)state;
    each_call_is_checked("select", FOREIGN);
}

static void each_textbook_turn_is_checked(void **state)
{
    (void)state;
    each_call_is_checked("select-textbook", FOREIGN);
}

static void each_wait_of_a_shared_set_is_checked(void **state)
{
    const struct pb_farm farm = {HIGHEST_FD + 9, HIGHEST_FD + 32,
                                 pb_fd_kind_of("eventfd")};
    const struct pb_factors wanted = {.fd_count = N, .ready_count = R};
    struct pb_series wait = {.backend = "epoll",
                             .operation = &pb_operation_shared_wait};
    struct pb_task task = {.series = &wait, .answers = &world.answers};

    (void)state;
    assert_int_equal(
        pb_scene_choose(&pb_many_tables, &farm, &wanted, 0, &task.scene), 0);
    assert_int_equal(task.scene->got.tables, 2);
    assert_int_equal(pb_many_tables.enter(task.scene), 0);
    assert_int_equal(pb_scene_open(task.scene), 0);
    expect_noticed(&task, OTHER_EVENT);
    wait.operation->close(&task);
    pb_scene_close(task.scene);
    pb_many_tables.leave(task.scene);
    pb_scene_free(task.scene);
}

/* An fd that is missing, or of which another has taken the place. */
static void a_farm_is_checked_to_the_last_fd(void **state)
{
    struct pb_series build = {.backend = "none",
                              .operation = &pb_operation_build};
    struct pb_task task = {.series = &build, .scene = world.scene};

    (void)state;
    assert_int_equal(build.operation->timed.check(&task, 1), 0);
    for (int fd = LOWEST_FD; fd <= HIGHEST_FD; fd++) {
        int kept = dup(fd);
        close(fd);
        assert_int_equal(build.operation->timed.check(&task, 1), -EBADMSG);
        int other = pb_farm_is_ready(fd) ? HIGHEST_FD : LOWEST_FD;
        if (other != fd) {
            assert_int_equal(dup2(other, fd), fd);
            assert_int_equal(build.operation->timed.check(&task, 1), -EBADMSG);
        }
        assert_int_equal(dup2(kept, fd), fd);
        close(kept);
        assert_int_equal(pb_farm_check(&world.scene->farm, false), -EBADMSG);
    }
    assert_int_equal(build.operation->timed.check(&task, 1), 0);
    pb_scene_close(world.scene);
    /* What is closed is open again for what comes next. */
    assert_int_equal(pb_operation_close.timed.check(&task, 1), 0);
    assert_int_equal(build.operation->timed.check(&task, 1), 0);
}

#define RAW_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RAW_TEST(each_epoll_wait_is_checked),
        RAW_TEST(each_poll_is_checked),
        RAW_TEST(each_select_is_checked),
        RAW_TEST(each_textbook_turn_is_checked),
        RAW_TEST(each_wait_of_a_shared_set_is_checked),
        RAW_TEST(a_farm_is_checked_to_the_last_fd),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
