/* SPDX-License-Identifier: MIT */
/* The texts of /proc as kernels write them, with what programs may put in. */
#include "unit.h"

#include "proc_text.h"

#include <poll.h>
#include <string.h>
#include <sys/epoll.h>

#define ARRAY_SIZE(list) (sizeof(list) / sizeof *(list))

/* A program may call itself anything. */
static void name_and_state_are_found_behind_any_name(void **state)
{
    static const struct {
        const char *text, *name;
        char state;
    } texts[] = {
        {"781 (haproxy) S 1 781 781 0 -1 4194560 2500", "haproxy", 'S'},
        {"7 (a) (b c) R 1 7 7 0 -1 0 0", "a) (b c", 'R'},
        {"7 (a) Z 1 (\n) S 1 7 7 0 -1 0 0", "a) Z 1 (?", 'S'},
        {"7 (\033[31m\377) R 1 7 7 0 -1 0 0", "?[31m?", 'R'},
        {"7 () Z 1 7 7 0 -1 4 0", "", 'Z'},
        {"7 (0123456789012345678901234567890123456789) R 1 7 7 0 -1 0",
         "0123456789012345678901234567890", 'R'}};
    struct pa_stat stat;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
        assert_int_equal(pa_read_stat(&stat, texts[i].text), 0);
        assert_string_equal(stat.name, texts[i].name);
        assert_int_equal(stat.state, texts[i].state);
        assert_false(stat.is_kernel_thread);
    }
    assert_int_equal(
        pa_read_stat(&stat, "2 (kthreadd) S 0 0 0 0 -1 2129984 0 0"), 0);
    assert_true(stat.is_kernel_thread);
}

static void what_is_no_stat_is_refused(void **state)
{
    static const char *const texts[] = {
        "",
        "1",
        "1 (",
        ")(",
        "1 (a)",
        "1 (a) ",
        "1 (a) S",
        "1 (a) S 1 2 3 4 5",
        "1 (a) S 1 2 3 4 5 99999999999999999999",
        "1 (a)S 1 2 3 4 5 6"};
    struct pa_stat stat;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
        assert_int_equal(pa_read_stat(&stat, texts[i]), -1);
}

static void place_of_a_thread_is_told(void **state)
{
    struct pa_at at;

    (void)state;
    assert_int_equal(pa_read_at(&at, "running\n"), 0);
    assert_int_equal(at.where, PA_RUNNING);
    assert_int_equal(pa_read_at(&at, "-1 0x7ffd 0x55\n"), 0);
    assert_int_equal(at.where, PA_BLOCKED);
    assert_int_equal(pa_read_at(&at, "7 0x7fe1 0x3fa 0xffffffff 0x0 0x1 "
                                     "0xffffffffffffffff 0x7ffc 0x7fe2\n"),
                     0);
    assert_int_equal(at.where, PA_IN_CALL);
    assert_int_equal(at.number, 7);
    assert_int_equal(at.arguments[1], 1018);
    assert_true(at.arguments[5] == UINT64_MAX);
    assert_int_equal(pa_read_at(&at, ""), -1);
    assert_int_equal(pa_read_at(&at, "7 0x1 0x2"), -1);
    assert_int_equal(pa_read_at(&at, "-2 0x1 0x2"), -1);
    assert_int_equal(pa_read_at(&at, "99999999999 1 2 3 4 5 6"), -1);
    assert_int_equal(
        pa_read_at(&at, "7 0x10000000000000000 0x0 0x0 0x0 0x0 0x0"), -1);
}

static void counts_are_those_of_their_line(void **state)
{
    const char *text = "Name:\tvoluntary_ctxt_switches:\\n 7\nUid:\t33\t0\n"
                       "voluntary_ctxt_switches:\t1972\n"
                       "nonvoluntary_ctxt_switches:\t12\n";
    struct pa_sched sched;
    int64_t number = 0;

    (void)state;
    assert_int_equal(pa_read_status(&number, text, "voluntary_ctxt_switches"),
                     0);
    assert_int_equal(number, 1972);
    assert_int_equal(pa_read_status(&number, text, "Uid"), 0);
    assert_int_equal(number, 33);
    assert_int_equal(pa_read_status(&number, text, "Gid"), -1);
    assert_int_equal(pa_read_status(&number, "Uid:\t\n", "Uid"), -1);
    assert_int_equal(pa_read_sched(&sched, "123456789 55 1000\n"), 0);
    assert_int_equal(sched.delay_ns, 55);
    assert_int_equal(sched.runs, 1000);
    assert_int_equal(pa_read_sched(&sched, "1 2"), -1);
    assert_int_equal(pa_read_sched(&sched, "1 -2 3"), -1);
}

static void entries_of_an_epoll_set_are_read(void **state)
{
    struct pa_watched watched = {0};

    (void)state;
    assert_int_equal(
        pa_read_epoll(&watched,
                      "pos:\t0\nflags:\t02\nmnt_id:\t16\nino:\t2\n"
                      "tfd:       10 events:       19 data:       a  pos:0 "
                      "ino:1 sdev:8\n"
                      "tfd:     1034 events: 80000001 data: ffffffff  pos:0 "
                      "ino:1 sdev:8\n"),
        0);
    assert_int_equal(watched.n, 2);
    assert_int_equal(watched.fds[0].events, 0x19);
    assert_int_equal(pa_watched_highest(&watched), 1034);
    assert_int_equal(pa_watched_words(&watched), 2);
    assert_int_equal(pa_watched_with(&watched, EPOLLET), 1);
    pa_watched_free(&watched);
    static const char *const texts[] = {"tfd:\n",
                                        "tfd: -1 events: 1",
                                        "tfd: 1 events:",
                                        "tfd: 1 data: 1",
                                        "tfd: 99999999999 events: 1",
                                        "tfd: 1 events: 100000000"};
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
        assert_int_equal(pa_read_epoll(&watched, texts[i]), -1);
        pa_watched_free(&watched);
    }
}

/* poll(2) skips what is below 0; of select(2) a number is in any of three. */
static void arrays_and_bitmaps_are_read(void **state)
{
    const struct pollfd fds[] = {{7, POLLIN, POLLIN},
                                 {-1, POLLIN, 0},
                                 {70, (short)(POLLOUT | POLLRDHUP), 0}};
    unsigned long bitmaps[3][64 / sizeof(long)] = {{0}};
    struct pa_watched watched = {0};
    const size_t bits = 8 * sizeof(long);

    (void)state;
    pa_watched_add_poll(&watched, fds, 3);
    assert_int_equal(watched.n, 2);
    assert_int_equal(watched.fds[1].fd, 70);
    assert_int_equal(watched.fds[1].events, POLLOUT | POLLRDHUP);
    pa_watched_free(&watched);
    assert_int_equal(pa_watched_highest(&watched), -1);
    assert_int_equal(pa_watched_words(&watched), 0);
    bitmaps[0][3 / bits] |= 1UL << 3 % bits;
    bitmaps[1][3 / bits] |= 1UL << 3 % bits;
    bitmaps[2][200 / bits] |= 1UL << 200 % bits;
    bitmaps[0][201 / bits] |= 1UL << 201 % bits;
    pa_watched_add_select(&watched, bitmaps[0], 64 / sizeof(long), 201);
    assert_int_equal(watched.n, 2); /* 201 is not below the limit */
    assert_int_equal(watched.fds[0].events, POLLIN | POLLOUT);
    assert_int_equal(watched.fds[1].events, POLLPRI);
    assert_int_equal(watched.fds[1].fd, 200);
    pa_watched_free(&watched);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(name_and_state_are_found_behind_any_name),
        cmocka_unit_test(what_is_no_stat_is_refused),
        cmocka_unit_test(place_of_a_thread_is_told),
        cmocka_unit_test(counts_are_those_of_their_line),
        cmocka_unit_test(entries_of_an_epoll_set_are_read),
        cmocka_unit_test(arrays_and_bitmaps_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
