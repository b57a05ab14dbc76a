/* SPDX-License-Identifier: MIT */
/* waiter CALL FDS GAP RATE FILE [IDLE]: a program of which all is known that
 * pollbench advise is to find out. One thread waits with CALL for FDS
 * descriptors, GAP numbers apart; the first thread writes into the last of them
 * RATE times a second, and waits for none; with RATE 0 once, and nobody reads
 * it, so that no wait sleeps. CALL is a system call's name or, with "libc_"
 * before it, that of a function of the C library. IDLE more threads wait for
 * one fd each, for good. FILE, of 16 bytes, has the number of waits so far, and
 * that of the thread that waits. */
#include "waiter.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static void die(const char *what)
{
    fprintf(stderr, "waiter: %s: %s\n", what, strerror(errno));
    _exit(1);
}

static int must(int result, const char *what)
{
    if (result < 0)
        die(what);
    return result;
}

static struct {
    int n, gap, wake; /* wake: the last of the descriptors */
    int is_flat_out;
    const char *call;
    volatile uint64_t *told; /* how often it waited, and which thread */
} all;

static void put_at(int fd, int number)
{
    must(dup2(fd, number), "dup2");
    must(close(fd), "close");
}

/* Idle ends of sockets, and an eventfd to wake by. */
static void open_all(void)
{
    struct rlimit limit;
    int pair[2];

    must(getrlimit(RLIMIT_NOFILE, &limit), "getrlimit");
    limit.rlim_cur = limit.rlim_max;
    must(setrlimit(RLIMIT_NOFILE, &limit), "setrlimit");
    all.wake = waiter_fd(all.n - 1, all.gap);
    for (int i = 0; i + 1 < all.n; i++) {
        must(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), "socketpair");
        put_at(pair[0], waiter_fd(i, all.gap));
        put_at(pair[1], all.wake + 1 + i);
    }
    put_at(must(eventfd(0, EFD_NONBLOCK), "eventfd"), all.wake);
}

static _Noreturn void write_on_time(double rate)
{
    struct timespec at;
    const uint64_t one = 1;
    long step = (long)(1e9 / rate);

    must(clock_gettime(CLOCK_MONOTONIC, &at), "clock_gettime");
    if (all.is_flat_out && write(all.wake, &one, sizeof one) < 0)
        die("write");
    while (all.is_flat_out)
        pause();
    for (;;) {
        at.tv_nsec += step;
        at.tv_sec += at.tv_nsec / 1000000000;
        at.tv_nsec %= 1000000000;
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL);
        if (write(all.wake, &one, sizeof one) < 0)
            die("write");
    }
}

static struct pollfd *pollfds;
static fd_set *sets;
static int epoll_fd = -1;
static size_t set_bytes;

static void make_sets(int is_edge)
{
    size_t word = sizeof(unsigned long);

    pollfds = calloc((size_t)all.n, sizeof *pollfds);
    set_bytes = ((size_t)all.wake / (8 * word) + 1) * word;
    sets = calloc(2, set_bytes + sizeof *sets);
    epoll_fd = must(epoll_create1(0), "epoll_create1");
    if (!pollfds || !sets)
        die("calloc");
    for (int i = 0; i < all.n; i++) {
        int fd = waiter_fd(i, all.gap);
        struct epoll_event event = {.events = waiter_events(i)};
        event.events |= is_edge && i == 0 ? (uint32_t)EPOLLET : 0;
        pollfds[i] = (struct pollfd){fd, (short)waiter_events(i), 0};
        must(epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event), "epoll_ctl");
    }
}

/* The bits by hand: FD_SET ends at FD_SETSIZE. */
static unsigned long *fill_sets(void)
{
    unsigned long *in = (unsigned long *)sets;
    unsigned long *special = in + set_bytes / sizeof *in;
    const int bits = 8 * (int)sizeof *in;

    memset(sets, 0, 2 * set_bytes);
    for (int i = 0; i < all.n; i++) {
        int fd = waiter_fd(i, all.gap);
        in[fd / bits] |= 1UL << fd % bits;
        if (waiter_events(i) & POLLPRI)
            special[fd / bits] |= 1UL << fd % bits;
    }
    return special;
}

static int wait_select(long number)
{
    unsigned long *special = fill_sets();
    return (int)syscall(number, all.wake + 1, sets, NULL, special, NULL, NULL);
}

static struct epoll_event events[16];

static int wait_by_libc(const char *call)
{
    fd_set *special = (fd_set *)fill_sets();
    int n_fds = all.wake + 1;

    if (strcmp(call, "select") == 0)
        return select(n_fds, sets, NULL, special, NULL);
    if (strcmp(call, "pselect") == 0)
        return pselect(n_fds, sets, NULL, special, NULL, NULL);
    if (strcmp(call, "ppoll") == 0)
        return ppoll(pollfds, (nfds_t)all.n, NULL, NULL);
    if (strcmp(call, "epoll_wait") == 0)
        return epoll_wait(epoll_fd, events, 16, -1);
    if (strcmp(call, "epoll_pwait") == 0)
        return epoll_pwait(epoll_fd, events, 16, -1, NULL);
    return poll(pollfds, (nfds_t)all.n, -1);
}

static int wait_once(const char *call)
{
    static const char libc[] = "libc_";
    uint64_t word;
    int n = -1;

    if (strncmp(call, libc, sizeof libc - 1) == 0)
        n = wait_by_libc(call + sizeof libc - 1);
    else if (strcmp(call, "poll") == 0)
        n = poll(pollfds, (nfds_t)all.n, -1);
#ifdef SYS_ppoll
    else if (strcmp(call, "ppoll") == 0)
        n = (int)syscall(SYS_ppoll, pollfds, all.n, NULL, NULL, 8);
#endif
#ifdef SYS__newselect /* there SYS_select has one argument */
    else if (strcmp(call, "select") == 0)
        n = wait_select(SYS__newselect);
#elif defined SYS_select
    else if (strcmp(call, "select") == 0)
        n = wait_select(SYS_select);
#endif
    else if (strcmp(call, "pselect6") == 0)
        n = wait_select(SYS_pselect6);
#ifdef SYS_epoll_pwait2
    else if (strcmp(call, "epoll_pwait2") == 0)
        n = (int)syscall(SYS_epoll_pwait2, epoll_fd, events, 16, NULL, NULL, 8);
#endif
#ifdef SYS_epoll_wait
    else if (strcmp(call, "epoll_wait") == 0 || strcmp(call, "edge") == 0)
        n = (int)syscall(SYS_epoll_wait, epoll_fd, events, 16, -1);
#endif
    else
        n = (int)syscall(SYS_epoll_pwait, epoll_fd, events, 16, -1, NULL, 8);
    if (all.is_flat_out ||
        (n == 1 && read(all.wake, &word, sizeof word) == sizeof word))
        return must(n, call);
    return must(n, call);
}

static _Noreturn void *wait_for_all(void *unused)
{
    (void)unused;
    all.told[1] = (uint64_t)syscall(SYS_gettid);
    for (;;) {
        wait_once(all.call);
        ++all.told[0];
    }
}

static _Noreturn void *wait_for_nothing(void *unused)
{
    struct pollfd fd = {must(eventfd(0, 0), "eventfd"), POLLIN, 0};

    (void)unused;
    for (;;)
        must(poll(&fd, 1, -1), "poll");
}

static void start(void *(*run)(void *))
{
    pthread_t thread;

    errno = pthread_create(&thread, NULL, run, NULL);
    if (errno)
        die("pthread_create");
}

int main(int argc, char **argv)
{
    if (argc < 6)
        return 2;
    all.call = argv[1];
    all.n = (int)strtol(argv[2], NULL, 10);
    all.gap = (int)strtol(argv[3], NULL, 10);
    all.is_flat_out = strtod(argv[4], NULL) == 0;
    FILE *file = fopen(argv[5], "r+e");
    if (!file)
        die(argv[5]);
    all.told = mmap(NULL, 2 * sizeof *all.told, PROT_READ | PROT_WRITE,
                    MAP_SHARED, fileno(file), 0);
    if (all.told == MAP_FAILED)
        die("mmap");
    open_all();
    make_sets(strcmp(all.call, "edge") == 0);
    for (long i = argc > 6 ? strtol(argv[6], NULL, 10) : 0; i > 0; i--)
        start(wait_for_nothing);
    start(wait_for_all);
    write_on_time(strtod(argv[4], NULL));
}
