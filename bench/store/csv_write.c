/* SPDX-License-Identifier: MIT */
#include "csv_write.h"

#include <csv.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void pb_csv_init(struct pb_csv *csv, int fd)
{
    *csv = (struct pb_csv){.fd = fd};
}

void pb_csv_free(struct pb_csv *csv)
{
    free(csv->rows);
    pb_csv_init(csv, -1);
}

/* Make room for n_bytes more; NULL (and a kept error) when there is none. */
static char *reserve(struct pb_csv *csv, size_t n_bytes)
{
    if (csv->capacity - csv->n_bytes < n_bytes) {
        size_t capacity = 2 * csv->capacity + n_bytes + 4096;
        char *rows = realloc(csv->rows, capacity);
        if (!rows) {
            csv->error = csv->error ? csv->error : -ENOMEM;
            return NULL;
        }
        csv->rows = rows;
        csv->capacity = capacity;
    }
    return csv->rows + csv->n_bytes;
}

void pb_csv_append(struct pb_csv *csv, const char *bytes, size_t n_bytes)
{
    char *end = reserve(csv, n_bytes);
    if (!end)
        return;
    memcpy(end, bytes, n_bytes);
    csv->n_bytes += n_bytes;
}

static void start_field(struct pb_csv *csv)
{
    if (csv->row_is_open)
        pb_csv_append(csv, ",", 1);
    csv->row_is_open = 1;
}

static void quoted(struct pb_csv *csv, const char *text, size_t n_bytes)
{
    size_t room = 2 * n_bytes + 2;
    char *end = reserve(csv, room);
    if (end)
        csv->n_bytes += csv_write(end, room, text, n_bytes);
}

static int is_plain(const char *text)
{
    return text[strspn(text, "abcdefghijklmnopqrstuvwxyz"
                             "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.")] == 0;
}

void pb_csv_text(struct pb_csv *csv, const char *text)
{
    start_field(csv);
    if (!text || !*text)
        return;
    size_t n_bytes = strlen(text);
    if (!strchr("=+-@\t\r", *text)) {
        if (is_plain(text))
            pb_csv_append(csv, text, n_bytes);
        else
            quoted(csv, text, n_bytes);
        return;
    }
    char *defused = malloc(n_bytes + 2);
    if (!defused) {
        csv->error = csv->error ? csv->error : -ENOMEM;
        return;
    }
    defused[0] = '\'';
    memcpy(defused + 1, text, n_bytes + 1);
    quoted(csv, defused, n_bytes + 1);
    free(defused);
}

void pb_csv_integer(struct pb_csv *csv, int64_t number)
{
    char digits[24];
    int n = snprintf(digits, sizeof digits, "%" PRId64, number);
    start_field(csv);
    if (number == PA_NONE || number == PA_ANY)
        return;
    pb_csv_append(csv, digits, (size_t)n);
}

/* Shortest form that reads back as the same double. */
void pb_csv_real(struct pb_csv *csv, double number)
{
    char digits[40];
    int n = 0;

    start_field(csv);
    if (!isfinite(number))
        return;
    for (int precision = 6; precision <= 17; precision++) {
        n = snprintf(digits, sizeof digits, "%.*g", precision, number);
        if (strtod(digits, NULL) == number)
            break;
    }
    pb_csv_append(csv, digits, (size_t)n);
}

void pb_csv_none(struct pb_csv *csv)
{
    start_field(csv);
}

void pb_csv_end_row(struct pb_csv *csv)
{
    pb_csv_append(csv, "\n", 1);
    csv->row_is_open = 0;
}

/* Returns 0 or -errno; *n_written bytes are in the file. */
static int write_all(int fd, const char *bytes, size_t n_bytes,
                     size_t *n_written)
{
    *n_written = 0;
    while (*n_written < n_bytes) {
        ssize_t n = write(fd, bytes + *n_written, n_bytes - *n_written);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n < 0 ? -errno : -EIO;
        *n_written += (size_t)n;
    }
    return 0;
}

/* A full disk takes part of the rows: the file shall not end in half of one.
 * Nobody else writes there, so that the file ends where the last write did. */
static void take_back(int fd, size_t n_written)
{
    off_t end = lseek(fd, 0, SEEK_CUR);
    if (end >= (off_t)n_written && ftruncate(fd, end - (off_t)n_written) == 0)
        lseek(fd, end - (off_t)n_written, SEEK_SET);
}

int pb_csv_flush(struct pb_csv *csv)
{
    int error = csv->error;
    size_t n_written = 0;
    if (!error)
        error = write_all(csv->fd, csv->rows, csv->n_bytes, &n_written);
    if (error && n_written > 0)
        take_back(csv->fd, n_written);
    csv->n_bytes = 0;
    csv->error = 0;
    return error;
}

int pb_csv_sync_fd(int fd)
{
    while (fdatasync(fd) < 0) {
        if (errno == EINVAL || errno == EROFS || errno == EOPNOTSUPP ||
            errno == ENOSYS)
            return errno;
        if (errno != EINTR)
            return -errno;
    }
    return 0;
}

int pb_csv_sync(const struct pb_csv *csv)
{
    int error = pb_csv_sync_fd(csv->fd);
    return error < 0 ? error : 0;
}
