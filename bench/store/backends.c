/* SPDX-License-Identifier: MIT */
#include "backends.h"

#include <errno.h>
#include <pollset.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BACKEND_INDEX(name, type, unit, fallback, meaning) BACKEND_##name,
enum backend_column { PB_BACKENDS(BACKEND_INDEX) BACKEND_COLUMNS };

static const struct pa_column backend_columns[] = {PB_BACKENDS(PA_COLUMN)};

static int by_order(const void *a, const void *b)
{
    const struct pa_backend *left = a, *right = b;

    return (left->order > right->order) - (left->order < right->order);
}

/* What an older file does not say. */
static void ask_library(struct pa_backend_list *list)
{
    struct pollset_backend_info info;

    for (size_t i = 0; i < list->n; i++)
        if (list->backends[i].summary &&
            strcmp(list->backends[i].summary, "unknown") == 0) {
            pollset_backend_find(list->backends[i].name, &info);
            list->backends[i].summary = info.summary;
        }
}

static int take_file(struct pa_backend_list *list, const char *path,
                     struct pa_problem *problem)
{
    if (pa_table_read(&list->table, path, backend_columns, BACKEND_COLUMNS,
                      problem) < 0)
        return -1;
    list->backends = pa_room(list->table.n_rows, sizeof *list->backends);
    for (; list->n < list->table.n_rows; list->n++) {
        const union pa_cell *row = pa_table_row(&list->table, list->n);
        list->backends[list->n] =
            (struct pa_backend){.name = row[BACKEND_name].text,
                                .family = row[BACKEND_family].text,
                                .scans = row[BACKEND_scans].text,
                                .own_fds = row[BACKEND_own_fds].integer,
                                .order = row[BACKEND_order].integer,
                                .summary = row[BACKEND_summary].text};
    }
    ask_library(list);
    qsort(list->backends, list->n, sizeof *list->backends, by_order);
    return 0;
}

static void take_library(struct pa_backend_list *list)
{
    struct pollset_backend_info info;
    unsigned n = 0;

    while (pollset_backend_at(n, &info) == 0)
        n++;
    list->backends = pa_room(n, sizeof *list->backends);
    for (; pollset_backend_at((unsigned)list->n, &info) == 0; list->n++)
        list->backends[list->n] = (struct pa_backend){.name = info.name,
                                                      .family = info.family,
                                                      .scans = info.scans,
                                                      .own_fds = info.own_fds,
                                                      .order = info.order,
                                                      .summary = info.summary};
}

int pa_backend_list_read(struct pa_backend_list *list, const char *folder,
                         struct pa_problem *problem)
{
    PA_FREED char *path = pa_path(folder, "backends.csv");

    *list = (struct pa_backend_list){0};
    if (access(path, F_OK) == 0 || errno != ENOENT)
        return take_file(list, path, problem);
    take_library(list);
    return 0;
}

void pa_backend_list_free(struct pa_backend_list *list)
{
    free(list->backends);
    pa_table_free(&list->table);
    *list = (struct pa_backend_list){0};
}

size_t pa_backend_place(const struct pa_backend_list *list, const char *name)
{
    size_t i = 0;

    while (i < list->n && strcmp(list->backends[i].name, name) != 0)
        i++;
    return i;
}

const struct pa_backend *pa_backend_of(const struct pa_backend_list *list,
                                       const char *name)
{
    size_t i = pa_backend_place(list, name);

    return i < list->n ? &list->backends[i] : NULL;
}

const char *pa_backend_family(const struct pa_backend_list *list,
                              const char *name)
{
    const struct pa_backend *backend = pa_backend_of(list, name);

    return backend ? backend->family : name;
}

int pa_backend_is_head(const struct pa_backend *backend)
{
    return strcmp(backend->name, backend->family) == 0;
}

const struct pa_backend *
pa_backend_head_after(const struct pa_backend_list *list,
                      const struct pa_backend *before)
{
    size_t i = before ? (size_t)(before - list->backends) + 1 : 0;

    while (i < list->n && !pa_backend_is_head(&list->backends[i]))
        i++;
    return i < list->n ? &list->backends[i] : NULL;
}

void pb_backends_write(struct pb_csv *csv)
{
    struct pollset_backend_info info;

    PB_CSV_HEADER(csv, PB_BACKENDS);
    for (unsigned i = 0; pollset_backend_at(i, &info) == 0; i++) {
        pb_csv_integer(csv, info.order);
        pb_csv_text(csv, info.name);
        pb_csv_text(csv, info.family);
        pb_csv_text(csv, info.scans);
        pb_csv_integer(csv, info.own_fds);
        pb_csv_text(csv, info.summary);
        pb_csv_end_row(csv);
    }
}
