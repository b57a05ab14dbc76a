/* SPDX-License-Identifier: MIT */
#include "scratch_folder.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[64];

static int remove_one(const char *path, const struct stat *status, int type,
                      struct FTW *walk)
{
    (void)status, (void)type, (void)walk;
    return remove(path);
}

static void remove_folder(void)
{
    nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

const char *scratch_folder(void)
{
    if (!*folder) {
        snprintf(folder, sizeof folder, "%s/fuzz.XXXXXX",
                 access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
        if (!mkdtemp(folder) || atexit(remove_folder) != 0)
            abort();
    }
    return folder;
}

static const char *path_of(const char *name)
{
    static char path[256];
    snprintf(path, sizeof path, "%s/%s", scratch_folder(), name);
    return path;
}

void scratch_write(const char *name, const uint8_t *bytes, size_t n_bytes)
{
    int fd = open(path_of(name), O_WRONLY | O_CREAT | O_TRUNC, 0666);
    if (fd < 0 || write(fd, bytes, n_bytes) != (ssize_t)n_bytes)
        abort();
    close(fd);
}

void scratch_split(const char *const *names, size_t n_names,
                   const uint8_t *bytes, size_t n_bytes)
{
    const uint8_t *end = bytes + n_bytes;
    for (size_t i = 0; i < n_names; i++) {
        const uint8_t *feed =
            bytes < end ? memchr(bytes, '\f', (size_t)(end - bytes)) : NULL;
        const uint8_t *stop = feed ? feed : end;
        if (bytes < end)
            scratch_write(names[i], bytes, (size_t)(stop - bytes));
        else
            unlink(path_of(names[i]));
        bytes = feed ? feed + 1 : end;
    }
}
