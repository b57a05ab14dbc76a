/* SPDX-License-Identifier: MIT */
#include "need.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int exit_status = 1;

void pa_need_or_exit_with(int status)
{
    exit_status = status;
}

int pa_need_status(void)
{
    return exit_status;
}

void *pa_need(void *memory)
{
    if (!memory) {
        fprintf(stderr, "%s: out of memory\n", program_invocation_short_name);
        exit(exit_status);
    }
    return memory;
}

void *pa_room(size_t n, size_t n_bytes)
{
    return pa_need(calloc(n ? n : 1, n_bytes));
}

void *pa_grown(void *array, size_t n, size_t n_bytes)
{
    if (n & (n - 1)) /* no power of two: there is room up to the next */
        return array;
    return pa_need(reallocarray(array, n ? 2 * n : 1, n_bytes));
}

/* Whatever it points to, the variable holds the address. */
void pa_free_variable(void *variable)
{
    void *memory;

    memcpy(&memory, variable, sizeof memory);
    free(memory);
}

char *pa_vformat(const char *format, va_list arguments)
{
    char *text;
    int n_bytes = vasprintf(&text, format, arguments);

    return pa_need(n_bytes < 0 ? NULL : text);
}

char *pa_format(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    char *text = pa_vformat(format, arguments);
    va_end(arguments);
    return text;
}

char *pa_path(const char *folder, const char *name)
{
    return pa_format("%s/%s", folder, name);
}

/* Returns 0 where there is no memory for it. */
static int append(struct pa_string *to, const char *bytes, size_t n_bytes)
{
    if (!to->text || to->n_bytes + n_bytes >= to->room) {
        size_t room = 2 * (to->n_bytes + n_bytes) + 1;
        char *text = realloc(to->text, room);
        if (!text)
            return 0;
        to->text = text;
        to->room = room;
    }
    memcpy(to->text + to->n_bytes, bytes, n_bytes);
    to->n_bytes += n_bytes;
    to->text[to->n_bytes] = '\0';
    return 1;
}

void pa_string_add(struct pa_string *string, const char *bytes, size_t n_bytes)
{
    if (!append(string, bytes, n_bytes))
        pa_need(NULL);
}

/* It must not end the process, which writes to all streams once more then. */
static ssize_t write_string(void *to, const char *bytes, size_t n_bytes)
{
    return append(to, bytes, n_bytes) ? (ssize_t)n_bytes : 0;
}

FILE *pa_string_open(struct pa_string *string)
{
    *string = (struct pa_string){0};
    pa_string_add(string, "", 0);
    return pa_need(fopencookie(string, "w",
                               (cookie_io_functions_t){.write = write_string}));
}

void pa_string_close(FILE *out)
{
    int has_failed = fflush(out) != 0 || ferror(out);

    if (fclose(out) != 0 || has_failed)
        pa_need(NULL);
}
