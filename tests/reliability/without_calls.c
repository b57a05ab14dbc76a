/* SPDX-License-Identifier: MIT */
/* without_calls NAME... -- COMMAND: run it on a kernel that has not some system
 * calls: they fail with ENOSYS, by a seccomp filter. Exit status 77 where no
 * filter may be set. */
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static const struct {
    const char *name;
    unsigned number;
} calls[] = {
    {"epoll_create1", __NR_epoll_create1},
    {"epoll_ctl", __NR_epoll_ctl},
#ifdef __NR_epoll_wait
    {"epoll_wait", __NR_epoll_wait},
#endif
    {"epoll_pwait", __NR_epoll_pwait},
#ifdef __NR_epoll_pwait2
    {"epoll_pwait2", __NR_epoll_pwait2},
#endif
#ifdef __NR_io_uring_setup
    {"io_uring_setup", __NR_io_uring_setup},
#endif
    {"ppoll", __NR_ppoll},
    {"pselect6", __NR_pselect6},
#ifdef __NR_close_range
    {"close_range", __NR_close_range},
#endif
#ifdef __NR_getrandom
    {"getrandom", __NR_getrandom},
#endif
    {"sched_setaffinity", __NR_sched_setaffinity},
    {"madvise", __NR_madvise},
    {"socketpair", __NR_socketpair},
    {"eventfd2", __NR_eventfd2},
};

static int number_of(const char *name, unsigned *number)
{
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++)
        if (strcmp(calls[i].name, name) == 0) {
            *number = calls[i].number;
            return 0;
        }
    return -1;
}

static int set_filter(const unsigned *numbers, unsigned short n)
{
    struct sock_filter steps[2 * 64 + 3];
    unsigned short k = 0;
    steps[k++] = (struct sock_filter)BPF_STMT(
        BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    for (unsigned short i = 0; i < n; i++) {
        steps[k++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
                                                  numbers[i], 0, 1);
        steps[k++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K,
                                                  SECCOMP_RET_ERRNO | ENOSYS);
    }
    steps[k++] =
        (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    struct sock_fprog program = {.len = k, .filter = steps};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
        return -1;
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

int main(int argc, char **argv)
{
    unsigned numbers[64];
    unsigned short n = 0;
    int at = 1;

    for (; at < argc && strcmp(argv[at], "--") != 0 && n < 64; at++)
        if (number_of(argv[at], &numbers[n++]) < 0) {
            fprintf(stderr, "without_calls: no call '%s'\n", argv[at]);
            return 2;
        }
    if (at + 1 >= argc) {
        fprintf(stderr, "usage: without_calls NAME... -- COMMAND\n");
        return 2;
    }
    if (set_filter(numbers, n) < 0) {
        perror("without_calls: seccomp");
        return 77;
    }
    execvp(argv[at + 1], argv + at + 1);
    perror(argv[at + 1]);
    return 1;
}
