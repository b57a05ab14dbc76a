/* SPDX-License-Identifier: MIT */
#include "output.h"

#include "need.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* The one that is being written, and is removed if the program ends. */
static const char *unfinished;

static void remove_unfinished(void)
{
    if (unfinished)
        unlink(unfinished);
}

static void discard(struct pa_output *output)
{
    unfinished = NULL;
    pb_csv_free(&output->csv);
    free(output->path);
    free(output->temporary);
}

/* --- the file beside its place ------------------------------------------- */

/* Between the name that it will have and six characters of mkstemp's. */
#define HALF ".half-"

/* No other program's file is taken for one of ours. */
static int is_half_written(const char *name)
{
    size_t n_end = strlen(HALF) + 6, n = strlen(name);
    return n > n_end && strncmp(name + n - n_end, HALF, strlen(HALF)) == 0;
}

/* Who writes a file holds its lock. Where there are no locks, nobody knows
 * whether a file was left, and it stays. */
static void remove_if_left(int folder_fd, const char *name)
{
    int fd =
        openat(folder_fd, name, O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return;
    if (flock(fd, LOCK_EX | LOCK_NB) == 0)
        unlinkat(folder_fd, name, 0);
    close(fd);
}

/* Half-written files that killed programs have left. */
static void remove_left(const char *folder)
{
    DIR *entries = opendir(folder);
    const struct dirent *entry;

    while (entries && (entry = readdir(entries)))
        if (is_half_written(entry->d_name))
            remove_if_left(dirfd(entries), entry->d_name);
    if (entries)
        closedir(entries);
}

/* Make it, locked. Another program may have taken it for one that was left,
 * before it had its lock. Returns the fd, or -1 with errno. */
static int make_half(char *path)
{
    struct stat status;

    for (;;) {
        int fd = mkstemp(path);
        if (fd < 0)
            return -1;
        while (flock(fd, LOCK_EX) < 0 && errno == EINTR)
            ;
        if (fstat(fd, &status) < 0 || status.st_nlink > 0)
            return fd;
        close(fd);
        memset(path + strlen(path) - 6, 'X', 6);
    }
}

int pa_output_open(struct pa_output *output, const char *folder,
                   const char *name, struct pa_problem *problem)
{
    static int has_begun;

    *output = (struct pa_output){.fd = -1, .path = pa_path(folder, name)};
    output->temporary = pa_format("%s" HALF "XXXXXX", output->path);
    pb_csv_init(&output->csv, -1);
    if (!has_begun++)
        atexit(remove_unfinished);
    remove_left(folder);
    output->fd = make_half(output->temporary);
    if (output->fd < 0) {
        pa_problem_set(problem, "%s", strerror(errno));
        pa_problem_at(problem, output->path, 0);
        discard(output);
        return -1;
    }
    unfinished = output->temporary;
    pb_csv_init(&output->csv, output->fd);
    return 0;
}

int pa_output_open_path(struct pa_output *output, const char *path,
                        struct pa_problem *problem)
{
    const char *slash = strrchr(path, '/');
    PA_FREED char *folder = pa_need(
        slash ? strndup(path, (size_t)(slash - path) + 1) : strdup("."));

    return pa_output_open(output, folder, slash ? slash + 1 : path, problem);
}

void pa_output_abandon(struct pa_output *output)
{
    close(output->fd); /* what was written is not wanted */
    unlink(output->temporary);
    discard(output);
}

/* mkstemp makes the file private; what fopen would give is wanted. Some file
 * systems have no modes: then it is as they will have it. */
static void set_mode(int fd)
{
    mode_t mask = umask(0);
    umask(mask);
    if (fchmod(fd, 0666 & ~mask) < 0)
        return;
}

int pa_output_close(struct pa_output *output, struct pa_problem *problem)
{
    int error = pb_csv_flush(&output->csv);

    set_mode(output->fd);
    if (close(output->fd) < 0 && error == 0)
        error = -errno;
    if (error == 0 && rename(output->temporary, output->path) < 0)
        error = -errno;
    if (error < 0) {
        unlink(output->temporary);
        pa_problem_set(problem, "%s", strerror(-error));
        pa_problem_at(problem, output->path, 0);
    }
    discard(output);
    return error < 0 ? -1 : 0;
}

int pa_output_supply(const char *folder, const char *name,
                     void (*write)(struct pb_csv *csv),
                     struct pa_problem *problem)
{
    PA_FREED char *path = pa_path(folder, name);
    struct pa_output output;

    if (access(path, F_OK) == 0 || errno != ENOENT)
        return 0;
    if (pa_output_open(&output, folder, name, problem) < 0)
        return -1;
    write(&output.csv);
    return pa_output_close(&output, problem);
}

int pa_output_write(const char *folder, const char *name, const char *text,
                    struct pa_problem *problem)
{
    struct pa_output output;

    if (pa_output_open(&output, folder, name, problem) < 0)
        return -1;
    pb_csv_append(&output.csv, text, strlen(text));
    return pa_output_close(&output, problem);
}

int pa_output_flush_printed(struct pa_problem *problem)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return 0;
    return pa_problem_set(problem, "standard output: %s", strerror(errno));
}
