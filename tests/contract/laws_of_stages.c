/* SPDX-License-Identifier: MIT */
/* Laws: three stages. */
#include "fixture.h"
#include "laws.h"

#include <errno.h>
#include <unistd.h>

/* The three stages, gone through again where that is due. */
static int stages(struct fixture *f)
{
    int n;
    arm_again(f);
    do {
        n = pollset_prepare(f->set);
        assert_int_equal(n, 0);
        n = pollset_wait(f->set, POLLSET_NO_LIMIT, 0);
        if (n >= 0)
            n = pollset_collect(f->set, f->out, POLLSET_NO_LIMIT);
    } while (n == -EAGAIN);
    f->n = n;
    return n;
}

static void stages_in_a_row_are_a_poll(void **state)
{
    struct fixture *f = *state;
    enum { N = 100 };
    int fds[N];
    for (int i = 0; i < N; i++)
        watch(f, fds[i] = event_fd(i % 3 == 0), POLLIN);
    assert_int_equal(stages(f), ask(f));
    for (int i = 0; i < N; i++)
        assert_int_equal(events_of(f, fds[i]), i % 3 == 0 ? POLLIN : 0);
    close(fds[0]);
    close(fds[1]);
    int expected = ask(f);
    assert_int_equal(stages(f), expected);
}

static void wait_says_how_many_are_ready(void **state)
{
    struct fixture *f = *state;
    for (int i = 0; i < 10; i++)
        watch(f, event_fd(i < 4), POLLIN);
    assert_int_equal(pollset_prepare(f->set), 0);
    assert_int_equal(pollset_wait(f->set, POLLSET_NO_LIMIT, 0), 4);
}

static void prepare_and_collect_may_be_repeated(void **state)
{
    struct fixture *f = *state;
    int fd = event_fd(1);
    watch(f, event_fd(0), POLLIN);
    watch(f, fd, POLLIN);
    for (int i = 0; i < 3; i++)
        assert_int_equal(pollset_prepare(f->set), 0);
    assert_int_equal(pollset_wait(f->set, POLLSET_NO_LIMIT, 0), 1);
    for (int i = 0; i < 3; i++) {
        f->n = pollset_collect(f->set, f->out, POLLSET_NO_LIMIT);
        assert_int_equal(f->n, 1);
        assert_int_equal(events_of(f, fd), POLLIN);
    }
}

/* After a wait that found nothing, does another see what has become ready? */
static void wait_consumes_is_told_truly(void **state)
{
    struct fixture *f = *state;
    int fd = event_fd(0);
    watch(f, fd, POLLIN);
    assert_int_equal(pollset_prepare(f->set), 0);
    assert_int_equal(pollset_wait(f->set, 1, 0), 0);
    put(fd);
    assert_int_equal(pollset_wait(f->set, 1, 0), !f->info.wait_consumes);
    arm_again(f);
    assert_int_equal(pollset_prepare(f->set), 0);
    assert_int_equal(pollset_wait(f->set, 1, 0), 1);
}

static void nothing_is_collected_after_an_empty_wait(void **state)
{
    struct fixture *f = *state;
    int fd = event_fd(1);
    watch(f, fd, POLLIN);
    assert_int_equal(stages(f), 1);
    take(fd);
    assert_int_equal(pollset_prepare(f->set), 0);
    assert_int_equal(pollset_wait(f->set, 1, 0), 0);
    assert_int_equal(pollset_collect(f->set, f->out, 1), 0);
}

/* Out of order, but safe: what changed is not reported, nothing is read that
 * has moved in memory. */
static void change_between_wait_and_collect_is_safe(void **state)
{
    struct fixture *f = *state;
    int fds[200];
    for (int i = 0; i < 100; i++)
        watch(f, fds[i] = event_fd(1), POLLIN);
    assert_int_equal(pollset_prepare(f->set), 0);
    assert_int_equal(pollset_wait(f->set, POLLSET_NO_LIMIT, 0), 100);
    for (int i = 0; i < 50; i++)
        assert_int_equal(pollset_unregister(f->set, fds[i]), 0);
    for (int i = 100; i < 200; i++)
        watch(f, fds[i] = event_fd(0), POLLIN);
    f->n = pollset_collect(f->set, f->out, POLLSET_NO_LIMIT);
    assert_true(f->n >= 0 && f->n <= 50);
    for (int i = 0; i < 200; i++) {
        if (i < 50 || i >= 100)
            assert_int_equal(events_of(f, fds[i]), 0);
    }
    assert_true(pollset_wait(f->set, POLLSET_NO_LIMIT, 0) <= 50);
    assert_int_equal(stages(f), 50);
}

static void stages_of_an_empty_set_find_nothing(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(pollset_collect(f->set, f->out, POLLSET_NO_LIMIT), 0);
    assert_int_equal(stages(f), 0);
    assert_int_equal(ask(f), 0);
}

int laws_of_stages(void)
{
    const struct CMUnitTest laws[] = {
        LAW(stages_in_a_row_are_a_poll),
        LAW(wait_says_how_many_are_ready),
        LAW(prepare_and_collect_may_be_repeated),
        LAW(wait_consumes_is_told_truly),
        LAW(nothing_is_collected_after_an_empty_wait),
        LAW(change_between_wait_and_collect_is_safe),
        LAW(stages_of_an_empty_set_find_nothing),
    };
    return cmocka_run_group_tests(laws, NULL, NULL);
}
