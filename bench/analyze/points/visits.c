/* SPDX-License-Identifier: MIT */
#include "visits.h"

#include <stdlib.h>

/* Of one point. */
static int compare(const void *left, const void *right)
{
    const struct pa_batch *a = left, *b = right;

    if (a->invocation != b->invocation)
        return a->invocation < b->invocation ? -1 : 1;
    if (a->round != b->round)
        return a->round < b->round ? -1 : 1;
    return (a->sequence > b->sequence) - (a->sequence < b->sequence);
}

/* Batches of one point in one invocation from the first of the n on. */
static size_t count_cell(const struct pa_batch *batches, size_t n)
{
    size_t i = 1;
    while (i < n && batches[i].point == batches->point &&
           batches[i].invocation == batches->invocation)
        i++;
    return i;
}

/* They are in order but in a file that somebody sorted. */
static void sort_cell(struct pa_batch *cell, size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (compare(&cell[i - 1], &cell[i]) > 0) {
            qsort(cell, n, sizeof *cell, compare);
            return;
        }
}

static int is_other_visit(const struct pa_batch *batch)
{
    return batch[0].round == batch[-1].round &&
           batch[0].sequence != batch[-1].sequence + 1;
}

/* The first batch, by invocation, round and sequence, of a point that was
 * visited before in its round; NULL: there is none. */
static const struct pa_batch *find_second_visit(struct pa_run *run)
{
    const struct pa_batch *first = NULL;
    size_t n_cell;

    for (size_t i = 0; i < run->n_batches; i += n_cell) {
        struct pa_batch *cell = run->batches + i;
        n_cell = count_cell(cell, run->n_batches - i);
        sort_cell(cell, n_cell);
        for (size_t j = 1; j < n_cell; j++)
            if (is_other_visit(&cell[j]) &&
                (!first || compare(&cell[j], first) < 0))
                first = &cell[j];
    }
    return first;
}

/* While the file is scanned once more for the line. */
struct search {
    int64_t invocation;
    const struct pa_batch *second; /* and the one before it */
    int n_met;
};

static int on_row(void *context, const union pa_cell *cells,
                  struct pa_problem *problem)
{
    struct search *search = context;
    const struct pa_batch *second = search->second;

    if (cells[0].integer != search->invocation ||
        cells[1].integer != second->round ||
        (cells[2].integer != second->sequence &&
         cells[2].integer != second[-1].sequence) ||
        ++search->n_met < 2)
        return 0;
    return pa_problem_set(problem,
                          "invocation %lld, round %lld had this point before: "
                          "rows are there twice, or of another run",
                          (long long)search->invocation,
                          (long long)second->round);
}

int pa_visits_check(struct pa_run *run, const char *path,
                    struct pa_problem *problem)
{
    static const struct pa_column columns[] = {{"invocation", PB_INTEGER, ""},
                                               {"round", PB_INTEGER, ""},
                                               {"sequence", PB_INTEGER, ""}};
    struct search search = {.second = find_second_visit(run)};
    struct pa_scan scan = {.path = path,
                           .columns = columns,
                           .n_columns = PA_ARRAY_SIZE(columns),
                           .pool = &run->pool,
                           .row = on_row,
                           .context = &search};

    if (!search.second)
        return 0;
    search.invocation = run->invocation_ids[search.second->invocation];
    int error = pa_scan(&scan, problem);
    return error < 0 ? error
                     : pa_problem_set(problem, "%s changed meanwhile", path);
}
