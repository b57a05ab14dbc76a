/* SPDX-License-Identifier: MIT */
/* Laws: events; what select cannot tell. */
#include "fixture.h"
#include "laws.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

static void readable_fd_is_pollin(void **state)
{
    struct fixture *f = *state;
    struct pair pair = stream_pair();
    watch(f, pair.near, POLLIN);
    assert_int_equal(ask(f), 0);
    put(pair.far);
    assert_int_equal(ask_for(f, pair.near), POLLIN);
    assert_int_equal(f->n, 1);
    take(pair.near);
    assert_int_equal(ask(f), 0);
}

static void writable_fd_is_pollout(void **state)
{
    struct fixture *f = *state;
    struct pair pair = pipe_pair();
    watch(f, pair.far, POLLOUT);
    assert_int_equal(ask_for(f, pair.far), POLLOUT);
    char page[4096] = {0};
    while (write(pair.far, page, sizeof(page)) > 0)
        continue;
    assert_int_equal(ask(f), 0);
    take(pair.near);
    assert_int_equal(ask_for(f, pair.far), POLLOUT);
}

static void urgent_data_is_pollpri(void **state)
{
    struct fixture *f = *state;
    struct pair pair = tcp_pair();
    if (pair.near < 0)
        skip_because("no TCP over loopback here, so no urgent data");
    watch(f, pair.near, POLLPRI);
    assert_int_equal(ask(f), 0);
    assert_int_equal(send(pair.far, "!", 1, MSG_OOB), 1);
    assert_int_equal(poll_armed(f, 1, INT64_C(2000000000)), 1);
    assert_int_equal(f->out[0].events, POLLPRI);
}

static void half_closed_stream_is_pollrdhup(void **state)
{
    struct fixture *f = *state;
    if (!can_report(f, POLLRDHUP))
        skip_because("select cannot tell the end of a stream from data");
    struct pair pair = stream_pair();
    watch(f, pair.near, POLLRDHUP);
    assert_int_equal(ask(f), 0);
    assert_int_equal(shutdown(pair.far, SHUT_WR), 0);
    assert_int_equal(ask_for(f, pair.near), POLLRDHUP);
}

/* For a socket they are what POLLIN and POLLOUT are, if asked for. */
static void normal_and_band_data_are_reported_as_asked(void **state)
{
    struct fixture *f = *state;
    const uint32_t events = POLLRDNORM | POLLRDBAND | POLLWRNORM | POLLWRBAND;
    struct pair pair = stream_pair();
    if (!can_report(f, POLLHUP)) { /* select knows no other readiness */
        assert_int_equal(pollset_register(f->set, pair.near, events, f),
                         -EINVAL);
        return;
    }
    assert_true(can_report(f, events));
    watch(f, pair.near, POLLRDNORM | POLLRDBAND);
    assert_int_equal(ask(f), 0);
    put(pair.far);
    assert_int_equal(ask_for(f, pair.near), POLLRDNORM);
    watch(f, pair.near, POLLIN | POLLRDNORM | POLLWRNORM | POLLWRBAND);
    assert_int_equal(ask_for(f, pair.near),
                     POLLIN | POLLRDNORM | POLLWRNORM | POLLWRBAND);
    take(pair.near);
    assert_int_equal(ask_for(f, pair.near), POLLWRNORM | POLLWRBAND);
}

static void several_events_come_as_one(void **state)
{
    struct fixture *f = *state;
    struct pair pair = stream_pair();
    watch(f, pair.near, POLLSET_DEFAULT_EVENTS);
    put(pair.far);
    assert_int_equal(ask_for(f, pair.near), POLLIN | POLLOUT);
    assert_int_equal(f->n, 1);
}

static void default_mask_is_that_of_python(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(POLLSET_DEFAULT_EVENTS, POLLIN | POLLPRI | POLLOUT);
    watch(f, event_fd(0), POLLSET_DEFAULT_EVENTS);
}

static void event_that_was_not_asked_for_is_not_reported(void **state)
{
    struct fixture *f = *state;
    struct pair pair = stream_pair();
    put(pair.far);
    watch(f, pair.near, POLLPRI);
    assert_int_equal(ask(f), 0);
    watch(f, pair.near, POLLOUT);
    assert_int_equal(ask_for(f, pair.near), POLLOUT);
    watch(f, pair.near, POLLIN);
    assert_int_equal(ask_for(f, pair.near), POLLIN);
    watch(f, pair.near, 0);
    assert_int_equal(ask(f), 0);
}

static void hang_up_and_error_are_reported_unasked(void **state)
{
    struct fixture *f = *state;
    if (!can_report(f, POLLHUP | POLLERR))
        skip_because("select can only say that the fd is readable or writable");
    struct pair without_writer = pipe_pair();
    struct pair without_reader = pipe_pair();
    watch(f, without_writer.near, 0);
    watch(f, without_reader.far, POLLIN);
    close(without_writer.far);
    close(without_reader.near);
    assert_int_equal(ask(f), 2);
    assert_int_equal(events_of(f, without_writer.near), POLLHUP);
    assert_int_equal(events_of(f, without_reader.far), POLLERR);
}

/* The mapping that docs/library.md gives: readable is IN, HUP or ERR; writable
 * is OUT or ERR. */
static void select_reports_hang_up_and_error_as_readiness(void **state)
{
    struct fixture *f = *state;
    if (can_report(f, POLLHUP))
        skip_because("reports POLLHUP and POLLERR as such");
    struct pair without_writer = pipe_pair();
    struct pair without_reader = pipe_pair();
    watch(f, without_writer.near, POLLIN | POLLPRI);
    watch(f, without_reader.far, POLLIN | POLLOUT | POLLPRI);
    close(without_writer.far);
    close(without_reader.near);
    assert_int_equal(ask(f), 2);
    assert_int_equal(events_of(f, without_writer.near), POLLIN);
    assert_int_equal(events_of(f, without_reader.far), POLLIN | POLLOUT);
    watch(f, without_reader.far, POLLOUT);
    assert_int_equal(ask_for(f, without_reader.far), POLLOUT);
}

static void event_that_cannot_be_reported_is_einval(void **state)
{
    struct fixture *f = *state;
    struct pair pair = stream_pair();
    put(pair.far);
    for (int bit = 0; bit < 32; bit++) {
        uint32_t event = UINT32_C(1) << bit;
        int expected = can_report(f, event) ? 0 : -EINVAL;
        int result = pollset_register(f->set, pair.near, event | POLLIN, f);
        assert_int_equal(result, expected);
        assert_int_equal(pollset_count(f->set), result == 0);
        watch(f, pair.near, POLLIN);
        result = pollset_modify(f->set, pair.near, event, f);
        assert_int_equal(result, expected);
        if (result < 0) {
            assert_int_equal(ask_for(f, pair.near), POLLIN);
            assert_null(cookie_of(f, pair.near));
        }
        assert_int_equal(pollset_unregister(f->set, pair.near), 0);
    }
}

int laws_of_events(void)
{
    const struct CMUnitTest laws[] = {
        LAW(readable_fd_is_pollin),
        LAW(writable_fd_is_pollout),
        LAW(urgent_data_is_pollpri),
        LAW(half_closed_stream_is_pollrdhup),
        LAW(normal_and_band_data_are_reported_as_asked),
        LAW(several_events_come_as_one),
        LAW(default_mask_is_that_of_python),
        LAW(event_that_was_not_asked_for_is_not_reported),
        LAW(hang_up_and_error_are_reported_unasked),
        LAW(select_reports_hang_up_and_error_as_readiness),
        LAW(event_that_cannot_be_reported_is_einval),
    };
    return cmocka_run_group_tests(laws, NULL, NULL);
}
