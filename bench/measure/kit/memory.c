/* SPDX-License-Identifier: MIT */
#include "memory.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The number, in kB, after each of the keys in a file of /proc, as bytes;
 * -1 where it is not there. */
static void read_keys(const char *path, const char *const *keys,
                      int64_t *n_bytes)
{
    char line[256];
    FILE *file = fopen(path, "re");
    for (int i = 0; keys[i]; i++)
        n_bytes[i] = -1;
    while (file && fgets(line, sizeof line, file))
        for (int i = 0; keys[i]; i++)
            if (strncmp(line, keys[i], strlen(keys[i])) == 0)
                n_bytes[i] = 1024 * strtoll(line + strlen(keys[i]), NULL, 10);
    if (file)
        fclose(file);
}

/* Slab: sockets, files, epoll's items, and tables up to some pages, which
 * kmalloc() counts there too; vmalloc: descriptor tables beyond that. */
int64_t pb_memory_of_kernel(void)
{
    static const char *const keys[] = {"Slab:", "VmallocUsed:", NULL};
    int64_t n_bytes[2];
    read_keys("/proc/meminfo", keys, n_bytes);
    return n_bytes[0] < 0 || n_bytes[1] < 0 ? -1 : n_bytes[0] + n_bytes[1];
}

int64_t pb_memory_of_process(void)
{
    static const char *const keys[] = {"RssAnon:", NULL};
    int64_t n_bytes[1];
    read_keys("/proc/self/status", keys, n_bytes);
    return n_bytes[0];
}

void pb_memory_settle(void)
{
    enum { PAUSE_NS = 50000000, PAUSES = 40, SMALL_BYTES = 64 << 10 };
    const struct timespec pause = {.tv_nsec = PAUSE_NS};
    int64_t before = pb_memory_of_kernel();
    for (int i = 0, n_calm = 0; i < PAUSES && n_calm < 2; i++) {
        nanosleep(&pause, NULL);
        int64_t now = pb_memory_of_kernel();
        n_calm = llabs(now - before) <= SMALL_BYTES ? n_calm + 1 : 0;
        before = now;
    }
}

int64_t pb_memory_available(void)
{
    static const char *const keys[] = {"MemAvailable:", NULL};
    int64_t n_bytes[1];
    read_keys("/proc/meminfo", keys, n_bytes);
    return n_bytes[0];
}
