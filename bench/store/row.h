/* SPDX-License-Identifier: MIT */
/* A row of a CSV file as a structure with a member for each column, made from
 * the file's list in schema.h, so that the columns and what is written into
 * them cannot part: PB_ROW(points, PB_POINTS) declares
 *
 *   struct pb_points_row           const char *, int64_t and double members;
 *   pb_points_none()               one with every field empty;
 *   pb_points_put(csv, &row)       adds it to the file, whole.
 */
#ifndef PB_ROW_H
#define PB_ROW_H

#include "csv_write.h"
#include "schema.h"

#include <math.h>

#define PB_EMPTY_PB_TEXT                              NULL
#define PB_EMPTY_PB_INTEGER                           PA_NONE
#define PB_EMPTY_PB_REAL                              ((double)NAN)
#define PB_EMPTY(name, type, unit, fallback, meaning) .name = PB_EMPTY_##type,

#define PB_PUT_PB_TEXT    pb_csv_text
#define PB_PUT_PB_INTEGER pb_csv_integer
#define PB_PUT_PB_REAL    pb_csv_real
#define PB_PUT(name, type, unit, fallback, meaning)                            \
    PB_PUT_##type(csv, row->name);

/* Not every file needs both. */
#define PB_ROW_UNUSED __attribute__((unused))

#define PB_ROW(file, LIST)                                                     \
    struct pb_##file##_row {                                                   \
        LIST(PB_MEMBER)                                                        \
    };                                                                         \
    PB_ROW_UNUSED static inline struct pb_##file##_row pb_##file##_none(void)  \
    {                                                                          \
        return (struct pb_##file##_row){LIST(PB_EMPTY)};                       \
    }                                                                          \
    PB_ROW_UNUSED static inline void pb_##file##_put(                          \
        struct pb_csv *csv, const struct pb_##file##_row *row)                 \
    {                                                                          \
        LIST(PB_PUT)                                                           \
        pb_csv_end_row(csv);                                                   \
    }

#endif
