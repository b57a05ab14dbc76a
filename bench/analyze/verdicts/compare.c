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
    size_t runs[PA_RUNS_MAX], n_runs;
    double numbers[PA_RUNS_MAX];
    size_t n;
};

static double scaled(const struct pa_quantity *quantity, double number)
{
    return quantity->is_log ? log(number) : number;
}

static double unscaled(const struct pa_quantity *quantity, double number)
{
    return quantity->is_log ? exp(number) : number;
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
            (by->n_settled[column] > 0 && !pa_is_judged(&by->runs[r])))
            continue;
        sample->runs[sample->n_runs++] = r;
        if (!isnan(value->value))
            sample->numbers[sample->n++] = scaled(quantity, value->value);
    }
}

/* By ratios, unless a value, or an end of an interval where that is what is
 * judged by, is nothing or less. A power is no ratio. */
static int is_ratio(const struct pa_comparison *by,
                    const struct pa_quantity *quantity)
{
    for (size_t r = 0; r < by->n_runs; r++) {
        const struct pa_value *value = &quantity->in_run[r];
        if (value->is_known && (value->value <= quantity->nothing ||
                                (!by->is_pooled && value->low <= 0)))
            return 0;
    }
    return quantity->kind != PA_CLASS;
}

/* The text of most runs, and all that any may be. */
static void join_texts(struct pa_quantity *quantity, struct pa_value *in,
                       const struct sample *sample)
{
    size_t most = 0;

    in->text = "";
    for (size_t i = 0; i < sample->n_runs; i++) {
        const struct pa_value *value = &quantity->in_run[sample->runs[i]];
        size_t n = 0;
        for (size_t j = 0; j < sample->n_runs; j++)
            n += quantity->in_run[sample->runs[j]].text == value->text;
        if (n > most)
            in->text = value->text;
        most = n > most ? n : most;
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
    in->is_sound = by->n_settled[column] > 0;
    join_texts(quantity, in, &sample);
    of->mean = pa_mean(sample.numbers, sample.n, NULL);
    in->n = sample.n;
    for (size_t i = 0; i < sample.n; i++)
        pool->error +=
            (sample.numbers[i] - of->mean) * (sample.numbers[i] - of->mean);
    pool->degrees += sample.n ? (double)sample.n - 1 : 0;
    if (by->is_pooled || sample.n_runs == 0)
        return;
    const struct pa_value *only = &quantity->in_run[sample.runs[0]];
    in->n = only->n;
    *of = pa_moments_of((struct pa_interval){scaled(quantity, only->value),
                                             scaled(quantity, only->low),
                                             scaled(quantity, only->high)},
                        only->n);
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
        in->value = unscaled(quantity, of->mean);
        in->low = unscaled(quantity, of->mean - half);
        in->high = unscaled(quantity, of->mean + half);
        if (in->is_known)
            quantity->scatter +=
                2 / n_known * of->error * of->error * (double)in->n;
    }
}

/* --- differences --------------------------------------------------------- */

static void add_pair(struct pa_comparison *by, struct pa_quantity *quantity,
                     size_t a, size_t b)
{
    struct pa_difference *to = &by->differences[by->n_differences++];

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
                    size_t run, struct pa_interval quartiles)
{
    const struct pa_value *value = &quantity->in_run[run];
    size_t column = by->runs[run].column;
    double away = PB_QUARTILE_RANGES * (quartiles.high - quartiles.low);
    double off = scaled(quantity, value->value) - quartiles.value;
    struct pa_interval effect = {off, quartiles.low - away - quartiles.value,
                                 quartiles.high + away - quartiles.value};
    int is_odd = quantity->is_log && fabs(off) > log1p(by->threshold) &&
                 (off < effect.low || off > effect.high) &&
                 fabs(value->value - exp(quartiles.value)) >= quantity->nothing;

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
        if (quantity->in_run[sample.runs[i]].text == in->text)
            in->set = quantity->in_run[sample.runs[i]].set;
    in->set = in->set ? in->set : ~0u;
    in->value = unscaled(quantity, quartiles.value);
    in->low = unscaled(quantity, quartiles.low);
    in->high = unscaled(quantity, quartiles.high);
    for (size_t i = 0; i < sample.n_runs; i++)
        add_run(by, quantity, sample.runs[i], quartiles);
}

/* Points are judged if all columns have them. */
static int is_wanted(const struct pa_comparison *by,
                     const struct pa_quantity *quantity)
{
    size_t n = 0;

    for (size_t c = 0; c < by->n_columns; c++)
        n += (size_t)quantity->in[c].is_known;
    return quantity->kind != PA_COST || n == by->n_columns;
}

static void compare_one(struct pa_comparison *by, struct pa_quantity *quantity)
{
    size_t before = by->n_differences;

    for (size_t a = 0; is_wanted(by, quantity) && a < by->n_columns; a++)
        for (size_t b = a + 1; b < by->n_columns; b++)
            if (quantity->in[a].is_known && quantity->in[b].is_known)
                add_pair(by, quantity, a, b);
    by->n_unshared += by->n_differences == before && by->n_columns > 1;
    for (size_t c = 0; by->has_members && c < by->n_columns; c++)
        add_runs(by, quantity, c);
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
            by->differences[i].adjusted = room[n + i];
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
    if (by->is_counted || isnan(a->value) || isnan(b->value))
        return *a->text && a->text == b->text ? PA_SAME : PA_UNTOLD;
    if (isnan(difference->adjusted))
        return PA_UNTOLD;
    if (fabs(b->value - a->value) < quantity->nothing)
        return PA_SAME;
    if (difference->adjusted < PB_FALSE_SHARE && fabs(effect.value) > most)
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
static void find_open(struct pa_comparison *by, const struct pa_quantity *like,
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
    by->open[by->n_open++] = (struct pa_open){like, needed[(n_untold - 1) / 2]};
}

/* Whether the quantity is the first of its backend, stage and metric. */
static int is_first(const struct pa_comparison *by, size_t i)
{
    for (size_t j = 0; j < i; j++)
        if (is_of(by->quantities[j], by->quantities[i]))
            return 0;
    return is_of(by->quantities[i], by->quantities[i]);
}

/* --- letters ------------------------------------------------------------- */

int pa_is_change(enum pa_verdict verdict)
{
    return verdict != PA_SAME && verdict != PA_UNTOLD;
}

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

/* The differences of a quantity lie together. */
static void set_all_letters(struct pa_comparison *by)
{
    for (size_t i = 0, end; i < by->n_differences; i = end) {
        struct pa_quantity *quantity = by->differences[i].quantity;
        unsigned differing[PA_LABELS_MAX] = {0};
        for (end = i; end < by->n_differences &&
                      by->differences[end].quantity == quantity;
             end++) {
            const struct pa_difference *of = &by->differences[end];
            if (of->is_run || !pa_is_change(of->verdict))
                continue;
            differing[of->a] |= 1u << (by->n_columns - 1 - of->b);
            differing[of->b] |= 1u << (by->n_columns - 1 - of->a);
        }
        set_letters(quantity, by->n_columns, differing);
    }
}

/* --- all of it ----------------------------------------------------------- */

static void judge_all(struct pa_comparison *by)
{
    PA_FREED double *needed = pa_room(by->n_differences, sizeof *needed);

    by->open = pa_room(by->n_quantities, sizeof *by->open);
    adjust(by, 0);
    adjust(by, 1);
    for (size_t i = 0; i < by->n_differences; i++)
        if (!by->differences[i].is_run)
            by->differences[i].verdict = judge(by, &by->differences[i]);
    for (size_t i = 0; i < by->n_quantities; i++)
        if (is_first(by, i))
            find_open(by, by->quantities[i], needed);
    if (by->is_pooled && by->n_columns > 1 && !by->is_counted)
        set_all_letters(by);
    for (size_t i = 0; i < by->n_differences; i++)
        if (by->differences[i].quantity->is_log)
            by->differences[i].effect =
                pa_exp_interval(by->differences[i].effect);
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
        by->is_pooled |= by->n_settled[c] > 1;
    for (size_t i = 0; i < by->n_quantities; i++) {
        join(by, by->quantities[i]);
        if (by->has_points || by->quantities[i]->kind != PA_COST)
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

static void keep_node(void *node)
{
    (void)node; /* it is a quantity, which is freed below */
}

void pa_comparison_free(struct pa_comparison *comparison)
{
    tdestroy(comparison->index, keep_node);
    for (size_t i = 0; i < comparison->n_quantities; i++) {
        free(comparison->quantities[i]->in_run);
        free(comparison->quantities[i]);
    }
    for (size_t i = 0; i < comparison->n_runs; i++)
        pa_table_free(&comparison->runs[i].host);
    free(comparison->quantities);
    free(comparison->runs);
    free(comparison->differences);
    free(comparison->open);
    pa_intern_free(&comparison->pool);
}

int pa_compare_has_changed(const struct pa_comparison *comparison)
{
    for (size_t i = 0; i < comparison->n_differences; i++)
        if (pa_is_change(comparison->differences[i].verdict))
            return 1;
    return 0;
}

int pa_compare_is_open(const struct pa_comparison *comparison)
{
    return comparison->n_open > 0 && !pa_compare_has_changed(comparison);
}
