/* SPDX-License-Identifier: MIT */
/* For a C library without closefrom(3), as glibc before 2.34 and musl are:
 * the build then puts this before every source. */
#if !defined PB_CLOSEFROM_H && !defined __ASSEMBLER__
#define PB_CLOSEFROM_H

#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

/* Close all descriptors of the calling thread's table that are not below
 * first.
 *
 * Cost    linear in how many are open.
 * Source  closefrom(3), proc(5): /proc/thread-self/fd. */
static inline void closefrom(int first)
{
    close(first); /* one is needed to read the folder */
    DIR *folder = opendir("/proc/thread-self/fd");
    const struct dirent *entry;

    while (folder && (entry = readdir(folder))) {
        int fd = (int)strtol(entry->d_name, NULL, 10);
        if (entry->d_name[0] != '.' && fd >= first && fd != dirfd(folder))
            close(fd);
    }
    if (folder)
        closedir(folder);
}

#endif
