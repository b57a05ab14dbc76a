/* SPDX-License-Identifier: MIT */
#include "visits.h"

static int is_other_visit(const struct pa_batch *batch)
{
    return batch[0].point == batch[-1].point &&
           batch[0].invocation == batch[-1].invocation &&
           batch[0].round == batch[-1].round &&
           batch[0].sequence != batch[-1].sequence + 1;
}

/* Whatever their points are. */
static int is_before(const struct pa_batch *a, struct pa_batch b)
{
    b.point = a->point;
    return pa_batch_order(a, &b) < 0;
}

/* The first batch, by invocation, round and sequence, of a point that was
 * visited before in its round; NULL: there is none. */
static const struct pa_batch *find_second_visit(const struct pa_run *run)
{
    const struct pa_batch *first = NULL;

    for (size_t i = 1; i < run->n_batches; i++) {
        const struct pa_batch *batch = &run->batches[i];
        if (is_other_visit(batch) && (!first || is_before(batch, *first)))
            first = batch;
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
