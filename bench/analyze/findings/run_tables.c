/* SPDX-License-Identifier: MIT */
#include "run_tables.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PA_COLUMNS_OF(NAME, file, columns, holds)                              \
    static const struct pa_column NAME##_columns[] = {columns(PA_COLUMN)};
PA_RUN_FILES(PA_COLUMNS_OF)

static const struct {
    const char *name;
    const struct pa_column *columns;
    size_t n_columns;
    const char *holds;
} files[] = {
#define PA_FILE_ROW(NAME, file, columns, holds)                                \
    {file, NAME##_columns, PA_ARRAY_SIZE(NAME##_columns), holds},
    PA_RUN_FILES(PA_FILE_ROW)};

const char *pa_run_file_name(enum pa_run_file file)
{
    return files[file].name;
}

const char *pa_run_file_holds(enum pa_run_file file)
{
    return files[file].holds;
}

int pa_file_is_there(const char *folder, const char *name)
{
    char path[PATH_MAX];
    int n = snprintf(path, sizeof path, "%s/%s", folder, name);

    /* What may not be looked at is there, too: reading it tells why not. */
    return n < 0 || (size_t)n >= sizeof path || access(path, F_OK) == 0 ||
           errno != ENOENT;
}

static int read_one(struct pa_run_tables *run, enum pa_run_file file,
                    int is_there, struct pa_problem *problem)
{
    char *path = pa_path(run->folder, files[file].name);

    if (!path)
        return pa_problem_set(problem, "out of memory");
    if (!is_there && file != PA_HOST) { /* without that it is no run at all */
        pa_problem_set(problem,
                       "%.300s: not there; pollbench fit %.300s makes it", path,
                       run->folder);
        free(path);
        return -1;
    }
    int error = pa_table_read(&run->tables[file], path, files[file].columns,
                              files[file].n_columns, problem);
    free(path);
    return error;
}

int pa_run_tables_read_some(struct pa_run_tables *run, const char *folder,
                            unsigned needed, struct pa_problem *problem)
{
    *run = (struct pa_run_tables){.folder = folder};
    for (enum pa_run_file i = 0; i < PA_N_RUN_FILES; i++) {
        int is_there = pa_file_is_there(folder, files[i].name);
        if (!is_there && !(needed & 1u << i))
            continue;
        if (read_one(run, i, is_there, problem) < 0) {
            pa_run_tables_free(run);
            return -1;
        }
    }
    if (pa_backend_list_read(&run->backends, folder, problem) < 0 ||
        pa_case_list_read(&run->cases, folder, problem) < 0) {
        pa_run_tables_free(run);
        return -1;
    }
    return 0;
}

int pa_run_tables_read(struct pa_run_tables *run, const char *folder,
                       struct pa_problem *problem)
{
    return pa_run_tables_read_some(run, folder, 1u << PA_HOST | 1u << PA_POINTS,
                                   problem);
}

void pa_run_tables_free(struct pa_run_tables *run)
{
    for (size_t i = 0; i < PA_N_RUN_FILES; i++)
        pa_table_free(&run->tables[i]);
    pa_backend_list_free(&run->backends);
    pa_case_list_free(&run->cases);
}

size_t pa_run_rows(const struct pa_run_tables *run, enum pa_run_file file)
{
    return run->tables[file].n_rows;
}

const union pa_cell *pa_run_row(const struct pa_run_tables *run,
                                enum pa_run_file file, size_t row)
{
    return pa_table_row(&run->tables[file], row);
}

const char *pa_run_fact(const struct pa_run_tables *run, const char *key,
                        const char *fallback)
{
    for (size_t i = pa_run_rows(run, PA_HOST); i-- > 0;) {
        const union pa_cell *row = pa_run_row(run, PA_HOST, i);
        if (strcmp(row[HOST_key].text, key) == 0 && *row[HOST_value].text)
            return row[HOST_value].text;
    }
    return fallback;
}

int pa_has_word(const char *text, const char *word)
{
    size_t n_bytes = strlen(word);

    while (*text) {
        size_t n = strcspn(text, " ");
        if (n == n_bytes && memcmp(text, word, n) == 0)
            return 1;
        text += n + strspn(text + n, " ");
    }
    return 0;
}
