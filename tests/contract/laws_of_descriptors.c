/* SPDX-License-Identifier: MIT */
/* Laws: bad fds; select beyond FD_SETSIZE. */
#include "fixture.h"
#include "laws.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <unistd.h>

static void negative_fd_is_ebadf(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(pollset_register(f->set, -1, POLLIN, NULL), -EBADF);
    assert_int_equal(pollset_register(f->set, INT_MIN, POLLIN, NULL), -EBADF);
    assert_int_equal(pollset_count(f->set), 0);
    assert_int_equal(ask(f), 0);
}

/* Close fd, which is registered, and see that it is reported as POLLNVAL, or
 * not at all where the documentation says so. */
static void close_and_ask(struct fixture *f, int fd, int n_others)
{
    close(fd);
    uint32_t expected = can_report(f, POLLNVAL) ? POLLNVAL : 0;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(ask_for(f, fd), expected);
        assert_int_equal(f->n, n_others + (expected != 0));
    }
}

static void closed_fd_is_pollnval(void **state)
{
    struct fixture *f = *state;
    struct pair pair = stream_pair();
    int ready = event_fd(1);
    watch(f, event_fd(0), POLLIN);
    watch(f, pair.near, POLLIN);
    watch(f, ready, POLLIN);
    close_and_ask(f, pair.near, 1);
    assert_int_equal(events_of(f, ready), POLLIN);
    assert_int_equal(pollset_unregister(f->set, pair.near), 0);
    assert_int_equal(ask(f), 1);
}

static void closed_fd_that_was_ready_is_pollnval_only(void **state)
{
    struct fixture *f = *state;
    int fd = move_fd(event_fd(1), 200); /* in another word than ready */
    int ready = event_fd(1);
    watch(f, ready, POLLIN);
    watch(f, fd, POLLIN | POLLOUT);
    assert_int_equal(ask_for(f, fd), POLLIN | POLLOUT);
    close_and_ask(f, fd, 1);
    assert_int_equal(events_of(f, ready), POLLIN);
}

static void only_fd_closed_is_pollnval(void **state)
{
    struct fixture *f = *state;
    int fd = event_fd(0);
    watch(f, fd, POLLIN);
    assert_int_equal(ask(f), 0);
    close_and_ask(f, fd, 0);
}

static void closed_fd_without_events_is_pollnval(void **state)
{
    struct fixture *f = *state;
    int fd = event_fd(1);
    watch(f, fd, 0);
    assert_int_equal(ask(f), 0);
    close_and_ask(f, fd, 0);
}

static void all_fds_closed_are_pollnval(void **state)
{
    struct fixture *f = *state;
    enum { N = 130 };
    int fds[N];
    for (int i = 0; i < N; i++)
        watch(f, fds[i] = event_fd(i % 2), i % 3 ? POLLIN : POLLOUT);
    for (int i = 0; i < N; i++)
        close(fds[i]);
    assert_int_equal(ask(f), can_report(f, POLLNVAL) ? N : 0);
    for (int i = 0; i < N; i++)
        assert_int_equal(pollset_unregister(f->set, fds[i]), 0);
    assert_int_equal(ask(f), 0);
}

static void closed_fd_ends_a_wait(void **state)
{
    struct fixture *f = *state;
    if (!can_report(f, POLLNVAL))
        skip_because("epoll forgets closed descriptors");
    int fd = event_fd(0);
    watch(f, fd, POLLIN);
    close(fd);
    assert_int_equal(poll_armed(f, 1, POLLSET_FOREVER), 1);
    assert_int_equal(f->out[0].events, POLLNVAL);
}

static void wait_blocks_again_without_the_closed_fd(void **state)
{
    struct fixture *f = *state;
    int fd = event_fd(0);
    watch(f, fd, POLLIN);
    close_and_ask(f, fd, 0);
    assert_int_equal(pollset_unregister(f->set, fd), 0);
    int timer = timer_fd(5000000);
    watch(f, timer, POLLIN);
    assert_int_equal(poll_armed(f, 1, POLLSET_FOREVER), 1);
    assert_int_equal(f->out[0].fd, timer);
    arm_again(f);
    assert_int_equal(pollset_prepare(f->set), 0);
    assert_int_equal(pollset_wait(f->set, 1, 0), 1);
}

static void reopened_number_is_watched(void **state)
{
    struct fixture *f = *state;
    if (!can_report(f, POLLNVAL))
        skip_because("epoll forgets closed descriptors");
    int fd = event_fd(0);
    watch(f, fd, POLLIN);
    close_and_ask(f, fd, 0);
    assert_int_equal(event_fd(1), fd);
    assert_int_equal(ask_for(f, fd), POLLIN);
    take(fd);
    assert_int_equal(ask(f), 0);
    close_and_ask(f, fd, 0);
}

/* Also a number past the end of the process's descriptor table, of which the
 * kernel's select says nothing. */
static void fd_that_is_not_open_is_pollnval_or_ebadf(void **state)
{
    struct fixture *f = *state;
    const int fds[] = {lowest_free_fd(), FD_SETSIZE - 2, FD_SETSIZE,
                       highest_possible_fd() + 2};
    bool is_accepted = can_report(f, POLLNVAL);
    int n = 0;
    for (int i = 0; i < 4; i++) {
        int result = pollset_register(f->set, fds[i], POLLIN, f);
        assert_int_equal(result, is_accepted ? 0 : -EBADF);
        n += result == 0;
        assert_int_equal(pollset_count(f->set), n);
        assert_int_equal(ask_for(f, fds[i]), is_accepted ? POLLNVAL : 0);
        assert_int_equal(f->n, n);
        if (!is_accepted)
            assert_int_equal(pollset_unregister(f->set, fds[i]), -ENOENT);
    }
}

static void changing_a_closed_fd_does_not_open_it(void **state)
{
    struct fixture *f = *state;
    int fd = event_fd(1);
    watch(f, fd, POLLIN);
    close(fd);
    int expected = can_report(f, POLLNVAL) ? 0 : -EBADF;
    assert_int_equal(pollset_modify(f->set, fd, POLLOUT, f), expected);
    assert_int_equal(pollset_register(f->set, fd, POLLOUT, f), expected);
    assert_int_equal(pollset_count(f->set), 1);
    assert_int_equal(ask_for(f, fd), expected ? 0 : POLLNVAL);
    assert_ptr_equal(cookie_of(f, fd), expected ? NULL : f);
}

static void file_is_ready_or_eperm(struct fixture *f, int fd)
{
    assert_true(fd >= 0);
    int result = pollset_register(f->set, fd, POLLIN | POLLOUT, f);
    bool is_accepted =
        can_report(f, POLLNVAL) || pollset_descriptor(f->set) < 0;
    assert_int_equal(result, is_accepted ? 0 : -EPERM);
    assert_int_equal(pollset_count(f->set), is_accepted);
    assert_int_equal(ask_for(f, fd), is_accepted ? POLLIN | POLLOUT : 0);
    assert_int_equal(f->n, is_accepted);
    assert_int_equal(pollset_unregister(f->set, fd), is_accepted ? 0 : -ENOENT);
}

/* Standard input is /dev/null where nobody types. */
static void file_that_cannot_be_waited_for_is_ready_or_eperm(void **state)
{
    struct fixture *f = *state;
    char path[] = "/tmp/pollset-XXXXXX";
    file_is_ready_or_eperm(f, mkstemp(path));
    assert_int_equal(unlink(path), 0);
    const char *const paths[] = {"/", "/dev/null", "/dev/zero", "/dev/urandom"};
    for (int i = 0; i < 4; i++)
        file_is_ready_or_eperm(f, open(paths[i], O_RDONLY | O_CLOEXEC));
}

static int epoll_of(int fd)
{
    int epfd = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN};
    assert_true(epfd >= 0);
    assert_int_equal(epoll_ctl(epfd, EPOLL_CTL_ADD, fd, &event), 0);
    return epfd;
}

static void epoll_instance_can_be_watched(void **state)
{
    struct fixture *f = *state;
    int fd = event_fd(0);
    int epfd = epoll_of(fd);
    watch(f, epfd, POLLIN);
    assert_int_equal(ask(f), 0);
    put(fd);
    assert_int_equal(ask_for(f, epfd), POLLIN);
}

/* In epoll itself, in what it watches, and too deep. */
static void epoll_instances_in_a_ring_are_eloop(void **state)
{
    struct fixture *f = *state;
    int own = pollset_descriptor(f->set);
    if (own < 0)
        skip_because("has no descriptor that could be watched");
    assert_int_equal(pollset_register(f->set, own, POLLIN, f), -EINVAL);
    int outer = epoll_of(own);
    assert_int_equal(pollset_register(f->set, outer, POLLIN, f), -ELOOP);
    close(outer);
    int deep = event_fd(1);
    for (int i = 0; i < 4; i++)
        deep = epoll_of(deep);
    watch(f, deep, POLLIN);
    assert_int_equal(ask_for(f, deep), POLLIN);
    assert_int_equal(pollset_unregister(f->set, deep), 0);
    deep = epoll_of(deep);
    assert_int_equal(pollset_register(f->set, deep, POLLIN, f), -ELOOP);
    assert_int_equal(pollset_count(f->set), 0);
    assert_int_equal(ask(f), 0);
}

static void expect_of_all_calls(struct fixture *f, int fd, int other, int error)
{
    assert_int_equal(pollset_poll(f->set, f->out, 1, 0), error);
    assert_int_equal(pollset_poll(f->set, f->out, 1, 1000000), error);
    assert_int_equal(pollset_modify(f->set, fd, POLLOUT, f), error);
    assert_int_equal(pollset_register(f->set, other, POLLIN, f), error);
    assert_int_equal(pollset_count(f->set), 1);
}

/* As closefrom(3) does; then something else may get the number. */
static void closed_descriptor_of_the_set_is_ebadf_or_einval(void **state)
{
    struct fixture *f = *state;
    int own = pollset_descriptor(f->set);
    if (own < 0)
        skip_because("has no descriptor that could be closed");
    int fd = event_fd(1);
    watch(f, fd, POLLIN);
    int other = event_fd(1);
    int kept = fcntl(own, F_DUPFD_CLOEXEC, 100);
    close(own);
    int file = event_fd(1);
    assert_int_equal(file, own);
    expect_of_all_calls(f, fd, other, -EINVAL);
    move_fd(file, own + 1);
    expect_of_all_calls(f, fd, other, -EBADF);
    assert_int_equal(dup2(kept, own), own); /* for destroy to close */
    assert_int_equal(ask_for(f, fd), POLLIN);
    assert_int_equal(pollset_unregister(f->set, fd), 0);
}

/* A descriptor by O_PATH only names a file: poll(2) takes it for closed. */
static void fd_that_only_names_a_file_is_pollnval_or_ebadf(void **state)
{
    struct fixture *f = *state;
    int ready = event_fd(1);
    int fd = open("/", O_PATH | O_CLOEXEC);
    assert_true(fd >= 0);
    watch(f, ready, POLLIN);
    bool is_accepted = can_report(f, POLLNVAL);
    int result = pollset_register(f->set, fd, POLLSET_DEFAULT_EVENTS, NULL);
    assert_int_equal(result, is_accepted ? 0 : -EBADF);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(ask_for(f, fd), is_accepted ? POLLNVAL : 0);
        assert_int_equal(events_of(f, ready), POLLIN);
        assert_int_equal(f->n, 1 + is_accepted);
    }
    close(fd);
    assert_int_equal(ask_for(f, fd), is_accepted ? POLLNVAL : 0);
    assert_int_equal(open("/", O_PATH | O_CLOEXEC), fd);
    assert_int_equal(ask_for(f, fd), is_accepted ? POLLNVAL : 0);
}

static void fd_beyond_fd_setsize_works(void **state)
{
    struct fixture *f = *state;
    int highest = highest_possible_fd();
    if (highest < FD_SETSIZE + 100)
        skip_because("the descriptor limit is not far enough above FD_SETSIZE");
    const int numbers[] = {FD_SETSIZE - 1, FD_SETSIZE, FD_SETSIZE + 1,
                           highest - 64, highest};
    struct pair pairs[5];
    for (int i = 0; i < 5; i++) {
        pairs[i] = stream_pair();
        pairs[i].near = move_fd(pairs[i].near, numbers[i]);
        watch(f, pairs[i].near, POLLIN);
    }
    assert_int_equal(ask(f), 0);
    for (int i = 0; i < 5; i++) {
        put(pairs[i].far);
        assert_int_equal(ask_for(f, pairs[i].near), POLLIN);
        assert_int_equal(f->n, i + 1);
    }
    for (int i = 4; i >= 0; i--) {
        assert_int_equal(pollset_unregister(f->set, pairs[i].near), 0);
        assert_int_equal(ask(f), i);
    }
}

/* Numbers of any size are safe to name, if only to be refused. */
static void no_number_is_too_high_to_be_refused(void **state)
{
    struct fixture *f = *state;
    int fd = 1 << 22;
    int ready = event_fd(1);
    watch(f, ready, POLLIN);
    int result = pollset_register(f->set, fd, POLLIN, NULL);
    assert_true(result == 0 || result == -ENOMEM || result == -EBADF);
    assert_int_equal(pollset_count(f->set), 1 + (result == 0));
    assert_int_equal(ask_for(f, ready), POLLIN);
    assert_int_equal(f->n, 1 + (result == 0));
}

static long resident_kib(void)
{
    char line[256];
    long kib = -1;
    FILE *status = fopen("/proc/self/status", "r");
    assert_non_null(status);
    while (fgets(line, sizeof(line), status)) {
        if (strncmp(line, "VmRSS:", 6) == 0)
            kib = strtol(line + 6, NULL, 10);
    }
    fclose(status);
    assert_true(kib > 0);
    return kib;
}

/* What is registered costs memory, and not the numbers below it. */
static void stray_number_costs_no_more_than_another(void **state)
{
    struct fixture *f = *state;
    const int strays[] = {1000000, 100000000, 250000000, 1000000000, INT_MAX};
    int ready = event_fd(1);
    watch(f, ready, POLLIN);
    ask(f);
    long before_kib = resident_kib();
    bool is_accepted = can_report(f, POLLNVAL);
    for (int i = 0; i < 5; i++) {
        int result = pollset_register(f->set, strays[i], POLLIN, NULL);
        assert_int_equal(result, is_accepted ? 0 : -EBADF);
        assert_int_equal(ask_for(f, ready), POLLIN);
        assert_int_equal(f->n, is_accepted ? i + 2 : 1);
        assert_int_equal(events_of(f, strays[i]), is_accepted ? POLLNVAL : 0);
    }
    for (int i = 0; i < 5; i++)
        assert_int_equal(pollset_unregister(f->set, strays[i]),
                         is_accepted ? 0 : -ENOENT);
    assert_int_equal(ask(f), 1);
    assert_true(resident_kib() - before_kib < 64 << 10);
}

/* Registered before it is open, so that there was no need for room then. */
static void number_that_is_opened_later_is_watched(void **state)
{
    struct fixture *f = *state;
    if (!can_report(f, POLLNVAL))
        skip_because("refuses what is not open");
    int fds[] = {300, 1000, highest_possible_fd()};
    int ready = event_fd(1);
    watch(f, ready, POLLIN);
    for (int i = 0; i < 3; i++) {
        watch(f, fds[i], POLLIN);
        assert_int_equal(ask_for(f, fds[i]), POLLNVAL);
        assert_int_equal(move_fd(event_fd(0), fds[i]), fds[i]);
        assert_int_equal(ask_for(f, fds[i]), 0);
        put(fds[i]);
        assert_int_equal(ask_for(f, fds[i]), POLLIN);
        assert_int_equal(ask_for(f, ready), POLLIN);
    }
    assert_int_equal(f->n, 4);
}

int laws_of_descriptors(void)
{
    const struct CMUnitTest laws[] = {
        LAW(negative_fd_is_ebadf),
        LAW(closed_fd_is_pollnval),
        LAW(closed_fd_that_was_ready_is_pollnval_only),
        LAW(only_fd_closed_is_pollnval),
        LAW(closed_fd_without_events_is_pollnval),
        LAW(all_fds_closed_are_pollnval),
        LAW(closed_fd_ends_a_wait),
        LAW(wait_blocks_again_without_the_closed_fd),
        LAW(reopened_number_is_watched),
        LAW(fd_that_is_not_open_is_pollnval_or_ebadf),
        LAW(changing_a_closed_fd_does_not_open_it),
        LAW(file_that_cannot_be_waited_for_is_ready_or_eperm),
        LAW(epoll_instance_can_be_watched),
        LAW(epoll_instances_in_a_ring_are_eloop),
        LAW(closed_descriptor_of_the_set_is_ebadf_or_einval),
        LAW(fd_that_only_names_a_file_is_pollnval_or_ebadf),
        LAW(fd_beyond_fd_setsize_works),
        LAW(no_number_is_too_high_to_be_refused),
        LAW(stray_number_costs_no_more_than_another),
        LAW(number_that_is_opened_later_is_watched),
    };
    return cmocka_run_group_tests(laws, NULL, NULL);
}
