/* SPDX-License-Identifier: MIT */
/* Laws: poll: timeout, maxevents, signals. No test says how long anything may
 * take at most; one that hangs is ended by ctest. */
#include "fixture.h"
#include "laws.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

static void timeout_zero_never_blocks(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(poll_armed(f, 1, 0), 0);
    watch(f, event_fd(0), POLLIN);
    assert_int_equal(poll_armed(f, 1, 0), 0);
}

/* Around the grains of select (1 us), poll and epoll (1 ms). */
static void wait_is_not_shorter_than_its_timeout(void **state)
{
    struct fixture *f = *state;
    const int64_t timeouts_ns[] = {1,       999,     1000,    1001,   999999,
                                   1000000, 1000001, 1500000, 2999999};
    for (size_t i = 0; i < sizeof(timeouts_ns) / sizeof(timeouts_ns[0]); i++) {
        int64_t begin_ns = now_ns();
        int n = poll_armed(f, 1, timeouts_ns[i]);
        int64_t elapsed_ns = now_ns() - begin_ns;
        assert_int_equal(n, 0);
        assert_true(elapsed_ns >= timeouts_ns[i]);
        if (i == 4)
            watch(f, event_fd(0), POLLIN);
    }
}

static void negative_timeout_waits_until_ready(void **state)
{
    struct fixture *f = *state;
    const int64_t timeouts_ns[] = {POLLSET_FOREVER, -2, INT64_MIN};
    for (int i = 0; i < 3; i++) {
        int fd = timer_fd(5000000);
        watch(f, fd, POLLIN);
        int n = poll_armed(f, POLLSET_NO_LIMIT, timeouts_ns[i]);
        assert_int_equal(n, 1);
        assert_int_equal(f->out[0].fd, fd);
        assert_int_equal(pollset_unregister(f->set, fd), 0);
    }
}

/* More milliseconds than an int holds, more nanoseconds than the clock will
 * ever show. */
static void longest_timeouts_wait_until_ready(void **state)
{
    struct fixture *f = *state;
    const int64_t timeouts_ns[] = {
        INT64_C(2147483648) * 1000000, INT64_C(4294967296) * 1000000,
        INT64_C(4294967297) * 1000000000, INT64_MAX - 1, INT64_MAX};
    for (int i = 0; i < 5; i++) {
        int fd = timer_fd(5000000);
        watch(f, fd, POLLIN);
        assert_int_equal(poll_armed(f, 1, timeouts_ns[i]), 1);
        assert_int_equal(pollset_unregister(f->set, fd), 0);
    }
}

static void ready_fd_ends_a_wait_with_timeout(void **state)
{
    struct fixture *f = *state;
    int fd = event_fd(1);
    watch(f, fd, POLLIN);
    assert_int_equal(poll_armed(f, 1, INT64_MAX), 1);
    assert_int_equal(f->out[0].fd, fd);
}

static void max_events_zero_is_einval(void **state)
{
    struct fixture *f = *state;
    watch(f, event_fd(1), POLLIN);
    const int wrong[] = {0, -2, INT_MIN};
    for (int i = 0; i < 3; i++) {
        assert_int_equal(poll_armed(f, wrong[i], 0), -EINVAL);
        assert_int_equal(pollset_wait(f->set, wrong[i], 0), -EINVAL);
        assert_int_equal(pollset_collect(f->set, f->out, wrong[i]), -EINVAL);
    }
    assert_int_equal(poll_armed(f, INT_MAX, 0), 1);
}

static void at_most_max_events_are_reported(void **state)
{
    struct fixture *f = *state;
    enum { N = 100 };
    for (int i = 0; i < N; i++)
        watch(f, event_fd(1), POLLIN | POLLOUT);
    for (int max_events = 1; max_events <= N + 1; max_events++) {
        memset(f->out, 0x55, (N + 2) * sizeof(f->out[0]));
        const struct pollset_event untouched = f->out[0];
        int n = poll_armed(f, max_events, 0);
        assert_int_equal(n, max_events < N ? max_events : N);
        assert_memory_equal(&f->out[n], &untouched, sizeof(untouched));
    }
    assert_int_equal(ask(f), N);
}

/* Also when the last call, which found nothing, had fewer. */
static void slots_are_those_of_the_call(void **state)
{
    struct fixture *f = *state;
    int fds[3];
    for (int i = 0; i < 3; i++)
        watch(f, fds[i] = event_fd(0), POLLIN);
    assert_int_equal(pollset_poll(f->set, f->out, 1, 0), 0);
    for (int i = 0; i < 3; i++)
        put(fds[i]);
    assert_int_equal(pollset_poll(f->set, f->out, 3, 0), 3);
}

/* Ask with max_events slots until every fd has been seen; returns how many
 * calls it took, or limit + 1. fds are first_fd .. first_fd + n_ready - 1. */
static int calls_to_see_all(struct fixture *f, int first_fd, int n_ready,
                            int max_events, int limit)
{
    bool is_seen[512] = {false};
    int n_seen = 0;
    int calls = 0;
    while (n_seen < n_ready && calls <= limit) {
        int n = poll_armed(f, max_events, 0);
        assert_int_equal(n, max_events < n_ready ? max_events : n_ready);
        calls++;
        for (int i = 0; i < n; i++) {
            bool *seen = &is_seen[f->out[i].fd - first_fd];
            n_seen += !*seen;
            *seen = true;
        }
    }
    return calls;
}

static void nobody_starves(void **state)
{
    struct fixture *f = *state;
    const int counts[] = {1, 2, 3, 8, 64, 65, 200};
    const int slots[] = {1, 2, 3, 7, 64, 199};
    int first_fd = lowest_free_fd();
    int n_ready = 0;
    for (int c = 0; c < 7; c++) {
        for (; n_ready < counts[c]; n_ready++) {
            assert_int_equal(event_fd(1), first_fd + n_ready);
            watch(f, first_fd + n_ready,
                  n_ready % 2 ? POLLIN : POLLIN | POLLOUT);
        }
        for (int s = 0; s < 6; s++) {
            int limit = (n_ready + slots[s] - 1) / slots[s] + 1;
            for (int i = 0; i < 3; i++)
                assert_true(calls_to_see_all(f, first_fd, n_ready, slots[s],
                                             limit) <= limit);
        }
    }
}

/* The place where the last call stopped is gone, or far above what is left. */
static void nobody_starves_when_the_set_shrinks(void **state)
{
    struct fixture *f = *state;
    enum { N = 150, LEFT = 5 };
    int first_fd = lowest_free_fd();
    for (int i = 0; i < N; i++)
        watch(f, event_fd(1), POLLIN);
    assert_int_equal(poll_armed(f, N - 10, 0), N - 10);
    for (int i = LEFT; i < N; i++)
        assert_int_equal(pollset_unregister(f->set, first_fd + i), 0);
    assert_true(calls_to_see_all(f, first_fd, LEFT, 1, LEFT + 1) <= LEFT + 1);
    assert_int_equal(ask(f), LEFT);
}

/* An fd whose file a duplicate keeps alive goes in the midst of the round:
 * epoll's kernel object is made anew, and the turns must not begin again. */
static void nobody_starves_when_a_duplicate_is_dropped(void **state)
{
    struct fixture *f = *state;
    enum { N = 21, DROPPED = 10, SLOTS = 5, LIMIT = (N - 1) / SLOTS + 1 };
    int first_fd = lowest_free_fd();
    for (int i = 0; i < N; i++)
        watch(f, event_fd(1), POLLIN);
    assert_true(fcntl(first_fd + DROPPED, F_DUPFD_CLOEXEC, 0) >= 0);
    close(first_fd + DROPPED);
    assert_int_equal(pollset_unregister(f->set, first_fd + DROPPED), 0);
    assert_true(calls_to_see_all(f, first_fd, N - 1, SLOTS, LIMIT) <= LIMIT);
}

static void nobody_starves_among_closed_fds(void **state)
{
    struct fixture *f = *state;
    if (!can_report(f, POLLNVAL))
        skip_because("epoll forgets closed descriptors");
    enum { N = 100 };
    int first_fd = lowest_free_fd();
    for (int i = 0; i < N; i++)
        watch(f, event_fd(1), POLLIN);
    for (int i = 0; i < N; i += 3)
        close(first_fd + i);
    for (int slots = 1; slots < N; slots += 13) {
        int limit = (N + slots - 1) / slots + 1;
        assert_true(calls_to_see_all(f, first_fd, N, slots, limit) <= limit);
    }
}

static volatile sig_atomic_t n_signals;

enum { MOST_SIGNALS = 400 };

/* The storm ends after MOST_SIGNALS, so that a wait that is begun anew with
 * its whole timeout after each signal ends, too, and can be told. */
static void on_alarm(int signal_number)
{
    (void)signal_number;
    if (++n_signals >= MOST_SIGNALS) {
        const struct itimerval never = {{0, 0}, {0, 0}};
        setitimer(ITIMER_REAL, &never, NULL);
    }
}

/* A signal each millisecond from now on; 0: no more. */
static void storm(int period_us)
{
    n_signals = 0;
    struct sigaction action = {.sa_handler = on_alarm};
    assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
    const struct itimerval each = {{0, period_us}, {0, period_us}};
    assert_int_equal(setitimer(ITIMER_REAL, &each, NULL), 0);
}

static int count_call(void *calls)
{
    ++*(int *)calls;
    return 0;
}

static void interrupted_wait_goes_on_for_what_is_left(void **state)
{
    struct fixture *f = *state;
    const int64_t timeout_ns = 40000000;
    int n_asked = 0;
    pollset_set_stop(f->set, count_call, &n_asked);
    watch(f, event_fd(0), POLLIN);
    /* On a busy machine the time may be over before the wait begins. */
    for (int tries = 0; n_asked == 0 && tries < 20; tries++) {
        storm(1000);
        int64_t begin_ns = now_ns();
        int n = poll_armed(f, 1, timeout_ns);
        int64_t elapsed_ns = now_ns() - begin_ns;
        int n_arrived = n_signals;
        storm(0);
        assert_int_equal(n, 0);
        assert_true(elapsed_ns >= timeout_ns);
        assert_true(n_arrived < MOST_SIGNALS);
    }
    assert_true(n_asked > 0);
}

static void interrupted_wait_without_limit_goes_on(void **state)
{
    struct fixture *f = *state;
    const int64_t timeouts_ns[] = {POLLSET_FOREVER, INT64_MAX};
    for (int i = 0; i < 2; i++) {
        int n_asked = 0;
        pollset_set_stop(f->set, count_call, &n_asked);
        /* On a busy machine the time may be over before the wait begins. */
        for (int tries = 0; n_asked == 0 && tries < 20; tries++) {
            int fd = timer_fd(20000000);
            watch(f, fd, POLLIN);
            storm(1000);
            int n = poll_armed(f, 1, timeouts_ns[i]);
            storm(0);
            assert_int_equal(n, 1);
            assert_int_equal(pollset_unregister(f->set, fd), 0);
        }
        assert_true(n_asked > 0);
    }
}

static void interrupted_wait_goes_on_without_a_callback(void **state)
{
    struct fixture *f = *state;
    watch(f, timer_fd(10000000), POLLIN);
    storm(1000);
    int n = poll_armed(f, 1, POLLSET_FOREVER);
    pollset_set_stop(f->set, NULL, NULL);
    int m = poll_armed(f, 1, 1);
    storm(0);
    assert_int_equal(n, 1);
    assert_int_equal(m, 1);
}

static int stop_at_zero(void *countdown)
{
    return --*(int *)countdown == 0;
}

static void stop_callback_ends_the_wait(void **state)
{
    struct fixture *f = *state;
    const int64_t timeouts_ns[] = {POLLSET_FOREVER, INT64_MAX};
    watch(f, event_fd(0), POLLIN);
    for (int i = 0; i < 2; i++) {
        int countdown = 3;
        pollset_set_stop(f->set, stop_at_zero, &countdown);
        storm(1000);
        int n = poll_armed(f, 1, timeouts_ns[i]);
        storm(0);
        assert_int_equal(n, -EINTR);
        assert_int_equal(countdown, 0);
        pollset_set_stop(f->set, NULL, NULL);
        assert_int_equal(ask(f), 0);
        assert_int_equal(pollset_count(f->set), 1);
    }
}

static void stop_callback_is_not_asked_without_a_signal(void **state)
{
    struct fixture *f = *state;
    int n_asked = 0;
    pollset_set_stop(f->set, count_call, &n_asked);
    assert_int_equal(poll_armed(f, 1, 1000000), 0);
    watch(f, event_fd(1), POLLIN);
    assert_int_equal(ask(f), 1);
    assert_int_equal(n_asked, 0);
}

/* What a stop callback does to the set, once, and what came of it. */
struct change {
    struct fixture *f;
    void (*make)(struct change *change);
    int fds[2];
    int n_made;
};

static int make_change(void *argument)
{
    struct change *change = argument;
    if (change->n_made++ == 0)
        change->make(change);
    return 0;
}

/* Poll, with as many slots as there are fds, until a signal has come that
 * makes the change; what is behind the slots has to stay as it is. */
static int poll_and_change(struct fixture *f, struct change *change,
                           int64_t timeout_ns)
{
    int n_slots = pollset_count(f->set);
    memset(f->out, 0x55, (size_t)(n_slots + 2) * sizeof(f->out[0]));
    const struct pollset_event untouched = f->out[n_slots];
    change->f = f;
    pollset_set_stop(f->set, make_change, change);
    storm(1000);
    f->n = pollset_poll(f->set, n_slots > 0 ? f->out : NULL, POLLSET_NO_LIMIT,
                        timeout_ns);
    storm(0);
    assert_true(change->n_made > 0);
    assert_memory_equal(&f->out[n_slots], &untouched, sizeof(untouched));
    assert_memory_equal(&f->out[n_slots + 1], &untouched, sizeof(untouched));
    return f->n;
}

static const int64_t endless_ns[] = {POLLSET_FOREVER, INT64_MAX};

static void register_both(struct change *change)
{
    for (int i = 0; i < 2; i++)
        watch(change->f, change->fds[i], POLLIN);
}

static void what_stop_registers_gets_no_slot_of_its_own(void **state)
{
    struct fixture *f = *state;
    for (int i = 0; i < 2; i++) {
        struct change change = {.make = register_both,
                                .fds = {event_fd(1), event_fd(1)}};
        int fd = event_fd(0);
        watch(f, fd, POLLIN);
        assert_int_equal(poll_and_change(f, &change, endless_ns[i]), 1);
        assert_int_equal(ask(f), 2);
        assert_int_equal(pollset_unregister(f->set, fd), 0);
        for (int j = 0; j < 2; j++)
            assert_int_equal(pollset_unregister(f->set, change.fds[j]), 0);
    }
}

static void empty_set_needs_no_slot(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(pollset_poll(f->set, NULL, POLLSET_NO_LIMIT, 0), 0);
    assert_int_equal(pollset_poll(f->set, NULL, POLLSET_NO_LIMIT, 1000000), 0);
    assert_int_equal(pollset_collect(f->set, NULL, POLLSET_NO_LIMIT), 0);
    for (int i = 0; i < 2; i++) {
        struct change change = {.make = register_both,
                                .fds = {event_fd(1), event_fd(1)}};
        assert_int_equal(poll_and_change(f, &change, endless_ns[i]), 0);
        assert_int_equal(ask(f), 2);
        for (int j = 0; j < 2; j++)
            assert_int_equal(pollset_unregister(f->set, change.fds[j]), 0);
    }
}

static void modify_and_unregister(struct change *change)
{
    struct pollset *set = change->f->set;
    put(change->fds[1]);
    assert_int_equal(pollset_unregister(set, change->fds[0]), 0);
    assert_int_equal(pollset_modify(set, change->fds[1], POLLIN, change), 0);
}

static void stop_may_modify_and_unregister(void **state)
{
    struct fixture *f = *state;
    for (int i = 0; i < 2; i++) {
        struct change change = {.make = modify_and_unregister,
                                .fds = {event_fd(0), event_fd(0)}};
        watch(f, change.fds[0], POLLIN);
        watch(f, change.fds[1], POLLPRI);
        assert_int_equal(poll_and_change(f, &change, endless_ns[i]), 1);
        assert_int_equal(events_of(f, change.fds[1]), POLLIN);
        assert_ptr_equal(cookie_of(f, change.fds[1]), &change);
        assert_int_equal(pollset_unregister(f->set, change.fds[1]), 0);
    }
}

static void poll_within(struct change *change)
{
    struct pollset_event event;
    put(change->fds[0]);
    assert_int_equal(pollset_poll(change->f->set, &event, 1, 0), 1);
    assert_int_equal(event.fd, change->fds[0]);
    take(change->fds[0]);
    put(change->fds[1]);
}

static void stop_may_poll_the_set(void **state)
{
    struct fixture *f = *state;
    for (int i = 0; i < 2; i++) {
        struct change change = {.make = poll_within,
                                .fds = {event_fd(0), event_fd(0)}};
        register_both(
            &(struct change){.f = f, .fds = {change.fds[0], change.fds[1]}});
        assert_int_equal(poll_and_change(f, &change, endless_ns[i]), 1);
        assert_int_equal(events_of(f, change.fds[1]), POLLIN);
        for (int j = 0; j < 2; j++)
            assert_int_equal(pollset_unregister(f->set, change.fds[j]), 0);
    }
}

static void destroy_within(struct change *change)
{
    assert_int_equal(pollset_destroy(change->f->set), -EBUSY);
    put(change->fds[0]);
}

static void stop_cannot_destroy_the_set(void **state)
{
    struct fixture *f = *state;
    for (int i = 0; i < 2; i++) {
        struct change change = {.make = destroy_within, .fds = {event_fd(0)}};
        watch(f, change.fds[0], POLLIN);
        assert_int_equal(poll_and_change(f, &change, endless_ns[i]), 1);
        assert_int_equal(pollset_unregister(f->set, change.fds[0]), 0);
    }
}

int laws_of_poll(void)
{
    const struct CMUnitTest laws[] = {
        LAW(timeout_zero_never_blocks),
        LAW(wait_is_not_shorter_than_its_timeout),
        LAW(negative_timeout_waits_until_ready),
        LAW(longest_timeouts_wait_until_ready),
        LAW(ready_fd_ends_a_wait_with_timeout),
        LAW(max_events_zero_is_einval),
        LAW(at_most_max_events_are_reported),
        LAW(slots_are_those_of_the_call),
        LAW(nobody_starves),
        LAW(nobody_starves_when_the_set_shrinks),
        LAW(nobody_starves_when_a_duplicate_is_dropped),
        LAW(nobody_starves_among_closed_fds),
        LAW(interrupted_wait_goes_on_for_what_is_left),
        LAW(interrupted_wait_without_limit_goes_on),
        LAW(interrupted_wait_goes_on_without_a_callback),
        LAW(stop_callback_ends_the_wait),
        LAW(stop_callback_is_not_asked_without_a_signal),
        LAW(what_stop_registers_gets_no_slot_of_its_own),
        LAW(empty_set_needs_no_slot),
        LAW(stop_may_modify_and_unregister),
        LAW(stop_may_poll_the_set),
        LAW(stop_cannot_destroy_the_set),
    };
    return cmocka_run_group_tests(laws, NULL, NULL);
}
