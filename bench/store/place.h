/* SPDX-License-Identifier: MIT */
/* Where the other parts of an installation are, also after it was moved. */
#ifndef PB_PLACE_H
#define PB_PLACE_H

#include <stddef.h>

/* Put into path the name of a part: in the folder that an environment variable
 * names or, if it is not set, in one relative to that of the running program.
 * Allocates nothing. Returns 0, or -1 with errno set: it cannot be told where
 * the program is, or the name needs over size bytes. */
int pb_place(char *path, size_t size, const char *variable,
             const char *relative, const char *name);

#endif
