/* SPDX-License-Identifier: MIT */
/* The clients of a server: that each request is answered once, that what is
 * wrong with an answer, or with who gives it, is said in time, and what is told
 * of a window. */
#include "unit.h"

#include "cpus.h"
#include "loopback.h"
#include "operation.h"
#include "partner.h"
#include "proc_file.h"
#include "rules.h"
#include "server.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { WINDOW_NS = 4000000, MOST_IDLE = 30 };

/* --- servers that are not as they should be --------------------------------
 */

struct manners {
    int first, then; /* bytes of an answer, and of each later one; 0: none */
    char letter;     /* that it is of */
    int n_answers;   /* before it closes all */
};

static void be_odd(struct pb_partner *partner, int listener)
{
    const struct manners *manners = partner->context;
    char bytes[4096];
    int fd = accept(listener, NULL, NULL);

    memset(bytes, manners->letter, sizeof bytes);
    for (int i = 0; i < manners->n_answers; i++) {
        char request[64];
        size_t n = (size_t)(i == 0 ? manners->first : manners->then);
        if (recv(fd, request, sizeof request, 0) <= 0 ||
            send(fd, bytes, n, MSG_NOSIGNAL) != (ssize_t)n)
            return;
        if (n == 0)
            pause();
    }
}

static struct pb_partner *start_odd(const struct manners *manners, int *port)
{
    struct sockaddr_in address;
    struct pb_partner *partner;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_int_equal(pb_loopback_bind(fd, &address), 0);
    assert_int_equal(listen(fd, 1), 0);
    assert_int_equal(
        pb_partner_start(&partner, sched_getcpu(), fd, be_odd, (void *)manners),
        0);
    close(fd);
    *port = ntohs(address.sin_port);
    return partner;
}

static const char words[8] = "ask me\n";

/* One that says no length, and one whose answer has to be what was asked. */
static const struct pb_talk told = {
    .request = words, .request_bytes = sizeof words, .answer_begins = "aaa"};
static const struct pb_talk echoed = {.request = words,
                                      .request_bytes = sizeof words};

static struct pb_load_asked ask(const struct pb_talk *talk, int port)
{
    return (struct pb_load_asked){.talk = talk,
                                  .port = port,
                                  .cpu = sched_getcpu(),
                                  .n_busy = 1,
                                  .window_ns = WINDOW_NS,
                                  .server_clock = CLOCK_PROCESS_CPUTIME_ID};
}

/* What becomes of some windows with it: a short one may end before it is odd.
 */
static int play_odd(const struct pb_talk *talk, const struct manners *manners)
{
    int port;
    struct pb_partner *server = start_odd(manners, &port);
    struct pb_load_asked asked = ask(talk, port);
    struct pb_load_window window;
    struct pb_load *load;
    int error = pb_load_start(&load, &asked);

    assert_int_equal(!load, error != 0);
    for (int i = 0; i < 6 && !error; i++)
        error = pb_load_play(load, &window);
    pb_load_stop(load);
    pb_partner_stop(server);
    return error;
}

static void the_length_of_an_answer_is_learned(void **state)
{
    (void)state;
    const struct manners good = {3000, 3000, 'a', INT32_MAX};

    assert_int_equal(play_odd(&told, &good), 0);
}

static void a_wrong_answer_is_told(void **state)
{
    (void)state;
    const struct manners other_text = {20, 20, 'b', INT32_MAX};
    const struct manners longer = {20, 21, 'a', INT32_MAX};
    const struct manners no_echo = {8, 8, 'a', INT32_MAX};

    assert_int_equal(play_odd(&told, &other_text), -EBADMSG);
    assert_int_equal(play_odd(&told, &longer), -EBADMSG);
    assert_int_equal(play_odd(&echoed, &no_echo), -EBADMSG);
}

static void a_server_that_goes_is_told(void **state)
{
    (void)state;
    const struct manners at_once = {8, 8, 'a', 0};
    const struct manners later = {8, 8, 'a', 5};

    assert_int_equal(play_odd(&told, &at_once), -ECONNRESET);
    assert_int_equal(play_odd(&told, &later), -ECONNRESET);
}

static void a_request_that_is_lost_is_no_hang(void **state)
{
    (void)state;
    const struct manners silent = {8, 0, 'a', INT32_MAX};

    assert_int_equal(play_odd(&told, &silent), -ETIMEDOUT);
}

static void where_nobody_listens_nothing_is_started(void **state)
{
    (void)state;
    const struct manners manners = {8, 8, 'a', 0};
    struct pb_load *load;
    struct pb_load_asked asked;
    int port;

    pb_partner_stop(start_odd(&manners, &port));
    asked = ask(&told, port);
    assert_int_equal(pb_load_start(&load, &asked), -ECONNREFUSED);
    assert_null(load);
    pb_load_stop(load); /* no matter */
}

/* --- one that is -----------------------------------------------------------
 */

struct pair {
    struct pb_server server;
    struct pb_load_asked asked;
};

static void start_echo(struct pair *pair, int n_idle, int n_busy, int64_t rate)
{
    pair->server =
        (struct pb_server){.kind = &pb_server_echo,
                           .asked = {.call = "epoll",
                                     .cpu = sched_getcpu(),
                                     .n_connections = n_idle + n_busy}};
    assert_int_equal(pb_server_echo.start(&pair->server), 0);
    pair->asked = ask(pb_server_echo.talk, pair->server.port);
    pair->asked.n_idle = n_idle;
    pair->asked.n_busy = n_busy;
    pair->asked.rate = rate;
    pair->asked.server_clock = pair->server.clock;
    pair->asked.count = pair->server.count;
}

/* Whatever is answered was one event of a wait, and the idle ones had none. */
static void each_request_is_answered_once(void **state)
{
    (void)state;
    for (int n_idle = 0; n_idle <= MOST_IDLE; n_idle += MOST_IDLE / 2)
        for (int n_busy = 1; n_busy <= 16; n_busy *= 4) {
            struct pair pair;
            struct pb_load *load;
            struct pb_load_window window;
            start_echo(&pair, n_idle, n_busy, 0);
            assert_int_equal(pb_load_start(&load, &pair.asked), 0);
            assert_int_equal(pair.server.count->n_events, n_busy);
            for (int i = 0; i < 2; i++) {
                int64_t n_before = pair.server.count->n_events;
                assert_int_equal(pb_load_play(load, &window), 0);
                int64_t n = pair.server.count->n_events - n_before;
                assert_true(window.n_answered > 0);
                assert_true(window.n_answered <= n);
                assert_true(window.n_waits <= window.n_events + 1);
                assert_true(window.wall_ns >= WINDOW_NS);
                assert_true(window.server_cpu_ns >= 0);
                assert_true(window.share > 0 && window.share <= 1.01);
            }
            pb_load_stop(load);
            assert_int_equal(pair.server.count->error, 0);
            pair.server.kind->stop(&pair.server);
        }
}

/* No response is shorter than the service in it; and a rate that cannot be had
 * is not said to have been. */
static void at_a_rate_each_has_its_latencies(void **state)
{
    (void)state;
    const int64_t rates[] = {2000, 1000000000};

    for (int i = 0; i < 2; i++) {
        struct pair pair;
        struct pb_load *load;
        struct pb_load_window window;
        start_echo(&pair, 3, 2, rates[i]);
        assert_int_equal(pb_load_start(&load, &pair.asked), 0);
        assert_int_equal(pb_load_play(load, &window), 0);
        assert_true(window.n_sent > 0);
        for (int64_t k = 0; k < window.n_sent; k++)
            assert_true(window.response_ns[k] >= window.service_ns[k] &&
                        window.service_ns[k] > 0);
        if (i == 1)
            assert_true((double)window.n_sent * 1e9 <
                        PB_RATE_SHARE * (double)rates[i] *
                            (double)window.wall_ns);
        pb_load_stop(load);
        pair.server.kind->stop(&pair.server);
    }
}

static void a_load_or_a_server_that_dies_is_told(void **state)
{
    (void)state;
    struct pair pair;
    struct pb_load *load;
    struct pb_load_window window;
    char path[64], text[256];
    int pid = 0;

    start_echo(&pair, 1, 1, 0);
    assert_int_equal(pb_load_start(&load, &pair.asked), 0);
    kill(pair.server.pid, SIGKILL);
    assert_int_equal(pb_load_play(load, &window), -ECONNRESET);
    pb_load_stop(load);
    pair.server.kind->stop(&pair.server);

    start_echo(&pair, 1, 1, 0);
    assert_int_equal(pb_load_start(&load, &pair.asked), 0);
    snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
    pb_proc_line(path, text, sizeof text);
    for (char *end = text; *end && *end != '\n'; end += strspn(end, " ")) {
        int child = (int)strtol(end, &end, 10);
        pid = child != pair.server.pid ? child : pid;
    }
    if (pid) { /* else the kernel does not say */
        kill(pid, SIGKILL);
        assert_int_equal(pb_load_play(load, &window), -ESRCH);
    }
    pb_load_stop(load);
    pair.server.kind->stop(&pair.server);
}

static void too_few_descriptors_are_an_error(void **state)
{
    (void)state;
    struct rlimit before, few = {20, 20};
    struct pair pair;
    struct pb_load *load;

    start_echo(&pair, MOST_IDLE, 1, 0);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    few.rlim_max = before.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
    assert_int_equal(pb_load_start(&load, &pair.asked), -EMFILE);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    pair.server.kind->stop(&pair.server);

    pair.server.asked.call = "no such call";
    assert_int_equal(pb_server_echo.start(&pair.server), -ENOENT);
}

/* --- as the case has them --------------------------------------------------
 */

static const struct pb_farm numbers = {8, 1023, pb_fd_kinds};

static int choose(int fd_count, int busy_fds, int64_t rate,
                  struct pb_scene **scene)
{
    const struct pb_factors wanted = {.fd_count = fd_count,
                                      .fd_kind = "tcp",
                                      .busy_fds = busy_fds,
                                      .rate = rate};
    int error = pb_scene_choose(&pb_served, &numbers, &wanted, 1, scene);

    if (!error)
        (*scene)->other_cpu = sched_getcpu(); /* one CPU will do */
    return error;
}

static struct pb_sample sample(const struct pb_operation *operation,
                               struct pb_scene *scene, char *latencies)
{
    struct pb_series series = {.backend = "poll", .operation = operation};
    struct pb_task task = {
        .series = &series, .scene = scene, .latencies = latencies};

    return pb_sample_batch(&operation->timed, &task, operation->timed.calls, 0);
}

static void what_cannot_be_is_not_planned(void **state)
{
    (void)state;
    struct pb_scene *scene;

    assert_int_equal(choose(4, 5, 0, &scene), -ERANGE);
    assert_int_equal(choose(4, 0, 0, &scene), -ERANGE);
    assert_int_equal(choose(numbers.highest_fd + 1, 1, 0, &scene), -ERANGE);
}

/* One window is told of by each of the operations, and by each once. */
static void a_window_is_told_of_by_all(void **state)
{
    (void)state;
    char *latencies = calloc(1, PB_LATENCIES_BYTES);
    struct pb_scene *scene;

    assert_non_null(latencies);
    assert_int_equal(choose(100, 4, 1000, &scene), 0);
    assert_int_equal(scene->got.highest_fd, 100);
    assert_int_equal(scene->got.occupied_words, 2);
    struct pb_sample cpu = sample(&pb_operation_request_cpu, scene, NULL);
    scene->other_cpu = -1; /* none of these plays one */
    struct pb_sample waits = sample(&pb_operation_request_waits, scene, NULL);
    struct pb_sample spacing =
        sample(&pb_operation_request_spacing, scene, latencies);
    assert_int_equal(cpu.error, 0);
    assert_int_equal(waits.error, 0);
    assert_int_equal(spacing.error, 0);
    assert_true(cpu.calls > 1 && cpu.batch_ns > 0);
    assert_true(waits.batch_ns >= waits.calls);
    assert_true(spacing.batch_ns >= PB_WINDOW_NS);
    assert_memory_equal(latencies, "response ", 9);
    assert_non_null(strstr(latencies, ";service "));
    free(latencies);
    pb_scene_free(scene);
}

/* Of one CPU either the clients have less than they need, or the server waits
 * for them. */
static void who_shares_a_cpu_is_disturbed(void **state)
{
    (void)state;
    struct pb_scene *scene;

    assert_int_equal(choose(4, 4, 0, &scene), 0);
    struct pb_sample cpu = sample(&pb_operation_request_cpu, scene, NULL);
    assert_int_equal(cpu.error, 0);
    assert_true(cpu.involuntary_switches > 0);
    pb_scene_free(scene);
}

static void without_a_second_cpu_there_is_no_row_of_numbers(void **state)
{
    (void)state;
    struct pb_scene *scene;

    assert_int_equal(choose(4, 1, 0, &scene), 0);
    scene->other_cpu = -1;
    assert_int_equal(sample(&pb_operation_request_cpu, scene, NULL).error,
                     -ENXIO);
    pb_scene_free(scene);
}

/* The one that spins would slow the other one down. */
static void two_cpus_are_of_two_cores(void **state)
{
    (void)state;
    int cpus[2], n = pb_cpus_choose(cpus, 2), n_cores = 0;
    cpu_set_t allowed;

    assert_int_equal(sched_getaffinity(0, sizeof allowed, &allowed), 0);
    assert_int_equal(n, CPU_COUNT(&allowed) < 2 ? 1 : 2);
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
        n_cores += CPU_ISSET(cpu, &allowed) &&
                   (pb_cpus_core(cpu) == cpu ||
                    !CPU_ISSET(pb_cpus_core(cpu), &allowed));
    if (n_cores > 1)
        assert_int_not_equal(pb_cpus_core(cpus[0]), pb_cpus_core(cpus[1]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_length_of_an_answer_is_learned),
        cmocka_unit_test(a_wrong_answer_is_told),
        cmocka_unit_test(a_server_that_goes_is_told),
        cmocka_unit_test(a_request_that_is_lost_is_no_hang),
        cmocka_unit_test(where_nobody_listens_nothing_is_started),
        cmocka_unit_test(each_request_is_answered_once),
        cmocka_unit_test(at_a_rate_each_has_its_latencies),
        cmocka_unit_test(a_load_or_a_server_that_dies_is_told),
        cmocka_unit_test(too_few_descriptors_are_an_error),
        cmocka_unit_test(two_cpus_are_of_two_cores),
        cmocka_unit_test(what_cannot_be_is_not_planned),
        cmocka_unit_test(a_window_is_told_of_by_all),
        cmocka_unit_test(who_shares_a_cpu_is_disturbed),
        cmocka_unit_test(without_a_second_cpu_there_is_no_row_of_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
