/* SPDX-License-Identifier: MIT */
/* Small files of text that the kernel makes, as in /proc and /sys. */
#ifndef PB_PROC_FILE_H
#define PB_PROC_FILE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* The first line of a file into text; "" without it. Returns text. */
const char *pb_proc_line(const char *path, char *text, size_t n_bytes);

/* What follows key, with blanks and colons after it, in the first line that
 * starts with key; "" without it. Returns text. */
const char *pb_proc_value(const char *path, const char *key, char *text,
                          size_t n_bytes);

/* The same as a whole number; 0 without it. */
int64_t pb_proc_number(const char *path, const char *key);

/* The sum over all threads of a process of what number_in() says of each one's
 * /proc/PID/task/TID/file. */
int64_t pb_proc_of_threads(pid_t pid, const char *file,
                           int64_t (*number_in)(const char *path));

/* How often the threads of a process have given up a CPU so far. */
int64_t pb_proc_sleeps(pid_t pid);

#endif
