/* SPDX-License-Identifier: MIT */
#include "memory.h"

#include <errno.h>
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
static int read_sums(struct pb_kernel_memory *memory)
{
    static const char *const keys[] = {"Slab:", "VmallocUsed:", NULL};
    int64_t n_bytes[2] = {-1, -1};
    read_keys("/proc/meminfo", keys, n_bytes);
    memory->slab_bytes = n_bytes[0];
    memory->vmalloc_bytes = n_bytes[1];
    return n_bytes[0] < 0 || n_bytes[1] < 0 ? -ENODATA : 0;
}

/* A line "name active_objects all_objects bytes_of_one ..." of a cache: whether
 * it is one; those of the head are none. */
static int read_cache(struct pb_kernel_memory *memory, char *line)
{
    char *rest = NULL, *end = NULL;
    const char *name = strtok_r(line, " ", &rest);
    int64_t numbers[3];

    for (int i = 0; i < 3; i++) {
        const char *text = strtok_r(NULL, " \n", &rest);
        numbers[i] = text ? strtoll(text, &end, 10) : 0;
        if (!text || *end)
            return 0;
    }
    snprintf(memory->caches[memory->n_caches].name, sizeof memory->caches->name,
             "%s", name);
    memory->caches[memory->n_caches].objects = numbers[0];
    memory->caches[memory->n_caches].bytes_each = numbers[2];
    return 1;
}

int pb_kernel_memory_read(struct pb_kernel_memory *memory)
{
    char line[512];
    FILE *file = fopen("/proc/slabinfo", "re");

    memory->n_caches = 0;
    while (file && memory->n_caches < PB_CACHES_MOST &&
           fgets(line, sizeof line, file))
        memory->n_caches += read_cache(memory, line);
    if (file)
        fclose(file);
    return read_sums(memory);
}

/* Objects of the cache, which is near that place if it is there. */
static int64_t objects_of(const struct pb_kernel_memory *memory,
                          const char *name, int place)
{
    for (int i = 0; i < memory->n_caches; i++) {
        int at = (place + i) % memory->n_caches;
        if (strcmp(memory->caches[at].name, name) == 0)
            return memory->caches[at].objects;
    }
    return 0;
}

int64_t pb_kernel_memory_growth(const struct pb_kernel_memory *before,
                                const struct pb_kernel_memory *after,
                                uint32_t n_made)
{
    int64_t grown = after->vmalloc_bytes - before->vmalloc_bytes;

    if (before->n_caches == 0 || after->n_caches == 0)
        return grown + after->slab_bytes - before->slab_bytes;
    for (int i = 0; i < after->n_caches; i++) {
        int64_t more = after->caches[i].objects -
                       objects_of(before, after->caches[i].name, i);
        if (2 * more >= (int64_t)n_made)
            grown += more * after->caches[i].bytes_each;
    }
    return grown;
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
    struct pb_kernel_memory memory;
    int64_t before = read_sums(&memory) < 0 ? 0 : memory.slab_bytes;
    for (int i = 0, n_calm = 0; i < PAUSES && n_calm < 2; i++) {
        nanosleep(&pause, NULL);
        int64_t now = read_sums(&memory) < 0 ? 0 : memory.slab_bytes;
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
