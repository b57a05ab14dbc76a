/* SPDX-License-Identifier: MIT */
/* The check of a batch's answers notices every kind of wrong one. */
#include "unit.h"

#include "operation.h"

#include <errno.h>
#include <string.h>

enum { N = 8, R = 3, CALLS = 4, HIGHEST_FD = 39 };

/* A batch with right answers, made anew for each test. */
struct batch {
    struct pb_scene scene;
    struct pb_answers answers;
    int fds[N];
};

static const int fds[N] = {8, 9, 10, 15, 16, 18, 22, HIGHEST_FD};
static const int expected[R] = {0, 1, 4}; /* their places */

static bool expects(const struct pb_scene *scene, int place)
{
    (void)scene;
    return place == expected[0] || place == expected[1] || place == expected[2];
}

static const struct pb_staging staging = {.expects = expects};

static int setup(void **state)
{
    static struct batch batch;
    batch = (struct batch){
        .scene = {.staging = &staging,
                  .got = {.highest_fd = HIGHEST_FD,
                          .fd_count = N,
                          .ready_count = R}},
    };
    memcpy(batch.fds, fds, sizeof fds);
    batch.scene.fds = batch.fds;
    *state = &batch;
    if (pb_answers_reserve(&batch.answers, R * CALLS, HIGHEST_FD) < 0)
        return -1;
    for (int i = 0; i < R * CALLS; i++) {
        int *place = &batch.fds[expected[i % R]];
        batch.answers.events[i] = (struct pollset_event){place, *place, POLLIN};
    }
    batch.answers.n_events = R * CALLS;
    return 0;
}

static int teardown(void **state)
{
    struct batch *batch = *state;
    pb_answers_free(&batch->answers);
    return 0;
}

static void expect(void **state, int result)
{
    struct batch *batch = *state;
    assert_int_equal(pb_answers_check(&batch->answers, &batch->scene, CALLS),
                     result);
}

/* The event that the tests spoil: in the middle of the third call. */
static struct pollset_event *event(void **state)
{
    struct batch *batch = *state;
    return &batch->answers.events[2 * R + 1];
}

static void report(void **state, int place, int fd)
{
    struct batch *batch = *state;
    event(state)->cookie = &batch->fds[place];
    event(state)->fd = fd;
}

static void right_answers_pass_again_and_again(void **state)
{
    for (int i = 0; i < 3; i++)
        expect(state, 0);
}

static void the_order_of_a_call_does_not_matter(void **state)
{
    struct pollset_event first = event(state)[-1];
    event(state)[-1] = event(state)[1];
    event(state)[1] = first;
    expect(state, 0);
}

static void no_ready_fd_is_an_answer_too(void **state)
{
    struct batch *batch = *state;
    batch->scene.got.ready_count = 0;
    batch->answers.n_events = 0;
    expect(state, 0);
    batch->answers.n_events = 1;
    expect(state, -EBADMSG);
}

static void an_fd_that_is_not_expected_is_noticed(void **state)
{
    report(state, 2, 10);
    expect(state, -EBADMSG);
}

static void an_fd_reported_twice_is_noticed(void **state)
{
    report(state, expected[0], 8);
    expect(state, -EBADMSG);
}

static void an_fd_that_is_not_watched_is_noticed(void **state)
{
    static int foreign = 24;
    event(state)->cookie = &foreign;
    event(state)->fd = foreign;
    expect(state, -EBADMSG);
}

static void another_fds_cookie_is_noticed(void **state)
{
    struct batch *batch = *state;
    event(state)->cookie = &batch->fds[expected[0]];
    expect(state, -EBADMSG);
}

static void cookies_outside_the_set_are_noticed(void **state)
{
    struct batch *batch = *state;
    event(state)->cookie = NULL;
    expect(state, -EBADMSG);
    event(state)->cookie = &batch->fds[N];
    expect(state, -EBADMSG);
    event(state)->cookie = (char *)batch->fds - sizeof(int);
    expect(state, -EBADMSG);
}

static void other_events_are_noticed(void **state)
{
    event(state)->events = POLLIN | POLLHUP;
    expect(state, -EBADMSG);
    event(state)->events = 0;
    expect(state, -EBADMSG);
}

static void missing_and_surplus_events_are_noticed(void **state)
{
    struct batch *batch = *state;
    batch->answers.n_events--;
    expect(state, -EBADMSG);
    batch->answers.n_events += 2;
    expect(state, -EBADMSG);
}

/* Calls are counted in 32 bits, and a long run makes more than that. */
static void counting_calls_may_wrap(void **state)
{
    struct batch *batch = *state;
    batch->answers.call = 0;
    expect(state, 0);
    batch->answers.call = UINT32_MAX - 1;
    expect(state, 0);
    event(state)[0] = event(state)[1];
    batch->answers.call = UINT32_MAX - 3;
    expect(state, -EBADMSG);
}

static void room_grows_and_is_not_taken_twice(void **state)
{
    struct batch *batch = *state;
    struct pb_answers *answers = &batch->answers;
    const struct pollset_event *before = answers->events;
    size_t room = answers->room;
    assert_true(room >= R * CALLS);
    assert_int_equal(pb_answers_reserve(answers, 1, 8), 0);
    assert_ptr_equal(answers->events, before);
    assert_int_equal(answers->room, room);
    assert_int_equal(answers->highest_fd, HIGHEST_FD);
    assert_int_equal(pb_answers_reserve(answers, 1000, 999), 0);
    assert_true(answers->room >= 1000);
    assert_int_equal(answers->highest_fd, 999);
    for (int fd = 0; fd <= 999; fd++)
        assert_int_equal(answers->seen_in[fd], 0);
}

#define ANSWERS_TEST(test)                                                     \
    cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ANSWERS_TEST(right_answers_pass_again_and_again),
        ANSWERS_TEST(the_order_of_a_call_does_not_matter),
        ANSWERS_TEST(no_ready_fd_is_an_answer_too),
        ANSWERS_TEST(an_fd_that_is_not_expected_is_noticed),
        ANSWERS_TEST(an_fd_reported_twice_is_noticed),
        ANSWERS_TEST(an_fd_that_is_not_watched_is_noticed),
        ANSWERS_TEST(another_fds_cookie_is_noticed),
        ANSWERS_TEST(cookies_outside_the_set_are_noticed),
        ANSWERS_TEST(other_events_are_noticed),
        ANSWERS_TEST(missing_and_surplus_events_are_noticed),
        ANSWERS_TEST(counting_calls_may_wrap),
        ANSWERS_TEST(room_grows_and_is_not_taken_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
