/* SPDX-License-Identifier: MIT */
#include "cases.h"

#include "need.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* results/cases.csv: of every case there was when this was built. */
extern const char pa_cases_csv[];

#define CASE_INDEX(name, type, unit, fallback, meaning) CASE_##name,
enum case_column { PB_CASES(CASE_INDEX) CASE_COLUMNS };

static const struct pa_column case_columns[] = {PB_CASES(PA_COLUMN)};

static int take_varies(struct pa_case *declared, const char *varies,
                       struct pa_problem *problem)
{
    PA_FREED char *words = pa_format("%s", varies);
    char *rest = words;
    int error = 0;

    declared->axis = PB_N_FACTORS;
    while (rest && error == 0) {
        char *word = strsep(&rest, " ");
        enum pb_factor factor = pb_factor_of(word);
        if (!*word)
            continue;
        if (factor == PB_N_FACTORS)
            error = pa_problem_set(problem,
                                   "sweep %s varies %s, which this program "
                                   "does not know: use the one that is of the "
                                   "same version as the run",
                                   declared->sweep, word);
        else if (declared->axis == PB_N_FACTORS)
            declared->axis = factor;
        declared->varies |= 1u << factor;
    }
    return error;
}

static int take_rows(struct pa_case_list *list, struct pa_problem *problem)
{
    list->cases = pa_room(list->table.n_rows, sizeof *list->cases);
    for (; list->n < list->table.n_rows; list->n++) {
        const union pa_cell *row = pa_table_row(&list->table, list->n);
        struct pa_case *declared = &list->cases[list->n];
        *declared = (struct pa_case){.sweep = row[CASE_sweep].text,
                                     .question = row[CASE_question].text,
                                     .held_fixed = row[CASE_held_fixed].text,
                                     .not_for = row[CASE_not_for].text,
                                     .figure = row[CASE_figure].text,
                                     .compares = row[CASE_compares].text};
        if (take_varies(declared, row[CASE_varies].text, problem) < 0)
            return -1;
    }
    return 0;
}

int pa_case_list_read(struct pa_case_list *list, const char *folder,
                      struct pa_problem *problem)
{
    PA_FREED char *path = pa_path(folder, "cases.csv");
    int is_there = access(path, F_OK) == 0 || errno != ENOENT;

    *list = (struct pa_case_list){0};
    int error = is_there ? pa_table_read(&list->table, path, case_columns,
                                         CASE_COLUMNS, problem)
                         : pa_table_parse(&list->table, pa_cases_csv,
                                          case_columns, CASE_COLUMNS, problem);
    if (error == 0 && take_rows(list, problem) < 0) {
        error = pa_problem_at(problem, path, 0);
        pa_case_list_free(list);
    }
    return error;
}

void pa_case_list_free(struct pa_case_list *list)
{
    free(list->cases);
    pa_table_free(&list->table);
    *list = (struct pa_case_list){0};
}

const struct pa_case *pa_case_of(const struct pa_case_list *list,
                                 const char *sweep)
{
    for (size_t i = 0; i < list->n; i++)
        if (strcmp(list->cases[i].sweep, sweep) == 0)
            return &list->cases[i];
    return NULL;
}

void pa_cases_write(struct pb_csv *csv)
{
    pb_csv_append(csv, pa_cases_csv, strlen(pa_cases_csv));
}
