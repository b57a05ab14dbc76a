/* SPDX-License-Identifier: MIT */
/* Nothing is written: what a server reads of files, its configuration and what
 * it sends, is memory that only it has, under the numbers that its process
 * opens first. */
#include "server_real.h"

#include "clock.h"
#include "proc_file.h"
#include "rules.h"
#include "wait_call.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <grp.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CONFIGURATION_FILE "/proc/self/fd/3"
#define CONTENT_FILE       "4" /* in /proc/self/fd */
#define GET(path)          "GET /" path " HTTP/1.1\r\nHost: localhost\r\n\r\n"

enum {
    WORDS = 2,
    ARGUMENTS = 16,
    PATH_BYTES = 4096,
    ANSWER_BYTES = 4096,
    SPARE = 32,   /* connections and descriptors beyond those asked for */
    MOST = 60000, /* connections to a port, from one address */
    NOBODY = 65534,
    NOT_FOUND = 127, /* exit statuses, the first as a shell's */
    STILL_ROOT = 126,
    TRIES = 3,  /* with another port each */
    LOOKS = 100 /* for what it waits in */
};

/* What the description of a server depends on, and what comes of it. */
struct launch {
    int port, connections;
    const char *const *words; /* of the call */
    char command[256];        /* words with a blank between each two */
    char configuration[512];  /* as the first file */
};

/* How a server is made to wait in a call. */
struct call {
    int most;                 /* connections that it can have then; 0: never */
    const char *words[WORDS]; /* lines of its configuration, or variables */
};

struct real {
    struct pb_server_kind kind;
    struct pb_talk talk;
    void (*describe)(struct launch *launch);
    bool by_environment;
    const char *before;      /* a request to begin with; NULL: none */
    const char *answer_ends; /* what each answer ends with */
    struct call calls[PA_N_WAYS];
};

static const char *word(const struct launch *launch, int i)
{
    return launch->words[i] ? launch->words[i] : "";
}

static void describe_haproxy(struct launch *launch)
{
    snprintf(launch->command, sizeof launch->command,
             "haproxy -db -q -f " CONFIGURATION_FILE);
    snprintf(launch->configuration, sizeof launch->configuration,
             "global\n"
             "nbthread 1\n"
             "maxconn %d\n"
             "tune.maxaccept 500\n"
             "%s\n"
             "%s\n"
             "defaults\n"
             "mode http\n"
             "timeout client 1h\n"
             "timeout http-request 1h\n"
             "timeout http-keep-alive 1h\n"
             "frontend loopback\n"
             "bind 127.0.0.1:%d backlog 4096\n"
             "http-request return status 200 content-type text/plain "
             "string ok\n",
             launch->connections, word(launch, 0), word(launch, 1),
             launch->port);
}

/* The requests of a connection are counted in 16 bits, and it ends with the
 * last. */
static void describe_lighttpd(struct launch *launch)
{
    snprintf(launch->command, sizeof launch->command,
             "lighttpd -D -f " CONFIGURATION_FILE);
    snprintf(launch->configuration, sizeof launch->configuration,
             "server.bind = \"127.0.0.1\"\n"
             "server.port = %d\n"
             "server.document-root = \"/proc/self/fd\"\n"
             "%s\n"
             "server.max-connections = %d\n"
             "server.max-fds = %d\n"
             "server.listen-backlog = 4096\n"
             "server.max-keep-alive-requests = 65535\n"
             "server.max-keep-alive-idle = 3600\n"
             "server.max-read-idle = 3600\n",
             launch->port, word(launch, 0), launch->connections,
             2 * launch->connections); /* near the end it accepts no more */
}

/* Its thread for housekeeping would wake up a thousand times a second. */
static void describe_memcached(struct launch *launch)
{
    snprintf(launch->command, sizeof launch->command,
             "memcached -t 1 -U 0 -l 127.0.0.1 -p %d -c %d -b 4096 "
             "-o no_lru_maintainer",
             launch->port, launch->connections);
}

static int start_real(struct pb_server *server);
static void stop_real(struct pb_server *server);

/* The backlogs above hold so many and more. */
enum { AT_ONCE = 500 };

#define REAL(number, server_name, asked, begins)                               \
    .kind = {.name = (server_name),                                            \
             .talk = &reals[number].talk,                                      \
             .start = start_real,                                              \
             .stop = stop_real},                                               \
    .talk = {.request = (asked),                                               \
             .request_bytes = sizeof(asked) - 1,                               \
             .answer_begins = (begins),                                        \
             .connects_at_once = AT_ONCE}

static const struct real reals[] = {
    {REAL(0, "haproxy", GET(""), "HTTP/1.1 200 OK\r\n"),
     .describe = describe_haproxy, .answer_ends = "\r\n\r\nok",
     /* It reckons with two fds a connection, which select has to have. */
     .calls = {[PA_EPOLL] = {MOST, {NULL}},
               [PA_POLL] = {MOST, {"noepoll"}},
               [PA_SELECT] = {FD_SETSIZE / 2 - 3 * SPARE,
                              {"noepoll", "nopoll"}}}},
    {REAL(1, "lighttpd", GET(CONTENT_FILE), "HTTP/1.1 200 OK\r\n"),
     .describe = describe_lighttpd, .answer_ends = "\r\n\r\nok",
     .calls = {[PA_EPOLL] = {MOST,
                             {"server.event-handler = \"linux-sysepoll\""}},
               [PA_POLL] = {MOST, {"server.event-handler = \"poll\""}},
               /* Of a build that has it; others take another one. */
               [PA_SELECT] = {FD_SETSIZE - 2 * SPARE,
                              {"server.event-handler = \"select\""}}}},
    {REAL(2, "memcached", "get key\r\n", "VALUE key "),
     .describe = describe_memcached, .by_environment = true,
     .before = "set key 0 0 2\r\nok\r\n", .answer_ends = "ok\r\nEND\r\n",
     .calls = {[PA_EPOLL] = {MOST, {NULL}},
               [PA_POLL] = {MOST, {"EVENT_NOEPOLL=1"}},
               [PA_SELECT] = {FD_SETSIZE - 2 * SPARE,
                              {"EVENT_NOEPOLL=1", "EVENT_NOPOLL=1"}}}},
};

const struct pb_server_kind *pb_server_real_at(unsigned index)
{
    return index < sizeof reals / sizeof *reals ? &reals[index].kind : NULL;
}

/* The kind is its first member. */
static const struct real *real_of(const struct pb_server_kind *kind)
{
    return (const struct real *)kind;
}

int pb_server_real_most(const struct pb_server_kind *kind, const char *call)
{
    enum pa_way way = pa_way_of(call);
    return way == PA_NO_WAY ? 0 : real_of(kind)->calls[way].most;
}

/* --- its process ---------------------------------------------------------- */

static void put_file(const char *content)
{
    int fd = memfd_create("pollbench", 0);
    size_t n = strlen(content);
    if (fd < 0 || write(fd, content, n) != (ssize_t)n)
        _exit(1);
}

/* Standard streams that lead nowhere, and the files after them. */
static void have_files(const char *configuration)
{
    int nowhere = open("/dev/null", O_RDWR);
    for (int fd = 0; fd <= STDERR_FILENO; fd++)
        if (nowhere < 0 || dup2(nowhere, fd) < 0)
            _exit(1);
    closefrom(STDERR_FILENO + 1);
    put_file(configuration);
    put_file("ok");
}

/* What it does not need, and what others have set for this process. */
static void leave_behind(pid_t parent, int cpu)
{
    sigset_t none;
    cpu_set_t cpus;

    CPU_ZERO(&cpus);
    CPU_SET(cpu, &cpus);
    sigemptyset(&none);
    if (sched_setaffinity(0, sizeof cpus, &cpus) < 0 ||
        sigprocmask(SIG_SETMASK, &none, NULL) < 0)
        _exit(1);
    if (geteuid() == 0 &&
        (setgroups(0, NULL) < 0 || setgid(NOBODY) < 0 || setuid(NOBODY) < 0))
        _exit(STILL_ROOT);
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* lost with the user's rights */
    if (getppid() != parent)
        _exit(1);
}

static _Noreturn void execute(const struct real *real, struct launch *launch)
{
    char path[PATH_BYTES], *arguments[ARGUMENTS] = {NULL}, *rest = NULL;
    const char *old = getenv("PATH");

    /* Where servers are, which only root's shell may know. */
    snprintf(path, sizeof path, "%s:/usr/local/sbin:/usr/sbin:/sbin",
             old ? old : "/usr/local/bin:/usr/bin:/bin");
    setenv("PATH", path, 1);
    for (int i = 0; real->by_environment && i < WORDS; i++)
        if (launch->words[i])
            putenv((char *)launch->words[i]);
    arguments[0] = strtok_r(launch->command, " ", &rest);
    for (int i = 1; i < ARGUMENTS - 1 && arguments[i - 1]; i++)
        arguments[i] = strtok_r(NULL, " ", &rest);
    execvp(real->kind.name, arguments);
    /* Root's folders are closed to what is not root any more. */
    _exit(errno == ENOENT || errno == EACCES ? NOT_FOUND : 1);
}

static pid_t run(const struct real *real, struct launch *launch, int cpu)
{
    pid_t parent = getpid(), child;

    real->describe(launch);
    child = fork();
    if (child == 0) {
        leave_behind(parent, cpu);
        have_files(launch->configuration);
        execute(real, launch);
    }
    return child < 0 ? -errno : child;
}

/* --- whether it is up ----------------------------------------------------- */

static struct sockaddr_in loopback(int port)
{
    return (struct sockaddr_in){.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)port),
                                .sin_addr = {htonl(INADDR_LOOPBACK)}};
}

/* One that was free just now, or -errno. */
static int free_port(void)
{
    struct sockaddr_in address = loopback(0);
    socklen_t n = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return -errno;
    int error = bind(fd, (struct sockaddr *)&address, n) < 0 ||
                        getsockname(fd, (struct sockaddr *)&address, &n) < 0
                    ? -errno
                    : 0;
    close(fd);
    return error ? error : ntohs(address.sin_port);
}

/* Send a request and read until its answer ends so: its length, or -errno. */
static int ask(int fd, const char *request, const char *end)
{
    char answer[ANSWER_BYTES];
    size_t n = 0, n_end = strlen(end);

    if (send(fd, request, strlen(request), MSG_NOSIGNAL) < 0)
        return -errno;
    do {
        ssize_t got = recv(fd, answer + n, sizeof answer - n, 0);
        if (got <= 0)
            return -EIO;
        n += (size_t)got;
    } while (n < n_end || memcmp(answer + n - n_end, end, n_end) != 0);
    return (int)n;
}

/* The length of its answers, or -errno; -ECONNREFUSED: it is not up yet. */
static int try_it(const struct real *real, int port)
{
    const struct timeval patience = {.tv_sec = 2};
    const struct sockaddr_in address = loopback(port);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), n = 0;

    if (fd < 0)
        return -errno;
    if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) ||
        connect(fd, (const struct sockaddr *)&address, sizeof address) < 0)
        n = -errno;
    if (n == 0 && real->before)
        n = ask(fd, real->before, "\r\n");
    if (n >= 0)
        n = ask(fd, real->talk.request, real->answer_ends);
    close(fd);
    return n;
}

/* Why it is gone, if it is; it stays to be waited for. */
static int check_alive(pid_t pid)
{
    siginfo_t end = {.si_pid = 0};

    if (waitid(P_PID, (id_t)pid, &end, WEXITED | WNOHANG | WNOWAIT) < 0)
        return -errno;
    if (end.si_pid == 0)
        return 0;
    if (end.si_code != CLD_EXITED)
        return -EIO;
    return end.si_status == NOT_FOUND    ? -ENOPKG
           : end.si_status == STILL_ROOT ? -EPERM
                                         : -EIO;
}

static int await(const struct pb_server *server)
{
    const struct timespec pause = {.tv_nsec = 1000000};
    int64_t give_up_ns =
        pb_now_ns() + PB_SERVER_PATIENCE_S * INT64_C(1000000000);
    int n;

    do {
        int error = check_alive(server->pid);
        if (error)
            return error;
        nanosleep(&pause, NULL);
        n = try_it(real_of(server->kind), server->port);
    } while (n == -ECONNREFUSED && pb_now_ns() < give_up_ns);
    return n == -ECONNREFUSED ? -ETIMEDOUT : n < 0 ? n : 0;
}

/* The way in which one of its threads waits at this moment. */
static enum pa_way way_now(pid_t pid)
{
    enum pa_way way = PA_NO_WAY;
    char pattern[PATH_BYTES], line[PATH_BYTES];
    const char *name;
    glob_t found;

    snprintf(pattern, sizeof pattern, "/proc/%d/task/*/syscall", (int)pid);
    if (glob(pattern, 0, NULL, &found) != 0)
        return way;
    for (size_t i = 0; i < found.gl_pathc && way == PA_NO_WAY; i++) {
        pb_proc_line(found.gl_pathv[i], line, sizeof line);
        if (line[0] >= '0' && line[0] <= '9')
            way = pa_way_of_call(strtol(line, NULL, 10), &name);
    }
    globfree(&found);
    return way;
}

/* Whether it waits in the call that it was told, as far as the kernel says. */
static int check_way(pid_t pid, enum pa_way wanted)
{
    const struct timespec pause = {.tv_nsec = 1000000};
    enum pa_way way = way_now(pid);

    for (int i = 0; i < LOOKS && way == PA_NO_WAY; i++) {
        nanosleep(&pause, NULL);
        way = way_now(pid);
    }
    return way == wanted || way == PA_NO_WAY ? 0 : -EOPNOTSUPP;
}

static int start_once(struct pb_server *server, struct launch *launch)
{
    launch->port = free_port();
    if (launch->port < 0)
        return launch->port;
    server->port = launch->port;
    server->pid = run(real_of(server->kind), launch, server->asked.cpu);
    if (server->pid < 0)
        return server->pid;
    int error = await(server);
    if (!error)
        error = -clock_getcpuclockid(server->pid, &server->clock);
    if (error)
        stop_real(server);
    return error;
}

static int start_real(struct pb_server *server)
{
    const struct real *real = real_of(server->kind);
    struct launch launch = {.connections = server->asked.n_connections + SPARE};
    enum pa_way way = pa_way_of(server->asked.call);
    int error = -EIO;

    if (way == PA_NO_WAY || real->calls[way].most < server->asked.n_connections)
        return -EOPNOTSUPP;
    launch.words = real->calls[way].words;
    for (int i = 0; i < TRIES && error == -EIO; i++)
        error = start_once(server, &launch);
    if (error)
        return error;
    error = check_way(server->pid, way);
    if (error)
        stop_real(server);
    return error;
}

static void stop_real(struct pb_server *server)
{
    kill(server->pid, SIGKILL);
    while (waitpid(server->pid, NULL, 0) < 0 && errno == EINTR)
        ;
}
