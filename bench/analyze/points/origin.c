/* SPDX-License-Identifier: MIT */
#include "origin.h"

#include "rules.h"
#include "samples.h"

#include <math.h>
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

static int grow(struct pa_seen *seen)
{
    struct pa_seen larger = {.n_slots = seen->n_slots ? 2 * seen->n_slots : 64,
                             .n_used = seen->n_used};
    larger.slots = calloc(larger.n_slots, sizeof *larger.slots);
    if (!larger.slots)
        return -1;
    for (size_t i = 0; i < seen->n_slots; i++)
        if (seen->slots[i].bits)
            *slot_of(&larger, seen->slots[i].key) = seen->slots[i];
    free(seen->slots);
    *seen = larger;
    return 0;
}

/* Returns 1 if it is new, 0 if it was there, -1 without memory. The key holds
 * 10 bits of the invocation, 32 of the round, 22 of the sequence. */
static int add(struct pa_seen *seen, const struct pa_occasion *occasion)
{
    uint64_t sequence = (uint64_t)occasion->sequence;
    uint64_t key = (uint64_t)occasion->invocation_index << 54 |
                   (uint64_t)occasion->round << 22 | sequence / 64;
    uint64_t bit = UINT64_C(1) << sequence % 64;

    if (2 * (seen->n_used + 1) > seen->n_slots && grow(seen) < 0)
        return -1;
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
    int is_new = add(&origin->seen, occasion);
    if (is_new < 0)
        return pa_problem_set(problem, "out of memory");
    if (!is_new)
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
