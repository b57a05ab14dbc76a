/* SPDX-License-Identifier: MIT */
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* What ends a run early, besides the end of its terminal. An alarm may have
 * been set by who started the program: it outlives exec. */
static const int ending[] = {SIGINT, SIGTERM, SIGALRM};
enum { N_ENDING = sizeof ending / sizeof ending[0] };

static void unblock_all(void)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* A program started without one of the standard streams would get a file of
 * its own in that place. */
int pb_process_prepare(void)
{
    for (int fd = 0; fd <= 2; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDWR) != fd)
            return -1;
    /* A file that grows too large, or a reader of the messages that is gone,
     * is an error of that write; it shall not end a run without a word. */
    signal(SIGXFSZ, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    /* The children of a process that ignores this one leave no status. */
    signal(SIGCHLD, SIG_DFL);
    unblock_all();
    return 0;
}

static int is_ignored(int signal_number)
{
    struct sigaction action;
    return sigaction(signal_number, NULL, &action) == 0 &&
           action.sa_handler == SIG_IGN;
}

/* sigtimedwait() takes ignored ones, too: nohup is obeyed, but a shell
 * ignores SIGINT for all that it starts beside itself. */
static void fill_signals(sigset_t *signals)
{
    sigemptyset(signals);
    sigaddset(signals, SIGCHLD);
    for (int i = 0; i < N_ENDING; i++)
        sigaddset(signals, ending[i]);
    if (!is_ignored(SIGHUP))
        sigaddset(signals, SIGHUP);
}

void pb_process_begin_run(sigset_t *before)
{
    sigset_t signals;
    fill_signals(&signals);
    sigprocmask(SIG_BLOCK, &signals, before);
}

void pb_process_end_run(const sigset_t *before)
{
    for (int i = 0; i < N_ENDING; i++)
        signal(ending[i], SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    sigprocmask(SIG_SETMASK, before, NULL);
}

void pb_process_enter_child(pid_t parent)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) /* it died before that */
        _exit(1);
    signal(SIGINT, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    signal(SIGTERM, SIG_DFL); /* by which its parent ends it */
    unblock_all();
}

int pb_process_pause(void)
{
    const struct timespec pause = {.tv_nsec = 500000000};
    sigset_t signals;
    fill_signals(&signals);
    int got = sigtimedwait(&signals, NULL, &pause);
    return got > 0 && got != SIGCHLD ? got : 0;
}

/* A child that cannot be waited for must not go on beside the next one. */
static int has_ended(pid_t child, int *status, int *n_stops)
{
    pid_t got = waitpid(child, status, WNOHANG | WCONTINUED);
    if (got > 0 && WIFCONTINUED(*status)) {
        (*n_stops)++;
        return 0;
    }
    if (got == 0 || (got < 0 && errno == EINTR))
        return 0;
    if (got < 0) {
        kill(child, SIGKILL);
        *status = SIGKILL;
    }
    return 1;
}

int pb_process_wait_child(pid_t child, int *status, int *interrupted,
                          int *n_stops)
{
    if (has_ended(child, status, n_stops))
        return 1;
    *interrupted = pb_process_pause();
    if (!*interrupted)
        return 0;
    kill(child, SIGTERM);
    while (waitpid(child, status, 0) < 0 && errno == EINTR)
        ;
    return 1;
}
