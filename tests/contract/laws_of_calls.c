/* SPDX-License-Identifier: MIT */
/* Laws that show only in what the library asks of the kernel and the C
 * library: which calls it makes, and what it makes of those that fail. */
#include "fixture.h"
#include "laws.h"
#include "wrapped_calls.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define LAW_OF_CALLS(law)                                                      \
    cmocka_unit_test_setup_teardown(law, calls_setup, fixture_teardown)

static int calls_setup(void **state)
{
    calls = (struct wrapped_calls){0};
    return fixture_setup(state);
}

static int n_calls(void)
{
    return calls.n_waits + calls.n_controls + calls.n_clock_reads +
           calls.n_allocations;
}

static void only_wait_makes_a_system_call_and_only_one(void **state)
{
    struct fixture *f = *state;
    for (int i = 0; i < 12; i++)
        watch(f, event_fd(i % 2), POLLIN);
    assert_int_equal(ask(f), 6);
    for (int i = 0; i < 2; i++) {
        arm_again(f);
        int before = n_calls();
        assert_int_equal(pollset_prepare(f->set), 0);
        assert_int_equal(n_calls(), before);
        assert_int_equal(pollset_wait(f->set, POLLSET_NO_LIMIT, 0), 6);
        assert_int_equal(n_calls(), before + 1);
        int n = pollset_collect(f->set, f->out, POLLSET_NO_LIMIT);
        assert_int_equal(n, 6);
        assert_int_equal(n_calls(), before + 1);
        arm_again(f);
        before = n_calls();
        int n_waits = calls.n_waits;
        n = pollset_poll(f->set, f->out, POLLSET_NO_LIMIT, 0);
        assert_int_equal(n, 6);
        assert_int_equal(calls.n_waits, n_waits + 1);
        assert_int_equal(n_calls(), before + 1);
    }
}

static void interrupted_wait_stage_retries_nothing(void **state)
{
    struct fixture *f = *state;
    watch(f, event_fd(1), POLLIN);
    assert_int_equal(ask(f), 1);
    assert_int_equal(pollset_prepare(f->set), 0);
    int n_waits = calls.n_waits;
    calls.n_failing_waits = 1;
    calls.wait_errno = EINTR;
    assert_int_equal(pollset_wait(f->set, 1, 0), -EINTR);
    assert_int_equal(calls.n_waits, n_waits + 1);
    assert_int_equal(pollset_collect(f->set, f->out, 1), 0);
}

static void clock_is_read_for_a_finite_wait_only(void **state)
{
    struct fixture *f = *state;
    watch(f, event_fd(1), POLLIN);
    int before = calls.n_clock_reads;
    assert_int_equal(poll_armed(f, 1, 0), 1);
    assert_int_equal(poll_armed(f, 1, POLLSET_FOREVER), 1);
    assert_int_equal(calls.n_clock_reads, before);
    assert_int_equal(poll_armed(f, 1, 1000000), 1);
    assert_true(calls.n_clock_reads > before);
}

static int note_timeout_and_stop(void *timeout_ns)
{
    *(int64_t *)timeout_ns = calls.timeout_ns;
    return calls.n_failing_waits == 0;
}

/* What a wait that has to sleep asks of the kernel. */
static int64_t timeout_asked(struct fixture *f, int64_t timeout_ns)
{
    int64_t asked_ns = 0;
    pollset_set_stop(f->set, note_timeout_and_stop, &asked_ns);
    calls.wait_errno = EINTR;
    calls.n_failing_waits = 1;
    assert_int_equal(pollset_poll(f->set, f->out, 1, timeout_ns), -EINTR);
    return asked_ns;
}

static void timeout_is_rounded_up_to_the_grain(void **state)
{
    struct fixture *f = *state;
    const int64_t timeouts_ns[] = {1,       999,     1000,       1001,
                                   999999,  1000000, 1000001,    1999999,
                                   2000000, 2000001, 1000000000, 1000000001};
    watch(f, event_fd(0), POLLIN);
    assert_int_equal(ask(f), 0);
    for (size_t i = 0; i < sizeof(timeouts_ns) / sizeof(timeouts_ns[0]); i++) {
        int64_t asked_ns = timeout_asked(f, timeouts_ns[i]);
        assert_true(asked_ns >= timeouts_ns[i]);
        assert_true(asked_ns < timeouts_ns[i] + 1000000);
    }
    const int64_t longest_ns = INT64_C(2147483647) * 1000000;
    for (int64_t more_ns = 0; more_ns < 4 * longest_ns; more_ns += longest_ns)
        assert_true(timeout_asked(f, longest_ns + more_ns) >= longest_ns);
    /* A time_t of 32 bits holds what is asked of the kernel. */
    assert_true(timeout_asked(f, INT64_MAX) < INT64_C(2147483648) * 1000000000);
    assert_int_equal(timeout_asked(f, 0), 0);
    assert_true(timeout_asked(f, -2) < 0);
}

/* Signals that come at each try, by a clock of which each reading takes 3 ms:
 * the timeouts have to shrink, and the last one to be zero. */
static void interrupted_wait_is_given_what_is_left(void **state)
{
    struct fixture *f = *state;
    watch(f, event_fd(0), POLLIN);
    assert_int_equal(ask(f), 0);
    calls.wait_errno = EINTR;
    calls.clock_step_ns = 3000000;
    int before = calls.n_waits;
    int n_failing = 4;
    calls.n_failing_waits = n_failing;
    assert_int_equal(pollset_poll(f->set, f->out, 1, 10000000), 0);
    calls.clock_step_ns = 0;
    assert_int_equal(calls.n_waits, before + n_failing + 1);
    assert_int_equal(calls.timeout_ns, 0);
}

static void interrupted_wait_is_given_less_each_time(void **state)
{
    struct fixture *f = *state;
    watch(f, event_fd(0), POLLIN);
    assert_int_equal(ask(f), 0);
    calls.wait_errno = EINTR;
    calls.clock_step_ns = 3000000;
    int64_t noted_ns;
    pollset_set_stop(f->set, note_timeout_and_stop, &noted_ns);
    for (int n_failing = 1; n_failing <= 3; n_failing++) {
        calls.n_failing_waits = n_failing;
        int n = pollset_poll(f->set, f->out, 1, 10000000);
        assert_int_equal(n, -EINTR);
        assert_int_equal(noted_ns, 10000000 - (n_failing - 1) * 3000000);
    }
    calls.clock_step_ns = 0;
}

/* The kernel's io_uring tells of POLLRDHUP also if it was not asked for. */
static void event_not_asked_for_keeps_no_wait_busy(void **state)
{
    struct fixture *f = *state;
    struct pair pair = stream_pair();
    watch(f, pair.near, POLLPRI);
    assert_int_equal(ask(f), 0);
    assert_int_equal(shutdown(pair.far, SHUT_WR), 0);
    int before = calls.n_waits;
    assert_int_equal(poll_armed(f, 1, 20000000), 0);
    assert_true(calls.n_waits < before + 10);
    watch(f, pair.near, POLLIN);
    assert_int_equal(ask_for(f, pair.near), POLLIN);
}

static void other_error_of_a_wait_is_returned(void **state)
{
    struct fixture *f = *state;
    const int64_t timeouts_ns[] = {0, POLLSET_FOREVER, 1000000};
    watch(f, event_fd(1), POLLIN);
    calls.wait_errno = ENOMEM;
    for (int i = 0; i < 3; i++) {
        calls.n_failing_waits = 1;
        assert_int_equal(poll_armed(f, 1, timeouts_ns[i]), -ENOMEM);
        assert_int_equal(pollset_count(f->set), 1);
        assert_int_equal(ask(f), 1);
    }
}

static void removing_the_highest_fd_lowers_what_select_scans(void **state)
{
    struct fixture *f = *state;
    if (strcmp(f->info.scans, "highest_fd") != 0)
        skip_because("has no bitmap");
    int low = event_fd(1);
    const int numbers[] = {63, 64, 65, 127, 128, 200};
    for (int i = 0; i < 6; i++)
        watch(f, move_fd(event_fd(1), numbers[i]), POLLIN);
    watch(f, low, POLLIN);
    for (int i = 5; i >= 0; i--) {
        assert_int_equal(ask(f), i + 2);
        assert_int_equal(calls.n_watched, numbers[i] + 1);
        assert_int_equal(pollset_unregister(f->set, numbers[i]), 0);
    }
    assert_int_equal(ask(f), 1);
    assert_int_equal(calls.n_watched, low + 1);
    watch(f, numbers[5], POLLOUT);
    assert_int_equal(ask(f), 2);
    assert_int_equal(calls.n_watched, numbers[5] + 1);
    watch(f, numbers[5], 0);
    assert_int_equal(ask(f), 1);
    assert_int_equal(calls.n_watched, low + 1);
}

static void direction_without_fds_is_not_passed(void **state)
{
    struct fixture *f = *state;
    if (strcmp(f->info.scans, "highest_fd") != 0)
        skip_because("has no bitmap");
    int fd = event_fd(1);
    watch(f, event_fd(0), 0);
    for (int mask = 0; mask < 8; mask++) {
        watch(f, fd,
              (mask & 1 ? POLLIN : 0) | (mask & 2 ? POLLOUT : 0) |
                  (mask & 4 ? POLLPRI : 0));
        ask(f);
        for (int d = 0; d < 3; d++)
            assert_int_equal(calls.is_passed[d], mask >> d & 1);
    }
}

static void changes_cost_the_same_in_any_set(void **state)
{
    struct fixture *f = *state;
    int fds[2000];
    for (int i = 0; i < 2000; i++) {
        int before = calls.n_controls;
        fds[i] = event_fd(0);
        watch(f, fds[i], POLLIN);
        assert_true(calls.n_controls <= before + 1);
    }
    for (int i = 0; i < 2000; i++) {
        int before = n_calls();
        assert_int_equal(pollset_modify(f->set, fds[i], POLLOUT, NULL), 0);
        assert_true(n_calls() <= before + 1);
        assert_int_equal(pollset_unregister(f->set, fds[i]), 0);
        assert_true(n_calls() <= before + 2);
    }
}

/* Let the k-th allocation fail, for each k; what fails is tried again. */
static int register_with_failure(struct fixture *f, int fd)
{
    int n_fds = pollset_count(f->set);
    int n_ready = ask(f);
    int error = pollset_register(f->set, fd, POLLIN, f);
    if (error == 0)
        return 0;
    assert_int_equal(error, -ENOMEM);
    assert_int_equal(pollset_count(f->set), n_fds);
    assert_int_equal(ask(f), n_ready);
    assert_int_equal(pollset_unregister(f->set, fd), -ENOENT);
    watch(f, fd, POLLIN);
    return 1;
}

static void failed_allocation_changes_nothing(void **state)
{
    struct fixture *f = *state;
    enum { N = 130, MOST = 100 };
    int fds[N];
    for (int i = 0; i < N; i++)
        fds[i] = event_fd(1);
    int n_failed;
    int k = 0;
    do {
        n_failed = 0;
        calls.failing_allocation = ++k;
        for (int i = 0; i < N; i++)
            n_failed += register_with_failure(f, fds[i]);
        assert_int_equal(ask(f), N);
        calls.failing_allocation = 0;
        pollset_destroy(f->set);
        assert_int_equal(pollset_create(&f->set, tested_backend), 0);
    } while (n_failed > 0 && k < MOST);
    assert_true(k > 2);
    assert_true(k < MOST);
}

/* select has bitmaps for what is open only: they grow when a number that was
 * registered before it was open is opened. */
static void failed_allocation_of_a_poll_changes_nothing(void **state)
{
    struct fixture *f = *state;
    if (!can_report(f, POLLNVAL))
        skip_because("refuses what is not open");
    enum { NUMBER = 3000 };
    int ready = event_fd(1);
    watch(f, ready, POLLIN);
    watch(f, NUMBER, POLLIN);
    assert_int_equal(ask(f), 2);
    assert_int_equal(move_fd(event_fd(1), NUMBER), NUMBER);
    int n_failed = 0;
    int n;
    do {
        calls.failing_allocation = n_failed + 1;
        n = poll_armed(f, POLLSET_NO_LIMIT, 0);
        assert_true(n == 2 || n == -ENOMEM);
        n_failed += n < 0;
    } while (n < 0);
    calls.failing_allocation = 0;
    assert_int_equal(n_failed > 0, strncmp(tested_backend, "select", 6) == 0);
    assert_int_equal(ask_for(f, NUMBER), POLLIN);
    assert_int_equal(events_of(f, ready), POLLIN);
}

static void create_that_fails_leaves_nothing_behind(void **state)
{
    (void)state;
    struct pollset *set;
    int n_open = count_open_fds();
    int n_live = calls.n_live;
    int k = 0;
    int error;
    do {
        calls.failing_allocation = ++k;
        error = pollset_create(&set, tested_backend);
        if (error) {
            assert_int_equal(error, -ENOMEM);
            assert_null(set);
            assert_int_equal(calls.n_live, n_live);
            assert_int_equal(count_open_fds(), n_open);
        }
    } while (error);
    calls.failing_allocation = 0;
    assert_true(k > 1);
    pollset_destroy(set);
    assert_int_equal(calls.n_live, n_live);
    assert_int_equal(count_open_fds(), n_open);
}

static void set_frees_all_it_allocates(void **state)
{
    struct fixture *f = *state;
    struct pollset *set;
    int n_live = calls.n_live;
    assert_int_equal(pollset_create(&set, tested_backend), 0);
    for (int i = 0; i < 200; i++)
        assert_int_equal(pollset_register(set, event_fd(1), POLLIN, f), 0);
    assert_int_equal(pollset_poll(set, f->out, 300, 0), 200);
    assert_true(calls.n_live > n_live);
    pollset_destroy(set);
    assert_int_equal(calls.n_live, n_live);
}

static void refused_watch_changes_nothing(void **state)
{
    struct fixture *f = *state;
    if (pollset_descriptor(f->set) < 0)
        skip_because("asks nothing of the kernel that could be refused");
    struct pair pair = stream_pair();
    put(pair.far);
    calls.control_errno = ENOSPC;
    calls.n_failing_controls = 1;
    assert_int_equal(pollset_register(f->set, pair.near, POLLIN, f), -ENOSPC);
    assert_int_equal(pollset_count(f->set), 0);
    watch(f, pair.near, POLLIN);
    calls.n_failing_controls = 1;
    assert_int_equal(pollset_modify(f->set, pair.near, POLLOUT, f), -ENOSPC);
    assert_int_equal(ask_for(f, pair.near), POLLIN);
    assert_null(cookie_of(f, pair.near));
}

/* epoll can only be rid of a duplicate by a new instance. While there is none
 * to be had, what is ready besides is reported, and the duplicate never. */
static void refused_renewal_reports_what_it_can(void **state)
{
    struct fixture *f = *state;
    if (pollset_descriptor(f->set) < 0)
        skip_because("the kernel keeps nothing between calls");
    if (!is_level(f))
        skip_because(
            "a file that was lost is told of once, and then forgotten");
    int fd = event_fd(1);
    int ready = event_fd(1);
    assert_true(fcntl(fd, F_DUPFD_CLOEXEC, 0) >= 0);
    watch(f, fd, POLLIN);
    watch(f, ready, POLLIN);
    close(fd);
    assert_int_equal(pollset_unregister(f->set, fd), 0);
    calls.control_errno = EMFILE;
    calls.n_failing_controls = 2;
    assert_int_equal(ask(f), 1);
    assert_int_equal(events_of(f, ready), POLLIN);
    take(ready);
    int n = poll_armed(f, 1, 0);
    assert_int_equal(n, -EMFILE);
    assert_int_equal(calls.n_failing_controls, 0);
    assert_int_equal(ask(f), 0);
    put(ready);
    assert_int_equal(ask(f), 1);
}

/* Files that the kernel cannot be made to forget, all under one number and
 * before those that are registered; slots for one event at a time. */
static void hide_behind_lost_files(struct fixture *f, bool unregister)
{
    enum { N_LOST = 10, N = 3 };
    int fds[N];
    for (int i = 0; i < N_LOST; i++) {
        fds[0] = event_fd(1);
        assert_true(fcntl(fds[0], F_DUPFD_CLOEXEC, 0) >= 0);
        watch(f, fds[0], POLLIN);
        close(fds[0]);
        if (unregister)
            assert_int_equal(pollset_unregister(f->set, fds[0]), 0);
    }
    for (int i = 0; i < N; i++)
        watch(f, fds[i] = event_fd(1), POLLIN);
    calls.control_errno = EMFILE;
    calls.n_failing_controls = INT_MAX;
    bool is_seen[N] = {false};
    for (int call = 0; call < N + 1; call++) {
        f->n = poll_armed(f, 1, 0);
        assert_int_equal(f->n, 1);
        for (int i = 0; i < N; i++)
            is_seen[i] |= events_of(f, fds[i]) == POLLIN;
    }
    for (int i = 0; i < N; i++) {
        assert_true(is_seen[i]);
        take(fds[i]);
    }
    assert_int_equal(poll_armed(f, 1, 0), -EMFILE);
    calls.n_failing_controls = 0;
    assert_int_equal(ask(f), 0);
}

static void refused_renewal_hides_nothing_that_is_ready(void **state)
{
    struct fixture *f = *state;
    if (pollset_descriptor(f->set) < 0)
        skip_because("the kernel keeps nothing between calls");
    if (!is_level(f))
        skip_because(
            "a file that was lost is told of once, and then forgotten");
    hide_behind_lost_files(f, true);
    hide_behind_lost_files(f, false);
}

int laws_of_calls(void)
{
    const struct CMUnitTest laws[] = {
        LAW_OF_CALLS(only_wait_makes_a_system_call_and_only_one),
        LAW_OF_CALLS(interrupted_wait_stage_retries_nothing),
        LAW_OF_CALLS(clock_is_read_for_a_finite_wait_only),
        LAW_OF_CALLS(timeout_is_rounded_up_to_the_grain),
        LAW_OF_CALLS(interrupted_wait_is_given_what_is_left),
        LAW_OF_CALLS(interrupted_wait_is_given_less_each_time),
        LAW_OF_CALLS(event_not_asked_for_keeps_no_wait_busy),
        LAW_OF_CALLS(other_error_of_a_wait_is_returned),
        LAW_OF_CALLS(removing_the_highest_fd_lowers_what_select_scans),
        LAW_OF_CALLS(direction_without_fds_is_not_passed),
        LAW_OF_CALLS(changes_cost_the_same_in_any_set),
        LAW_OF_CALLS(failed_allocation_changes_nothing),
        LAW_OF_CALLS(failed_allocation_of_a_poll_changes_nothing),
        LAW_OF_CALLS(create_that_fails_leaves_nothing_behind),
        LAW_OF_CALLS(set_frees_all_it_allocates),
        LAW_OF_CALLS(refused_watch_changes_nothing),
        LAW_OF_CALLS(refused_renewal_reports_what_it_can),
        LAW_OF_CALLS(refused_renewal_hides_nothing_that_is_ready),
    };
    return cmocka_run_group_tests(laws, NULL, NULL);
}
