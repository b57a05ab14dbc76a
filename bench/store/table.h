/* SPDX-License-Identifier: MIT */
/* Reads CSV files with the columns of schema.h. Columns are found by name, in
 * any order; unknown ones are skipped; one that is missing gets its fallback,
 * or is a problem if it has none. Nothing in a file can crash the reader: what
 * it cannot read is a problem with file and line. */
#ifndef PA_TABLE_H
#define PA_TABLE_H

#include "intern.h"
#include "need.h"
#include "problem.h"
#include "schema.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define PA_FIELD_BYTES_MAX  65536 /* longer fields are a problem */
#define PA_ARRAY_SIZE(list) (sizeof(list) / sizeof *(list))

struct pa_column {
    const char *name;
    enum pb_type type;
    const char *fallback; /* "": the column is required */
};

/* static const struct pa_column columns[] = {PB_POINTS(PA_COLUMN)}; */
#define PA_COLUMN(name, type, unit, fallback, meaning) {#name, type, fallback},

union pa_cell {
    int64_t integer;  /* PB_INTEGER; PA_NONE if empty */
    double real;      /* PB_REAL; NAN if empty, else finite */
    const char *text; /* PB_TEXT; interned; "" if empty */
};

/* Whether two texts are the same. */
static inline int pa_is(const char *text, const char *other)
{
    return strcmp(text, other) == 0;
}

/* The factors of a row whose columns begin with PB_FACTORS. */
struct pb_factors pa_factors_of(const union pa_cell *row);

/* One pass over a file. */
struct pa_scan {
    const char *path;
    const char *text; /* of the file, instead of what is at path; or NULL */
    const struct pa_column *columns; /* wanted, in the order of the cells */
    size_t n_columns;
    struct pa_intern *pool; /* owns the texts of the cells */
    /* Called for each row with n_columns cells. Returns 0, or -1 with
     * *problem set (the scan adds the place). */
    int (*row)(void *context, const union pa_cell *cells,
               struct pa_problem *problem);
    void *context;
    struct pa_problem warning; /* out: a last row that was cut off, ... */
};

/* Read the whole file. Returns 0, or -1 with *problem set. */
int pa_scan(struct pa_scan *scan, struct pa_problem *problem);

/* A small file, all of it: cell of row i, column j is cells[i * n_columns + j].
 */
struct pa_table {
    struct pa_intern pool;
    const struct pa_column *columns;
    size_t n_columns;
    size_t n_rows;
    size_t capacity_rows;
    union pa_cell *cells;
    struct pa_problem warning;
};

/* Read path into *table, which need not be initialised. Returns 0, or -1 with
 * *problem set and nothing to free. */
int pa_table_read(struct pa_table *table, const char *path,
                  const struct pa_column *columns, size_t n_columns,
                  struct pa_problem *problem);

/* The same from the text of a file. */
int pa_table_parse(struct pa_table *table, const char *text,
                   const struct pa_column *columns, size_t n_columns,
                   struct pa_problem *problem);

/* A whole number of at least 0; PA_NONE if the text is none. */
int64_t pa_count_of(const char *text);

const union pa_cell *pa_table_row(const struct pa_table *table, size_t row);

/* Free it; safe on a zeroed table. */
void pa_table_free(struct pa_table *table);

#endif
