/* SPDX-License-Identifier: MIT */
/* The descriptor of a Frictionless Data Package: which CSV files there are, and
 * what their columns are, from the lists of schema.h. */
#include "digest.h"
#include "export.h"
#include "run_tables.h"

#include <csv.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct field {
    const char *name;
    enum pb_type type;
    const char *unit, *meaning;
};

#define FILES(X)                                                               \
    X(SAMPLES, samples, "samples.csv", PB_SAMPLES, "every batch, as measured") \
    PA_RUN_FILES(X)
#define FIELD(name, type, unit, fallback, meaning) {#name, type, unit, meaning},
#define FIELDS_OF(NAME, rows, file, columns, holds)                            \
    static const struct field NAME##_fields[] = {columns(FIELD)};
FILES(FIELDS_OF)

static const struct file {
    const char *name, *holds;
    const struct field *fields;
    size_t n_fields;
} files[] = {
#define FILE_ROW(NAME, rows, file, columns, holds)                             \
    {file, holds, NAME##_fields, PA_ARRAY_SIZE(NAME##_fields)},
    FILES(FILE_ROW)};

/* --- columns ------------------------------------------------------------- */

struct header {
    const struct file *file;
    json_t *fields;
    int failed;
};

/* Of a column that is not known here only the name is told. */
static json_t *field_of(const struct file *file, const char *name)
{
    static const char *const types[] = {
        [PB_TEXT] = "string", [PB_INTEGER] = "integer", [PB_REAL] = "number"};

    for (size_t i = 0; i < file->n_fields; i++) {
        const struct field *field = &file->fields[i];
        if (strcmp(field->name, name) == 0)
            return pa_json_with(json_pack("{s:s, s:s, s:s}", "name", name,
                                          "type", types[field->type],
                                          "description", field->meaning),
                                "unit", field->unit);
    }
    return json_pack("{s:s, s:s}", "name", name, "type", "any");
}

static void take_column(void *bytes, size_t n_bytes, void *context)
{
    struct header *header = context;
    char *raw = strndup(bytes ? bytes : "", n_bytes);
    char *name = raw ? pa_utf8(raw) : NULL;

    header->failed |=
        !name ||
        json_array_append_new(header->fields, field_of(header->file, name)) < 0;
    free(raw);
    free(name);
}

/* Returns 0, or -1 if it cannot be read. */
static int read_header(struct header *header, FILE *in)
{
    struct csv_parser parser;
    char *line = NULL;
    size_t capacity = 0;
    ssize_t n = getline(&line, &capacity, in);
    int failed = (n < 0 && !feof(in)) || csv_init(&parser, 0) != 0;

    if (!failed && n > 0) {
        failed = csv_parse(&parser, line, (size_t)n, take_column, NULL,
                           header) != (size_t)n ||
                 csv_fini(&parser, take_column, NULL, header) != 0;
        csv_free(&parser);
    }
    free(line);
    return failed || header->failed ? -1 : 0;
}

/* The columns that a file has, in its order: an older one may lack some. */
static json_t *fields_of(const struct file *file, const char *path)
{
    struct header header = {.file = file, .fields = json_array()};
    FILE *in = fopen(path, "rb");
    int error = in ? read_header(&header, in) : -1;

    if (in)
        fclose(in); /* only read from */
    if (error == 0)
        return header.fields;
    json_decref(header.fields);
    return NULL;
}

/* --- files --------------------------------------------------------------- */

static json_t *resource(const struct file *file, const char *path,
                        json_int_t n_bytes, const char *hex)
{
    int n_stem = (int)strcspn(file->name, ".");

    return json_pack("{s:s, s:s#, s:s, s:s, s:s, s:s, s:s, s:I, s:s++, "
                     "s:{s:o, s:[s]}}",
                     "profile", "tabular-data-resource", "name", file->name,
                     n_stem, "path", file->name, "description", file->holds,
                     "format", "csv", "mediatype", "text/csv", "encoding",
                     "utf-8", "bytes", n_bytes, "hash", "sha256:", hex, "",
                     "schema", "fields", fields_of(file, path), "missingValues",
                     "");
}

/* Add the file to the list, if it is there. */
static int add_file(json_t *resources, const char *folder,
                    const struct file *file, struct pa_problem *problem)
{
    char hex[PA_DIGEST_HEX];
    struct stat status;
    int error = pa_digest_file(folder, file->name, hex, problem);

    if (error != 0)
        return error < 0 ? -1 : 0;
    char *path = pa_path(folder, file->name);
    if (!path)
        return pa_problem_set(problem, "out of memory");
    if (stat(path, &status) < 0) {
        pa_problem_set(problem, "%s", strerror(errno));
        error = pa_problem_at(problem, path, 0);
    } else if (json_array_append_new(
                   resources, resource(file, path, status.st_size, hex)) < 0) {
        pa_problem_set(problem, "its header cannot be read");
        error = pa_problem_at(problem, path, 0);
    }
    free(path);
    return error;
}

int pa_export_datapackage(struct pb_csv *out, const char *folder,
                          struct pa_problem *problem)
{
    char id[PA_RUN_ID_HEX];

    if (pa_run_id(folder, id, problem) < 0)
        return -1;
    json_t *resources = json_array();
    for (size_t i = 0; i < PA_ARRAY_SIZE(files); i++)
        if (add_file(resources, folder, &files[i], problem) < 0) {
            json_decref(resources);
            return -1;
        }
    json_t *package = json_pack(
        "{s:s, s:s+, s:s, s:o}", "profile", "tabular-data-package", "name",
        "pollbench-", id, "title",
        "How the cost of select, poll and epoll grows: a run of pollbench",
        "resources", resources);
    int error = pa_json_put(out, package, JSON_INDENT(1), problem);
    pb_csv_append(out, "\n", 1);
    return error;
}
