/* SPDX-License-Identifier: MIT */
#include "partner.h"

#include "rules.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { NS_PER_S = 1000000000, FIRST_PERIOD_NS = 200000 };

static void add_ns(struct timespec *time, int64_t ns)
{
    ns += time->tv_nsec;
    time->tv_sec += (time_t)(ns / NS_PER_S);
    time->tv_nsec = (long)(ns % NS_PER_S);
}

/* The next time of the schedule; what it is late by is not made up for. */
static void sleep_until(struct timespec *due)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (due->tv_sec < now.tv_sec ||
        (due->tv_sec == now.tv_sec && due->tv_nsec < now.tv_nsec))
        *due = now;
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, due, NULL) == EINTR)
        ;
}

void pb_partner_write_when_asked(struct pb_partner *partner, int fd)
{
    unsigned n_due = 0; /* asked for at the time before */
    int64_t idle_ns = 0;
    struct timespec due;

    clock_gettime(CLOCK_MONOTONIC, &due);
    while (idle_ns < PB_PARTNER_PATIENCE_NS) {
        int64_t period_ns = partner->period_ns;
        add_ns(&due, period_ns);
        sleep_until(&due);
        idle_ns += period_ns;
        if (partner->n_made != n_due) {
            idle_ns = 0;
            partner->n_made++;
            if (eventfd_write(fd, 1) < 0)
                return;
        }
        n_due = partner->n_asked;
    }
}

static int run_on(int cpu)
{
    cpu_set_t cpus;
    CPU_ZERO(&cpus);
    CPU_SET(cpu, &cpus);
    return sched_setaffinity(0, sizeof cpus, &cpus) < 0 ? -errno : 0;
}

/* In the child. Its copies of the watched fds would keep them open. */
_Noreturn static void serve(struct pb_partner *partner, pid_t parent, int fd,
                            void (*work)(struct pb_partner *, int))
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent || dup2(fd, 0) < 0)
        _exit(1);
    closefrom(1);
    work(partner, 0);
    _exit(0);
}

int pb_partner_start(struct pb_partner **partner, int cpu, int fd,
                     void (*work)(struct pb_partner *partner, int fd),
                     void *context)
{
    pid_t parent = getpid(), child = -1;
    cpu_set_t own;
    struct pb_partner *made = mmap(NULL, sizeof *made, PROT_READ | PROT_WRITE,
                                   MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    *partner = NULL;
    if (made == MAP_FAILED)
        return -errno;
    made->period_ns = FIRST_PERIOD_NS;
    made->context = context;
    /* It inherits the CPU: so what cannot be is known before it starts. */
    int error = sched_getaffinity(0, sizeof own, &own) < 0 ? -errno : 0;
    if (!error)
        error = run_on(cpu);
    if (!error)
        child = fork();
    if (child == 0)
        serve(made, parent, fd, work);
    if (!error && child < 0)
        error = -errno;
    made->pid = child; /* by this process alone: the memory is shared */
    sched_setaffinity(0, sizeof own, &own);
    if (error)
        munmap(made, sizeof *made);
    else
        *partner = made;
    return error;
}

void pb_partner_stop(struct pb_partner *partner)
{
    if (!partner)
        return;
    kill(partner->pid, SIGKILL);
    while (waitpid(partner->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    munmap(partner, sizeof *partner);
}
