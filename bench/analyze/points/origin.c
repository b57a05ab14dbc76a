/* SPDX-License-Identifier: MIT */
/* Whether rows are of the run that host.csv tells of, each there once. */
#include "need.h"
#include "points.h"
#include "rules.h"
#include "run_tables.h"

#include <math.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define OTHER_RUN "a row of another run, or another run's host.csv"

/* Of rows that were seen: 64 that follow one another are a bit each. */
struct pa_seen {
    uint64_t key, bits;
};

/* A resume may leave one invocation unfinished and measure another instead.
 * Runs of many fds used to be made by a program of their own, which counted
 * rounds and series otherwise and did not state how high its fds may be. How
 * many rows a run has that was taken up again is not in every host.csv. */
void pa_origin_begin(struct pa_origin *origin, const struct pa_table *host)
{
    double fds = pa_host_number(host, "highest_fd_possible") + 1;
    double n_seams = (double)pa_host_seams(host);
    const char *most = *pa_host_fact(host, "invocations_most", "")
                           ? "invocations_most"
                           : "invocations";
    int is_whole = strcmp(pa_host_fact(host, "complete", ""), "yes") == 0;

    *origin = (struct pa_origin){
        .seed = pa_count_of(pa_host_fact(host, "seed", "")),
        .invocations = pa_host_number(host, most) + n_seams,
        .rounds =
            isnan(fds) ? NAN : PB_ROUNDS_MOST * pa_host_number(host, "rounds"),
        .sequences = isnan(fds) ? NAN : pa_host_number(host, "series"),
        .fds = fds,
        .rows = is_whole && n_seams == 0 ? pa_host_number(host, "rows") : NAN};
}

void pa_origin_end(struct pa_origin *origin)
{
    tdestroy(origin->seen, free);
    origin->seen = NULL;
}

static int compare_seen(const void *a, const void *b)
{
    const struct pa_seen *left = a, *right = b;

    return (left->key > right->key) - (left->key < right->key);
}

/* Returns whether it is new. The key holds 10 bits of the invocation, 32 of the
 * round, 22 of the sequence. */
static int add(struct pa_origin *origin, const struct pb_samples_row *row,
               uint64_t invocation)
{
    uint64_t sequence = (uint64_t)row->sequence;
    uint64_t bit = UINT64_C(1) << sequence % 64;
    struct pa_seen wanted = {
        invocation << 54 | (uint64_t)row->round << 22 | sequence / 64, 0};

    if (!origin->last || origin->last->key != wanted.key) {
        struct pa_seen *part = pa_room(1, sizeof *part);
        *part = wanted;
        struct pa_seen **found =
            pa_need(tsearch(part, &origin->seen, compare_seen));
        if (*found != part)
            free(part);
        origin->last = *found;
    }
    int is_new = !(origin->last->bits & bit);
    origin->last->bits |= bit;
    return is_new;
}

static int check_bounds(const struct pa_origin *origin,
                        const struct pb_samples_row *row,
                        struct pa_problem *problem)
{
    const struct {
        const char *name;
        int64_t value;
        double below;
    } bounds[] = {
        {"invocation", row->invocation, origin->invocations},
        {"round", row->round, origin->rounds},
        {"sequence", row->sequence, origin->sequences},
        {"highest_fd", row->highest_fd, origin->fds},
    };

    for (size_t i = 0; i < PA_ARRAY_SIZE(bounds); i++)
        if ((double)bounds[i].value >= bounds[i].below)
            return pa_problem_set(problem,
                                  "%s is %lld, but by host.csv it is below "
                                  "%.0f: " OTHER_RUN,
                                  bounds[i].name, (long long)bounds[i].value,
                                  bounds[i].below);
    if ((double)origin->n_rows >= origin->rows)
        return pa_problem_set(problem,
                              "by host.csv there are %.0f rows, and this is "
                              "one more: " OTHER_RUN,
                              origin->rows);
    return 0;
}

int pa_origin_check(struct pa_origin *origin, const struct pb_samples_row *row,
                    uint64_t invocation, struct pa_problem *problem)
{
    /* Where host.csv does not state it, that of the first row counts. */
    if (origin->seed == PA_NONE && row->seed >= 0)
        origin->seed = row->seed;
    if (row->seed >= 0 && row->seed != origin->seed)
        return pa_problem_set(
            problem, "seed is %lld, and not the run's %lld: " OTHER_RUN,
            (long long)row->seed, (long long)origin->seed);
    if (check_bounds(origin, row, problem) < 0)
        return -1;
    if (!add(origin, row, invocation))
        return pa_problem_set(problem,
                              "invocation %lld, round %lld, sequence %lld was "
                              "there before: rows are there twice, or of "
                              "another run",
                              (long long)row->invocation, (long long)row->round,
                              (long long)row->sequence);
    origin->n_rows++;
    return 0;
}

int pa_origin_check_end(const struct pa_origin *origin,
                        struct pa_problem *problem)
{
    if (isnan(origin->rows) || (double)origin->n_rows >= origin->rows)
        return 0;
    return pa_problem_set(problem,
                          "%zu rows, but by host.csv there are %.0f: rows are "
                          "missing, or it is another run's host.csv",
                          origin->n_rows, origin->rows);
}

/* --- visits -------------------------------------------------------------- */

/* The first batch, by invocation, round and sequence, of a point that was
 * visited before in its round; NULL: there is none. */
static const struct pa_batch *find_second_visit(const struct pa_run *run)
{
    const struct pa_batch *first = NULL;

    for (size_t i = 1; i < run->n_batches; i++) {
        const struct pa_batch *batch = &run->batches[i];
        struct pa_batch like = first ? *first : *batch;
        like.point = batch->point; /* whatever their points are */
        if (batch[0].point == batch[-1].point &&
            batch[0].invocation == batch[-1].invocation &&
            batch[0].round == batch[-1].round &&
            batch[0].sequence != batch[-1].sequence + 1 &&
            (!first || pa_batch_order(batch, &like) < 0))
            first = batch;
    }
    return first;
}

int pa_visits_check(const struct pa_run *run, const char *path,
                    struct pa_problem *problem)
{
    const struct pa_batch *second = find_second_visit(run);

    if (!second)
        return 0;
    return pa_problem_set(
        problem,
        "%s: invocation %lld, round %lld, sequence %lld had "
        "this point before: rows are there twice, or of "
        "another run",
        path, (long long)run->invocation_ids[second->invocation],
        (long long)second->round, (long long)second->sequence);
}

/* --- residue ------------------------------------------------------------- */

int pa_residue_check(const struct pa_run *run, struct pa_problem *problem)
{
    /* Points are sorted by sweep: the first of each is what others are held
     * against. */
    const struct pa_point *first = NULL;
    unsigned apart = pb_factors_with(PB_ASKED) | pb_factors_with(PB_TIMED);

    /* Older runs do not say which ranges the user chose. */
    if (!(pa_host_number(&run->host, "schema") >= 2))
        return 0;
    for (size_t i = 0; i < run->n_points; i++) {
        const struct pa_point *point = &run->points[i];
        if (!point->asked || !pa_point_is_measured(point))
            continue;
        if (!first || first->asked != point->asked)
            first = point;
        unsigned residue =
            pa_points_differ(first, point) & ~(point->asked->varies | apart);
        enum pb_factor factor = (enum pb_factor)(ffs((int)residue) - 1);
        char ours[PA_NUMBER_BYTES], other[PA_NUMBER_BYTES];
        if (residue)
            return pa_problem_set(
                problem,
                "%s differs within sweep %s (%.60s, %.60s), which holds it: "
                "are there rows of another run? Else the case has to say that "
                "it varies it",
                pb_factor_infos[factor].name, point->factors.sweep,
                pa_value_text(&first->factors, factor, ours),
                pa_value_text(&point->factors, factor, other));
    }
    return 0;
}
