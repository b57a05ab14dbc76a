/* SPDX-License-Identifier: MIT */
#include "fixture.h"
#include "backend.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

const char *tested_backend;

/* Call visit for each open descriptor but that of the listing itself. */
static void each_open_fd(void (*visit)(int fd, void *arg), void *arg)
{
    DIR *listing = opendir("/proc/self/fd");
    assert_non_null(listing);
    const struct dirent *entry;
    while ((entry = readdir(listing))) {
        char *end;
        long fd = strtol(entry->d_name, &end, 10);
        if (end != entry->d_name && fd != dirfd(listing))
            visit((int)fd, arg);
    }
    closedir(listing);
}

static void count_one(int fd, void *arg)
{
    (void)fd;
    ++*(int *)arg;
}

int count_open_fds(void)
{
    int n = 0;
    each_open_fd(count_one, &n);
    return n;
}

static void close_from(int fd, void *arg)
{
    if (fd >= *(const int *)arg)
        close(fd);
}

int lowest_free_fd(void)
{
    int fd = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0);
    assert_true(fd >= 0);
    close(fd);
    return fd;
}

int fixture_setup(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));
    assert_non_null(f);
    f->first_fd = lowest_free_fd();
    assert_int_equal(pollset_backend_find(tested_backend, &f->info), 0);
    int before = count_open_fds();
    assert_int_equal(pollset_create(&f->set, tested_backend), 0);
    f->own_fds = count_open_fds() - before;
    *state = f;
    return 0;
}

/* Also a law of its own: a set gives back the descriptors that it took. */
int fixture_teardown(void **state)
{
    struct fixture *f = *state;
    int before = count_open_fds();
    pollset_destroy(f->set);
    int own_fds = before - count_open_fds();
    each_open_fd(close_from, &f->first_fd);
    bool is_same = own_fds == f->own_fds;
    if (!is_same)
        print_error("destroy closed %d descriptors, create opened %d\n",
                    own_fds, f->own_fds);
    free(f);
    return is_same ? 0 : -1;
}

struct pair stream_pair(void)
{
    int fds[2];
    int type = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
    assert_int_equal(socketpair(AF_UNIX, type, 0, fds), 0);
    return (struct pair){fds[0], fds[1]};
}

struct pair pipe_pair(void)
{
    int fds[2];
    assert_int_equal(pipe2(fds, O_NONBLOCK | O_CLOEXEC), 0);
    return (struct pair){fds[0], fds[1]};
}

struct pair tcp_pair(void)
{
    struct pair pair = {-1, -1};
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof(address);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener < 0 ||
        bind(listener, (struct sockaddr *)&address, length) < 0 ||
        listen(listener, 1) < 0 ||
        getsockname(listener, (struct sockaddr *)&address, &length) < 0)
        return pair;
    int far = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(far, (struct sockaddr *)&address, length) == 0)
        pair = (struct pair){accept4(listener, NULL, NULL, SOCK_NONBLOCK), far};
    close(listener);
    return pair;
}

int event_fd(unsigned value)
{
    int fd = eventfd(value, EFD_NONBLOCK | EFD_CLOEXEC);
    assert_true(fd >= 0);
    return fd;
}

int timer_fd(int64_t expires_in_ns)
{
    int fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    assert_true(fd >= 0);
    struct itimerspec when = {.it_value.tv_sec = expires_in_ns / 1000000000,
                              .it_value.tv_nsec = expires_in_ns % 1000000000};
    assert_int_equal(timerfd_settime(fd, 0, &when, NULL), 0);
    return fd;
}

int move_fd(int fd, int lowest)
{
    int moved = fcntl(fd, F_DUPFD_CLOEXEC, lowest);
    assert_true(moved >= lowest);
    close(fd);
    return moved;
}

int highest_possible_fd(void)
{
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    /* More would take more memory than this is worth. */
    return limit.rlim_cur < 1 << 20 ? (int)limit.rlim_cur - 1 : (1 << 20) - 1;
}

void put(int fd)
{
    uint64_t one = 1;
    assert_true(write(fd, &one, sizeof(one)) == sizeof(one));
}

void take(int fd)
{
    char bytes[4096];
    ssize_t n;
    do
        n = read(fd, bytes, sizeof(bytes));
    while (n > 0);
    assert_true(n == 0 || errno == EAGAIN);
}

bool is_level(const struct fixture *f)
{
    return strcmp(f->info.trigger, "level") == 0;
}

void arm_again(struct fixture *f)
{
    struct pollset *set = f->set;
    for (int i = 0; i < set->n_fds && !is_level(f); i++) {
        uint32_t events = (unsigned short)set->fds[i].events;
        int error = set->backend->modify(set, set->fds[i].fd, events);
        assert_true(error == 0 || error == -EBADF); /* closed meanwhile */
    }
}

int poll_armed(struct fixture *f, int max_events, int64_t timeout_ns)
{
    arm_again(f);
    return pollset_poll(f->set, f->out, max_events, timeout_ns);
}

int ask(struct fixture *f)
{
    assert_true(pollset_count(f->set) <= OUT_SLOTS);
    f->n = poll_armed(f, POLLSET_NO_LIMIT, 0);
    assert_true(f->n >= 0 && f->n <= pollset_count(f->set));
    for (int i = 0; i < f->n; i++)
        assert_int_not_equal(f->out[i].events, 0);
    return f->n;
}

static const struct pollset_event *find(const struct fixture *f, int fd)
{
    static const struct pollset_event none;
    const struct pollset_event *found = &none;
    for (int i = 0; i < f->n; i++) {
        if (f->out[i].fd != fd)
            continue;
        assert_ptr_equal(found, &none);
        found = &f->out[i];
    }
    return found;
}

uint32_t events_of(const struct fixture *f, int fd)
{
    return find(f, fd)->events;
}

void *cookie_of(const struct fixture *f, int fd)
{
    return find(f, fd)->cookie;
}

uint32_t ask_for(struct fixture *f, int fd)
{
    ask(f);
    return events_of(f, fd);
}

void watch(struct fixture *f, int fd, uint32_t events)
{
    assert_int_equal(pollset_register(f->set, fd, events, NULL), 0);
}

bool can_report(const struct fixture *f, uint32_t event)
{
    return (f->info.events & event) == event;
}

int64_t now_ns(void)
{
    struct timespec now;
    assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &now), 0);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void skip_because(const char *reason)
{
    print_message("[ REASON   ] %s: %s\n", tested_backend, reason);
    skip();
}
