/* SPDX-License-Identifier: MIT */
/* What a column can hold, in files and in memory. */
#ifndef PB_COLUMN_H
#define PB_COLUMN_H

#include <stdint.h>

enum pb_type {
    PB_TEXT,    /* any bytes; quoted by libcsv */
    PB_INTEGER, /* decimal int64; an empty field means "none" */
    PB_REAL     /* shortest decimal that reads back the same; empty: none */
};

#define PA_NONE INT64_MIN       /* an empty integer field */
#define PA_ANY  (INT64_MIN + 1) /* any value of a factor will do; empty, too */

/* A column of a list of schema.h as the member of a structure. Each takes as
 * much room as a cell of a table (union pa_cell of table.h), so that a row of
 * one is such a structure. */
#define PB_C_PB_TEXT    const char *
#define PB_C_PB_INTEGER int64_t
#define PB_C_PB_REAL    double
#define PB_MEMBER(name, type, unit, fallback, meaning)                         \
    _Alignas(8) PB_C_##type name;

#endif
