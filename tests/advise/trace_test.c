/* SPDX-License-Identifier: MIT */
/* Lines of traces, decoded and raw, as they were written and as nobody would,
 * and what a trace as a whole is looked at as. */
#include "unit.h"

#include "trace.h"
#include "trace_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct pa_trace_text text;

/* What a line that ends a wait says of it; way is PA_NO_WAY of another. */
static struct pa_traced read_line(const char *line)
{
    struct pa_traced traced;

    if (!pa_trace_line(&text, &traced, line))
        traced.way = PA_NO_WAY;
    return traced;
}

static void is_wait(const char *line, int tid, const char *call, int64_t n_fds,
                    int64_t returned)
{
    struct pa_traced traced = read_line(line);

    assert_int_not_equal(traced.way, PA_NO_WAY);
    assert_int_equal(traced.tid, tid);
    assert_string_equal(traced.call, call);
    assert_int_equal(traced.n_fds, n_fds);
    assert_int_equal(traced.returned, returned);
}

static void is_none(const char *line)
{
    assert_int_equal(read_line(line).way, PA_NO_WAY);
}

static int forget(void **state)
{
    (void)state;
    pa_trace_text_free(&text);
    return 0;
}

static void strace_is_read_decoded_and_raw(void **state)
{
    (void)state;
    is_wait("1795708132.301797 poll([{fd=5, events=POLLIN}, {fd=6<TCP:[1->2]>, "
            "events=POLLIN}], 2, -1) = 1 ([{fd=5, revents=POLLIN}])",
            0, "poll", 2, 1);
    is_wait(
        "[pid  1234] 1795708132.3 poll(0x7ffe4480, 0x3fa, 0xffffffff) = 0x10 "
        "<0.000021>",
        1234, "poll", 1018, 16);
    is_wait("1234 1795708132.3 ppoll([{fd=3, events=POLLIN}, ...], 300, NULL, "
            "NULL, 8) = 0 (Timeout)",
            1234, "ppoll", 300, 0);
    is_wait("1.0 epoll_wait(4<anon_inode:[eventpoll]>, [{events=EPOLLIN, "
            "data={u32=5, u64=5}}], 200, -1) = 1",
            0, "epoll_wait", 0, 1);
    is_wait("2.0 epoll_pwait(7, [], 32, 0, NULL, 8) = 0", 0, "epoll_pwait", 0,
            0);
    assert_int_equal(
        read_line("2.0 epoll_pwait(7, [], 32, 0, NULL, 8) = 0").set, 7);
}

static void select_has_lists_or_addresses(void **state)
{
    (void)state;
    const char *lists =
        "1.0 select(1024, [3 5<pipe:[9]> 1023], NULL, [5], NULL) "
        "= 2 (in [3 5])";
    is_wait(lists, 0, "select", 3, 2);
    assert_int_equal(read_line(lists).highest, 1023);
    is_wait("1.0 select(0x400, 0x7ffe, NULL, NULL, NULL) = 0x1", 0, "select", 0,
            1);
    is_wait(
        "1.0 pselect6(8, [7], NULL, NULL, {tv_sec=1, tv_nsec=0}, {sigmask=[],"
        " sigsetsize=8}) = 1 (in [7], left {tv_sec=0, tv_nsec=1})",
        0, "pselect6", 1, 1);
}

static void calls_of_threads_are_put_together(void **state)
{
    (void)state;
    is_none("11 1.0 poll([{fd=5, events=POLLIN}], 1, -1 <unfinished ...>");
    is_none("12 1.1 epoll_wait(4,  <unfinished ...>");
    is_none("11 1.2 <... read resumed>\"x\", 1) = 1");
    is_none("13 1.2 <... poll resumed>) = 1");
    is_wait(
        "12 1.3 <... epoll_wait resumed>[{events=EPOLLIN, data=0x5}], 8, -1) "
        "= 1",
        12, "epoll_wait", 0, 1);
    is_none("12 1.4 <... epoll_wait resumed>) = 1"); /* it had ended */
}

static void perf_trace_is_read(void **state)
{
    (void)state;
    is_wait(
        "  1204.031 ( 0.045 ms): haproxy/781 poll(ufds: 0x5581, nfds: 1018, "
        "timeout_msecs: 1000) = 3",
        781, "poll", 1018, 3);
    is_wait(
        "     0.100 ( 0.004 ms): my prog/9 epoll_wait(epfd: 5, events: 0x7f, "
        "maxevents: 200, timeout: 10) = 1",
        9, "epoll_wait", 0, 1);
    assert_true(
        read_line("  1204.031 ( 0.045 ms): a/1 poll(nfds: 1, nfds: 2) = "
                  "1")
            .at_s < 1.3);
    is_none("     0.200 (         ): a/5 poll(ufds: 0x1, nfds: 4) ...");
    is_wait("     0.900 ( 0.700 ms): a/5  ... [continued]: poll())        = 1",
            5, "poll", 4, 1);
    is_none("     1.000 (         ): a/5 poll(ufds: 0x1, nfds: 6)    ...");
    is_wait("         ? (         ): a/5  ... [continued]: poll())        = 2",
            5, "poll", 6, 2);
}

static void what_is_no_wait_is_none(void **state)
{
    (void)state;
    is_none("");
    is_none("poll([{fd=5}], 1, -1) = 1"); /* at no time */
    is_none("1.0 read(3, \"poll(1, 2) = 3\", 9) = 9");
    is_none("1.0 poll([{fd=5, events=POLLIN}], 1, -1) = -1 EINTR");
    is_none("1.0 poll([{fd=5, events=POLLIN}], 1, -1) = ?");
    is_none("1.0 poll(0x1, -7, -1) = 1");
    is_none("1.0 poll(0x1, 99999999999999999999, -1) = 1");
    is_none("1.0 poll(");
    is_none("[pid 99999999999] 1.0 poll(0x1, 1, 1) = 1");
    is_none("9999999999999999999999.0 poll(0x1, 1, 1) = 1");
    is_none("+++ exited with 0 +++");
    is_none("1.0 --- SIGCHLD {si_signo=SIGCHLD} ---");
}

static void a_trace_is_looked_at_by_threads(void **state)
{
    char path[] = "/tmp/trace.XXXXXX";
    struct pa_problem problem = {0};
    struct pa_look look;
    int fd = mkstemp(path);
    FILE *file = fdopen(fd, "w");

    (void)state;
    for (int i = 0; i < 400; i++) {
        fprintf(file, "7 %d.%03d poll(0x1, %d, -1) = 2\n", i / 100,
                i % 100 * 10, i % 2 ? 40 : 30);
        if (i % 4 == 0)
            fprintf(file, "7 %d.%03d poll_not(0x1, 900, -1) = 2\n", i / 100, 0);
        if (i % 8 == 0)
            fprintf(file, "8 %d.%03d epoll_wait(4, [], 8, -1) = 0\n", i / 100,
                    0);
    }
    assert_int_equal(fclose(file), 0);
    assert_int_equal(pa_look_trace(&look, path, &problem), 0);
    assert_int_equal(look.n_threads, 2);
    const struct pa_thread *thread = &look.threads[0];
    struct pa_slice sum = pa_thread_sum(thread);
    assert_int_equal(thread->tid, 7);
    assert_int_equal(thread->way, PA_POLL);
    assert_int_equal(sum.waits, 400);
    assert_int_equal(sum.returned, 800);
    assert_int_equal(thread->watched.n, 40);
    assert_int_equal(thread->n_least, 30);
    assert_int_equal(look.threads[1].way, PA_EPOLL);
    assert_int_equal(look.threads[1].set_slice, -1); /* of what size? */
    pa_look_free(&look);
    assert_int_equal(truncate(path, 30), 0);
    assert_int_equal(pa_look_trace(&look, path, &problem), -1);
    assert_non_null(strstr(problem.text, "no two waits at different times"));
    unlink(path);
    assert_int_equal(pa_look_trace(&look, path, &problem), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(strace_is_read_decoded_and_raw, forget),
        cmocka_unit_test_teardown(select_has_lists_or_addresses, forget),
        cmocka_unit_test_teardown(calls_of_threads_are_put_together, forget),
        cmocka_unit_test_teardown(perf_trace_is_read, forget),
        cmocka_unit_test_teardown(what_is_no_wait_is_none, forget),
        cmocka_unit_test(a_trace_is_looked_at_by_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
