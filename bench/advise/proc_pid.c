/* SPDX-License-Identifier: MIT */
#include "proc_pid.h"

#include <dirent.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

enum {
    PATH_BYTES = 80,
    FDS_MOST = 1 << 22 /* more are none: the call is another already */
};

static void path_of(char path[PATH_BYTES], int tid, const char *file)
{
    if (tid)
        snprintf(path, PATH_BYTES, "task/%d/%s", tid, file);
    else
        snprintf(path, PATH_BYTES, "%s", file);
}

int pa_process_file(const struct pa_process *process, int tid, const char *file)
{
    char path[PATH_BYTES];

    path_of(path, tid, file);
    return openat(process->dir, path, O_RDONLY | O_CLOEXEC);
}

const char *pa_process_text(struct pa_process *process, int tid,
                            const char *file)
{
    char part[4096];
    int fd = pa_process_file(process, tid, file);
    ssize_t got = fd < 0 ? -1 : 1;

    process->n_reads++;
    process->text.n_bytes = 0;
    while (got > 0 && (got = read(fd, part, sizeof part)) > 0)
        pa_string_add(&process->text, part, (size_t)got);
    int reason = errno;
    if (fd >= 0)
        close(fd);
    errno = reason;
    if (got < 0)
        return NULL;
    pa_string_add(&process->text, "", 1);
    return process->text.text;
}

int *pa_process_threads(struct pa_process *process, int *n)
{
    int fd = pa_process_file(process, 0, "task");
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    struct dirent *entry;
    int *tids = NULL;

    process->n_reads++;
    while (dir && (entry = readdir(dir))) {
        int tid = (int)strtol(entry->d_name, NULL, 10);
        if (tid <= 0) /* "." */
            continue;
        tids = pa_grown(tids, (size_t)*n, sizeof *tids);
        tids[(*n)++] = tid;
    }
    if (dir)
        closedir(dir);
    return tids;
}

int pa_process_memory(struct pa_process *process, void *to, uint64_t from,
                      size_t n_bytes)
{
    if (process->memory < 0)
        process->memory = pa_process_file(process, 0, "mem");
    process->n_reads++;
    ssize_t got = pread(process->memory, to, n_bytes, (off_t)from);
    return got < 0 || (size_t)got != n_bytes ? -1 : 0;
}

static int read_poll(struct pa_process *process, struct pa_watched *watched,
                     const struct pa_at *at)
{
    size_t n = (size_t)at->arguments[1];

    if (at->arguments[1] > FDS_MOST)
        return -1;
    PA_FREED struct pollfd *fds = pa_room(n, sizeof *fds);
    if (n > 0 &&
        pa_process_memory(process, fds, at->arguments[0], n * sizeof *fds) < 0)
        return -1;
    pa_watched_add_poll(watched, fds, n);
    return 0;
}

/* Its three bitmaps, each of which may be missing. */
static int read_select(struct pa_process *process, struct pa_watched *watched,
                       const struct pa_at *at)
{
    size_t n_fds = (size_t)at->arguments[0];
    size_t word_bits = 8 * sizeof(unsigned long);
    size_t n_words = (n_fds + word_bits - 1) / word_bits;

    if (at->arguments[0] > FDS_MOST)
        return -1;
    PA_FREED unsigned long *bitmaps = pa_room(3 * n_words, sizeof *bitmaps);
    for (size_t i = 0; n_words > 0 && i < 3; i++)
        if (at->arguments[1 + i] &&
            pa_process_memory(process, bitmaps + i * n_words,
                              at->arguments[1 + i],
                              n_words * sizeof *bitmaps) < 0)
            return -1;
    pa_watched_add_select(watched, bitmaps, n_words, n_fds);
    return 0;
}

int pa_process_watched(struct pa_process *process, struct pa_watched *watched,
                       int tid, enum pa_way way, const struct pa_at *at)
{
    char file[32];

    if (way == PA_POLL)
        return read_poll(process, watched, at);
    if (way == PA_SELECT)
        return read_select(process, watched, at);
    snprintf(file, sizeof file, "fdinfo/%d", (int)at->arguments[0]);
    const char *text = pa_process_text(process, tid, file);
    return text ? pa_read_epoll(watched, text) : -1;
}

/* A socket's protocol is one of its attributes; its addresses are elsewhere,
 * and not asked for. */
static enum pa_fd_type type_of_socket(int dir, const char *path)
{
    char whole[2 * PATH_BYTES], protocol[16] = "";

    snprintf(whole, sizeof whole, "/proc/self/fd/%d/%s", dir, path);
    if (getxattr(whole, "system.sockprotoname", protocol, sizeof protocol - 1) <
        0)
        return PA_FD_SOCKET;
    return strncmp(protocol, "TCP", 3) == 0    ? PA_FD_TCP
           : strncmp(protocol, "UNIX", 4) == 0 ? PA_FD_UNIX
                                               : PA_FD_SOCKET;
}

/* Only of what has no type is the link read: another may be a file's name. */
static enum pa_fd_type type_of(int dir, const char *path)
{
    static const char eventfd[] = "anon_inode:[eventfd]";
    char link[sizeof eventfd] = "";
    struct stat status;

    if (fstatat(dir, path, &status, 0) < 0)
        return PA_FD_OTHER;
    if (S_ISSOCK(status.st_mode))
        return type_of_socket(dir, path);
    if (S_ISFIFO(status.st_mode))
        return PA_FD_PIPE;
    if (S_ISREG(status.st_mode))
        return PA_FD_FILE;
    return !(status.st_mode & S_IFMT) &&
                   readlinkat(dir, path, link, sizeof link - 1) > 0 &&
                   strcmp(link, eventfd) == 0
               ? PA_FD_EVENTFD
               : PA_FD_OTHER;
}

void pa_process_types(struct pa_process *process, struct pa_thread *thread)
{
    for (size_t i = 0; i < thread->watched.n; i++) {
        char path[PATH_BYTES], file[32];
        snprintf(file, sizeof file, "fd/%d", thread->watched.fds[i].fd);
        path_of(path, thread->tid, file);
        thread->n_of[type_of(process->dir, path)]++;
        process->n_reads++;
    }
}

/* Of another user, or of one's own and closed to debuggers all the same. */
static int forbidden(struct pa_process *process, struct pa_problem *problem)
{
    int64_t user = -1;
    const char *text = pa_process_text(process, 0, "status");

    if (text && pa_read_status(&user, text, "Uid") == 0 &&
        user != (int64_t)geteuid())
        return pa_problem_set(problem,
                              "process %d belongs to another user: run as that "
                              "user or as root",
                              process->pid);
    return pa_problem_set(problem,
                          "may not look into process %d: kernel.yama."
                          "ptrace_scope is above 0, or it is not dumpable; run "
                          "as root",
                          process->pid);
}

int pa_process_problem(struct pa_process *process, struct pa_problem *problem)
{
    struct pa_stat stat;
    int reason = errno;
    const char *text = pa_process_text(process, 0, "stat");

    if (!text || pa_read_stat(&stat, text) < 0)
        return pa_problem_set(problem, "process %d has ended", process->pid);
    if (stat.is_kernel_thread)
        return pa_problem_set(
            problem, "process %d is a thread of the kernel, and no program",
            process->pid);
    if (stat.state == 'Z' || stat.state == 'X')
        return pa_problem_set(problem,
                              "process %d has ended, and its parent has not "
                              "yet asked how (a zombie)",
                              process->pid);
    if (reason == EACCES || reason == EPERM)
        return forbidden(process, problem);
    if (reason == ENOENT)
        return pa_problem_set(problem, "this kernel does not say in which call "
                                       "a thread is (/proc/PID/syscall)");
    return pa_problem_set(problem, "process %d: %s", process->pid,
                          strerror(reason));
}

/* Its calls have other numbers than this program's if its words have another
 * size. Returns 0, or -1 with errno, 0 for that. */
static int check_program(struct pa_process *process)
{
    unsigned char head[EI_CLASS + 1] = {0};
    int fd = pa_process_file(process, 0, "exe");
    ssize_t n = fd < 0 ? -1 : read(fd, head, sizeof head);
    int reason = errno;

    process->n_reads++;
    if (fd >= 0)
        close(fd);
    errno = n < 0 ? reason : 0;
    return n == (ssize_t)sizeof head &&
                   head[EI_CLASS] ==
                       (sizeof(long) == 8 ? ELFCLASS64 : ELFCLASS32)
               ? 0
               : -1;
}

static int check(struct pa_process *process, char *name,
                 struct pa_problem *problem)
{
    struct pa_stat stat;
    const char *text = pa_process_text(process, 0, "stat");

    if (!text || pa_read_stat(&stat, text) < 0 || stat.is_kernel_thread)
        return pa_process_problem(process, problem);
    memcpy(name, stat.name, sizeof stat.name);
    if (check_program(process) < 0 && errno == 0)
        return pa_problem_set(problem,
                              "process %d is no %zu-bit program: its calls "
                              "have other numbers; not supported",
                              process->pid, 8 * sizeof(long));
    if (errno || !pa_process_text(process, 0, "syscall"))
        return pa_process_problem(process, problem);
    return 0;
}

int pa_process_open(struct pa_process *process, int pid, char *name,
                    struct pa_problem *problem)
{
    char path[PATH_BYTES];

    snprintf(path, sizeof path, "/proc/%d", pid);
    *process = (struct pa_process){.pid = pid, .memory = -1};
    process->dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (process->dir < 0)
        return pa_problem_set(problem, "there is no process %d%s", pid,
                              access("/proc/self/stat", R_OK) == 0
                                  ? ""
                                  : " to be seen: /proc is not mounted");
    if (check(process, name, problem) == 0)
        return 0;
    pa_process_close(process);
    return -1;
}

void pa_process_close(struct pa_process *process)
{
    if (process->memory >= 0)
        close(process->memory);
    if (process->dir >= 0)
        close(process->dir);
    free(process->text.text);
}
