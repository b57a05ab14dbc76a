/* SPDX-License-Identifier: MIT */
/* The first process of a guest (tools/guest.sh): runs a program with the words
 * that the kernel's command line has behind --, tells on the console what files
 * that left in /run and how it ended, and ends the guest. Each line of a file
 * goes out behind the file's name and a bar, so that it can be told from what
 * else is there, and then how many bytes there were. */
#include <dirent.h>
#include <errno.h>
#include <net/if.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum {
    SETTLE_S = 30,  /* of the guest's time: work that booting left ends */
    LIMIT_S = 1800, /* of the guest's time, for the program */
    FDS_MOST = 1 << 16
};

static int complain(const char *what)
{
    printf("guest|%s: %s\n", what, strerror(errno));
    return -1;
}

/* A kernel may lack one of these, and the program does without or says so. */
static void mount_all(void)
{
    static const char *const types[][2] = {{"proc", "/proc"},
                                           {"sysfs", "/sys"},
                                           {"devtmpfs", "/dev"},
                                           {"devpts", "/dev/pts"}};
    mkdir("/tmp", 01777);
    for (int i = 0; i < 4; i++) {
        mkdir(types[i][1], 0755);
        if (mount(types[i][0], types[i][1], types[i][0], 0, NULL) < 0)
            complain(types[i][0]);
    }
}

/* So that sockets have an address to be bound to. */
static void bring_up_loopback(void)
{
    struct ifreq loopback = {.ifr_name = "lo", .ifr_flags = IFF_UP};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &loopback) < 0)
        complain("lo");
    if (fd >= 0)
        close(fd);
}

static void send_as_it_is(void)
{
    struct termios terminal;
    if (tcgetattr(STDOUT_FILENO, &terminal) < 0)
        return;
    terminal.c_oflag &= ~(tcflag_t)OPOST;
    tcsetattr(STDOUT_FILENO, TCSANOW, &terminal);
}

/* Its wait status; -1 when it could not be run, or did not end. */
static int run(char **command)
{
    const struct timespec limit = {.tv_sec = LIMIT_S};
    sigset_t child_ended;
    int status = -1;
    sigemptyset(&child_ended);
    sigaddset(&child_ended, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child_ended, NULL);
    pid_t child = fork();
    if (child == 0) {
        sigprocmask(SIG_UNBLOCK, &child_ended, NULL);
        execv(command[0], command);
        complain(command[0]);
        fflush(stdout);
        _exit(127);
    }
    if (child < 0)
        return complain("fork");
    if (sigtimedwait(&child_ended, NULL, &limit) < 0) {
        printf("guest|the program did not end within %d s of the guest's "
               "time\n",
               LIMIT_S);
        return -1;
    }
    waitpid(child, &status, 0);
    return status;
}

static void send_file(const char *name)
{
    char *line = NULL;
    size_t room = 0;
    FILE *file = fopen(name, "r");
    if (!file) {
        complain(name);
        return;
    }
    while (getline(&line, &room, file) > 0)
        printf("%s|%s", name, line);
    printf("bytes|%s|%ld\n", name, ftell(file));
    fclose(file);
    free(line);
}

static int is_shown(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static void send_files(const char *folder)
{
    struct dirent **names;
    int n = chdir(folder) < 0 ? -1 : scandir(".", &names, is_shown, alphasort);
    for (int i = 0; i < n; i++) {
        send_file(names[i]->d_name);
        free(names[i]);
    }
    if (n >= 0)
        free(names);
}

int main(int argc, char **argv)
{
    const struct rlimit fds = {FDS_MOST, FDS_MOST};
    const struct timespec settle = {.tv_sec = SETTLE_S};

    mount_all();
    bring_up_loopback();
    send_as_it_is();
    if (setrlimit(RLIMIT_NOFILE, &fds) < 0)
        complain("the limit on descriptors");
    nanosleep(&settle, NULL);
    fflush(stdout);
    while (argc > 1 && argv[1][0] != '/') { /* words no kernel knew */
        argc--;
        argv++;
    }
    int status = argc > 1 ? run(argv + 1) : -1;
    send_files("/run");
    if (WIFSIGNALED(status))
        printf("status|%d\n", 128 + WTERMSIG(status));
    else
        printf("status|%d\n", status == -1 ? 126 : WEXITSTATUS(status));
    fflush(stdout);
    tcdrain(STDOUT_FILENO);
    reboot(RB_AUTOBOOT);
    for (;;)
        pause();
}
