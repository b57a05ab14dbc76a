/* SPDX-License-Identifier: MIT */
/* An event is a byte: written to one end of a pair, and read from the other,
 * neither of which blocks. */
#ifndef PB_BYTE_H
#define PB_BYTE_H

#include <errno.h>
#include <unistd.h>

/* Write one. 0 or -errno. */
static inline int pb_put(int fd)
{
    return write(fd, "", 1) == 1 ? 0 : -errno;
}

/* Read one, and no more than was put: 0; -EBADMSG: there are more; -errno, of
 * which -EAGAIN: there is none. */
static inline int pb_take(int fd)
{
    char bytes[2];
    ssize_t n = read(fd, bytes, sizeof bytes);
    return n == 1 ? 0 : n < 0 ? -errno : -EBADMSG;
}

/* Read one of those that there are. 0 or -errno. */
static inline int pb_take_one(int fd)
{
    char byte;
    ssize_t n = read(fd, &byte, 1);
    return n == 1 ? 0 : n < 0 ? -errno : -EBADMSG;
}

/* Whatever a batch that failed may have left. */
static inline void pb_take_all(int fd)
{
    int error;
    do
        error = pb_take(fd);
    while (error == 0 || error == -EBADMSG);
}

#endif
