/* SPDX-License-Identifier: MIT */
/* From a claim's base point, in words, to a series or a point of the run. */
#include "claims_parts.h"
#include "need.h"
#include "points.h"
#include "rules.h"

/* What the points of a base point share, the variable apart, and how many there
 * are: how good it is as one. */
struct choice {
    struct pb_factors like;
    unsigned free; /* sum of PB_BIT(): of these factors any value will do */
    size_t n_points;
};

int pa_base_word_is_valid(const char *word)
{
    return !*word || pa_has_word("max lowest any each all", word) ||
           pa_count_of(word) != PA_NONE;
}

/* A number that is given has to be the value, to within a block. */
static int is_given(const char *word, int64_t value, int64_t block)
{
    int64_t number = pa_count_of(word);
    return number == PA_NONE || number / block == value / block;
}

/* Whether these are the values given in numbers, the variable's apart. */
static int has_given_values(const struct pa_trial *trial,
                            const struct pb_factors *factors)
{
    const struct pa_claim *claim = trial->claim;
    enum pb_factor variable = trial->variable;

    if (variable != PB_FACTOR_ready_count && pa_is(claim->ready_count, "all") &&
        factors->ready_count != factors->fd_count)
        return 0;
    return (variable == PB_FACTOR_highest_fd ||
            is_given(claim->highest_fd, factors->highest_fd, PB_FD_BLOCK)) &&
           (variable == PB_FACTOR_fd_count ||
            is_given(claim->fd_count, factors->fd_count, 1)) &&
           (variable == PB_FACTOR_ready_count ||
            is_given(claim->ready_count, factors->ready_count, 1));
}

/* What is of the claim's kind and has the values that it gives. */
static int is_meant(const struct pa_trial *trial,
                    const struct pb_factors *factors)
{
    return pa_is(factors->backend, trial->claim->backend) &&
           pa_is(factors->stage, trial->claim->stage) &&
           pa_is(factors->layout, trial->claim->layout) &&
           has_given_values(trial, factors);
}

static int may_be_used(const struct pa_trial *trial,
                       const struct pa_point *point)
{
    const struct pa_claim *claim = trial->claim;

    return pa_point_is_usable(point) && !(point->flags & PA_CONTENDED) &&
           is_meant(trial, &point->factors) &&
           pa_held_matches(trial->run, claim->held, trial->variable,
                           &point->factors) &&
           (!*claim->other || pa_partner(trial->run, point, claim->other));
}

static void let_free(struct choice *choice, enum pb_factor factor)
{
    choice->free |= 1u << factor;
    choice->like = pb_factors_without(choice->like, factor);
}

/* Of points that may be used. */
static struct choice choice_of(const struct pa_trial *trial,
                               const struct pb_factors *factors)
{
    struct choice choice = {*factors, pb_factors_with(PB_ASKED), 0};

    if (trial->variable != PB_N_FACTORS)
        let_free(&choice, trial->variable);
    if (pa_is(trial->claim->highest_fd, "lowest"))
        let_free(&choice, PB_FACTOR_highest_fd);
    if (trial->variable == PB_FACTOR_fd_count) {
        let_free(&choice, PB_FACTOR_occupied_words);
        if (pa_is(trial->claim->ready_count, "all"))
            let_free(&choice, PB_FACTOR_ready_count);
    }
    return choice;
}

static int order_of(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

/* -1, 0 or 1: whether value a is a worse choice than b for that word. */
static int compare_word(const char *word, int64_t a, int64_t b)
{
    if (pa_is(word, "max") || pa_is(word, "all"))
        return order_of(a, b);
    return pa_is(word, "lowest") ? order_of(b, a) : 0;
}

/* A line needs points: the largest M at which two points happen to lie is no
 * base. */
static int is_better(const struct pa_trial *trial, const struct choice *a,
                     const struct choice *b)
{
    const struct pa_claim *claim = trial->claim;
    const struct pb_factors *x = &a->like, *y = &b->like;
    int is_line = trial->variable != PB_N_FACTORS;
    const int orders[] = {
        is_line * order_of(a->n_points >= PB_BASE_POINTS,
                           b->n_points >= PB_BASE_POINTS),
        compare_word(claim->fd_count, x->fd_count, y->fd_count),
        compare_word(claim->ready_count, x->ready_count, y->ready_count),
        compare_word(claim->highest_fd, x->highest_fd, y->highest_fd),
        order_of((int64_t)a->n_points, (int64_t)b->n_points),
        order_of(y->occupied_words, x->occupied_words)};
    size_t i = 0;

    while (i + 1 < PA_ARRAY_SIZE(orders) && orders[i] == 0)
        i++;
    return orders[i] > 0;
}

/* Those that match, moved to the front of kept where that is not NULL. */
static size_t count(const struct pa_series *usable, const struct choice *choice,
                    const struct pa_point **kept)
{
    size_t n = 0;

    for (size_t i = 0; i < usable->n_points; i++)
        if (!(pa_factors_apart(&choice->like, &usable->points[i]->factors) &
              ~choice->free)) {
            if (kept)
                kept[n] = usable->points[i];
            n++;
        }
    return n;
}

static struct choice choose(const struct pa_series *usable,
                            const struct pa_trial *trial)
{
    struct choice best = {0};

    for (size_t i = 0; i < usable->n_points; i++) {
        /* The analyzer takes points that were never counted for there.
         * NOLINTNEXTLINE(clang-analyzer-core.uninitialized.Assign) */
        const struct pb_factors *factors = &usable->points[i]->factors;
        struct choice choice = choice_of(trial, factors);
        choice.n_points = count(usable, &choice, NULL);
        /* Of a single point "lowest" is a value like any other. */
        if (trial->variable == PB_N_FACTORS) {
            choice.like.highest_fd = factors->highest_fd;
            choice.free &= ~PB_BIT(highest_fd);
        }
        if (i == 0 || is_better(trial, &choice, &best))
            best = choice;
    }
    return best;
}

void pa_base_series(struct pa_series *series, const struct pa_trial *trial)
{
    const struct pa_run *run = trial->run;

    *series = (struct pa_series){
        .variable = trial->variable == PB_N_FACTORS ? PB_FACTOR_fd_count
                                                    : trial->variable,
        .points = pa_room(run->n_points, sizeof *series->points)};
    for (size_t i = 0; i < run->n_points; i++)
        if (may_be_used(trial, &run->points[i]))
            series->points[series->n_points++] = &run->points[i];
    struct choice best = choose(series, trial);
    series->n_points = count(series, &best, series->points);
    pa_series_sort(series); /* of a single point, one is left */
}

int pa_base_has(const struct pa_trial *trial, const struct pa_growth *growth)
{
    const char *held = trial->claim->held;

    return growth->variable == trial->variable &&
           is_meant(trial, &growth->base) &&
           (*held ? pa_held_matches(trial->run, held, trial->variable,
                                    &growth->base)
                  : growth->is_typical);
}

const struct pa_growth *pa_base_growth(const struct pa_trial *trial)
{
    const struct pa_growths *growths = trial->growths;
    const struct pa_growth *best = NULL;
    struct choice best_choice = {0};

    for (size_t i = 0; i < growths->n_growths; i++) {
        const struct pa_growth *growth = &growths->growths[i];
        if (!pa_base_has(trial, growth))
            continue;
        struct choice choice = choice_of(trial, &growth->base);
        choice.n_points = growth->n_points;
        if (!best || is_better(trial, &choice, &best_choice)) {
            best = growth;
            best_choice = choice;
        }
    }
    return best;
}
