/* SPDX-License-Identifier: MIT */
#include "origin.h"

#include "differences.h"
#include "need.h"
#include "points.h"
#include "rules.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define OTHER_RUN "a row of another run, or another run's host.csv"

struct pa_seen_slot {
    uint64_t key;
    uint64_t bits;
};

static double bound(int64_t number)
{
    return number == PA_NONE ? NAN : (double)number;
}

/* A resume may leave one invocation unfinished and measure another instead.
 * Runs of many fds used to be made by a program of their own, which counted
 * rounds and series otherwise and did not state how high its fds may be. How
 * many rows a run has that was taken up again is not in every host.csv. */
void pa_origin_begin(struct pa_origin *origin, const struct pa_host *host)
{
    int is_one_farm = host->top_fd != PA_NONE;
    int has_all_rows = host->is_complete && host->n_seams == 0;

    *origin = (struct pa_origin){
        .seed = host->seed,
        .invocations = bound(host->invocations) + (double)host->n_seams,
        .rounds = is_one_farm ? PB_ROUNDS_MOST * bound(host->rounds) : NAN,
        .sequences = is_one_farm ? bound(host->series) : NAN,
        .fds = bound(host->top_fd) + 1,
        .rows = has_all_rows ? bound(host->rows) : NAN};
}

void pa_origin_end(struct pa_origin *origin)
{
    free(origin->seen.slots);
    origin->seen = (struct pa_seen){0};
}

static struct pa_seen_slot *slot_of(const struct pa_seen *seen, uint64_t key)
{
    uint64_t hash = key * 0x9E3779B97F4A7C15u; /* 2^64 by the golden ratio */
    size_t i = (hash ^ hash >> 32) & (seen->n_slots - 1);
    while (seen->slots[i].bits && seen->slots[i].key != key)
        i = (i + 1) & (seen->n_slots - 1);
    return &seen->slots[i];
}

static void grow(struct pa_seen *seen)
{
    struct pa_seen larger = {.n_slots = seen->n_slots ? 2 * seen->n_slots : 64,
                             .n_used = seen->n_used};
    larger.slots = pa_room(larger.n_slots, sizeof *larger.slots);
    for (size_t i = 0; i < seen->n_slots; i++)
        if (seen->slots[i].bits)
            *slot_of(&larger, seen->slots[i].key) = seen->slots[i];
    free(seen->slots);
    *seen = larger;
}

/* Returns whether it is new. The key holds 10 bits of the invocation, 32 of the
 * round, 22 of the sequence. */
static int add(struct pa_seen *seen, const struct pa_occasion *occasion)
{
    uint64_t sequence = (uint64_t)occasion->sequence;
    uint64_t key = (uint64_t)occasion->invocation_index << 54 |
                   (uint64_t)occasion->round << 22 | sequence / 64;
    uint64_t bit = UINT64_C(1) << sequence % 64;

    if (2 * (seen->n_used + 1) > seen->n_slots)
        grow(seen);
    struct pa_seen_slot *slot = slot_of(seen, key);
    if (slot->bits & bit)
        return 0;
    seen->n_used += slot->bits == 0;
    slot->key = key;
    slot->bits |= bit;
    return 1;
}

static int check_bounds(const struct pa_origin *origin,
                        const struct pa_occasion *occasion,
                        struct pa_problem *problem)
{
    const struct {
        const char *name;
        int64_t value;
        double below;
    } bounds[] = {
        {"invocation", occasion->invocation, origin->invocations},
        {"round", occasion->round, origin->rounds},
        {"sequence", occasion->sequence, origin->sequences},
        {"highest_fd", occasion->highest_fd, origin->fds},
    };

    for (size_t i = 0; i < PA_ARRAY_SIZE(bounds); i++)
        if ((double)bounds[i].value >= bounds[i].below)
            return pa_problem_set(problem,
                                  "%s is %lld, but by host.csv it is below "
                                  "%.0f: " OTHER_RUN,
                                  bounds[i].name, (long long)bounds[i].value,
                                  bounds[i].below);
    if ((double)occasion->n_before >= origin->rows)
        return pa_problem_set(problem,
                              "by host.csv there are %.0f rows, and this is "
                              "one more: " OTHER_RUN,
                              origin->rows);
    return 0;
}

/* Where host.csv does not state it, that of the first row counts. */
static int check_seed(struct pa_origin *origin, int64_t seed,
                      struct pa_problem *problem)
{
    if (seed < 0)
        return 0;
    if (origin->seed == PA_NONE)
        origin->seed = seed;
    if (seed == origin->seed)
        return 0;
    return pa_problem_set(problem,
                          "seed is %lld, and not the run's %lld: " OTHER_RUN,
                          (long long)seed, (long long)origin->seed);
}

int pa_origin_check(struct pa_origin *origin,
                    const struct pa_occasion *occasion,
                    struct pa_problem *problem)
{
    if (check_seed(origin, occasion->seed, problem) < 0 ||
        check_bounds(origin, occasion, problem) < 0)
        return -1;
    if (!add(&origin->seen, occasion))
        return pa_problem_set(problem,
                              "invocation %lld, round %lld, sequence %lld was "
                              "there before: rows are there twice, or of "
                              "another run",
                              (long long)occasion->invocation,
                              (long long)occasion->round,
                              (long long)occasion->sequence);
    return 0;
}

int pa_origin_check_end(const struct pa_origin *origin, size_t n_rows,
                        struct pa_problem *problem)
{
    if (isnan(origin->rows) || (double)n_rows >= origin->rows)
        return 0;
    return pa_problem_set(problem,
                          "%zu rows, but by host.csv there are %.0f: rows are "
                          "missing, or it is another run's host.csv",
                          n_rows, origin->rows);
}

/* --- visits -------------------------------------------------------------- */

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

/* --- residue ------------------------------------------------------------- */

/* Factors that say who asked, what was timed, or follow from others. */
static unsigned accounted_for(const struct pa_case *asked)
{
    return asked->varies | pb_factors_with(PB_ASKED) |
           pb_factors_with(PB_TIMED);
}

static unsigned residue_of(const struct pa_point *a, const struct pa_point *b)
{
    return pa_points_differ(a, b) & ~accounted_for(a->asked);
}

static void print_value(char text[64], const struct pb_factors *factors,
                        enum pb_factor factor)
{
    if (pb_factor_infos[factor].type == PB_TEXT)
        snprintf(text, 64, "%.60s", pb_factor_text(factors, factor));
    else
        snprintf(text, 64, "%" PRId64, pb_factor_number(factors, factor));
}

static int complain(const struct pa_point *a, const struct pa_point *b,
                    unsigned residue, struct pa_problem *problem)
{
    enum pb_factor factor = 0;
    char values[2][64];

    while (!(residue & 1u << factor))
        factor++;
    print_value(values[0], &a->factors, factor);
    print_value(values[1], &b->factors, factor);
    return pa_problem_set(
        problem,
        "%s differs within sweep %s (%s, %s), which holds it: are there rows "
        "of another run? Else the case has to say that it varies it",
        pb_factor_infos[factor].name, a->factors.sweep, values[0], values[1]);
}

int pa_residue_check(const struct pa_run *run, struct pa_problem *problem)
{
    /* Points are sorted by sweep: the first of each is what others are held
     * against. */
    const struct pa_point *first = NULL;

    /* Older runs do not say which ranges the user chose. */
    if (run->host.schema < 2)
        return 0;
    for (size_t i = 0; i < run->n_points; i++) {
        const struct pa_point *point = &run->points[i];
        if (!point->asked || !pa_point_is_measured(point))
            continue;
        if (!first || first->asked != point->asked)
            first = point;
        unsigned residue = residue_of(first, point);
        if (residue)
            return complain(first, point, residue, problem);
    }
    return 0;
}
