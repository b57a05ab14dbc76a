/* SPDX-License-Identifier: MIT */
#include "run_tables.h"

#include "metrics.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define COLUMNS(NAME, rows, file, columns, holds)                              \
    static const struct pa_column rows##_columns[] = {columns(PA_COLUMN)};     \
    _Static_assert(sizeof(struct pb_##rows##_row) ==                           \
                       PA_ARRAY_SIZE(rows##_columns) * sizeof(union pa_cell),  \
                   "a row is its cells");
PA_RUN_FILES(COLUMNS)

static const struct {
    const char *name;
    const struct pa_column *columns;
    size_t n_columns;
    const char *holds;
} files[] = {
#define FILE_ROW(NAME, rows, file, columns, holds)                             \
    {file, rows##_columns, PA_ARRAY_SIZE(rows##_columns), holds},
    PA_RUN_FILES(FILE_ROW)};

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
    PA_FREED char *path = pa_path(folder, name);

    /* What may not be looked at is there, too: reading it tells why not. */
    return access(path, F_OK) == 0 || errno != ENOENT;
}

int pa_run_file_read(struct pa_table *table, const char *folder,
                     enum pa_run_file file, struct pa_problem *problem)
{
    PA_FREED char *path = pa_path(folder, files[file].name);
    int error = pa_table_read(table, path, files[file].columns,
                              files[file].n_columns, problem);

    /* Without host.csv it is no run at all. */
    if (error < 0 && file != PA_HOST && !strstr(problem->text, "xz -dk") &&
        !pa_file_is_there(folder, files[file].name))
        pa_problem_set(problem,
                       "%.300s: not there; pollbench fit %.300s makes it", path,
                       folder);
    return error;
}

/* A table's cells are its rows; one that is not there has none, and C no sum
 * with NULL. */
static void set_rows(struct pa_run_tables *run)
{
#define SET_ROWS(NAME, rows_, file, columns, holds)                            \
    run->rows_.first = (const void *)run->tables[PA_##NAME].cells;             \
    if (run->rows_.first)                                                      \
        run->rows_.end = run->rows_.first + run->tables[PA_##NAME].n_rows;
    PA_RUN_FILES(SET_ROWS)
}

int pa_run_tables_read_some(struct pa_run_tables *run, const char *folder,
                            unsigned needed, struct pa_problem *problem)
{
    int error = 0;

    *run = (struct pa_run_tables){.folder = folder};
    for (enum pa_run_file i = 0; i < PA_N_RUN_FILES && error == 0; i++)
        if (needed & 1u << i || pa_file_is_there(folder, files[i].name))
            error = pa_run_file_read(&run->tables[i], folder, i, problem);
    if (error < 0 ||
        pa_backend_list_read(&run->backends, folder, problem) < 0 ||
        pa_case_list_read(&run->cases, folder, problem) < 0) {
        pa_run_tables_free(run);
        return -1;
    }
    set_rows(run);
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

const char *pa_host_fact(const struct pa_table *host, const char *key,
                         const char *fallback)
{
    const struct pb_host_row *rows = (const void *)host->cells;

    for (size_t i = host->n_rows; i-- > 0;)
        if (strcmp(rows[i].key, key) == 0 && *rows[i].value)
            return rows[i].value;
    return fallback;
}

const char *pa_run_fact(const struct pa_run_tables *run, const char *key,
                        const char *fallback)
{
    return pa_host_fact(&run->tables[PA_HOST], key, fallback);
}

/* Of kinds of fds, those of most points alone have models of passes. */
int pa_is_model_of(const struct pb_models_row *row, enum pa_model_of what)
{
    int is_cold = what == PA_COLD_LOOK || what == PA_COLD_QUEUE;
    int queues = what == PA_WARM_QUEUE || what == PA_COLD_QUEUE;

    if (what == PA_USUAL_WAIT)
        return row->typical == 1;
    return strcmp(row->cache, is_cold ? "cold" : "warm") == 0 &&
           (row->timeout > 0) == queues &&
           strcmp(row->ready_place, "last") == 0;
}

const char *pa_run_unit(const struct pa_run_tables *run)
{
    return pb_metric_unit(pa_run_fact(run, "counter", ""));
}

int pa_run_is_counted(const struct pa_run_tables *run)
{
    return pb_metric_info(pa_run_fact(run, "counter", ""))->estimator ==
           PB_MINIMUM;
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
