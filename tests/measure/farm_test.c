/* SPDX-License-Identifier: MIT */
/* The farm: what it chooses, and what it opens and closes. */
#include "unit.h"

#include "farm.h"
#include "limit.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SEED = 20000, FDS_MOST = 20000 };

static const struct pb_farm small = {8, 71, pb_fd_kinds};
static const struct pb_farm middle = {8, 1023, pb_fd_kinds};
static const struct pb_farm least = {8, 15, pb_fd_kinds};
static const struct pb_farm large = {8, 19991, pb_fd_kinds};

/* Of other kinds, few are opened: copies of this test may run at once, and all
 * have the same user's. */
static bool has_many(const struct pb_fd_kind *kind)
{
    return pb_fd_kind_most(kind) > middle.highest_fd;
}

/* fds of one kind in [lowest, m], counted one by one. */
static int count(const struct pb_farm *farm, bool ready, int m)
{
    int n = 0;
    for (int fd = farm->lowest_fd; fd <= m; fd++)
        n += pb_farm_is_ready(fd) == ready;
    return n;
}

/* The number that M comes out as: the next below of the kind that M has. */
static int expected_m(const struct pb_farm *farm, const struct pb_factors *w)
{
    int m = w->highest_fd;
    while (m >= farm->lowest_fd &&
           pb_farm_is_ready(m) != (w->ready_count == w->fd_count))
        m--;
    return m;
}

/* Whether the farm has such a set; words are left out of account. */
static bool is_possible(const struct pb_farm *farm, const struct pb_factors *w)
{
    int m = expected_m(farm, w), idle = w->fd_count - w->ready_count;
    return w->fd_count >= 1 && w->ready_count >= 0 && idle >= 0 &&
           w->highest_fd <= farm->highest_fd && m >= farm->lowest_fd &&
           count(farm, true, m) >= w->ready_count &&
           count(farm, false, m) >= idle;
}

static int count_words(const int *fds, int n)
{
    int n_words = 0, last = -1;
    for (int i = 0; i < n; i++) {
        n_words += fds[i] / 64 != last;
        last = fds[i] / 64;
    }
    return n_words;
}

/* What was chosen has each of the factors, counted. */
static void check_choice(const struct pb_farm *farm,
                         const struct pb_factors *wanted, const int *fds,
                         const struct pb_factors *got)
{
    int n = wanted->fd_count, ready = 0;
    for (int i = 0; i < n; i++) {
        assert_true(fds[i] >= farm->lowest_fd);
        assert_true(fds[i] <= wanted->highest_fd);
        assert_true(i == 0 || fds[i] > fds[i - 1]);
        ready += pb_farm_is_ready(fds[i]);
    }
    assert_int_equal(ready, wanted->ready_count);
    assert_int_equal(fds[n - 1], expected_m(farm, wanted));
    assert_int_equal(got->highest_fd, fds[n - 1]);
    assert_int_equal(got->fd_count, n);
    assert_int_equal(got->ready_count, ready);
    assert_ptr_equal(got->layout, pb_layout_name(pb_layout_of(wanted->layout)));
    assert_ptr_equal(got->fd_kind, farm->kind->name);
    assert_int_equal(got->tables, 1);
    assert_int_equal(got->occupied_words, count_words(fds, n));
    if (wanted->occupied_words > 0)
        assert_int_equal(got->occupied_words, wanted->occupied_words);
}

/* Choose and check; returns whether there was such a set. */
static bool choose(const struct pb_farm *farm, const struct pb_factors *wanted)
{
    static int fds[FDS_MOST + 1];
    struct pb_factors got;
    fds[wanted->fd_count > 0 ? wanted->fd_count : 0] = -1;
    int error = pb_farm_choose(farm, wanted, SEED, fds, &got);
    assert_true(error == 0 || error == -ERANGE);
    assert_int_equal(fds[wanted->fd_count > 0 ? wanted->fd_count : 0], -1);
    if (!error)
        check_choice(farm, wanted, fds, &got);
    return !error;
}

static void every_point_of_a_small_farm_is_exact_or_refused(void **state)
{
    (void)state;
    struct pb_factors w = {0};
    for (int layout = 0; (w.layout = pb_layout_name(layout)); layout++)
        for (w.highest_fd = 0; w.highest_fd <= 73; w.highest_fd++)
            for (w.fd_count = 0; w.fd_count <= 66; w.fd_count++)
                for (w.ready_count = -1; w.ready_count <= w.fd_count + 1;
                     w.ready_count++)
                    assert_int_equal(choose(&small, &w),
                                     is_possible(&small, &w));
}

static void points_of_a_large_farm_are_exact_or_refused(void **state)
{
    (void)state;
    unsigned short random[3] = {1, 2, 3};
    int n_possible = 0;
    for (int i = 0; i < 4000; i++) {
        int shift = (int)(nrand48(random) % 14);
        struct pb_factors w = {
            .layout = pb_layout_name((int)(nrand48(random) % PB_LAYOUTS)),
            .highest_fd = (int)(nrand48(random) % 20000),
            .fd_count = (int)(nrand48(random) % FDS_MOST) >> shift,
        };
        w.ready_count =
            (int)(nrand48(random) % (w.fd_count + 1)) >> nrand48(random) % 14;
        bool possible = is_possible(&large, &w);
        assert_int_equal(choose(&large, &w), possible);
        n_possible += possible;
    }
    assert_true(n_possible > 1000);
}

/* Enough of both kinds in any word that is wholly the farm's, M's excepted. */
static bool words_are_easy(const struct pb_farm *farm,
                           const struct pb_factors *w)
{
    int in_word = (w->fd_count - 1) / w->occupied_words + 1;
    int n_words = w->highest_fd / 64 - (farm->lowest_fd + 63) / 64 + 1;
    return w->highest_fd % 64 == 63 && w->occupied_words <= w->fd_count &&
           w->occupied_words <= n_words && in_word <= 16;
}

static void occupied_words_come_out_as_asked_for(void **state)
{
    (void)state;
    unsigned short random[3] = {3, 2, 1};
    int n_easy = 0;
    for (int i = 0; i < 20000; i++) {
        struct pb_factors w = {
            .layout = pb_layout_name(i % 2 ? PB_PACKED : PB_STRIDED),
            .highest_fd = 64 * (int)(nrand48(random) % 16) + 63,
            .fd_count = 1 + (int)(nrand48(random) % 160),
        };
        w.ready_count = (int)(nrand48(random) % (w.fd_count + 1));
        w.occupied_words = 1 + (int)(nrand48(random) % 18);
        bool was_possible = choose(&middle, &w);
        if (words_are_easy(&middle, &w) && is_possible(&middle, &w)) {
            assert_true(was_possible);
            n_easy++;
        }
    }
    assert_true(n_easy > 1000);
}

static void more_words_than_fds_or_room_are_refused(void **state)
{
    (void)state;
    struct pb_factors w = {
        .highest_fd = 1023, .fd_count = 8, .occupied_words = 9};
    assert_false(choose(&middle, &w));
    w = (struct pb_factors){
        .highest_fd = 127, .fd_count = 32, .occupied_words = 3};
    assert_false(choose(&middle, &w));
}

static void choose_idle(enum pb_layout layout, int n, unsigned seed, int *fds)
{
    struct pb_factors got, wanted = {.layout = pb_layout_name(layout),
                                     .highest_fd = middle.highest_fd,
                                     .fd_count = n};
    assert_int_equal(pb_farm_choose(&middle, &wanted, seed, fds, &got), 0);
}

static void packed_fds_are_the_highest_there_are(void **state)
{
    (void)state;
    int fds[100];
    choose_idle(PB_PACKED, 100, SEED, fds);
    assert_int_equal(count(&middle, false, middle.highest_fd) -
                         count(&middle, false, fds[0] - 1),
                     100);
}

static void strided_fds_are_evenly_apart(void **state)
{
    (void)state;
    int fds[100];
    choose_idle(PB_STRIDED, 100, SEED, fds);
    for (int i = 1; i < 100; i++) {
        int between =
            count(&middle, false, fds[i]) - count(&middle, false, fds[i - 1]);
        assert_true(between >= 762 / 100 && between <= 762 / 100 + 1);
    }
}

static void top_heavy_fds_lie_three_quarters_on_top(void **state)
{
    (void)state;
    int heavy[100], packed[75];
    choose_idle(PB_TOP_HEAVY, 100, SEED, heavy);
    choose_idle(PB_PACKED, 75, SEED, packed);
    assert_memory_equal(heavy + 25, packed, sizeof packed);
    assert_true(heavy[0] < middle.highest_fd / 16);
}

static void random_fds_follow_from_the_seed(void **state)
{
    (void)state;
    int first[100], again[100], other[100];
    choose_idle(PB_RANDOM, 100, SEED, first);
    choose_idle(PB_RANDOM, 100, SEED, again);
    choose_idle(PB_RANDOM, 100, SEED + 1, other);
    assert_memory_equal(first, again, sizeof first);
    assert_memory_not_equal(first, other, sizeof first);
}

/* Each fd is drawn about as often: 762 kinds of fd, 100 of them, 2000 draws,
 * so 262 each with a standard deviation of 15; the top one always. */
static void random_fds_are_drawn_alike(void **state)
{
    (void)state;
    int fds[100], times[1024] = {0};
    for (unsigned seed = 0; seed < 2000; seed++) {
        choose_idle(PB_RANDOM, 100, seed, fds);
        for (int i = 0; i < 100; i++)
            times[fds[i]]++;
    }
    assert_int_equal(times[1023], 2000);
    for (int fd = middle.lowest_fd; fd < 1023; fd++)
        if (!pb_farm_is_ready(fd))
            assert_true(times[fd] >= 262 - 90 && times[fd] <= 262 + 90);
}

static void lowest_m_is_the_lowest_that_fits(void **state)
{
    (void)state;
    struct pb_factors w = {.layout = pb_layout_name(PB_PACKED)};
    for (w.fd_count = 1; w.fd_count <= 64; w.fd_count++)
        for (w.ready_count = 0; w.ready_count <= w.fd_count; w.ready_count++) {
            int m = pb_farm_lowest_m(&small, w.fd_count, w.ready_count);
            w.highest_fd = small.highest_fd;
            if (!is_possible(&small, &w))
                continue;
            w.highest_fd = m;
            assert_true(choose(&small, &w));
            w.highest_fd = m - 1;
            assert_false(choose(&small, &w));
        }
}

static void a_farm_ends_below_and_is_counted(void **state)
{
    (void)state;
    for (int end = -20; end < 300; end++) {
        struct pb_farm farm = pb_farm_below(pb_fd_kinds, end);
        int idle = count(&farm, false, farm.highest_fd);
        int ready = count(&farm, true, farm.highest_fd);
        assert_true(farm.highest_fd < end || end < farm.lowest_fd);
        assert_true(farm.highest_fd + 8 >= end - 1);
        assert_int_equal(pb_farm_count(&farm, false), idle);
        assert_int_equal(pb_farm_count(&farm, true), ready);
        assert_int_equal(3 * ready, idle); /* of whole blocks */
        for (int fd = farm.lowest_fd; fd <= farm.highest_fd; fd++) {
            struct pb_farm shorter = farm;
            pb_farm_shorten(&shorter, fd);
            assert_in_range(shorter.highest_fd, fd, farm.highest_fd);
            assert_in_range(shorter.highest_fd - fd, 0, 7);
            assert_int_equal(3 * pb_farm_count(&shorter, true),
                             pb_farm_count(&shorter, false));
        }
    }
}

static int count_open(int from)
{
    int n = 0, end = getdtablesize();
    for (int fd = from; fd < end; fd++)
        n += fcntl(fd, F_GETFD) >= 0;
    return n;
}

static void readiness_is_what_poll_says(void **state)
{
    (void)state;
    for (const struct pb_fd_kind *kind = pb_fd_kinds; kind->name; kind++) {
        struct pb_farm farm = has_many(kind) ? middle : least;
        struct pollfd fds[1024];
        int n = 0;
        farm.kind = kind;
        assert_int_equal(pb_farm_build(&farm), 0);
        for (int fd = farm.lowest_fd; fd <= farm.highest_fd; fd++)
            fds[n++] = (struct pollfd){.fd = fd, .events = POLLIN};
        assert_true(poll(fds, (nfds_t)n, 0) >= 0);
        for (int i = 0; i < n; i++)
            assert_int_equal(fds[i].revents,
                             pb_farm_is_ready(fds[i].fd) ? POLLIN : 0);
        pb_farm_tear_down(&farm);
    }
}

static void build_and_tear_down_leave_nothing(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++)
        for (const struct pb_fd_kind *kind = pb_fd_kinds; kind->name; kind++) {
            struct pb_farm farm = has_many(kind) ? small : least;
            farm.kind = kind;
            assert_int_equal(pb_farm_build(&farm), 0);
            assert_int_equal(count_open(farm.lowest_fd),
                             farm.highest_fd - farm.lowest_fd + 1);
            pb_farm_tear_down(&farm);
            assert_int_equal(count_open(farm.lowest_fd), 0);
            assert_true(count_open(0) <= farm.lowest_fd);
        }
}

static void a_farm_beyond_the_limit_is_refused_and_leaves_nothing(void **state)
{
    (void)state;
    struct rlimit before, few;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    for (rlim_t limit = 4; limit < 72; limit += 4) {
        few = (struct rlimit){limit, before.rlim_max};
        assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
        int error = pb_farm_build(&small);
        assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
        assert_int_equal(error, -EMFILE);
        assert_int_equal(count_open(small.lowest_fd), 0);
    }
}

/* In a namespace whose user may have four instances of inotify; 77: there is
 * none to be had. */
_Noreturn static void build_of_few(void)
{
    struct pb_farm farm = least;
    FILE *most = NULL;
    if (unshare(CLONE_NEWUSER) == 0)
        most = fopen("/proc/sys/user/max_inotify_instances", "we");
    if (!most || fprintf(most, "4") < 0 || fclose(most) != 0)
        _exit(77);
    farm.kind = pb_fd_kind_of("inotify");
    _exit(pb_farm_build(&farm) == -EUSERS && count_open(farm.lowest_fd) == 0
              ? 0
              : 1);
}

static void what_the_system_has_no_more_of_is_told_from_the_limit(void **state)
{
    (void)state;
    int status;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        build_of_few();
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == 77)
        skip();
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void the_kinds_are_found_by_their_names(void **state)
{
    (void)state;
    int n = 0;
    for (const struct pb_fd_kind *kind = pb_fd_kinds; kind->name; kind++) {
        assert_ptr_equal(pb_fd_kind_of(kind->name), kind);
        assert_ptr_equal(pb_fd_kind_name(n++), kind->name);
    }
    assert_ptr_equal(pb_fd_kind_of(NULL), pb_fd_kinds);
    assert_null(pb_fd_kind_of("socket"));
    assert_null(pb_fd_kind_name(n));
    assert_null(pb_fd_kind_name(n + 1));
    assert_null(pb_fd_kind_name(-1));
}

/* Nothing stays open of a pair for which there was no room. Opening one may
 * take more than two numbers for a moment, a readable pipe a third: those are
 * the ones that a plan leaves free above the farm. */
static void half_a_pair_is_closed(void **state)
{
    (void)state;
    enum { ROOM_MOST = 2 + 4 };
    struct rlimit before, few;
    int lowest = dup(0), ends[2];
    assert_int_equal(close(lowest), 0);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    for (const struct pb_fd_kind *kind = pb_fd_kinds; kind->name; kind++)
        for (int i = 0; i <= 2 * ROOM_MOST + 1; i++) {
            int room = i / 2;
            few = (struct rlimit){(rlim_t)(lowest + room), before.rlim_max};
            assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
            int error = kind->open(i % 2, ends);
            assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
            assert_true(error == 0 || (error == -EMFILE && room < ROOM_MOST));
            assert_true(error || room >= 2);
            assert_int_equal(count_open(lowest), error ? 0 : 2);
            for (int k = 0; k < 2 && !error; k++) {
                assert_int_equal(ends[k], lowest + k);
                assert_int_equal(close(ends[k]), 0);
            }
        }
}

/* The farm's numbers are to be free. Where one is not, what was built goes and
 * the caller's descriptor stays. */
static void a_number_in_use_stops_the_build_and_survives(void **state)
{
    (void)state;
    for (int taken = 40; taken < 42; taken++) {
        assert_int_equal(dup2(0, taken), taken);
        assert_int_equal(pb_farm_build(&small), -EBUSY);
        assert_int_equal(count_open(small.lowest_fd), 1);
        assert_int_equal(close(taken), 0);
    }
}

static int start_clean(void **state)
{
    struct pb_limit limit;
    (void)state;
    closefrom(3);
    unit_outlive_signalfds();
    return pb_limit_raise(20000, &limit) < 0 || limit.usable < 1024;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_point_of_a_small_farm_is_exact_or_refused),
        cmocka_unit_test(points_of_a_large_farm_are_exact_or_refused),
        cmocka_unit_test(occupied_words_come_out_as_asked_for),
        cmocka_unit_test(more_words_than_fds_or_room_are_refused),
        cmocka_unit_test(packed_fds_are_the_highest_there_are),
        cmocka_unit_test(strided_fds_are_evenly_apart),
        cmocka_unit_test(top_heavy_fds_lie_three_quarters_on_top),
        cmocka_unit_test(random_fds_follow_from_the_seed),
        cmocka_unit_test(random_fds_are_drawn_alike),
        cmocka_unit_test(lowest_m_is_the_lowest_that_fits),
        cmocka_unit_test(a_farm_ends_below_and_is_counted),
        cmocka_unit_test(readiness_is_what_poll_says),
        cmocka_unit_test(build_and_tear_down_leave_nothing),
        cmocka_unit_test(a_farm_beyond_the_limit_is_refused_and_leaves_nothing),
        cmocka_unit_test(what_the_system_has_no_more_of_is_told_from_the_limit),
        cmocka_unit_test(the_kinds_are_found_by_their_names),
        cmocka_unit_test(half_a_pair_is_closed),
        cmocka_unit_test(a_number_in_use_stops_the_build_and_survives),
    };
    return cmocka_run_group_tests(tests, start_clean, NULL);
}
