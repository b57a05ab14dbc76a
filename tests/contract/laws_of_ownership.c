/* SPDX-License-Identifier: MIT */
/* Laws: ownership; fork; threads. */
#include "fixture.h"
#include "laws.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void registered_fds_stay_open(void **state)
{
    struct fixture *f = *state;
    struct pollset *set;
    assert_int_equal(pollset_create(&set, tested_backend), 0);
    int fds[20];
    for (int i = 0; i < 20; i++) {
        fds[i] = event_fd(1);
        assert_int_equal(pollset_register(set, fds[i], POLLIN, NULL), 0);
        if (i % 2)
            assert_int_equal(pollset_unregister(set, fds[i]), 0);
    }
    assert_int_equal(pollset_poll(set, f->out, POLLSET_NO_LIMIT, 0), 10);
    pollset_destroy(set);
    for (int i = 0; i < 20; i++)
        assert_true(fcntl(fds[i], F_GETFD) >= 0);
}

static void sets_are_independent(void **state)
{
    struct fixture *f = *state;
    struct pollset *other;
    struct pair pair = stream_pair();
    put(pair.far);
    assert_int_equal(pollset_create(&other, tested_backend), 0);
    watch(f, pair.near, POLLIN);
    assert_int_equal(pollset_register(other, pair.near, POLLOUT, f), 0);
    assert_int_equal(ask_for(f, pair.near), POLLIN);
    assert_int_equal(pollset_unregister(f->set, pair.near), 0);
    assert_int_equal(pollset_poll(other, f->out, 1, 0), 1);
    assert_int_equal(f->out[0].events, POLLOUT);
    pollset_destroy(other);
}

static void no_descriptor_is_leaked(void **state)
{
    struct fixture *f = *state;
    int before = count_open_fds();
    for (int i = 0; i < 10; i++) {
        int fd = event_fd(1);
        int duplicate = fcntl(fd, F_DUPFD_CLOEXEC, 0);
        watch(f, fd, POLLIN);
        close(fd);
        assert_int_equal(pollset_unregister(f->set, fd), 0);
        assert_int_equal(ask(f), 0);
        close(duplicate);
    }
    assert_int_equal(count_open_fds(), before);
}

static void no_descriptor_survives_exec(void **state)
{
    struct fixture *f = *state;
    for (int fd = f->first_fd; fd < f->first_fd + 20; fd++) {
        int flags = fcntl(fd, F_GETFD);
        assert_true(flags < 0 || flags & FD_CLOEXEC);
    }
}

/* Also after epoll's instance was made anew, to be rid of a file. */
static void descriptor_of_the_set_is_readable_while_one_is_ready(void **state)
{
    struct fixture *f = *state;
    int own = pollset_descriptor(f->set);
    assert_true(own >= 0 || strcmp(f->info.name, "epoll") != 0);
    if (own < 0) {
        assert_int_equal(own, -ENOTSUP);
        return;
    }
    int fd = event_fd(0);
    watch(f, fd, POLLIN);
    struct pollfd outer = {.fd = own, .events = POLLIN};
    for (int i = 0; i < 2; i++) {
        assert_int_equal(poll(&outer, 1, 0), 0);
        put(fd);
        assert_int_equal(poll(&outer, 1, 0), 1);
        assert_int_equal(outer.revents, POLLIN);
        take(fd);
        int lost = event_fd(1);
        assert_true(fcntl(lost, F_DUPFD_CLOEXEC, 0) >= 0);
        watch(f, lost, POLLIN);
        close(lost);
        assert_int_equal(pollset_unregister(f->set, lost), 0);
        assert_int_equal(ask(f), 0);
        assert_int_equal(pollset_descriptor(f->set), own);
    }
}

/* Run check in a forked child; true if it says so. */
static bool in_child(bool (*check)(struct fixture *, int), struct fixture *f,
                     int fd)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        _exit(check(f, fd) ? 0 : 1);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool sees_it(struct fixture *f, int fd)
{
    return pollset_poll(f->set, f->out, 1, 0) == 1 && f->out[0].fd == fd;
}

static bool unregisters_it(struct fixture *f, int fd)
{
    return pollset_unregister(f->set, fd) == 0 && !sees_it(f, fd);
}

static void child_can_poll_what_was_registered_before_fork(void **state)
{
    struct fixture *f = *state;
    int fd = event_fd(1);
    watch(f, fd, POLLIN);
    assert_true(in_child(sees_it, f, fd));
}

/* epoll's kernel object is shared over fork(2), the others' memory is not. */
static void unregistering_in_a_child_is_as_documented(void **state)
{
    struct fixture *f = *state;
    int fd = event_fd(1);
    watch(f, fd, POLLIN);
    assert_true(in_child(unregisters_it, f, fd));
    assert_int_equal(pollset_count(f->set), 1);
    assert_int_equal(pollset_poll(f->set, f->out, 1, 0),
                     pollset_descriptor(f->set) < 0);
    assert_int_equal(pollset_unregister(f->set, fd), 0);
}

static bool registers_it(struct fixture *f, int fd)
{
    return pollset_register(f->set, fd, POLLIN, f) == 0;
}

/* A number of which the parent's set has never heard. */
static void what_a_child_registers_is_not_the_parents(void **state)
{
    struct fixture *f = *state;
    int own = event_fd(1);
    watch(f, own, POLLIN);
    int fds[] = {event_fd(1), move_fd(event_fd(1), 3000)};
    for (int i = 0; i < 2; i++) {
        assert_true(in_child(registers_it, f, fds[i]));
        assert_int_equal(ask(f), 1);
        assert_int_equal(events_of(f, own), POLLIN);
    }
}

static void *wait_for_gate(void *gate)
{
    uint64_t value;
    return read(*(int *)gate, &value, sizeof(value)) > 0 ? gate : NULL;
}

/* Whatever the two have in common: the child is told when to begin. */
static void child_takes_nothing_from_the_parent(void **state)
{
    struct fixture *f = *state;
    int fds[2];
    for (int i = 0; i < 2; i++)
        watch(f, fds[i] = event_fd(0), POLLIN);
    assert_int_equal(ask(f), 0);
    int gate = event_fd(0);
    fcntl(gate, F_SETFL, 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        bool is_open = wait_for_gate(&gate);
        _exit(is_open ? pollset_modify(f->set, fds[1], POLLIN, NULL) != 0 : 1);
    }
    assert_int_equal(pollset_modify(f->set, fds[0], POLLIN, NULL), 0);
    put(gate);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    put(fds[1]);
    assert_int_equal(pollset_poll(f->set, f->out, 2, 0), 1);
    assert_int_equal(f->out[0].fd, fds[1]);
}

enum { HIGH_FD = 3000 };

static bool is_closed_one(const struct pollset_event *event)
{
    return event->fd == HIGH_FD && event->events == POLLNVAL;
}

/* Whether HIGH_FD is reported as closed besides n_ready others: with slots for
 * all, at once or from a wait, and in turns, with one slot. */
static bool polls_closed(struct fixture *f, int n_ready, int64_t timeout_ns)
{
    signal(SIGALRM, SIG_DFL);
    alarm(60); /* there is nobody to end a child that waits for ever */
    int n = pollset_poll(f->set, f->out, POLLSET_NO_LIMIT, timeout_ns);
    int n_seen = 0;
    for (int i = 0; i < n; i++)
        n_seen += is_closed_one(&f->out[i]);
    return n == n_ready + 1 && n_seen == 1;
}

static bool sees_closed(struct fixture *f, int n_ready)
{
    return polls_closed(f, n_ready, 0);
}

static bool waits_for_closed(struct fixture *f, int n_ready)
{
    return polls_closed(f, n_ready, POLLSET_FOREVER) &&
           polls_closed(f, n_ready, INT64_MAX);
}

static bool sees_closed_in_turns(struct fixture *f, int n_ready)
{
    int n_seen = 0;
    for (int call = 0; call < n_ready + 2; call++) {
        if (pollset_poll(f->set, f->out, 1, 0) != 1)
            return false;
        bool is_seen = is_closed_one(f->out);
        if (!is_seen && (f->out->fd == HIGH_FD || f->out->events != POLLIN))
            return false;
        n_seen += is_seen;
    }
    return n_seen > 0;
}

/* Close HIGH_FD in a table of one's own that is made for it, and is as long as
 * what is left needs: only a process with threads gets such a one. */
static bool shorten(struct fixture *f, int fd)
{
    (void)f;
    (void)fd;
    pthread_t thread;
    int gate = event_fd(0);
    fcntl(gate, F_SETFL, 0);
    pthread_create(&thread, NULL, wait_for_gate, &gate);
    close(HIGH_FD);
    bool is_done = unshare(CLONE_FILES) == 0;
    put(gate);
    pthread_join(thread, NULL);
    return is_done;
}

static bool sees_closed_when_short(struct fixture *f, int n_ready)
{
    return shorten(f, 0) && sees_closed(f, n_ready);
}

static bool waits_for_closed_when_short(struct fixture *f, int n_ready)
{
    return shorten(f, 0) && waits_for_closed(f, n_ready);
}

/* The kernel's select says nothing of numbers past the end of the descriptor
 * table, and a table is made anew, as long as what is open needs, by fork(2),
 * unshare(2) and close_range(2). */
static void fd_past_the_end_of_the_table_is_pollnval(void **state)
{
    struct fixture *f = *state;
    if (!can_report(f, POLLNVAL))
        skip_because("epoll forgets closed descriptors");
    if (highest_possible_fd() < HIGH_FD)
        skip_because("the descriptor limit is too low for a longer table");
    bool can_shorten = in_child(shorten, f, 0);
    watch(f, move_fd(event_fd(1), HIGH_FD), POLLIN | POLLOUT);
    for (int n_ready = 0; n_ready < 3; n_ready++) {
        if (can_shorten) {
            assert_true(in_child(sees_closed_when_short, f, n_ready));
            assert_true(in_child(waits_for_closed_when_short, f, n_ready));
        }
        int file = fcntl(HIGH_FD, F_DUPFD_CLOEXEC, 0);
        close(HIGH_FD);
        assert_true(in_child(sees_closed, f, n_ready));
        assert_true(in_child(waits_for_closed, f, n_ready));
        assert_true(in_child(sees_closed_in_turns, f, n_ready));
        assert_int_equal(move_fd(file, HIGH_FD), HIGH_FD);
        watch(f, HIGH_FD, POLLIN | POLLOUT);
        watch(f, event_fd(1), POLLIN);
    }
    if (!can_shorten)
        skip_because("no unshare(2), so the law was tested by fork(2) only");
}

static void *use_a_set(void *n_wrong)
{
    struct pollset *set;
    struct pollset_event event;
    if (pollset_create(&set, tested_backend) < 0)
        return NULL;
    *(int *)n_wrong = 0;
    int ends[2];
    for (int i = 0; i < 2000; i++) {
        bool is_right = pipe2(ends, O_NONBLOCK | O_CLOEXEC) == 0 &&
                        pollset_register(set, ends[0], POLLIN, &set) == 0 &&
                        write(ends[1], "x", 1) == 1 &&
                        pollset_poll(set, &event, 1, POLLSET_FOREVER) == 1 &&
                        event.fd == ends[0] &&
                        pollset_unregister(set, ends[0]) == 0 &&
                        close(ends[0]) == 0 && close(ends[1]) == 0;
        *(int *)n_wrong += !is_right;
    }
    pollset_destroy(set);
    return NULL;
}

static void sets_may_be_used_in_different_threads(void **state)
{
    (void)state;
    enum { N = 4 };
    pthread_t threads[N];
    int n_wrong[N] = {-1, -1, -1, -1};
    for (int i = 0; i < N; i++)
        assert_int_equal(
            pthread_create(&threads[i], NULL, use_a_set, &n_wrong[i]), 0);
    for (int i = 0; i < N; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(n_wrong[i], 0);
    }
}

static void *poll_there(void *fixture)
{
    struct fixture *f = fixture;
    f->n = poll_armed(f, POLLSET_NO_LIMIT, 0);
    watch(f, event_fd(1), POLLIN);
    return f;
}

/* One thread at a time, but not always the same. */
static void set_may_be_handed_to_another_thread(void **state)
{
    struct fixture *f = *state;
    int fd = event_fd(1);
    watch(f, fd, POLLIN);
    watch(f, event_fd(0), POLLIN);
    assert_int_equal(ask(f), 1);
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, poll_there, f), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(f->n, 1);
    assert_int_equal(events_of(f, fd), POLLIN);
    assert_int_equal(ask(f), 2);
}

enum { N_PAIRS = 32, N_EVENTS = 20000 };

struct echoes {
    struct pair pairs[N_PAIRS];
    atomic_bool is_over;
};

/* Each byte comes back as soon as it is there. */
static void *send_back(void *context)
{
    struct echoes *echoes = context;
    char byte;
    while (!echoes->is_over)
        for (int i = 0; i < N_PAIRS; i++)
            if (read(echoes->pairs[i].far, &byte, 1) == 1 &&
                write(echoes->pairs[i].far, &byte, 1) != 1)
                return NULL;
    return echoes;
}

/* They get ready on another CPU, at any moment of a wait. */
static void no_wait_misses_what_another_thread_writes(void **state)
{
    struct fixture *f = *state;
    struct echoes echoes = {0};
    pthread_t thread;

    for (int i = 0; i < N_PAIRS; i++) {
        echoes.pairs[i] = stream_pair();
        watch(f, echoes.pairs[i].near, POLLIN);
        put(echoes.pairs[i].far);
    }
    assert_int_equal(pthread_create(&thread, NULL, send_back, &echoes), 0);
    int n = 0, n_wrong = 0;
    while (n < N_EVENTS && !n_wrong) {
        f->n = poll_armed(f, OUT_SLOTS, INT64_C(5000000000));
        for (int i = 0; i < f->n; i++) {
            char byte;
            n_wrong += read(f->out[i].fd, &byte, 1) != 1 ||
                       write(f->out[i].fd, &byte, 1) != 1;
        }
        n_wrong += f->n <= 0;
        n += f->n;
    }
    echoes.is_over = true;
    void *result;
    assert_int_equal(pthread_join(thread, &result), 0);
    assert_int_equal(n_wrong, 0);
    assert_ptr_equal(result, &echoes);
}

int laws_of_ownership(void)
{
    const struct CMUnitTest laws[] = {
        LAW(registered_fds_stay_open),
        LAW(sets_are_independent),
        LAW(no_descriptor_is_leaked),
        LAW(no_descriptor_survives_exec),
        LAW(descriptor_of_the_set_is_readable_while_one_is_ready),
        LAW(child_can_poll_what_was_registered_before_fork),
        LAW(unregistering_in_a_child_is_as_documented),
        LAW(what_a_child_registers_is_not_the_parents),
        LAW(child_takes_nothing_from_the_parent),
        LAW(fd_past_the_end_of_the_table_is_pollnval),
        LAW(sets_may_be_used_in_different_threads),
        LAW(set_may_be_handed_to_another_thread),
        LAW(no_wait_misses_what_another_thread_writes),
    };
    return cmocka_run_group_tests(laws, NULL, NULL);
}
