/* SPDX-License-Identifier: MIT */
/* Servers of others, as they are started and stopped. What needs one is left
 * out where it is not installed. */
#include "unit.h"

#include "proc_file.h"
#include "server_real.h"
#include "wait_call.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char old_path[4096];

static struct pb_server server_of(unsigned index, const char *call)
{
    struct pb_server server = {.kind = pb_server_real_at(index)};
    assert_non_null(server.kind);
    server.asked.call = call;
    server.asked.cpu = sched_getcpu();
    server.asked.n_connections = 300;
    return server;
}

static int connect_to(int port)
{
    const struct sockaddr_in address = {.sin_family = AF_INET,
                                        .sin_port = htons((uint16_t)port),
                                        .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    if (connect(fd, (const struct sockaddr *)&address, sizeof address) == 0)
        return fd;
    close(fd);
    return -1;
}

static void answers(const struct pb_server *server)
{
    const struct pb_talk *talk = server->kind->talk;
    char answer[4096] = "";
    int fd = connect_to(server->port);

    assert_true(fd >= 0);
    assert_int_equal(send(fd, talk->request, talk->request_bytes, 0),
                     talk->request_bytes);
    assert_true(recv(fd, answer, sizeof answer - 1, 0) > 0);
    assert_memory_equal(answer, talk->answer_begins,
                        strlen(talk->answer_begins));
    close(fd);
}

/* A field of its status, after the colon and a tab; "" without it. */
static const char *status_of(pid_t pid, const char *field, char text[32])
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    return pb_proc_value(path, field, text, 32);
}

/* Nobody may have waited for it. */
static bool is_there(pid_t pid)
{
    char text[32];
    return kill(pid, 0) == 0 && status_of(pid, "State", text)[0] != 'Z';
}

static void is_gone(pid_t pid)
{
    for (int i = 0; i < 5000 && is_there(pid); i++)
        usleep(1000);
    assert_false(is_there(pid));
}

/* --- what needs none ------------------------------------------------------ */

static void an_unknown_call_is_refused(void **state)
{
    (void)state;
    for (unsigned i = 0; pb_server_real_at(i); i++) {
        struct pb_server server = server_of(i, "kqueue");
        assert_int_equal(pb_server_real_most(server.kind, "kqueue"), 0);
        assert_int_equal(server.kind->start(&server), -EOPNOTSUPP);
    }
}

static void select_is_not_given_more_than_it_holds(void **state)
{
    (void)state;
    for (unsigned i = 0; pb_server_real_at(i); i++) {
        struct pb_server server = server_of(i, "select");
        server.asked.n_connections =
            1 + pb_server_real_most(server.kind, "select");
        assert_in_range(server.asked.n_connections, 300, 1024);
        assert_int_equal(server.kind->start(&server), -EOPNOTSUPP);
    }
}

static int have_folder(void **state)
{
    static char folder[] = "/tmp/pollbench-servers-XXXXXX";
    snprintf(old_path, sizeof old_path, "%s", getenv("PATH"));
    *state = mkdtemp(folder);
    return *state && setenv("PATH", folder, 1) == 0 ? 0 : -1;
}

static int drop_folder(void **state)
{
    char path[64];
    snprintf(path, sizeof path, "%s/memcached", (char *)*state);
    unlink(path);
    return setenv("PATH", old_path, 1) == 0 && rmdir(*state) == 0 ? 0 : -1;
}

/* In a folder that holds nothing, then what ends at once, in its place. */
static void what_is_not_there_or_ends_is_told_apart(void **state)
{
    char path[64];
    struct pb_server server = server_of(2, "poll");
    assert_string_equal(server.kind->name, "memcached");
    assert_int_equal(server.kind->start(&server), -ENOPKG);

    snprintf(path, sizeof path, "%s/memcached", (char *)*state);
    FILE *program = fopen(path, "w");
    assert_non_null(program);
    fputs("#!/bin/sh\nexit 0\n", program);
    assert_int_equal(fclose(program), 0);
    assert_int_equal(chmod(*state, 0755) | chmod(path, 0755), 0);
    assert_int_equal(server.kind->start(&server), -EIO);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* none is left */
}

/* --- what needs them ------------------------------------------------------ */

/* Whether it is installed; a call that it has not is -EOPNOTSUPP. */
static bool started(struct pb_server *server, const char *call)
{
    int error = server->kind->start(server);
    if (error == -ENOPKG)
        skip();
    if (error == -EOPNOTSUPP && strcmp(call, "select") == 0)
        return false; /* not in every build */
    assert_int_equal(error, 0);
    return true;
}

static void serves_by_each_call(unsigned index)
{
    char text[32];

    for (enum pa_way way = 0; way < PA_N_WAYS; way++) {
        struct pb_server server = server_of(index, pa_way_name(way));
        if (!started(&server, pa_way_name(way)))
            continue;
        int64_t n_sleeps = pb_proc_sleeps(server.pid);
        answers(&server);
        answers(&server);
        for (int i = 0; i < 2000 && pb_proc_sleeps(server.pid) == n_sleeps; i++)
            usleep(1000);
        assert_true(pb_proc_sleeps(server.pid) > n_sleeps);
        assert_true(status_of(server.pid, "Uid", text)[0] > '0');
        server.kind->stop(&server);
        is_gone(server.pid);
        assert_int_equal(connect_to(server.port), -1);
    }
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

static void haproxy_serves_by_each_call(void **state)
{
    (void)state;
    serves_by_each_call(0);
}

static void lighttpd_serves_by_each_call(void **state)
{
    (void)state;
    serves_by_each_call(1);
}

static void memcached_serves_by_each_call(void **state)
{
    (void)state;
    serves_by_each_call(2);
}

/* Killed, it cannot stop its server. */
static void a_server_dies_with_its_parent(void **state)
{
    struct pb_server server = server_of(2, "epoll");
    int pids[2];

    (void)state;
    assert_int_equal(pipe(pids), 0);
    pid_t parent = fork();
    if (parent == 0) {
        pid_t pid = server.kind->start(&server) == 0 ? server.pid : 0;
        if (write(pids[1], &pid, sizeof pid) == sizeof pid)
            pause();
        _exit(1);
    }
    assert_int_equal(read(pids[0], &server.pid, sizeof server.pid),
                     sizeof server.pid);
    kill(parent, SIGKILL);
    waitpid(parent, NULL, 0);
    close(pids[0]);
    close(pids[1]);
    if (server.pid == 0)
        skip();
    is_gone(server.pid);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_unknown_call_is_refused),
        cmocka_unit_test(select_is_not_given_more_than_it_holds),
        cmocka_unit_test_setup_teardown(what_is_not_there_or_ends_is_told_apart,
                                        have_folder, drop_folder),
        cmocka_unit_test(haproxy_serves_by_each_call),
        cmocka_unit_test(lighttpd_serves_by_each_call),
        cmocka_unit_test(memcached_serves_by_each_call),
        cmocka_unit_test(a_server_dies_with_its_parent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
