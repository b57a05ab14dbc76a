/* SPDX-License-Identifier: MIT */
#include "quota.h"

#include "proc_file.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Where the group is, and which version it is of. */
struct group {
    char root[PATH_MAX]; /* of the mounted part of the tree, as in path */
    char mount[PATH_MAX];
    char path[PATH_MAX];
    int is_v1;
};

static FILE *open_file(const char *proc, const char *name)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", proc, name);
    return fopen(path, "re");
}

/* Whether one of the words between commas is "cpu". */
static int has_cpu(const char *words)
{
    for (; *words; words += strcspn(words, ",\n"), words += *words == ',')
        if (strncmp(words, "cpu", 3) == 0 && strchr(",\n", words[3]))
            return 1;
    return 0;
}

/* The group that the CPU controller has this process in: its line is
 * "NUMBER:CONTROLLERS:PATH", that of version 2 without a controller. */
static int find_path(struct group *group, const char *proc)
{
    char *line = NULL;
    size_t room = 0;
    int is_found = 0;
    FILE *file = open_file(proc, "self/cgroup");
    while (file && !group->is_v1 && getline(&line, &room, file) > 0) {
        char *words = strchr(line, ':');
        char *path = words ? strchr(words + 1, ':') : NULL;
        if (!path)
            continue;
        *path++ = '\0';
        group->is_v1 = has_cpu(words + 1);
        if (!group->is_v1 && words[1])
            continue;
        is_found = 1;
        snprintf(group->path, sizeof group->path, "%.*s",
                 (int)strcspn(path, "\n"), path);
    }
    if (file)
        fclose(file);
    free(line);
    return is_found;
}

/* Whether a line of mountinfo is that of the group's tree; proc(5). */
static int is_mount_of(const struct group *group, const char *line)
{
    char type[32], options[1024];
    const char *end = strstr(line, " - ");
    if (!end || sscanf(end, " - %31s %*s %1023s", type, options) != 2)
        return 0;
    return group->is_v1 ? strcmp(type, "cgroup") == 0 && has_cpu(options)
                        : strcmp(type, "cgroup2") == 0;
}

static int find_mount(struct group *group, const char *proc)
{
    char *line = NULL;
    size_t room = 0;
    int is_found = 0;
    FILE *file = open_file(proc, "self/mountinfo");
    _Static_assert(PATH_MAX == 4096, "as in the format below");
    while (file && !is_found && getline(&line, &room, file) > 0)
        is_found = is_mount_of(group, line) &&
                   sscanf(line, "%*s %*s %*s %4095s %4095s", group->root,
                          group->mount) == 2;
    if (file)
        fclose(file);
    free(line);
    return is_found;
}

/* The share that a group may have. */
static void add_limit(struct pb_quota *sum, const char *dir, int is_v1)
{
    char path[PATH_MAX + 32], text[64];
    char *end;

    snprintf(path, sizeof path, "%s/%s", dir,
             is_v1 ? "cpu.cfs_quota_us" : "cpu.max");
    pb_proc_line(path, text, sizeof text);
    /* "max" is no number: 0, which is no quota. */
    long long quota_us = strtoll(text, &end, 10);
    long long period_us = strtoll(end, NULL, 10);
    if (is_v1) {
        snprintf(path, sizeof path, "%s/cpu.cfs_period_us", dir);
        period_us = strtoll(pb_proc_line(path, text, sizeof text), NULL, 10);
    }
    if (quota_us <= 0 || period_us <= 0)
        return;
    if (!sum->quota_us ||
        quota_us * sum->period_us < sum->quota_us * period_us) {
        sum->quota_us = quota_us;
        sum->period_us = period_us;
    }
}

static void add_group(struct pb_quota *sum, const char *dir, int is_v1)
{
    char path[PATH_MAX + 32];
    add_limit(sum, dir, is_v1);
    snprintf(path, sizeof path, "%s/cpu.stat", dir);
    sum->periods += pb_proc_number(path, "nr_periods ");
    sum->throttled_periods += pb_proc_number(path, "nr_throttled ");
    sum->throttled_ns += pb_proc_number(path, "throttled_time ") +
                         1000 * pb_proc_number(path, "throttled_usec ");
}

/* A quota holds for all groups below it. */
static void add_groups(struct pb_quota *sum, const struct group *group)
{
    char dir[2 * PATH_MAX];
    size_t n_root = strcmp(group->root, "/") == 0 ? 0 : strlen(group->root);
    int is_below = strncmp(group->path, group->root, n_root) == 0;
    size_t n_mount = strlen(group->mount);

    snprintf(dir, sizeof dir, "%s%s", group->mount,
             is_below ? group->path + n_root : "");
    if (strstr(dir, "/..")) /* outside of what is to be seen here */
        dir[n_mount] = '\0';
    for (;;) {
        size_t n = strlen(dir);
        while (n > n_mount && dir[n - 1] == '/')
            dir[--n] = '\0';
        add_group(sum, dir, group->is_v1);
        if (n <= n_mount)
            return;
        *strrchr(dir, '/') = '\0';
    }
}

/* The eighth number of the line of all CPUs; proc(5). */
static int64_t steal_ns(const char *proc)
{
    enum { STEAL = 8 };
    char path[PATH_MAX], text[512], *at = text;
    long long ticks = 0;
    snprintf(path, sizeof path, "%s/stat", proc);
    pb_proc_value(path, "cpu ", text, sizeof text);
    for (int i = 0; i < STEAL; i++)
        ticks = strtoll(at, &at, 10);
    return ticks * (1000000000 / sysconf(_SC_CLK_TCK));
}

static int64_t pressure_us(const char *proc, const char *resource)
{
    char path[PATH_MAX], text[256];
    snprintf(path, sizeof path, "%s/pressure/%s", proc, resource);
    const char *total =
        strstr(pb_proc_value(path, "some", text, sizeof text), "total=");
    return total ? strtoll(total + strlen("total="), NULL, 10) : -1;
}

struct pb_quota pb_quota_at(const char *proc)
{
    struct pb_quota sum = {.steal_ns = steal_ns(proc),
                           .cpu_wait_us = pressure_us(proc, "cpu"),
                           .memory_wait_us = pressure_us(proc, "memory")};
    struct group group = {.is_v1 = 0};
    if (find_path(&group, proc) && find_mount(&group, proc))
        add_groups(&sum, &group);
    return sum;
}

struct pb_quota pb_quota_now(void)
{
    return pb_quota_at("/proc");
}
