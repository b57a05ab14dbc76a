/* SPDX-License-Identifier: MIT */
/* Laws: register, modify, unregister; scale. */
#include "fixture.h"
#include "laws.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

static void cookie_comes_back_with_each_event(void **state)
{
    struct fixture *f = *state;
    int fds[100];
    for (int i = 0; i < 100; i++) {
        fds[i] = event_fd(1);
        assert_int_equal(pollset_register(f->set, fds[i], POLLIN, &fds[i]), 0);
    }
    assert_int_equal(ask(f), 100);
    for (int i = 0; i < 100; i++)
        assert_ptr_equal(cookie_of(f, fds[i]), &fds[i]);
}

static void registering_twice_is_registering_once(void **state)
{
    struct fixture *f = *state;
    struct pair pair = stream_pair();
    put(pair.far);
    assert_int_equal(pollset_register(f->set, pair.near, POLLIN, f), 0);
    assert_int_equal(pollset_register(f->set, pair.near, POLLIN, f), 0);
    assert_int_equal(pollset_count(f->set), 1);
    assert_int_equal(ask(f), 1);
    assert_int_equal(pollset_register(f->set, pair.near, POLLOUT, &pair), 0);
    assert_int_equal(pollset_count(f->set), 1);
    assert_int_equal(ask_for(f, pair.near), POLLOUT);
    assert_ptr_equal(cookie_of(f, pair.near), &pair);
    assert_int_equal(pollset_unregister(f->set, pair.near), 0);
    assert_int_equal(pollset_count(f->set), 0);
    assert_int_equal(ask(f), 0);
}

static void registering_as_new_fails_when_registered(void **state)
{
    struct fixture *f = *state;
    struct pair pair = stream_pair();
    put(pair.far);
    assert_int_equal(pollset_register_new(f->set, -1, POLLIN, f), -EBADF);
    assert_int_equal(pollset_register_new(f->set, pair.near, POLLIN, f), 0);
    assert_int_equal(pollset_register_new(f->set, pair.near, POLLOUT, NULL),
                     -EEXIST);
    assert_int_equal(pollset_count(f->set), 1);
    assert_int_equal(ask_for(f, pair.near), POLLIN);
    assert_ptr_equal(cookie_of(f, pair.near), f);
    assert_int_equal(pollset_unregister(f->set, pair.near), 0);
    assert_int_equal(pollset_register_new(f->set, pair.near, POLLOUT, f), 0);
    assert_int_equal(ask_for(f, pair.near), POLLOUT);
}

static void modify_has_the_effect_of_register(void **state)
{
    struct fixture *f = *state;
    struct pair pair = stream_pair();
    put(pair.far);
    assert_int_equal(pollset_register(f->set, pair.near, POLLIN, f), 0);
    assert_int_equal(pollset_modify(f->set, pair.near, POLLOUT, &pair), 0);
    assert_int_equal(ask_for(f, pair.near), POLLOUT);
    assert_ptr_equal(cookie_of(f, pair.near), &pair);
    assert_int_equal(pollset_modify(f->set, pair.near, POLLPRI, f), 0);
    assert_int_equal(ask(f), 0);
    assert_int_equal(pollset_modify(f->set, pair.near, POLLIN, f), 0);
    assert_int_equal(ask_for(f, pair.near), POLLIN);
    assert_int_equal(pollset_count(f->set), 1);
}

static void modifying_what_is_not_registered_is_enoent(void **state)
{
    struct fixture *f = *state;
    int fd = event_fd(1);
    assert_int_equal(pollset_modify(f->set, fd, POLLIN, NULL), -ENOENT);
    watch(f, fd, POLLIN);
    assert_int_equal(pollset_modify(f->set, fd + 1, POLLIN, NULL), -ENOENT);
    assert_int_equal(pollset_modify(f->set, -1, POLLIN, NULL), -ENOENT);
    assert_int_equal(pollset_modify(f->set, INT_MAX, POLLIN, NULL), -ENOENT);
    assert_int_equal(pollset_unregister(f->set, fd), 0);
    assert_int_equal(pollset_modify(f->set, fd, POLLIN, NULL), -ENOENT);
    assert_int_equal(ask(f), 0);
}

static void unregistering_what_is_not_registered_is_enoent(void **state)
{
    struct fixture *f = *state;
    int fd = event_fd(1);
    assert_int_equal(pollset_unregister(f->set, fd), -ENOENT);
    watch(f, fd, POLLIN);
    assert_int_equal(pollset_unregister(f->set, fd + 1), -ENOENT);
    assert_int_equal(pollset_unregister(f->set, -1), -ENOENT);
    assert_int_equal(pollset_unregister(f->set, INT_MAX), -ENOENT);
    assert_int_equal(pollset_count(f->set), 1);
    assert_int_equal(pollset_unregister(f->set, fd), 0);
    assert_int_equal(pollset_unregister(f->set, fd), -ENOENT);
    assert_int_equal(pollset_count(f->set), 0);
}

static void removed_fd_is_never_reported(void **state)
{
    struct fixture *f = *state;
    enum { N = 70 };
    int fds[N];
    for (int i = 0; i < N; i++)
        watch(f, fds[i] = event_fd(1), POLLIN);
    /* From the ends and from the middle, so that others have to move. */
    for (int i = 0; i < N; i++) {
        int removed = i % 3 == 0 ? i : i % 3 == 1 ? N - i : (i + N / 2) % N;
        int expected = pollset_unregister(f->set, fds[removed]);
        assert_true(expected == 0 || expected == -ENOENT);
        assert_int_equal(ask(f), pollset_count(f->set));
        assert_int_equal(events_of(f, fds[removed]), 0);
        assert_int_equal(pollset_unregister(f->set, fds[removed]), -ENOENT);
    }
}

/* The kernel's epoll watches the open file. One that a duplicate keeps open
 * cannot be deleted any more once the registered number is closed. */
static void removed_fd_is_not_reported_through_a_duplicate(void **state)
{
    struct fixture *f = *state;
    int other = event_fd(1);
    int fd = event_fd(1);
    int duplicate = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    watch(f, other, POLLIN);
    watch(f, fd, POLLIN);
    close(fd);
    assert_int_equal(pollset_unregister(f->set, fd), 0);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(ask(f), 1);
        assert_int_equal(events_of(f, other), POLLIN);
    }
    /* Nor instead of another file that has the number now. */
    assert_int_equal(event_fd(0), fd);
    assert_int_equal(pollset_register(f->set, fd, POLLIN, f), 0);
    assert_int_equal(ask(f), 1);
    put(fd);
    assert_int_equal(ask(f), 2);
    assert_ptr_equal(cookie_of(f, fd), f);
    close(duplicate);
}

/* As above, and nothing else is ready: the wait must not end for it. */
static void duplicate_of_removed_fd_does_not_end_a_wait(void **state)
{
    struct fixture *f = *state;
    int fd = event_fd(1);
    assert_true(fcntl(fd, F_DUPFD_CLOEXEC, 0) >= 0);
    int timer = timer_fd(5000000);
    watch(f, timer, POLLIN);
    watch(f, fd, POLLIN);
    close(fd);
    assert_int_equal(pollset_unregister(f->set, fd), 0);
    assert_int_equal(poll_armed(f, 1, POLLSET_FOREVER), 1);
    assert_int_equal(f->out[0].fd, timer);
}

/* As above, with others that are closed and still registered: that is no reason
 * to give up, though the kernel cannot watch them. One of the numbers is what a
 * new epoll instance gets. */
static void duplicate_is_dropped_beside_closed_fds(void **state)
{
    struct fixture *f = *state;
    int n_expected = can_report(f, POLLNVAL) ? 2 : 0;
    int closed[] = {event_fd(1), event_fd(1)};
    int fd = event_fd(1);
    assert_true(fcntl(fd, F_DUPFD_CLOEXEC, 0) >= 0);
    watch(f, fd, POLLIN);
    for (int i = 0; i < 2; i++) {
        watch(f, closed[i], POLLIN);
        close(closed[i]);
    }
    close(fd);
    assert_int_equal(pollset_unregister(f->set, fd), 0);
    assert_int_equal(ask(f), n_expected);
    for (int i = 0; i < 2; i++)
        assert_int_equal(events_of(f, closed[i]), n_expected ? POLLNVAL : 0);
}

/* Numbers far apart, so that between them is much that nobody watches. */
static void removed_fd_amid_distant_others_is_not_waited_for(void **state)
{
    struct fixture *f = *state;
    if (highest_possible_fd() < 3500)
        skip_because("the descriptor limit leaves no distance");
    int low = event_fd(1);
    int middle = move_fd(event_fd(1), 1700);
    int high = move_fd(event_fd(1), 3400);
    const int fds[] = {low, middle, high};
    for (int i = 0; i < 3; i++)
        watch(f, fds[i], POLLIN);
    assert_int_equal(ask(f), 3);
    assert_int_equal(pollset_unregister(f->set, middle), 0);
    assert_int_equal(ask(f), 2);
    take(low);
    take(high);
    assert_int_equal(ask(f), 0);
    assert_int_equal(pollset_prepare(f->set), 0);
    assert_int_equal(pollset_wait(f->set, POLLSET_NO_LIMIT, 0), 0);
    watch(f, middle, POLLIN);
    assert_int_equal(ask_for(f, middle), POLLIN);
    assert_int_equal(f->n, 1);
}

static void closed_fd_can_be_unregistered(void **state)
{
    struct fixture *f = *state;
    int fd = event_fd(1);
    watch(f, fd, POLLIN);
    close(fd);
    assert_int_equal(pollset_unregister(f->set, fd), 0);
    assert_int_equal(pollset_count(f->set), 0);
    assert_int_equal(ask(f), 0);
}

/* Whatever the kernel keeps to watch it. */
static void unregistered_fd_closes_for_the_other_end(void **state)
{
    struct fixture *f = *state;
    struct pair pair = stream_pair();
    watch(f, pair.near, POLLIN);
    assert_int_equal(ask(f), 0);
    assert_int_equal(pollset_unregister(f->set, pair.near), 0);
    close(pair.near);
    struct pollfd far = {.fd = pair.far};
    assert_int_equal(poll(&far, 1, 0), 1);
    assert_true(far.revents & POLLHUP);
}

/* A number that was closed and stands for another file now can be registered
 * anew without having been unregistered. */
static void reused_number_can_be_registered_again(void **state)
{
    struct fixture *f = *state;
    int fd = event_fd(1);
    int duplicate = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    watch(f, fd, POLLIN);
    close(fd);
    assert_int_equal(event_fd(0), fd);
    assert_int_equal(pollset_register(f->set, fd, POLLIN, f), 0);
    assert_int_equal(pollset_count(f->set), 1);
    assert_int_equal(ask(f), 0);
    put(fd);
    assert_int_equal(ask_for(f, fd), POLLIN);
    assert_ptr_equal(cookie_of(f, fd), f);
    close(duplicate);
}

/* Closed, unregistered, and the same file is back at the same number. */
static void fd_restored_from_a_duplicate_can_be_registered(void **state)
{
    struct fixture *f = *state;
    int fd = event_fd(1);
    int duplicate = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    watch(f, fd, POLLIN);
    close(fd);
    assert_int_equal(pollset_unregister(f->set, fd), 0);
    assert_int_equal(dup2(duplicate, fd), fd);
    assert_int_equal(pollset_register(f->set, fd, POLLIN | POLLOUT, f), 0);
    assert_int_equal(ask_for(f, fd), POLLIN | POLLOUT);
    assert_ptr_equal(cookie_of(f, fd), f);
}

static void as_many_fds_as_the_process_may_have(void **state)
{
    struct fixture *f = *state;
    int file = event_fd(1);
    int limit = highest_possible_fd() - 16; /* leaves some for the test */
    if (limit > OUT_SLOTS - 1)
        limit = OUT_SLOTS - 1;
    int n = 0;
    int fd;
    while ((fd = fcntl(file, F_DUPFD_CLOEXEC, 0)) >= 0 && fd <= limit) {
        watch(f, fd, POLLIN);
        n++;
    }
    assert_int_equal(pollset_count(f->set), n);
    assert_int_equal(ask(f), n);
    for (fd -= 1; n > 1; fd--)
        n -= pollset_unregister(f->set, fd) == 0;
    assert_int_equal(ask(f), 1);
    take(file);
    assert_int_equal(ask(f), 0);
}

int laws_of_change(void)
{
    const struct CMUnitTest laws[] = {
        LAW(cookie_comes_back_with_each_event),
        LAW(registering_twice_is_registering_once),
        LAW(registering_as_new_fails_when_registered),
        LAW(modify_has_the_effect_of_register),
        LAW(modifying_what_is_not_registered_is_enoent),
        LAW(unregistering_what_is_not_registered_is_enoent),
        LAW(removed_fd_is_never_reported),
        LAW(removed_fd_is_not_reported_through_a_duplicate),
        LAW(duplicate_of_removed_fd_does_not_end_a_wait),
        LAW(duplicate_is_dropped_beside_closed_fds),
        LAW(removed_fd_amid_distant_others_is_not_waited_for),
        LAW(closed_fd_can_be_unregistered),
        LAW(unregistered_fd_closes_for_the_other_end),
        LAW(reused_number_can_be_registered_again),
        LAW(fd_restored_from_a_duplicate_can_be_registered),
        LAW(as_many_fds_as_the_process_may_have),
    };
    return cmocka_run_group_tests(laws, NULL, NULL);
}
