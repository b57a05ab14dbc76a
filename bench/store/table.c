/* SPDX-License-Identifier: MIT */
#include "table.h"

#include <csv.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What libcsv's callbacks need to know. */
struct reading {
    struct pa_scan *scan;
    struct pa_problem *problem;
    union pa_cell *cells;
    size_t *wanted;   /* field of the file -> wanted column, or n_columns */
    size_t n_fields;  /* fields in the header */
    size_t field;     /* next field of the current row */
    long line;        /* of the current row, from 1 */
    long inner_lines; /* line ends within its quoted fields */
    int has_header;
    int is_ending; /* the file is at its end: what comes now was cut off */
    int has_failed;
};

/* libcsv keeps a field in one buffer and grows it with this: a file with one
 * endless field is refused before it has filled the memory. */
static void *bounded_realloc(void *buffer, size_t n_bytes)
{
    return n_bytes / 2 > PA_FIELD_BYTES_MAX ? NULL : realloc(buffer, n_bytes);
}

static void fail(struct reading *reading)
{
    pa_problem_at(reading->problem, reading->scan->path, reading->line);
    reading->has_failed = 1;
}

/* Nearly all of millions: a few digits and nothing else. */
static int read_digits(union pa_cell *cell, const char *text)
{
    enum { DIGITS_MOST = 18 }; /* fit in any case */
    int64_t number = 0;
    int n = 0;

    for (; n < DIGITS_MOST && text[n] >= '0' && text[n] <= '9'; n++)
        number = 10 * number + (text[n] - '0');
    if (n == 0 || text[n])
        return 0;
    cell->integer = number;
    return 1;
}

static int read_integer(union pa_cell *cell, const char *text)
{
    char *end;

    cell->integer = PA_NONE;
    if (!*text)
        return 0;
    if (read_digits(cell, text))
        return 0;
    errno = 0;
    long long number = strtoll(text, &end, 10);
    if (*end || end == text || errno || number == INT64_MIN)
        return -1;
    cell->integer = number;
    return 0;
}

static int read_real(union pa_cell *cell, const char *text)
{
    char *end;

    cell->real = NAN;
    if (!*text)
        return 0;
    if (text[strspn(text, "+-.0123456789eE")])
        return -1; /* strtod would also take nan, inf and hexadecimals */
    double number = strtod(text, &end);
    if (*end || end == text || !isfinite(number))
        return -1;
    cell->real = number;
    return 0;
}

/* csv_write.h puts an apostrophe before what a spreadsheet would run. */
static int read_text(struct reading *reading, union pa_cell *cell,
                     const char *text, size_t n_bytes)
{
    if (n_bytes >= 2 && text[0] == '\'' && strchr("=+-@\t\r", text[1])) {
        text++;
        n_bytes--;
    }
    /* That of the row before, as a rule. */
    if (cell->text && strncmp(cell->text, text, n_bytes) == 0 &&
        !cell->text[n_bytes])
        return 0;
    cell->text = pa_intern(reading->scan->pool, text, n_bytes);
    return cell->text ? 0 : -1;
}

static int read_cell(struct reading *reading, size_t column, const char *text,
                     size_t n_bytes)
{
    const struct pa_column *wanted = &reading->scan->columns[column];
    union pa_cell *cell = &reading->cells[column];

    if (n_bytes > PA_FIELD_BYTES_MAX)
        return pa_problem_set(reading->problem,
                              "%s is longer than %d bytes; not a file of "
                              "pollbench",
                              wanted->name, PA_FIELD_BYTES_MAX);
    if (memchr(text, '\0', n_bytes))
        return pa_problem_set(reading->problem, "%s holds a NUL byte",
                              wanted->name);
    if (wanted->type == PB_TEXT)
        return read_text(reading, cell, text, n_bytes) < 0
                   ? pa_problem_set(reading->problem, "out of memory")
                   : 0;
    if (wanted->type == PB_INTEGER ? read_integer(cell, text) == 0
                                   : read_real(cell, text) == 0)
        return 0;
    return pa_problem_set(
        reading->problem, "%s is \"%.40s\", which is not %s", wanted->name,
        text, wanted->type == PB_INTEGER ? "an integer" : "a finite number");
}

static int grow_wanted(struct reading *reading)
{
    size_t *wanted =
        realloc(reading->wanted, (reading->n_fields + 1) * sizeof *wanted);
    if (!wanted)
        return pa_problem_set(reading->problem, "out of memory");
    reading->wanted = wanted;
    wanted[reading->n_fields++] = reading->scan->n_columns;
    return 0;
}

static int read_name(struct reading *reading, const char *name)
{
    struct pa_scan *scan = reading->scan;

    if (grow_wanted(reading) < 0)
        return -1;
    for (size_t i = 0; i < scan->n_columns; i++) {
        if (strcmp(name, scan->columns[i].name) != 0)
            continue;
        for (size_t j = 0; j + 1 < reading->n_fields; j++)
            if (reading->wanted[j] == i)
                return pa_problem_set(reading->problem,
                                      "two columns are named %s", name);
        reading->wanted[reading->n_fields - 1] = i;
    }
    return 0;
}

static void on_field(void *field, size_t n_bytes, void *context)
{
    struct reading *reading = context;
    const char *text = field ? field : "";
    int error = 0;

    if (reading->has_failed)
        return;
    for (const char *end = text + n_bytes, *at = text;
         (at = memchr(at, '\n', (size_t)(end - at))); at++)
        reading->inner_lines++;
    if (!reading->has_header)
        error = read_name(reading, text);
    else if (reading->is_ending)
        ; /* half a row is not looked at */
    else if (reading->field < reading->n_fields &&
             reading->wanted[reading->field] < reading->scan->n_columns)
        error =
            read_cell(reading, reading->wanted[reading->field], text, n_bytes);
    reading->field++;
    if (error < 0)
        fail(reading);
}

/* Fill in the columns that the file does not have, once: no row touches their
 * cells. */
static int fall_back(struct reading *reading)
{
    struct pa_scan *scan = reading->scan;

    for (size_t i = 0; i < scan->n_columns; i++) {
        size_t j = 0;
        while (j < reading->n_fields && reading->wanted[j] != i)
            j++;
        if (j < reading->n_fields)
            continue;
        const char *fallback = scan->columns[i].fallback;
        if (!*fallback)
            return pa_problem_set(reading->problem,
                                  "no column named %s; is this the right "
                                  "file?",
                                  scan->columns[i].name);
        if (read_cell(reading, i, fallback, strlen(fallback)) < 0)
            return -1;
    }
    return 0;
}

static int end_row(struct reading *reading)
{
    if (!reading->has_header) {
        reading->has_header = 1;
        return fall_back(reading);
    }
    if (reading->field != reading->n_fields)
        return pa_problem_set(reading->problem,
                              "%zu fields where the header has %zu; is the "
                              "file damaged?",
                              reading->field, reading->n_fields);
    return reading->scan->row(reading->scan->context, reading->cells,
                              reading->problem);
}

static void on_row(int terminator, void *context)
{
    struct reading *reading = context;

    if (!reading->has_failed && reading->field > 0) {
        if (terminator == -1 && reading->has_header) {
            /* The writer ends every row: what has no end was cut off, and
             * its last number may be wrong. */
            pa_problem_set(&reading->scan->warning,
                           "the last row has no line end; it is taken as "
                           "cut off and left out");
            pa_problem_at(&reading->scan->warning, reading->scan->path,
                          reading->line);
        } else if (end_row(reading) < 0) {
            fail(reading);
        }
    }
    reading->field = 0;
    reading->line += (terminator == '\n') + reading->inner_lines;
    reading->inner_lines = 0;
}

static int parse_problem(struct reading *reading, struct csv_parser *parser)
{
    switch (csv_error(parser)) {
    case CSV_ENOMEM:
    case CSV_ETOOBIG:
        pa_problem_set(reading->problem,
                       "a field is longer than %d bytes, or memory is out",
                       PA_FIELD_BYTES_MAX);
        break;
    default:
        pa_problem_set(reading->problem, "a quote is out of place (RFC 4180)");
    }
    return pa_problem_at(reading->problem, reading->scan->path, reading->line);
}

static int parse_file(struct reading *reading, struct csv_parser *parser,
                      FILE *file)
{
    static const char mark[] = "\xEF\xBB\xBF"; /* UTF-8 byte order mark */
    char chunk[65536];
    size_t n_bytes;
    int is_first = 1;

    /* What came before an error is not parsed: that would change errno. */
    while ((n_bytes = fread(chunk, 1, sizeof chunk, file)) > 0 &&
           !ferror(file)) {
        size_t skip = is_first && n_bytes >= 3 && !memcmp(chunk, mark, 3);
        skip *= 3;
        is_first = 0;
        if (csv_parse(parser, chunk + skip, n_bytes - skip, on_field, on_row,
                      reading) != n_bytes - skip)
            return parse_problem(reading, parser);
        if (reading->has_failed)
            return -1;
    }
    if (ferror(file)) {
        pa_problem_set(reading->problem, "%s", strerror(errno));
        return pa_problem_at(reading->problem, reading->scan->path, 0);
    }
    reading->is_ending = 1;
    if (csv_fini(parser, on_field, on_row, reading) != 0) {
        pa_problem_set(&reading->scan->warning,
                       "the last row ends within quotes; it is taken as cut "
                       "off and left out");
        pa_problem_at(&reading->scan->warning, reading->scan->path,
                      reading->line);
    }
    return reading->has_failed ? -1 : 0;
}

static int read_file(struct reading *reading, FILE *file)
{
    struct csv_parser parser;

    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL |
                              CSV_REPALL_NL) != 0)
        return pa_problem_set(reading->problem, "out of memory");
    csv_set_realloc_func(&parser, bounded_realloc);
    int error = parse_file(reading, &parser, file);
    csv_free(&parser);
    if (error == 0 && !reading->has_header) {
        pa_problem_set(reading->problem, "the file is empty");
        return pa_problem_at(reading->problem, reading->scan->path, 0);
    }
    return error;
}

/* Why a file cannot be opened; one of a packed run can be unpacked. */
static int opening_problem(const char *path, struct pa_problem *problem)
{
    int reason = errno;
    size_t n_bytes = strlen(path) + sizeof ".xz";
    char *packed = malloc(n_bytes);

    if (packed)
        snprintf(packed, n_bytes, "%s.xz", path);
    if (packed && reason == ENOENT && access(packed, F_OK) == 0)
        pa_problem_set(problem, "packed away; unpack it first: xz -dk '%s'",
                       packed);
    else
        pa_problem_set(problem, "%s", strerror(reason));
    free(packed);
    return pa_problem_at(problem, path, 0);
}

/* What is opened for reading is not written to. */
static FILE *open_text(const char *text)
{
    union {
        const char *is;
        char *as_taken;
    } bytes = {text};
    return fmemopen(bytes.as_taken, strlen(text), "rb");
}

int pa_scan(struct pa_scan *scan, struct pa_problem *problem)
{
    struct reading reading = {.scan = scan, .problem = problem, .line = 1};
    FILE *file = scan->text ? open_text(scan->text) : fopen(scan->path, "rb");

    if (!file)
        return opening_problem(scan->path, problem);
    reading.cells = calloc(scan->n_columns, sizeof *reading.cells);
    int error = reading.cells ? read_file(&reading, file)
                              : pa_problem_set(problem, "out of memory");
    free(reading.cells);
    free(reading.wanted);
    fclose(file); /* only read from */
    return error;
}

static int keep_row(void *context, const union pa_cell *cells,
                    struct pa_problem *problem)
{
    struct pa_table *table = context;
    size_t row_bytes = table->n_columns * sizeof *cells;

    if (table->n_rows == table->capacity_rows) {
        size_t capacity = 2 * table->capacity_rows + 16;
        union pa_cell *larger = realloc(table->cells, capacity * row_bytes);
        if (!larger)
            return pa_problem_set(problem, "out of memory");
        table->cells = larger;
        table->capacity_rows = capacity;
    }
    memcpy(table->cells + table->n_rows * table->n_columns, cells, row_bytes);
    table->n_rows++;
    return 0;
}

/* path and text as in struct pa_scan. */
static int read_table(struct pa_table *table, const char *path,
                      const char *text, struct pa_problem *problem)
{
    struct pa_scan scan = {.path = path,
                           .text = text,
                           .columns = table->columns,
                           .n_columns = table->n_columns,
                           .pool = &table->pool,
                           .row = keep_row,
                           .context = table};
    int error = pa_scan(&scan, problem);
    table->warning = scan.warning;
    if (error < 0)
        pa_table_free(table);
    return error;
}

int pa_table_read(struct pa_table *table, const char *path,
                  const struct pa_column *columns, size_t n_columns,
                  struct pa_problem *problem)
{
    *table = (struct pa_table){.columns = columns, .n_columns = n_columns};
    return read_table(table, path, NULL, problem);
}

int pa_table_parse(struct pa_table *table, const char *text,
                   const struct pa_column *columns, size_t n_columns,
                   struct pa_problem *problem)
{
    *table = (struct pa_table){.columns = columns, .n_columns = n_columns};
    return read_table(table, "(built in)", text, problem);
}

int64_t pa_count_of(const char *text)
{
    union pa_cell cell;

    return read_integer(&cell, text) == 0 && cell.integer >= 0 ? cell.integer
                                                               : PA_NONE;
}

const union pa_cell *pa_table_row(const struct pa_table *table, size_t row)
{
    return table->cells + row * table->n_columns;
}

struct pb_factors pa_factors_of(const union pa_cell *row)
{
#define CELL_PB_TEXT    text
#define CELL_PB_INTEGER integer
#define TAKE(name, type, unit, fallback, meaning)                              \
    .name = row[PB_FACTOR_##name].CELL_##type,
    return (struct pb_factors){PB_FACTORS(TAKE)};
}

void pa_table_free(struct pa_table *table)
{
    free(table->cells);
    pa_intern_free(&table->pool);
    *table = (struct pa_table){0};
}
