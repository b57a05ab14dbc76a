/* SPDX-License-Identifier: MIT */
/* Writes CSV rows (RFC 4180, LF line ends) into memory and from there, whole
 * rows at a time, into a file. Text goes through libcsv; numbers are written
 * bare, so that every reader takes them for numbers. */
#ifndef PB_CSV_WRITE_H
#define PB_CSV_WRITE_H

#include "column.h"

#include <stddef.h>

struct pb_csv {
    int fd;          /* the caller's; never closed here */
    char *rows;      /* text not yet written */
    size_t n_bytes;  /* bytes of it */
    size_t capacity; /* bytes allocated */
    int row_is_open; /* a field has been added since the last row end */
    int error;       /* first -errno; sticky, returned by the next flush */
};

/* Start with nothing buffered, to be written to fd. */
void pb_csv_init(struct pb_csv *csv, int fd);

/* Free the buffer; what was not flushed is lost. */
void pb_csv_free(struct pb_csv *csv);

/* Add one field. A text that a spreadsheet would take for a formula (first
 * byte = + - @, tab or CR) gets an apostrophe in front. A NULL text, and
 * pb_csv_none(), are empty fields; so are PA_NONE, PA_ANY and a real that is
 * not finite. Errors (-ENOMEM) are kept until the next flush. */
void pb_csv_text(struct pb_csv *csv, const char *text);
void pb_csv_integer(struct pb_csv *csv, int64_t number);
void pb_csv_real(struct pb_csv *csv, double number);
void pb_csv_none(struct pb_csv *csv);
void pb_csv_end_row(struct pb_csv *csv);

/* Add whole rows that are text already. */
void pb_csv_append(struct pb_csv *csv, const char *bytes, size_t n_bytes);

/* Write all buffered rows with as few write(2) calls as the file takes.
 *
 * Returns  0, or the first -errno since the last flush (-ENOSPC, -EIO,
 *          -ENOMEM, ...). After an error the buffer is empty, and what was
 *          written of it is cut off the file again, if it is a regular one.
 */
int pb_csv_flush(struct pb_csv *csv);

/* Have what was flushed stored, so that it outlives a loss of power. Returns 0
 * or -errno; a file that cannot be synchronised (a pipe) is no error. */
int pb_csv_sync(const struct pb_csv *csv);

/* The same of a file descriptor. Returns 0; the errno, above 0, that says that
 * there is no such thing in this file system; or -errno. */
int pb_csv_sync_fd(int fd);

/* The header row of a list of schema.h: PB_CSV_HEADER(&csv, PB_SAMPLES). */
#define PB_CSV_HEADER_FIELD(name, type, unit, fallback, meaning)               \
    pb_csv_text(header_csv_, #name);
#define PB_CSV_HEADER(csv, LIST)                                               \
    do {                                                                       \
        struct pb_csv *header_csv_ = (csv);                                    \
        LIST(PB_CSV_HEADER_FIELD)                                              \
        pb_csv_end_row(header_csv_);                                           \
    } while (0)

#endif
