/* SPDX-License-Identifier: MIT */
/* Laws: how often what is ready is reported to who does not arm it again, by
 * the trigger that the backend says it has. The other subjects ask by
 * poll_armed(), and so hold of all. */
#include "fixture.h"
#include "laws.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static int poll_all(struct fixture *f)
{
    return pollset_poll(f->set, f->out, POLLSET_NO_LIMIT, 0);
}

static void trigger_is_a_known_one(void **state)
{
    struct fixture *f = *state;
    assert_true(is_level(f) || strcmp(f->info.trigger, "edge") == 0 ||
                strcmp(f->info.trigger, "once") == 0);
}

static void what_stays_ready_is_reported_again_by_level_only(void **state)
{
    struct fixture *f = *state;
    watch(f, event_fd(1), POLLIN);
    assert_int_equal(poll_all(f), 1);
    for (int i = 0; i < 3; i++)
        assert_int_equal(poll_all(f), is_level(f));
}

static void what_happens_anew_is_reported_but_by_once(void **state)
{
    struct fixture *f = *state;
    int fd = event_fd(1);
    watch(f, fd, POLLIN);
    assert_int_equal(poll_all(f), 1);
    for (int i = 0; i < 3; i++) {
        put(fd);
        assert_int_equal(poll_all(f), strcmp(f->info.trigger, "once") != 0);
    }
    take(fd);
    put(fd);
    assert_int_equal(poll_all(f), strcmp(f->info.trigger, "once") != 0);
}

static void modify_and_register_arm_again(void **state)
{
    struct fixture *f = *state;
    int fd = event_fd(1);
    watch(f, fd, POLLIN);
    assert_int_equal(poll_all(f), 1);
    assert_int_equal(pollset_modify(f->set, fd, POLLIN, f), 0);
    assert_int_equal(poll_all(f), 1);
    assert_ptr_equal(f->out[0].cookie, f);
    watch(f, fd, POLLIN | POLLOUT);
    assert_int_equal(poll_all(f), 1);
    assert_int_equal(f->out[0].events, POLLIN | POLLOUT);
}

/* What happened while it was not armed counts. */
static void nothing_is_lost_while_not_armed(void **state)
{
    struct fixture *f = *state;
    struct pair pair = stream_pair();
    watch(f, pair.near, POLLIN);
    put(pair.far);
    assert_int_equal(poll_all(f), 1);
    take(pair.near);
    put(pair.far);
    assert_int_equal(pollset_modify(f->set, pair.near, POLLIN, f), 0);
    assert_int_equal(poll_all(f), 1);
    assert_int_equal(f->out[0].events, POLLIN);
}

/* Read before it was asked about: nothing is ready. Only multishot polls of an
 * io_uring tell of what was. */
static void what_was_read_meanwhile_is_not_reported(void **state)
{
    struct fixture *f = *state;
    struct pair pair = stream_pair();
    watch(f, pair.near, POLLIN);
    assert_int_equal(poll_all(f), 0);
    put(pair.far);
    take(pair.near);
    bool is_multishot = strcmp(f->info.family, "io_uring") == 0 && !is_level(f);
    assert_int_equal(poll_all(f), is_multishot);
    assert_int_equal(poll_all(f), 0);
    put(pair.far);
    assert_int_equal(poll_all(f), 1);
}

/* With fewer slots than ready fds, what is not reported now is so later: by
 * those that report it once, in no more calls than it takes. */
static void what_found_no_slot_is_reported_later(void **state)
{
    struct fixture *f = *state;
    enum { N = 40, SLOTS = 7 };
    int first_fd = lowest_free_fd();
    int n_seen[N] = {0};
    for (int i = 0; i < N; i++)
        watch(f, event_fd(1), POLLIN);
    int n_calls = (N + SLOTS - 1) / SLOTS;
    for (int call = 0; call <= n_calls; call++) {
        int n = pollset_poll(f->set, f->out, SLOTS, 0);
        assert_true(n >= 0 && n <= SLOTS);
        for (int i = 0; i < n; i++)
            n_seen[f->out[i].fd - first_fd]++;
    }
    for (int i = 0; i < N; i++) {
        assert_true(n_seen[i] >= 1);
        assert_true(is_level(f) || n_seen[i] == 1);
    }
}

/* All at once, and again: however many there is room for on the way. */
static void no_number_of_events_is_too_many(void **state)
{
    struct fixture *f = *state;
    enum { N = 3000 };
    if (highest_possible_fd() < N + 100)
        skip_because("the descriptor limit leaves none too many");
    int file = event_fd(0);
    for (int i = 0; i < N; i++) {
        int fd = fcntl(file, F_DUPFD_CLOEXEC, 0);
        assert_true(fd >= 0);
        watch(f, fd, POLLIN);
    }
    assert_int_equal(poll_all(f), 0);
    for (int round = 0; round < 3; round++) {
        if (strcmp(f->info.trigger, "once") == 0)
            arm_again(f);
        put(file);
        int n = poll_all(f);
        assert_int_equal(n, N);
        take(file);
    }
}

/* A wait that begins when all has been reported ends with what comes next. */
static void wait_ends_with_the_next_event(void **state)
{
    struct fixture *f = *state;
    if (is_level(f))
        skip_because("what was reported and stays ready ends the wait");
    int ready = event_fd(1);
    int timer = timer_fd(5000000);
    watch(f, ready, POLLIN);
    watch(f, timer, POLLIN);
    assert_int_equal(poll_all(f), 1);
    assert_int_equal(f->out[0].fd, ready);
    assert_int_equal(pollset_poll(f->set, f->out, 2, POLLSET_FOREVER), 1);
    assert_int_equal(f->out[0].fd, timer);
}

int laws_of_triggers(void)
{
    const struct CMUnitTest laws[] = {
        LAW(trigger_is_a_known_one),
        LAW(what_stays_ready_is_reported_again_by_level_only),
        LAW(what_happens_anew_is_reported_but_by_once),
        LAW(modify_and_register_arm_again),
        LAW(nothing_is_lost_while_not_armed),
        LAW(what_was_read_meanwhile_is_not_reported),
        LAW(what_found_no_slot_is_reported_later),
        LAW(no_number_of_events_is_too_many),
        LAW(wait_ends_with_the_next_event),
    };
    return cmocka_run_group_tests(laws, NULL, NULL);
}
