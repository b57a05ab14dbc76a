/* SPDX-License-Identifier: MIT */
/* Kinds that are no pair by themselves: two of each. */
#include "fd_kind_open.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <termios.h>
#include <unistd.h>

/* Two by the same function, which returns a descriptor or -errno. */
static int open_two(int (*open_one)(bool readable), bool readable, int ends[2])
{
    ends[1] = -1;
    ends[0] = open_one(readable);
    if (ends[0] >= 0)
        ends[1] = open_one(readable);
    int error = ends[0] < 0 ? ends[0] : ends[1] < 0 ? ends[1] : 0;
    for (int i = 0; i < 2 && readable && !error; i++)
        error = pb_fd_await(ends[i]);
    if (error)
        pb_fd_close_pair(ends);
    return error;
}

/* Give the descriptor, or close it and give the error. */
static int only_if(int error, int fd)
{
    if (error)
        close(fd);
    return error ? error : fd;
}

static int open_timer(bool readable)
{
    const struct itimerspec at_once = {.it_value.tv_nsec = 1};
    int fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);

    if (fd < 0)
        return -errno;
    int is_set = !readable || timerfd_settime(fd, 0, &at_once, NULL) == 0;
    return only_if(is_set ? 0 : -errno, fd);
}

int pb_fd_open_timerfd(bool readable, int ends[2])
{
    return open_two(open_timer, readable, ends);
}

/* A signal that stays pending, for it is blocked and nobody reads it; another
 * one, which nobody sends, for those that are idle. Both are this thread's, as
 * descriptor tables may be: others do not block them. */
static int open_signal(bool readable)
{
    int number = SIGRTMIN + (readable ? 1 : 2);
    sigset_t one, pending;

    sigemptyset(&one);
    sigaddset(&one, number);
    if (sigprocmask(SIG_BLOCK, &one, NULL) < 0 || sigpending(&pending) < 0)
        return -errno;
    if (readable && !sigismember(&pending, number) && raise(number) != 0)
        return -errno;
    int fd = signalfd(-1, &one, SFD_NONBLOCK | SFD_CLOEXEC);
    return fd < 0 ? -errno : fd;
}

int pb_fd_open_signalfd(bool readable, int ends[2])
{
    return open_two(open_signal, readable, ends);
}

/* A watch that is taken back leaves word of that. */
static int open_watch(bool readable)
{
    int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (fd < 0)
        return -errno;
    int watch = readable ? inotify_add_watch(fd, "/", IN_DELETE_SELF) : 0;
    int is_set = !readable || (watch >= 0 && inotify_rm_watch(fd, watch) == 0);
    return only_if(is_set ? 0 : -errno, fd);
}

int pb_fd_open_inotify(bool readable, int ends[2])
{
    return open_two(open_watch, readable, ends);
}

/* As bytes come in: no lines, and no echo. */
static int be_raw(int fd)
{
    struct termios settings;
    if (tcgetattr(fd, &settings) < 0)
        return -errno;
    cfmakeraw(&settings);
    return tcsetattr(fd, TCSANOW, &settings) < 0 ? -errno : 0;
}

int pb_fd_open_pty(bool readable, int ends[2])
{
    int unlocked = 0, error = 0;

    ends[1] = -1;
    ends[0] = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (ends[0] < 0)
        return -errno;
    if (ioctl(ends[0], TIOCSPTLCK, &unlocked) < 0)
        error = -errno;
    if (!error) /* the other end, wherever the file system of them may be */
        ends[1] = ioctl(ends[0], TIOCGPTPEER,
                        O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (!error)
        error = ends[1] < 0 ? -errno : be_raw(ends[1]);
    for (int i = 0; i < 2 && readable && !error; i++)
        error = pb_fd_put(ends[i]);
    for (int i = 0; i < 2 && readable && !error; i++)
        error = pb_fd_await(ends[i]);
    if (error)
        pb_fd_close_pair(ends);
    return error;
}
