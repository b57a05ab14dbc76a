/* SPDX-License-Identifier: MIT */
/* What compare reads of each run: host, levels, and derived files. */
#include "compare.h"

#include "growth_class.h"
#include "label.h"
#include "need.h"
#include "points.h"
#include "rules.h"
#include "show.h"

#include <math.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

/* Where rows are read. */
struct reader {
    struct pa_comparison *by;
    struct pa_compared_run *run;
    struct pa_table table;
    const union pa_cell *row;
    struct pa_value spare;
};

/* A text, kept; it goes to terminals. */
__attribute__((format(printf, 2, 3))) static const char *
keep(struct reader *reader, const char *format, ...)
{
    char clean[PA_SUBJECT_BYTES];
    va_list arguments;
    size_t n = 0;

    va_start(arguments, format);
    vsnprintf(clean, sizeof clean, format, arguments);
    va_end(arguments);
    for (; clean[n]; n++)
        if ((unsigned char)clean[n] < ' ' || clean[n] == 127)
            clean[n] = '?';
    return pa_intern(&reader->by->pool, clean, n);
}

/* --- quantities ---------------------------------------------------------- */

static int order_of(const void *left, const void *right)
{
    const struct pa_quantity *a = left, *b = right;
    const char *const x[] = {a->backend, a->stage, a->metric, a->where,
                             a->unit};
    const char *const y[] = {b->backend, b->stage, b->metric, b->where,
                             b->unit};
    int order = (a->kind > b->kind) - (a->kind < b->kind);

    for (size_t i = 0; order == 0 && i < PA_ARRAY_SIZE(x); i++)
        order = x[i] == y[i] ? 0 : strcmp(x[i], y[i]);
    return order;
}

static int by_kind(const void *left, const void *right)
{
    return order_of(*(const void *const *)left, *(const void *const *)right);
}

static void sort(struct pa_comparison *by)
{
    if (by->n_quantities > 0)
        qsort(by->quantities, by->n_quantities, sizeof *by->quantities,
              by_kind);
}

static struct pa_quantity *append(struct pa_comparison *by,
                                  const struct pa_quantity *like)
{
    struct pa_quantity *quantity = pa_room(1, sizeof *quantity);

    *quantity = *like;
    quantity->in_run = pa_room(by->n_runs, sizeof *quantity->in_run);
    pa_need(tsearch(quantity, &by->index, order_of));
    by->quantities =
        pa_grown(by->quantities, by->n_quantities, sizeof *by->quantities);
    return by->quantities[by->n_quantities++] = quantity;
}

/* The reader's run's place in the quantity that is like this, with a number; a
 * second one of the run is left out. */
static struct pa_value *put(struct reader *reader,
                            const struct pa_quantity *like,
                            struct pa_interval number)
{
    struct pa_quantity **found = tfind(like, &reader->by->index, order_of);
    struct pa_quantity *quantity = found ? *found : append(reader->by, like);
    struct pa_value *value = &quantity->in_run[reader->run - reader->by->runs];

    if (value->is_known)
        value = &reader->spare;
    *value = (struct pa_value){.is_known = 1,
                               .is_sound = 1,
                               .number = number,
                               .n = reader->run->n_invocations,
                               .text = keep(reader, "%s", "")};
    return value;
}

/* --- rows ---------------------------------------------------------------- */

#define SAY(out, ...) pa_append(out, PA_SUBJECT_BYTES, __VA_ARGS__)

/* ", M 1023": a factor that is held, unless it is what it usually is. */
static void add_factor(const struct reader *reader, size_t column, int is_point,
                       char *out)
{
    const char *name = reader->table.columns[column].name;
    enum pb_factor factor = pb_factor_of(name);
    union pa_cell value = reader->row[column];

    if (factor == PB_N_FACTORS ||
        1u << factor &
            (PB_BIT(sweep) | PB_BIT(backend) | PB_BIT(stage) | PB_BIT(metric)))
        return;
    const struct pb_factor_info *info = &pb_factor_infos[factor];
    if (info->type == PB_TEXT) {
        if (*value.text && !pa_is(value.text, info->older))
            SAY(out, ", %s", value.text);
    } else if (value.integer != PA_NONE && info->letter) {
        SAY(out, ", %c %lld", info->letter,
            (long long)(is_point ? value.integer
                                 : pb_factor_in_block(value.integer, name)));
    } else if (value.integer != PA_NONE &&
               value.integer != pb_factor_older(factor)) {
        SAY(out, ", %lld %s", (long long)value.integer, info->words);
    }
}

/* Of a row's backend, stage and metric: what varies is named, and what is
 * held. */
static struct pa_quantity like_of(struct reader *reader, enum pa_kind kind,
                                  const char *const names[3],
                                  const char *varies)
{
    char where[PA_SUBJECT_BYTES] = "";

    SAY(where, "%s", varies);
    for (size_t i = 0; i < reader->table.n_columns; i++)
        add_factor(reader, i, kind == PA_COST, where);
    return (struct pa_quantity){.kind = kind,
                                .backend = keep(reader, "%s", names[0]),
                                .stage = keep(reader, "%s", names[1]),
                                .metric = keep(reader, "%s", names[2]),
                                .where = keep(reader, "%s", where),
                                .unit = keep(reader, "%s", "")};
}

/* What a cost is compared in, ns or reference loops, and what is no difference
 * in it; of so many, per text. Returns how many of the unit one ns is. */
static double set_unit(struct reader *reader, struct pa_quantity *like,
                       const char *per, int64_t n)
{
    enum pb_metric metric = pb_metric_of(like->metric);
    double loop_ns = 1;

    if (metric == PB_N_METRICS)
        return 1;
    like->is_time = pb_metric_is_time(metric);
    like->unit = pb_metric_infos[metric].unit;
    if (like->is_time && reader->by->uses_ref) {
        loop_ns = reader->run->ref1_ns;
        like->unit = "loops";
    }
    like->nothing = like->is_time ? PB_NOTHING_NS / loop_ns / (double)n : 0;
    like->unit = keep(reader, "%s%s", like->unit, per);
    return 1 / loop_ns;
}

static struct pa_interval times(double scale, double value, double low,
                                double high)
{
    return (struct pa_interval){value * scale, low * scale, high * scale};
}

/* What stands for all of a backend is of whole calls on packed fds: one on the
 * lowest fd, and what one more of each costs. */
static int is_whole(const char *stage, const char *layout)
{
    return pa_is(stage, "all") && pa_is(layout, "packed");
}

/* Points of no fds are loops, and the harness itself. In reference loops a
 * point's cost is by its invocations' own. A contended point's ends are its
 * extremes, not an interval. */
static void take_point(struct reader *reader, const void *cells)
{
    const struct pb_points_row *row = cells;
    const char *const names[] = {row->backend, row->stage, row->metric};

    if (row->fd_count <= 0)
        return;
    struct pa_quantity like = like_of(reader, PA_COST, names, row->sweep);
    set_unit(reader, &like, "", 1);
    like.is_headline = is_whole(row->stage, row->layout) &&
                       pa_is(row->sweep, "highest_fd") &&
                       row->highest_fd == PB_FD_BLOCK && row->fd_count == 1;
    struct pa_value *value =
        put(reader, &like,
            like.is_time && reader->by->uses_ref
                ? times(1, row->estimate_ref, row->low_ref, row->high_ref)
                : times(1, row->estimate_ns, row->low_ns, row->high_ns));
    value->is_sound = !strstr(row->flags, "failed") &&
                      !strstr(row->flags, "dirty") &&
                      !strstr(row->flags, "contended");
    value->n = (size_t)row->invocations;
    value->set = row->fd_count <= PB_SMALL_FDS;
}

/* The classes that a series may be of, a bit each; 0 if it is not told. That
 * of one that hardly grows may be O(1). */
static unsigned classes_of(const struct pb_growth_row *row)
{
    unsigned set = fabs(row->change_ns) < PB_NOTHING_NS ? 1 : 0;

    for (unsigned i = 0; i < PA_PURE_FORMS; i++) {
        const char *name = pa_class_name((enum pa_class)i);
        if (strstr(row->class, name) || strstr(row->left, name))
            set |= 1u << i;
    }
    return pa_class_of(row->class) == PA_CLASS_UNKNOWN ? 0 : set;
}

static void take_growth(struct reader *reader, const void *cells)
{
    const struct pb_growth_row *row = cells;
    const char *const names[] = {row->backend, row->stage, row->metric};
    const char *variable = row->variable;
    struct pa_shown range =
        pa_show_range(variable, (double)pb_factor_in_block(row->from, variable),
                      (double)pb_factor_in_block(row->to, variable));
    struct pa_quantity like =
        like_of(reader, PA_CLASS, names, pa_factor_words(variable));

    like.nothing = PB_EXPONENT_OFF;
    struct pa_value *value =
        put(reader, &like,
            times(1, row->exponent, row->exponent_low, row->exponent_high));
    value->text = keep(reader, "%s", row->class);
    value->set = classes_of(row);
    like = like_of(reader, PA_CHANGE, names, range.text);
    double scale = set_unit(reader, &like, "", 1);
    put(reader, &like,
        times(scale, row->change_ns, row->change_low_ns, row->change_high_ns));
}

static void take_slope(struct reader *reader, const void *cells)
{
    static const struct {
        const char *variable;
        int64_t from, fd_count;
    } headlines[] = {{"highest_fd", 1000, 1},
                     {"fd_count", 64, PA_NONE},
                     {"ready_count", 64, PB_SMALL_FDS}};
    const struct pb_slopes_row *row = cells;
    const char *const names[] = {row->backend, row->stage, row->metric};
    const char *per = strstr(row->unit, " per ");
    struct pa_shown range = pa_show_range(
        row->variable, (double)row->window_from, (double)row->window_to);
    struct pa_quantity like = like_of(reader, PA_SLOPE, names, range.text);
    double scale = set_unit(reader, &like, per ? per : "",
                            per ? row->window_to - row->window_from : 1);

    for (size_t i = 0; i < PA_ARRAY_SIZE(headlines); i++)
        like.is_headline |= is_whole(row->stage, row->layout) &&
                            pa_is(row->variable, headlines[i].variable) &&
                            row->window_from == headlines[i].from &&
                            row->fd_count == headlines[i].fd_count;
    put(reader, &like,
        times(scale, row->slope, row->slope_low, row->slope_high));
}

/* Which of two is cheaper, the first in the alphabet being bit 0; both where
 * they cross. */
static void take_crossover(struct reader *reader, const void *cells)
{
    const struct pb_crossovers_row *row = cells;
    int is_first = strcmp(row->first, row->second) <= 0;
    int is_always = pa_is(row->status, "always");
    const char *pair =
        keep(reader, "%.60s and %.60s", is_first ? row->first : row->second,
             is_first ? row->second : row->first);
    const char *const names[] = {pair, row->stage, row->metric};
    struct pa_quantity like =
        like_of(reader, PA_CROSSOVER, names, pa_factor_words(row->variable));
    struct pa_value *value =
        put(reader, &like, times(1, row->place, row->low, row->high));

    value->text = keep(reader, "%s", is_always ? row->first : row->status);
    if (pa_is(row->status, "found"))
        value->set = 3;
    else if (is_always)
        value->set = is_first ? 1 : 2;
}

static int read_sources(struct reader *reader, struct pa_problem *problem)
{
    static const struct {
        enum pa_run_file file;
        void (*take)(struct reader *reader, const void *cells);
    } sources[] = {{PA_POINTS, take_point},
                   {PA_GROWTH, take_growth},
                   {PA_SLOPES, take_slope},
                   {PA_CROSSOVERS, take_crossover}};

    for (size_t s = 0; s < PA_ARRAY_SIZE(sources); s++) {
        if (pa_run_file_read(&reader->table, reader->run->folder,
                             sources[s].file, problem) < 0)
            return -1;
        for (size_t i = 0; i < reader->table.n_rows; i++) {
            reader->row = pa_table_row(&reader->table, i);
            sources[s].take(reader, reader->row);
        }
        pa_table_free(&reader->table);
    }
    return 0;
}

/* --- a run --------------------------------------------------------------- */

static int read_levels(struct pa_compared_run *run, struct pa_problem *problem)
{
    double level[PA_INVOCATIONS_MAX] = {0}, ref1_ns[PA_INVOCATIONS_MAX] = {0};
    struct pa_table table;

    if (pa_run_file_read(&table, run->folder, PA_LEVELS, problem) < 0)
        return -1;
    const struct pb_levels_row *rows = (const void *)table.cells;
    size_t n = table.n_rows;
    for (size_t i = 0; i < n && n <= PA_INVOCATIONS_MAX; i++) {
        level[i] = rows[i].level;
        ref1_ns[i] = rows[i].ref1_ns;
    }
    pa_table_free(&table);
    if (n > PA_INVOCATIONS_MAX)
        return pa_problem_set(problem, "%s/levels.csv: over %d invocations",
                              run->folder, PA_INVOCATIONS_MAX);
    run->n_invocations = n;
    run->spread = pa_level_spread(level, n);
    run->is_settled = !pa_is_unsettled(run->spread);
    run->ref1_ns = pa_log_interval(ref1_ns, n).value;
    return 0;
}

/* All that a run is called, or the value of one key; its folder if it has no
 * label. */
static int read_label(struct reader *reader, struct pa_problem *problem)
{
    struct pa_compared_run *run = reader->run;
    const struct pb_host_row *facts = (const void *)run->host.cells;
    const char *by = reader->by->by;
    char label[PA_SUBJECT_BYTES] = "";

    for (size_t i = 0; i < run->host.n_rows; i++) {
        const char *value = facts[i].value;
        if (!pa_is(facts[i].key, "label"))
            continue;
        size_t n_key = pb_label_key(value);
        if (!n_key)
            return pa_problem_set(problem,
                                  "%s/host.csv: a label is " PB_LABEL_WANTED,
                                  run->folder);
        if (!by)
            SAY(label, "%s%s", *label ? ", " : "", value);
        else if (strlen(by) == n_key && strncmp(value, by, n_key) == 0)
            SAY(label, "%s", value + n_key + 1);
    }
    if (by && !*label)
        return pa_problem_set(problem, "%s has no label %s", run->folder, by);
    run->label = keep(reader, "%s", *label ? label : run->folder);
    return 0;
}

/* Runs are all of times, or all of counts. */
static int check_unit(struct reader *reader, struct pa_problem *problem)
{
    const struct pa_compared_run *run = reader->run;
    struct pa_comparison *by = reader->by;
    const char *counter = pa_host_fact(&run->host, "counter", "");
    int is_counted = pb_metric_info(counter)->estimator == PB_MINIMUM;

    if (run > by->runs && is_counted != by->is_counted)
        return pa_problem_set(
            problem, "%s is of %s, %s of %s: compare runs of one unit",
            by->runs[0].folder, is_counted ? "times" : "counts", run->folder,
            is_counted ? "counts" : "times");
    by->is_counted = is_counted;
    return 0;
}

static int read_run(struct reader *reader, struct pa_problem *problem)
{
    struct pa_compared_run *run = reader->run;

    if (pa_host_read(&run->host, run->folder, problem) < 0)
        return -1;
    if (run->host.n_columns == 0)
        return pa_problem_set(problem,
                              "%s/host.csv: not there: pollbench fit makes it",
                              run->folder);
    if (check_unit(reader, problem) < 0 || read_label(reader, problem) < 0 ||
        read_levels(run, problem) < 0)
        return -1;
    if (!(run->ref1_ns > 0))
        reader->by->uses_ref = 0;
    return 0;
}

/* --- means --------------------------------------------------------------- */

/* Whether a point has a place in the means: all runs have it, and the cache,
 * which is others' as well, no part in it. */
static int is_shared(const struct pa_comparison *by,
                     const struct pa_quantity *point)
{
    int is_so = point->kind == PA_COST;

    for (size_t r = 0; r < by->n_runs && is_so; r++) {
        const struct pa_value *value = &point->in_run[r];
        is_so = value->is_known && value->is_sound && value->number.value > 0 &&
                value->set;
    }
    return is_so;
}

/* Of the reader's run over points that are shared. What moves a run moves all
 * of them, so that the ends are means as well. */
static struct pa_interval mean_of(struct reader *reader,
                                  struct pa_quantity *const *shared, size_t n)
{
    struct pa_interval sum = {0, 0, 0};

    for (size_t i = 0; i < n; i++) {
        const struct pa_value *value =
            &shared[i]->in_run[reader->run - reader->by->runs];
        sum.value += log(value->number.value) / (double)n;
        sum.low += log(value->number.low) / (double)n;
        sum.high += log(value->number.high) / (double)n;
    }
    return pa_exp_interval(sum);
}

static int is_alike(const struct pa_quantity *a, const struct pa_quantity *b)
{
    return a->kind == b->kind && a->backend == b->backend &&
           a->stage == b->stage && a->metric == b->metric;
}

/* A geometric mean of each backend, stage and metric; never of two backends. */
static void add_means(struct reader *reader)
{
    struct pa_comparison *by = reader->by;
    size_t n_before = by->n_quantities;
    PA_FREED struct pa_quantity **shared = pa_room(n_before, sizeof *shared);

    for (size_t i = 0, n = 0; i < n_before; i++) {
        struct pa_quantity *point = by->quantities[i];
        if (is_shared(by, point))
            shared[n++] = point;
        if (n == 0 ||
            (i + 1 < n_before && is_alike(point, by->quantities[i + 1])))
            continue;
        struct pa_quantity like = *shared[0];
        like.kind = PA_MEAN;
        like.where =
            keep(reader, "%zu points of up to %d fds", n, PB_SMALL_FDS);
        for (size_t r = 0; r < by->n_runs; r++) {
            reader->run = &by->runs[r];
            put(reader, &like, mean_of(reader, shared, n));
        }
        n = 0;
    }
}

/* --- all of it ----------------------------------------------------------- */

/* Counts of one label are no repeats: they have to agree. */
static void part_counts(struct pa_comparison *by)
{
    for (size_t i = 1; i < by->n_runs; i++)
        if (by->runs[i].label != by->runs[0].label)
            return;
    for (size_t i = 0; i < by->n_runs; i++)
        by->runs[i].label = by->runs[i].folder;
}

/* Number the labels in the order of the runs; if they are too many, all runs
 * are one column. */
static int make_columns(struct pa_comparison *by, struct pa_problem *problem)
{
    size_t n = 0;

    if (by->is_counted && !by->by)
        part_counts(by);
    for (size_t i = 0; i < by->n_runs && n <= PA_LABELS_MAX; i++) {
        size_t *column = &by->runs[i].column;
        while (*column < n && by->columns[*column].name != by->runs[i].label)
            ++*column;
        if (*column == n && n++ < PA_LABELS_MAX)
            by->columns[*column].name = by->runs[i].label;
    }
    int are_many = n > PA_LABELS_MAX;
    if (are_many && by->by)
        return pa_problem_set(problem,
                              "label %s has over %d values: name a key that "
                              "has fewer",
                              by->by, PA_LABELS_MAX);
    if (n == 1 && !by->by)
        return pa_problem_set(problem,
                              "all runs are \"%s\": repeats of one label have "
                              "nothing to be compared with",
                              by->columns[0].name);
    by->has_members = are_many || by->by;
    by->n_columns = are_many ? 1 : n;
    if (are_many)
        by->columns[0].name = "all labels";
    for (size_t i = 0; i < by->n_runs; i++) {
        struct pa_compared_run *run = &by->runs[i];
        run->column = are_many ? 0 : run->column;
        by->columns[run->column].n_runs++;
        by->columns[run->column].n_settled += (size_t)run->is_settled;
    }
    return 0;
}

int pa_compare_read(struct pa_comparison *by, char *const *folders,
                    size_t n_folders, struct pa_problem *problem)
{
    struct reader reader = {.by = by};

    by->runs = pa_room(n_folders, sizeof *by->runs);
    by->n_runs = n_folders;
    for (size_t r = 0; r < n_folders; r++) {
        reader.run = &by->runs[r];
        reader.run->folder = folders[r];
        if (read_run(&reader, problem) < 0)
            return -1;
    }
    if (make_columns(by, problem) < 0)
        return -1;
    for (size_t r = 0; r < n_folders; r++) {
        reader.run = &by->runs[r];
        if (read_sources(&reader, problem) < 0)
            return -1;
    }
    sort(by);
    add_means(&reader);
    sort(by);
    return 0;
}
