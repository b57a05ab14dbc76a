/* SPDX-License-Identifier: MIT */
#include "compare.h"

#include "need.h"
#include "rules.h"
#include "samples.h"

#include <math.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

/* --- a quantity in a column ---------------------------------------------- */

/* A column's runs that count, and those of their numbers that there are. */
struct sample {
    const struct pa_value *values[PA_RUNS_MAX];
    size_t n_runs;
    double numbers[PA_RUNS_MAX];
    size_t n;
};

static double scaled(const struct pa_quantity *quantity, double number)
{
    return quantity->is_log ? log(number) : number;
}

static struct pa_interval unscaled(const struct pa_quantity *quantity,
                                   struct pa_interval interval)
{
    return quantity->is_log ? pa_exp_interval(interval) : interval;
}

/* Runs that are not settled count where the column has no other. */
static void gather(const struct pa_comparison *by,
                   const struct pa_quantity *quantity, size_t column,
                   struct sample *sample)
{
    sample->n = sample->n_runs = 0;
    for (size_t r = 0; r < by->n_runs; r++) {
        const struct pa_value *value = &quantity->in_run[r];
        if (by->runs[r].column != column || !value->is_known ||
            (by->columns[column].n_settled > 0 && !by->runs[r].is_settled))
            continue;
        sample->values[sample->n_runs++] = value;
        if (!isnan(value->number.value))
            sample->numbers[sample->n++] =
                scaled(quantity, value->number.value);
    }
}

/* By ratios, unless a value, or an end of an interval where that is what is
 * judged by, is nothing or less. A power is no ratio. */
static int is_ratio(const struct pa_comparison *by,
                    const struct pa_quantity *quantity)
{
    for (size_t r = 0; r < by->n_runs; r++) {
        const struct pa_value *value = &quantity->in_run[r];
        if (value->is_known && (value->number.value <= quantity->nothing ||
                                (!by->is_pooled && value->number.low <= 0)))
            return 0;
    }
    return quantity->kind != PA_CLASS;
}

/* The text of most runs, and all that any may be. */
static void join_texts(struct pa_value *in, const struct sample *sample)
{
    size_t most = 0;

    in->text = "";
    for (size_t i = 0; i < sample->n_runs; i++) {
        const struct pa_value *value = sample->values[i];
        size_t n = 0;
        for (size_t j = 0; j < sample->n_runs; j++)
            n += sample->values[j]->text == value->text;
        if (n > most) {
            in->text = value->text;
            most = n;
        }
        in->set |= value->set ? value->set : ~0u;
        in->is_sound &= value->is_sound;
    }
}

/* Its mean; without repeats by the invocations of its only run. */
static void join_column(const struct pa_comparison *by,
                        struct pa_quantity *quantity, size_t column,
                        struct pa_moments *pool)
{
    struct pa_value *in = &quantity->in[column];
    struct pa_moments *of = &quantity->of[column];
    struct sample sample;

    gather(by, quantity, column, &sample);
    in->is_known = sample.n_runs > 0;
    in->is_sound = by->columns[column].n_settled > 0;
    join_texts(in, &sample);
    of->mean = pa_mean(sample.numbers, sample.n, NULL);
    in->n = sample.n;
    for (size_t i = 0; i < sample.n; i++)
        pool->error +=
            (sample.numbers[i] - of->mean) * (sample.numbers[i] - of->mean);
    pool->degrees += sample.n ? (double)sample.n - 1 : 0;
    if (by->is_pooled || sample.n_runs == 0)
        return;
    struct pa_interval only = sample.values[0]->number;
    in->n = sample.values[0]->n;
    *of = pa_moments_of((struct pa_interval){scaled(quantity, only.value),
                                             scaled(quantity, only.low),
                                             scaled(quantity, only.high)},
                        in->n);
}

/* With repeats, what differs between them is the only error there is: one
 * variance for all columns, of which pool is the sum of squares. */
static void join(const struct pa_comparison *by, struct pa_quantity *quantity)
{
    struct pa_moments pool = {.is_pooled = 1};
    double n_known = 0;

    quantity->is_log = is_ratio(by, quantity);
    for (size_t c = 0; c < by->n_columns; c++) {
        join_column(by, quantity, c, &pool);
        n_known += quantity->in[c].is_known;
    }
    for (size_t c = 0; c < by->n_columns; c++) {
        struct pa_moments *of = &quantity->of[c];
        struct pa_value *in = &quantity->in[c];
        if (by->is_pooled) {
            pool.mean = of->mean;
            *of = pool;
            of->error = pool.degrees > 0
                            ? sqrt(pool.error / pool.degrees / (double)in->n)
                            : (double)NAN;
        }
        double half = pa_t95(of->degrees) * of->error;
        in->number =
            unscaled(quantity, (struct pa_interval){of->mean, of->mean - half,
                                                    of->mean + half});
        if (in->is_known)
            quantity->scatter +=
                2 / n_known * of->error * of->error * (double)in->n;
    }
}

/* --- differences --------------------------------------------------------- */

static void add_pair(struct pa_comparison *by, struct pa_quantity *quantity,
                     size_t a, size_t b)
{
    struct pa_difference *to = &by->differences[by->n_differences];

    if (!quantity->in[a].is_known || !quantity->in[b].is_known)
        return;
    by->n_differences++;
    *to = (struct pa_difference){.quantity = quantity, .a = a, .b = b};
    to->effect = pa_difference(quantity->of[a], quantity->of[b], &to->chance);
    if (!quantity->in[a].is_sound || !quantity->in[b].is_sound)
        to->chance = NAN;
}

/* A run against its column: odd if it is some quartile ranges away from the
 * quartiles (Tukey's fences, low and high of the effect) and beyond the
 * threshold, or of a class that most are not of. Where it may be nothing, as a
 * slope of what is flat, no share of it is odd. */
static void add_run(struct pa_comparison *by, struct pa_quantity *quantity,
                    const struct pa_value *value, struct pa_interval quartiles)
{
    size_t run = (size_t)(value - quantity->in_run);
    size_t column = by->runs[run].column;
    double away = PB_QUARTILE_RANGES * (quartiles.high - quartiles.low);
    double off = scaled(quantity, value->number.value) - quartiles.value;
    struct pa_interval effect = {off, quartiles.low - away - quartiles.value,
                                 quartiles.high + away - quartiles.value};
    int is_odd =
        quantity->is_log && fabs(off) > log1p(by->threshold) &&
        (off < effect.low || off > effect.high) &&
        fabs(value->number.value - exp(quartiles.value)) >= quantity->nothing;

    is_odd |= value->set && !(value->set & quantity->in[column].set);
    by->differences[by->n_differences++] =
        (struct pa_difference){.quantity = quantity,
                               .a = column,
                               .b = run,
                               .is_run = 1,
                               .effect = effect,
                               .chance = NAN,
                               .verdict = is_odd ? PA_ODD : PA_SAME};
}

/* A column of runs that are looked at one by one is shown by its quartiles, and
 * is of the class of most. */
static void add_runs(struct pa_comparison *by, struct pa_quantity *quantity,
                     size_t column)
{
    struct pa_value *in = &quantity->in[column];
    struct sample sample;

    gather(by, quantity, column, &sample);
    pa_sort(sample.numbers, sample.n);
    struct pa_interval quartiles = {
        pa_quantile(sample.numbers, sample.n, 0.5),
        pa_quantile(sample.numbers, sample.n, 0.25),
        pa_quantile(sample.numbers, sample.n, 0.75)};
    for (size_t i = 0; i < sample.n_runs; i++)
        if (sample.values[i]->text == in->text)
            in->set = sample.values[i]->set;
    in->set = in->set ? in->set : ~0u;
    in->number = unscaled(quantity, quartiles);
    for (size_t i = 0; i < sample.n_runs; i++)
        add_run(by, quantity, sample.values[i], quartiles);
}

/* Points are judged if they are to be, and all columns have them. */
static void compare_one(struct pa_comparison *by, struct pa_quantity *quantity)
{
    size_t n = by->n_columns, n_known = 0;

    if (quantity->kind == PA_COST && !by->has_points)
        return;
    quantity->differences = &by->differences[by->n_differences];
    for (size_t c = 0; c < n; c++)
        n_known += (size_t)quantity->in[c].is_known;
    for (size_t a = 0; a < n; a++)
        for (size_t b = a + 1; b < n; b++)
            if (quantity->kind != PA_COST || n_known == n)
                add_pair(by, quantity, a, b);
    size_t end = by->n_differences;
    by->n_unshared += quantity->differences == &by->differences[end] && n > 1;
    for (size_t c = 0; by->has_members && c < n; c++)
        add_runs(by, quantity, c);
    quantity->n_differences =
        (size_t)(&by->differences[by->n_differences] - quantity->differences);
}

/* Adjust the chances of points, or of all others. */
static void adjust(struct pa_comparison *by, int is_point)
{
    size_t n = by->n_differences;
    PA_FREED double *room = pa_room(2 * n, sizeof *room);

    for (size_t i = 0; i < n; i++)
        /* Each has its own quantity.
         * NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
        room[i] = (by->differences[i].quantity->kind == PA_COST) == is_point
                      ? by->differences[i].chance
                      : (double)NAN;
    pa_adjust(room, room + n, n);
    for (size_t i = 0; i < n; i++)
        if ((by->differences[i].quantity->kind == PA_COST) == is_point)
            by->differences[i].chance = room[n + i];
}

static enum pa_verdict judge(const struct pa_comparison *by,
                             const struct pa_difference *difference)
{
    const struct pa_quantity *quantity = difference->quantity;
    const struct pa_value *a = &quantity->in[difference->a];
    const struct pa_value *b = &quantity->in[difference->b];
    struct pa_interval effect = difference->effect;
    double most = quantity->is_log ? log1p(by->threshold) : quantity->nothing;

    if (!a->is_sound || !b->is_sound)
        return PA_UNTOLD;
    int is_told = a->set != ~0u && b->set != ~0u;
    if (*a->text && !(a->set & b->set))
        return PA_OTHER;
    if (by->is_counted && is_told && a->text != b->text)
        return PA_OTHER;
    if (by->is_counted && quantity->kind != PA_CLASS && !isnan(effect.value))
        return !(fabs(effect.value) > most + PB_SUM_SHARE) ? PA_SAME
               : effect.value > 0                          ? PA_MORE
                                                           : PA_LESS;
    if (by->is_counted || isnan(a->number.value) || isnan(b->number.value))
        return *a->text && a->text == b->text ? PA_SAME : PA_UNTOLD;
    if (isnan(difference->chance))
        return PA_UNTOLD;
    if (fabs(b->number.value - a->number.value) < quantity->nothing)
        return PA_SAME;
    if (difference->chance < PB_FALSE_SHARE && fabs(effect.value) > most)
        return effect.value > 0 ? PA_MORE : PA_LESS;
    return effect.low >= -most && effect.high <= most ? PA_SAME : PA_UNTOLD;
}

/* --- what is open -------------------------------------------------------- */

static int is_of(const struct pa_quantity *quantity,
                 const struct pa_quantity *like)
{
    return quantity->kind != PA_CLASS && quantity->kind != PA_CROSSOVER &&
           quantity->backend == like->backend &&
           quantity->stage == like->stage && quantity->metric == like->metric;
}

/* How many invocations or repeats make the interval no wider than the
 * threshold, so that only what is near that stays open, or no wider than the
 * distance there seems to be if that is more. */
static double needed_for(const struct pa_comparison *by,
                         const struct pa_difference *difference)
{
    const struct pa_quantity *quantity = difference->quantity;
    double most = quantity->is_log ? log1p(by->threshold) : quantity->nothing;
    double room = fmax(most, fabs(difference->effect.value)) / 2;
    int n = by->is_pooled ? PB_REPEATS_FEW : PB_INVOCATIONS_FEW;

    if (!quantity->in[difference->a].is_sound ||
        !quantity->in[difference->b].is_sound || isnan(room))
        return INFINITY;
    /* Seen once, it may be anything. */
    while (!isnan(quantity->scatter) && n < PA_INVOCATIONS_MAX &&
           !(pa_t95(n - 1) * sqrt(quantity->scatter / n) < room))
        n++;
    return n;
}

/* Most can be told as a rule, and what cannot would, as far as is known of it,
 * not move all of it together by more than the threshold. Half of what cannot
 * be told must become so. */
static void find_open(struct pa_comparison *by, struct pa_quantity *like,
                      double *needed)
{
    size_t n = 0, n_untold = 0;
    double sum = 0;

    for (size_t i = 0; i < by->n_differences; i++) {
        const struct pa_difference *difference = &by->differences[i];
        if (difference->is_run || !is_of(difference->quantity, like))
            continue;
        n++;
        if (difference->verdict != PA_UNTOLD)
            continue;
        needed[n_untold++] = needed_for(by, difference);
        if (difference->quantity->is_log && isfinite(difference->effect.value))
            sum += difference->effect.value;
    }
    if ((double)n_untold <= PB_OPEN_SHARE * (double)n &&
        fabs(sum) <= (double)n * log1p(by->threshold))
        return;
    pa_sort(needed, n_untold);
    like->needed = needed[(n_untold - 1) / 2];
    by->is_open = 1;
}

/* The first of each backend, stage and metric stands for all of them. */
static void find_all_open(struct pa_comparison *by)
{
    PA_FREED double *needed = pa_room(by->n_differences, sizeof *needed);

    for (size_t i = 0; i < by->n_quantities; i++) {
        struct pa_quantity *like = by->quantities[i];
        size_t j = 0;
        while (j < i && !is_of(by->quantities[j], like))
            j++;
        if (j == i && is_of(like, like))
            find_open(by, like, needed);
    }
}

/* --- letters ------------------------------------------------------------- */

/* Each largest set of columns in which none differs from another is a letter:
 * the sets at which insertion and absorption arrive, Piepho, Journal of
 * Computational and Graphical Statistics 13 (2004) 456. The first column is the
 * highest bit, so that it has the first letter. */
static void set_letters(struct pa_quantity *quantity, size_t n_columns,
                        const unsigned *differing)
{
    size_t n = 0;

    for (unsigned set = (1u << n_columns) - 1; set > 0 && n < 26; set--) {
        int is_group = 1;
        for (size_t c = 0; c < n_columns; c++) {
            unsigned bit = 1u << (n_columns - 1 - c);
            is_group &= !(set & bit) == !!(differing[c] & set);
        }
        for (size_t c = 0; is_group && c < n_columns; c++)
            if (set & 1u << (n_columns - 1 - c) && quantity->in[c].is_sound)
                *(strchr(quantity->letters[c], '\0')) = (char)('a' + n);
        n += (size_t)is_group;
    }
}

static void sum_up(struct pa_comparison *by, struct pa_quantity *quantity)
{
    unsigned differing[PA_LABELS_MAX] = {0};

    for (size_t i = 0; i < quantity->n_differences; i++) {
        const struct pa_difference *of = &quantity->differences[i];
        quantity->is_untold |= of->verdict == PA_UNTOLD;
        if (of->verdict == PA_SAME || of->verdict == PA_UNTOLD)
            continue;
        by->has_changed = quantity->is_changed = 1;
        quantity->most = fmax(quantity->most, fabs(of->effect.value));
        if (of->is_run)
            continue;
        differing[of->a] |= 1u << (by->n_columns - 1 - of->b);
        differing[of->b] |= 1u << (by->n_columns - 1 - of->a);
    }
    if (by->is_pooled && by->n_columns > 1 && !by->is_counted &&
        quantity->n_differences > 0)
        set_letters(quantity, by->n_columns, differing);
}

/* --- all of it ----------------------------------------------------------- */

static void judge_all(struct pa_comparison *by)
{
    adjust(by, 0);
    adjust(by, 1);
    for (size_t i = 0; i < by->n_differences; i++)
        if (!by->differences[i].is_run)
            by->differences[i].verdict = judge(by, &by->differences[i]);
    find_all_open(by);
    for (size_t i = 0; i < by->n_quantities; i++)
        sum_up(by, by->quantities[i]);
    for (size_t i = 0; i < by->n_differences; i++)
        by->differences[i].effect =
            unscaled(by->differences[i].quantity, by->differences[i].effect);
}

int pa_compare(struct pa_comparison *by, char *const *folders, size_t n_folders,
               struct pa_problem *problem)
{
    if (pa_compare_read(by, folders, n_folders, problem) < 0)
        return -1;
    if (isnan(by->threshold))
        by->threshold = by->is_counted ? 0 : PB_CHANGE_PERCENT / 100.0;
    by->has_points |= by->is_counted;
    size_t n_pairs = by->n_columns * (by->n_columns - 1) / 2;
    by->differences = pa_room(by->n_quantities * (n_pairs + by->n_runs),
                              sizeof *by->differences);
    for (size_t c = 0; c < by->n_columns; c++)
        by->is_pooled |= by->columns[c].n_settled > 1;
    for (size_t i = 0; i < by->n_quantities; i++) {
        join(by, by->quantities[i]);
        compare_one(by, by->quantities[i]);
    }
    if (by->n_differences == 0)
        return pa_problem_set(problem,
                              "%s and %s have nothing in common; measure them "
                              "with the same options",
                              folders[0], folders[n_folders - 1]);
    judge_all(by);
    return 0;
}

static void free_quantity(void *node)
{
    struct pa_quantity *quantity = node;

    free(quantity->in_run);
    free(quantity);
}

void pa_comparison_free(struct pa_comparison *by)
{
    tdestroy(by->index, free_quantity);
    for (size_t i = 0; i < by->n_runs; i++)
        pa_table_free(&by->runs[i].host);
    free(by->quantities);
    free(by->runs);
    free(by->differences);
    pa_intern_free(&by->pool);
}
