/* SPDX-License-Identifier: MIT */
/* Preloaded into the programs, it makes the machine worse:
 *
 * SHIM_FAIL_ALLOCATION=N  the N-th allocation fails, once; with N-, that one
 *                         and all after it
 * SHIM_SHORT_IO=1         reads and writes transfer 1 to 7 bytes a call
 * SHIM_CLOCK=HOW:N        from the N-th reading on, CLOCK_MONOTONIC stands
 *                         (still), or every N-th time leaps an hour (leap) or
 *                         falls back a second (back)
 * SHIM_SPEED=MS:PERMILLE  the monotonic clocks run as they are for MS ms, then
 *                         at PERMILLE of it for as long, and so on: as seen
 *                         from a program, at 1400 all its CPUs need 1.4 times
 *                         as long for everything
 * SHIM_FLOCK=ERRNO        flock() fails with this number, as on some network
 *                         file systems
 * SHIM_SYNC=ERRNO         and so does fdatasync()
 * SHIM_CHMOD=ERRNO        and so does fchmod()
 *
 * Counts are of the process; a forked one goes on counting. SHIM_REPORT=FILE:
 * the number of allocations is written there when the process ends.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

/* The C library's own names for what is replaced here. */
void *__libc_malloc(size_t n_bytes);
void *__libc_calloc(size_t n, size_t n_bytes);
void *__libc_realloc(void *old, size_t n_bytes);

static long n_allocations;
static long failing_allocation; /* 0: none */
static int all_after_it_fail;
static int is_short;
static char clock_fault; /* s, l, b or 0 */
static long clock_period, n_readings;
static int64_t speed_period_ns, speed_permille; /* 0: as it is */
static pid_t first_process;

__attribute__((constructor)) static void start(void)
{
    const char *fail = getenv("SHIM_FAIL_ALLOCATION");
    const char *clock = getenv("SHIM_CLOCK");
    if (fail) {
        char *end;
        failing_allocation = strtol(fail, &end, 10);
        all_after_it_fail = *end == '-';
    }
    if (clock && strchr(clock, ':')) {
        clock_fault = *clock;
        clock_period = strtol(strchr(clock, ':') + 1, NULL, 10);
    }
    const char *speed = getenv("SHIM_SPEED");
    if (speed && strchr(speed, ':')) {
        speed_period_ns = strtoll(speed, NULL, 10) * 1000000;
        speed_permille = strtoll(strchr(speed, ':') + 1, NULL, 10);
    }
    is_short = getenv("SHIM_SHORT_IO") != NULL;
    first_process = getpid();
    n_allocations = 0;
}

__attribute__((destructor)) static void report(void)
{
    const char *path = getenv("SHIM_REPORT");
    char text[32];
    if (!path || getpid() != first_process)
        return;
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    int n = snprintf(text, sizeof text, "%ld\n", n_allocations);
    if (fd < 0 || write(fd, text, (size_t)n) != n)
        abort();
    close(fd);
}

static int fails(void)
{
    n_allocations++;
    int is_failing =
        failing_allocation &&
        (n_allocations == failing_allocation ||
         (all_after_it_fail && n_allocations > failing_allocation));
    if (is_failing)
        errno = ENOMEM;
    return is_failing;
}

void *malloc(size_t n_bytes)
{
    return fails() ? NULL : __libc_malloc(n_bytes);
}

void *calloc(size_t n, size_t n_bytes)
{
    return fails() ? NULL : __libc_calloc(n, n_bytes);
}

void *realloc(void *old, size_t n_bytes)
{
    return fails() ? NULL : __libc_realloc(old, n_bytes);
}

/* The C library's own function into *real, a pointer to one. */
static void find(void *real, const char *name)
{
    void *found = dlsym(RTLD_NEXT, name);
    memcpy(real, &found, sizeof found);
}

/* 1 to 7, but never more than wanted. */
static size_t shorten(size_t n_bytes)
{
    static unsigned n_calls;
    size_t most = 1 + n_calls++ % 7;
    return is_short && n_bytes > most ? most : n_bytes;
}

ssize_t write(int fd, const void *bytes, size_t n_bytes)
{
    static ssize_t (*real)(int, const void *, size_t);
    if (!real)
        find(&real, "write");
    return real(fd, bytes, shorten(n_bytes));
}

ssize_t read(int fd, void *bytes, size_t n_bytes)
{
    static ssize_t (*real)(int, void *, size_t);
    if (!real)
        find(&real, "read");
    return real(fd, bytes, shorten(n_bytes));
}

ssize_t pread(int fd, void *bytes, size_t n_bytes, off_t offset)
{
    static ssize_t (*real)(int, void *, size_t, off_t);
    if (!real)
        find(&real, "pread");
    return real(fd, bytes, shorten(n_bytes), offset);
}

/* The C library's streams do not call read() above: they get one of their
 * own. */
static ssize_t read_stream(void *cookie, char *bytes, size_t n_bytes)
{
    return read((int)(long)cookie, bytes, n_bytes);
}

static int close_stream(void *cookie)
{
    return close((int)(long)cookie);
}

FILE *fopen(const char *path, const char *mode)
{
    static FILE *(*real)(const char *, const char *);
    const cookie_io_functions_t functions = {.read = read_stream,
                                             .close = close_stream};
    if (!real)
        find(&real, "fopen");
    if (!is_short || *mode != 'r')
        return real(path, mode);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    return fd < 0 ? NULL : fopencookie((void *)(long)fd, "r", functions);
}

/* -1, with the errno that a variable holds; or 0 without it. */
static int refuse(const char *variable)
{
    const char *number = getenv(variable);
    if (number)
        errno = (int)strtol(number, NULL, 10);
    return number ? -1 : 0;
}

int flock(int fd, int operation)
{
    static int (*real)(int, int);
    if (!real)
        find(&real, "flock");
    return refuse("SHIM_FLOCK") < 0 ? -1 : real(fd, operation);
}

int fdatasync(int fd)
{
    static int (*real)(int);
    if (!real)
        find(&real, "fdatasync");
    return refuse("SHIM_SYNC") < 0 ? -1 : real(fd);
}

int fchmod(int fd, mode_t mode)
{
    static int (*real)(int, mode_t);
    if (!real)
        find(&real, "fchmod");
    return refuse("SHIM_CHMOD") < 0 ? -1 : real(fd, mode);
}

static void disturb(struct timespec *now)
{
    static struct timespec last;
    n_readings++;
    if (clock_fault == 's' && n_readings >= clock_period) {
        if (!last.tv_sec)
            last = *now;
        *now = last;
    } else if (clock_fault == 'l') {
        now->tv_sec += n_readings / clock_period * 3600;
    } else if (clock_fault == 'b') {
        now->tv_sec -= n_readings / clock_period;
    }
}

/* What has been added to a clock by now. It depends on nothing but the real
 * time, so that all processes and both clocks agree. */
static int64_t stretch_ns(const struct timespec *now)
{
    int64_t now_ns = now->tv_sec * INT64_C(1000000000) + now->tv_nsec;
    int64_t into_ns = now_ns % (2 * speed_period_ns) - speed_period_ns;
    int64_t other_ns = now_ns / (2 * speed_period_ns) * speed_period_ns +
                       (into_ns > 0 ? into_ns : 0);
    return other_ns * (speed_permille - 1000) / 1000;
}

static void add_ns(struct timespec *now, int64_t n_ns)
{
    int64_t sum_ns = now->tv_nsec + n_ns;
    now->tv_sec += sum_ns / 1000000000;
    now->tv_nsec = sum_ns % 1000000000;
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
    static int (*real)(clockid_t, struct timespec *);
    struct timespec monotonic;
    if (!real)
        find(&real, "clock_gettime");
    int error = real(clock, now);
    if (error || (clock != CLOCK_MONOTONIC && clock != CLOCK_MONOTONIC_RAW))
        return error;
    if (speed_period_ns > 0) {
        if (clock == CLOCK_MONOTONIC_RAW)
            real(CLOCK_MONOTONIC, &monotonic);
        add_ns(now, stretch_ns(clock == CLOCK_MONOTONIC ? now : &monotonic));
    }
    if (clock == CLOCK_MONOTONIC && clock_period > 0)
        disturb(now);
    return error;
}
