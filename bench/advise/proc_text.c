/* SPDX-License-Identifier: MIT */
#include "proc_text.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { KERNEL_THREAD = 0x00200000 }; /* PF_KTHREAD of the kernel */

/* The whole number that *text begins with, after blanks; *text is then behind
 * it. */
static int take(long long *number, const char **text, int base)
{
    char *end;

    errno = 0;
    *number = strtoll(*text, &end, base);
    if (end == *text || errno)
        return -1;
    *text = end;
    return 0;
}

/* NULL after the last. */
static const char *next_line(const char *text)
{
    const char *end = strchr(text, '\n');
    return end ? end + 1 : NULL;
}

/* The name may hold anything, brackets and line ends too: it ends at the last
 * bracket of the text. */
int pa_read_stat(struct pa_stat *stat, const char *text)
{
    const char *from = strchr(text, '('), *to = strrchr(text, ')');
    long long flags = 0;
    size_t n = 0;

    if (!from || !to || to < from || to[1] != ' ' || !to[2])
        return -1;
    for (const char *at = from + 1; at < to && n + 1 < sizeof stat->name; at++)
        stat->name[n++] = *at >= ' ' && *at <= '~' ? *at : '?';
    stat->name[n] = '\0';
    stat->state = to[2];
    text = to + 3;
    for (int i = 0; i < 6; i++) /* ppid, pgrp, session, tty, tpgid, flags */
        if (take(&flags, &text, 10) < 0)
            return -1;
    stat->is_kernel_thread = (flags & KERNEL_THREAD) != 0;
    return 0;
}

int pa_read_at(struct pa_at *at, const char *text)
{
    long long number;

    *at = (struct pa_at){.where = PA_RUNNING};
    if (strncmp(text, "running", strlen("running")) == 0)
        return 0;
    if (take(&number, &text, 10) < 0 || number < -1 || number > INT_MAX)
        return -1;
    at->where = number < 0 ? PA_BLOCKED : PA_IN_CALL;
    at->number = (long)number;
    for (int i = 0; number >= 0 && i < 6; i++) {
        char *end;
        errno = 0;
        at->arguments[i] = strtoull(text, &end, 16);
        if (end == text || errno)
            return -1;
        text = end;
    }
    return 0;
}

int pa_read_sched(struct pa_sched *sched, const char *text)
{
    long long numbers[3];

    for (int i = 0; i < 3; i++)
        if (take(&numbers[i], &text, 10) < 0 || numbers[i] < 0)
            return -1;
    *sched = (struct pa_sched){numbers[0], numbers[1], numbers[2]};
    return 0;
}

int pa_read_status(int64_t *number, const char *text, const char *key)
{
    size_t n = strlen(key);
    long long value;

    for (; text; text = next_line(text)) {
        if (strncmp(text, key, n) != 0 || text[n] != ':')
            continue;
        text += n + 1;
        if (take(&value, &text, 10) < 0)
            return -1;
        *number = value;
        return 0;
    }
    return -1;
}

int pa_read_epoll(struct pa_watched *watched, const char *text)
{
    static const char entry[] = "tfd:", mask[] = "events:";

    for (; text; text = next_line(text)) {
        long long fd, events;
        if (strncmp(text, entry, strlen(entry)) != 0)
            continue;
        text += strlen(entry);
        if (take(&fd, &text, 10) < 0)
            return -1;
        text += strspn(text, " \t");
        if (strncmp(text, mask, strlen(mask)) != 0)
            return -1;
        text += strlen(mask);
        if (take(&events, &text, 16) < 0 || fd < 0 || fd > INT_MAX ||
            events < 0 || events > UINT32_MAX)
            return -1;
        pa_watched_add(watched, (int)fd, (uint32_t)events);
    }
    return 0;
}
