/* SPDX-License-Identifier: MIT */
#include "place.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

int pb_place(char *path, size_t size, const char *variable,
             const char *relative, const char *name)
{
    const char *folder = getenv(variable);
    char self[PATH_MAX] = "";
    int n;

    if (folder && *folder) {
        n = snprintf(path, size, "%s/%s", folder, name);
    } else {
        /* Where /proc is not mounted, by the name it was started with, of which
         * getauxval(3) gives the address as a number.
         * NOLINTBEGIN(performance-no-int-to-ptr) */
        if (readlink("/proc/self/exe", self, sizeof self - 1) < 0 &&
            !realpath((const char *)getauxval(AT_EXECFN), self))
            return -1;
        /* NOLINTEND(performance-no-int-to-ptr) */
        *strrchr(self, '/') = '\0';
        n = snprintf(path, size, "%s/%s/%s", self, relative, name);
    }
    if (n >= 0 && (size_t)n < size)
        return 0;
    errno = ENAMETOOLONG;
    return -1;
}
