/* SPDX-License-Identifier: MIT */
/* Memory that has to be there. Where it is not, these functions end the process
 * with one line on stderr; a file that was being written (output.h) is then as
 * it was. */
#ifndef PA_NEED_H
#define PA_NEED_H

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

/* memory, unless that is NULL. */
void *pa_need(void *memory);

/* The exit status then, if not 1; of a program to which 1 means something. */
void pa_need_or_exit_with(int status);
int pa_need_status(void);

/* n elements of so many bytes, all zero, and room for one at least. */
void *pa_room(size_t n, size_t n_bytes);

/* An array of n elements, NULL if none, with room for one more: it is larger
 * after each power of two, so that it has to be grown for every single one. */
void *pa_grown(void *array, size_t n, size_t n_bytes);

/* Of a variable that points to memory of its own: that is freed at the end of
 * the block, and the variable may be NULL. */
#define PA_FREED __attribute__((cleanup(pa_free_variable)))
void pa_free_variable(void *variable);

/* printf into a new string, to be freed by the caller. */
char *pa_format(const char *format, ...) __attribute__((format(printf, 1, 2)));
char *pa_vformat(const char *format, va_list arguments)
    __attribute__((format(printf, 1, 0)));

/* folder/name in a new string. */
char *pa_path(const char *folder, const char *name);

/* A text that grows; its bytes are to be freed by the caller. */
struct pa_string {
    char *text;
    size_t n_bytes;
    size_t room;
};

void pa_string_add(struct pa_string *string, const char *bytes, size_t n_bytes);

/* A stream that writes to the string, which begins empty. When memory runs out,
 * closing it says so; a stream of open_memstream() leaves out what it has no
 * memory for. */
FILE *pa_string_open(struct pa_string *string);
void pa_string_close(FILE *out);

#endif
