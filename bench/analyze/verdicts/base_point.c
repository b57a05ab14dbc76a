/* SPDX-License-Identifier: MIT */
#include "base_point.h"

#include "held.h"
#include "need.h"
#include "pairs.h"
#include "points.h"
#include "rules.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Values of the fixed factors, and how good they are as a base point. */
struct choice {
    int64_t highest_fd, fd_count, ready_count; /* PA_ANY: the variable */
    int64_t occupied_words; /* PA_ANY: they follow the variable */
    const struct pb_factors *held;
    size_t n_points;
};

static int is_word(const char *word, const char *meaning)
{
    return strcmp(word, meaning) == 0;
}

int pa_base_word_is_valid(const char *word)
{
    return !*word || is_word(word, "max") || is_word(word, "lowest") ||
           is_word(word, "any") || is_word(word, "each") ||
           is_word(word, "all") || pa_count_of(word) != PA_NONE;
}

static int is_given(const char *word, int64_t value)
{
    int64_t number = pa_count_of(word);
    return number == PA_NONE || number == value;
}

/* M is the same to within a block. */
static int is_given_block(const char *word, int64_t value)
{
    int64_t number = pa_count_of(word);
    return number == PA_NONE || number / PB_FD_BLOCK == value / PB_FD_BLOCK;
}

/* Whether these are the values given in numbers, the variable's apart. */
static int has_given_values(const struct pa_base *base,
                            const struct pb_factors *factors)
{
    if (is_word(base->ready_count, "all") &&
        base->variable != PB_FACTOR_ready_count &&
        factors->ready_count != factors->fd_count)
        return 0;
    return (base->variable == PB_FACTOR_highest_fd ||
            is_given_block(base->highest_fd, factors->highest_fd)) &&
           (base->variable == PB_FACTOR_fd_count ||
            is_given(base->fd_count, factors->fd_count)) &&
           (base->variable == PB_FACTOR_ready_count ||
            is_given(base->ready_count, factors->ready_count));
}

static int is_of_kind(const struct pa_base *base,
                      const struct pb_factors *factors)
{
    return strcmp(factors->backend, base->backend) == 0 &&
           strcmp(factors->stage, base->stage) == 0 &&
           strcmp(factors->layout, base->layout) == 0;
}

static int may_be_used(const struct pa_run *run, const struct pa_base *base,
                       const struct pa_point *point)
{
    const struct pb_factors *factors = &point->factors;

    return pa_point_is_usable(point) && !(point->flags & PA_CONTENDED) &&
           pa_held_matches(run, base->held, base->variable, factors) &&
           is_of_kind(base, factors) && has_given_values(base, factors) &&
           (!*base->other || pa_partner(run, point, base->other));
}

static struct pa_filter filter_of(const struct pa_base *base,
                                  const struct choice *choice)
{
    return (struct pa_filter){
        .held = choice->held,
        .released = base->variable == PB_N_FACTORS ? 0 : 1u << base->variable,
        .backend = base->backend,
        .stage = base->stage,
        .layout = base->layout,
        .highest_fd = choice->highest_fd,
        .fd_count = choice->fd_count,
        .ready_count = choice->ready_count,
        .occupied_words = choice->occupied_words};
}

static struct choice choice_of(const struct pa_base *base,
                               const struct pb_factors *factors)
{
    int follows = base->variable == PB_FACTOR_fd_count &&
                  (is_word(base->ready_count, "all"));

    return (struct choice){
        .highest_fd = base->variable == PB_FACTOR_highest_fd ||
                              is_word(base->highest_fd, "lowest")
                          ? PA_ANY
                          : factors->highest_fd,
        .fd_count =
            base->variable == PB_FACTOR_fd_count ? PA_ANY : factors->fd_count,
        .ready_count = base->variable == PB_FACTOR_ready_count || follows
                           ? PA_ANY
                           : factors->ready_count,
        .occupied_words = base->variable == PB_FACTOR_fd_count
                              ? PA_ANY
                              : factors->occupied_words,
        .held = factors};
}

/* -1, 0 or 1: whether value a is a worse choice than b for that word. */
static int compare_word(const char *word, int64_t a, int64_t b)
{
    int order = (a > b) - (a < b);

    if (is_word(word, "max") || is_word(word, "all"))
        return order;
    return is_word(word, "lowest") ? -order : 0;
}

/* A line needs points: the largest M at which two points happen to lie is no
 * base. */
static int is_better(const struct pa_base *base, const struct choice *a,
                     const struct choice *b)
{
    int a_is_line = a->n_points >= PB_BASE_POINTS;
    int b_is_line = b->n_points >= PB_BASE_POINTS;
    int order = 0;

    if (base->variable != PB_N_FACTORS)
        order = a_is_line - b_is_line;
    if (!order)
        order = compare_word(base->fd_count, a->fd_count, b->fd_count);
    if (!order)
        order = compare_word(base->ready_count, a->ready_count, b->ready_count);
    if (!order)
        order = compare_word(base->highest_fd, a->highest_fd, b->highest_fd);
    if (!order)
        order = (a->n_points > b->n_points) - (a->n_points < b->n_points);
    if (!order)
        order = (a->occupied_words < b->occupied_words) -
                (a->occupied_words > b->occupied_words);
    return order > 0;
}

static size_t count(const struct pa_series *usable,
                    const struct pa_filter *filter)
{
    size_t n = 0;

    for (size_t i = 0; i < usable->n_points; i++)
        n += (size_t)pa_filter_matches(filter, usable->points[i]);
    return n;
}

static struct choice choose(const struct pa_series *usable,
                            const struct pa_base *base)
{
    struct choice best = {0};

    for (size_t i = 0; i < usable->n_points; i++) {
        /* The analyzer takes points that were never counted for there.
         * NOLINTNEXTLINE(clang-analyzer-core.uninitialized.Assign) */
        const struct pb_factors *factors = &usable->points[i]->factors;
        struct choice choice = choice_of(base, factors);
        struct pa_filter filter = filter_of(base, &choice);
        choice.n_points = count(usable, &filter);
        /* Of a single point "lowest" is a value like any other. */
        if (base->variable == PB_N_FACTORS)
            choice.highest_fd = factors->highest_fd;
        if (i == 0 || is_better(base, &choice, &best))
            best = choice;
    }
    return best;
}

static void keep_chosen(struct pa_series *series,
                        const struct pa_filter *filter)
{
    size_t n = 0;

    for (size_t i = 0; i < series->n_points; i++)
        if (pa_filter_matches(filter, series->points[i]))
            series->points[n++] = series->points[i];
    series->n_points = n;
}

void pa_base_series(struct pa_series *series, const struct pa_run *run,
                    const struct pa_base *base)
{
    int is_point = base->variable == PB_N_FACTORS;

    *series = (struct pa_series){
        .variable = is_point ? PB_FACTOR_fd_count : base->variable,
        .points = pa_room(run->n_points, sizeof *series->points)};
    for (size_t i = 0; i < run->n_points; i++)
        if (may_be_used(run, base, &run->points[i]))
            series->points[series->n_points++] = &run->points[i];
    struct choice choice = choose(series, base);
    struct pa_filter filter = filter_of(base, &choice);
    if (is_point)
        filter.highest_fd = choice.highest_fd;
    keep_chosen(series, &filter);
    pa_series_sort(series); /* of a single point, one is left */
}

int pa_base_has(const struct pa_base *base, const struct pa_growth *growth)
{
    return growth->variable == base->variable &&
           is_of_kind(base, &growth->base) &&
           has_given_values(base, &growth->base) &&
           (*base->held ? pa_held_matches(base->run, base->held, base->variable,
                                          &growth->base)
                        : growth->is_typical);
}

const struct pa_growth *pa_base_growth(const struct pa_growths *growths,
                                       const struct pa_base *base)
{
    const struct pa_growth *best = NULL;
    struct choice best_choice = {0};

    for (size_t i = 0; i < growths->n_growths; i++) {
        const struct pa_growth *growth = &growths->growths[i];
        if (!pa_base_has(base, growth))
            continue;
        struct choice choice = choice_of(base, &growth->base);
        choice.n_points = growth->n_points;
        if (!best || is_better(base, &choice, &best_choice)) {
            best = growth;
            best_choice = choice;
        }
    }
    return best;
}
