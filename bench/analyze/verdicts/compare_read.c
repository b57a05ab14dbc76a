/* SPDX-License-Identifier: MIT */
/* What compare reads of each run: host, levels, and derived files. */
#include "compare.h"

#include "growth_class.h"
#include "label.h"
#include "level.h"
#include "need.h"
#include "rules.h"
#include "run_tables.h"
#include "samples.h"
#include "show.h"

#include <math.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

/* A file of a run, and the columns that make one kind of quantity: its value,
 * which low and high follow, and what names it besides factors. */
struct source {
    enum pa_run_file file;
    enum pa_kind kind;
    const char *value, *from, *to;
};

static const struct source sources[] = {
    {PA_POINTS, PA_COST, "estimate_ns", NULL, NULL},
    {PA_GROWTH, PA_CLASS, "exponent", NULL, NULL},
    {PA_GROWTH, PA_CHANGE, "change_ns", "from", "to"},
    {PA_SLOPES, PA_SLOPE, "slope", "window_from", "window_to"},
    {PA_CROSSOVERS, PA_CROSSOVER, "place", NULL, NULL},
};

struct reader {
    struct pa_comparison *comparison;
    size_t run;
    const struct source *source;
    struct pa_table table; /* of its file */
    const union pa_cell *row;
};

/* The cell of the row's column called name, which the file has. */
static const union pa_cell *cell(const struct reader *reader, const char *name)
{
    size_t i = 0;

    while (strcmp(reader->table.columns[i].name, name) != 0)
        i++;
    return &reader->row[i];
}

static const char *text(const struct reader *reader, const char *name)
{
    return cell(reader, name)->text;
}

/* A text of a file, kept; it goes to terminals. */
static const char *keep(struct reader *reader, const char *from)
{
    char clean[PA_SUBJECT_BYTES];
    size_t n = 0;

    for (; from[n] && n + 1 < sizeof clean; n++)
        clean[n] =
            (unsigned char)from[n] < ' ' || from[n] == 127 ? '?' : from[n];
    return pa_intern(&reader->comparison->pool, clean, n);
}

/* --- quantities ---------------------------------------------------------- */

static int is_alike(const struct pa_quantity *a, const struct pa_quantity *b)
{
    return a->kind == b->kind && a->backend == b->backend &&
           a->stage == b->stage && a->metric == b->metric;
}

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

static struct pa_quantity *append(struct pa_comparison *comparison,
                                  const struct pa_quantity *like)
{
    struct pa_quantity *quantity = pa_room(1, sizeof *quantity);

    *quantity = *like;
    quantity->in_run = pa_room(comparison->n_runs, sizeof *quantity->in_run);
    pa_need(tsearch(quantity, &comparison->index, order_of));
    comparison->quantities =
        pa_grown(comparison->quantities, comparison->n_quantities,
                 sizeof *comparison->quantities);
    return comparison->quantities[comparison->n_quantities++] = quantity;
}

/* Put the value of the reader's run into the quantity that is like this; a
 * second one of the run is left out. */
static void put(struct reader *reader, struct pa_quantity like,
                struct pa_value value)
{
    like.metric = keep(reader, like.metric);
    like.backend = keep(reader, like.backend);
    like.stage = keep(reader, like.stage);
    like.where = keep(reader, like.where);
    like.unit = keep(reader, like.unit);
    struct pa_quantity **found =
        tfind(&like, &reader->comparison->index, order_of);
    struct pa_quantity *quantity =
        found ? *found : append(reader->comparison, &like);

    value.is_known = 1;
    value.text = keep(reader, value.text ? value.text : "");
    if (!quantity->in_run[reader->run].is_known)
        quantity->in_run[reader->run] = value;
}

/* --- a row --------------------------------------------------------------- */

#define SAY(out, ...) pa_append(out, PA_SUBJECT_BYTES, __VA_ARGS__)

/* ", M 1023": a factor that is held, unless it is what it usually is. */
static void add_factor(const struct reader *reader, size_t column, char *out)
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
        if (*value.text && strcmp(value.text, info->older) != 0)
            SAY(out, ", %s", value.text);
    } else if (value.integer != PA_NONE && info->letter) {
        SAY(out, ", %c %lld", info->letter,
            (long long)(reader->source->kind == PA_COST
                            ? value.integer
                            : pb_factor_in_block(value.integer, name)));
    } else if (value.integer != PA_NONE &&
               value.integer != pb_factor_older(factor)) {
        SAY(out, ", %lld %s", (long long)value.integer, info->words);
    }
}

/* What the row is about: what varies, from where to where, what is held. */
static void add_where(const struct reader *reader, char *out)
{
    const struct source *source = reader->source;

    if (source->kind == PA_COST) {
        SAY(out, "%s", text(reader, "sweep"));
    } else if (source->from) {
        const char *variable = text(reader, "variable");
        int64_t from = cell(reader, source->from)->integer;
        int64_t to = cell(reader, source->to)->integer;
        if (source->kind == PA_CHANGE) {
            from = pb_factor_in_block(from, variable);
            to = pb_factor_in_block(to, variable);
        }
        SAY(out, "%s", pa_show_range(variable, (double)from, (double)to).text);
    } else {
        SAY(out, "%s", pa_factor_words(text(reader, "variable")));
    }
    for (size_t i = 0; i < reader->table.n_columns; i++)
        add_factor(reader, i, out);
}

/* The classes that a series may be of, a bit each; 0 if it is not told. That
 * of one that hardly grows may be O(1). */
static unsigned classes_of(const struct reader *reader)
{
    unsigned set =
        fabs(cell(reader, "change_ns")->real) < PB_NOTHING_NS ? 1 : 0;

    for (unsigned i = 0; i < PA_PURE_FORMS; i++) {
        const char *name = pa_class_name((enum pa_class)i);
        if (strstr(text(reader, "class"), name) ||
            strstr(text(reader, "left"), name))
            set |= 1u << i;
    }
    return pa_class_of(text(reader, "class")) == PA_CLASS_UNKNOWN ? 0 : set;
}

/* Which of two backends is cheaper, the first in the alphabet being bit 0; both
 * where there is a crossover. */
static unsigned cheaper_of(const struct reader *reader)
{
    int is_first = strcmp(text(reader, "first"), text(reader, "second")) < 0;

    if (strcmp(text(reader, "status"), "found") == 0)
        return 3;
    if (strcmp(text(reader, "status"), "always") == 0)
        return is_first ? 1 : 2;
    return 0;
}

/* A contended point's ends are its extremes, not an interval. */
static int is_disturbed(const char *flags)
{
    return strstr(flags, "failed") || strstr(flags, "dirty") ||
           strstr(flags, "contended");
}

/* The value with what is special to its kind. In reference loops, those of
 * points are by their invocations' own. */
static struct pa_value value_of(const struct reader *reader, int is_ref)
{
    const struct pa_compared_run *run = &reader->comparison->runs[reader->run];
    enum pa_kind kind = reader->source->kind;
    const union pa_cell *cells =
        cell(reader, kind == PA_COST && is_ref ? "estimate_ref"
                                               : reader->source->value);
    double scale = is_ref && kind != PA_COST ? 1 / run->ref1_ns : 1;
    struct pa_value value = {.value = cells[0].real * scale,
                             .low = cells[1].real * scale,
                             .high = cells[2].real * scale,
                             .n = run->n_invocations,
                             .is_sound = 1};

    if (kind == PA_CLASS) {
        value.text = text(reader, "class");
        value.set = classes_of(reader);
    } else if (kind == PA_CROSSOVER) {
        value.set = cheaper_of(reader);
        value.text =
            text(reader, value.set && value.set != 3 ? "first" : "status");
    } else if (kind == PA_COST) {
        value.is_sound = !is_disturbed(text(reader, "flags"));
        value.n = (size_t)cell(reader, "invocations")->integer;
        value.set = cell(reader, "fd_count")->integer <= PB_SMALL_FDS;
    }
    return value;
}

/* What the row's quantity is compared in, and what is no difference in it. */
static void set_unit(const struct reader *reader, struct pa_quantity *like,
                     int is_ref, char *out)
{
    const struct source *source = reader->source;
    enum pb_metric metric = pb_metric_of(like->metric);
    const char *per =
        source->kind == PA_SLOPE ? strstr(text(reader, "unit"), " per ") : NULL;

    if (source->kind == PA_CLASS)
        like->nothing = PB_EXPONENT_OFF;
    if (source->kind == PA_CLASS || source->kind == PA_CROSSOVER ||
        metric == PB_N_METRICS)
        return;
    SAY(out, "%s%s", is_ref ? "loops" : pb_metric_infos[metric].unit,
        per ? per : "");
    like->is_time = pb_metric_is_time(metric);
    like->nothing = like->is_time ? PB_NOTHING_NS : 0;
    if (is_ref)
        like->nothing /= reader->comparison->runs[reader->run].ref1_ns;
    if (per)
        like->nothing /= (double)(cell(reader, source->to)->integer -
                                  cell(reader, source->from)->integer);
}

/* What stands for all of a backend: a call on the lowest fd, and what one more
 * of each costs. */
static int is_headline(const struct reader *reader)
{
    static const struct {
        enum pa_kind kind;
        const char *file_column, *value;
        int64_t from, fd_count;
    } headlines[] = {
        {PA_COST, "sweep", "highest_fd", PB_FD_BLOCK, 1},
        {PA_SLOPE, "variable", "highest_fd", 1000, 1},
        {PA_SLOPE, "variable", "fd_count", 64, PA_NONE},
        {PA_SLOPE, "variable", "ready_count", 64, PB_SMALL_FDS},
    };
    enum pa_kind kind = reader->source->kind;
    int is_whole = strcmp(text(reader, "stage"), "all") == 0;

    for (size_t i = 0; i < PA_ARRAY_SIZE(headlines) && is_whole; i++)
        if (kind == headlines[i].kind &&
            strcmp(text(reader, "layout"), "packed") == 0 &&
            strcmp(text(reader, headlines[i].file_column),
                   headlines[i].value) == 0 &&
            cell(reader, kind == PA_COST ? "highest_fd" : "window_from")
                    ->integer == headlines[i].from &&
            cell(reader, "fd_count")->integer == headlines[i].fd_count)
            return 1;
    return 0;
}

static void take(struct reader *reader)
{
    struct pa_quantity like = {.kind = reader->source->kind,
                               .metric = text(reader, "metric"),
                               .stage = text(reader, "stage"),
                               .is_headline = is_headline(reader)};
    int is_cross = like.kind == PA_CROSSOVER;
    enum pb_metric metric = pb_metric_of(like.metric);
    int is_ref = reader->comparison->uses_ref && metric < PB_N_METRICS &&
                 pb_metric_is_time(metric) && !is_cross &&
                 like.kind != PA_CLASS;
    char where[PA_SUBJECT_BYTES] = "", unit[PA_SUBJECT_BYTES] = "",
         pair[PA_SUBJECT_BYTES] = "";

    if (is_cross) {
        const char *first = text(reader, "first");
        const char *second = text(reader, "second");
        int is_swapped = strcmp(first, second) > 0;
        SAY(pair, "%.60s and %.60s", is_swapped ? second : first,
            is_swapped ? first : second);
    }
    add_where(reader, where);
    set_unit(reader, &like, is_ref, unit);
    like.backend = is_cross ? pair : text(reader, "backend");
    like.where = where;
    like.unit = unit;
    put(reader, like, value_of(reader, is_ref));
}

/* --- a run --------------------------------------------------------------- */

/* Points of no fds are loops, and the harness itself. */
static int read_source(struct reader *reader, const struct source *source,
                       struct pa_problem *problem)
{
    reader->source = source;
    if (pa_run_file_read(&reader->table,
                         reader->comparison->runs[reader->run].folder,
                         source->file, problem) < 0)
        return -1;
    for (size_t i = 0; i < reader->table.n_rows; i++) {
        reader->row = pa_table_row(&reader->table, i);
        if (source->kind != PA_COST || cell(reader, "fd_count")->integer > 0)
            take(reader);
    }
    pa_table_free(&reader->table);
    return 0;
}

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
    run->ref1_ns = pa_log_interval(ref1_ns, n).value;
    return 0;
}

/* All that a run is called, or the value of one key; its folder if it has no
 * label. */
static int read_label(struct reader *reader, struct pa_problem *problem)
{
    struct pa_compared_run *run = &reader->comparison->runs[reader->run];
    const char *by = reader->comparison->by;
    char label[PA_SUBJECT_BYTES] = "";

    for (size_t i = 0; i < run->host.n_rows; i++) {
        const char *value = pa_table_row(&run->host, i)[1].text;
        if (strcmp(pa_table_row(&run->host, i)[0].text, "label") != 0)
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
    run->label = keep(reader, *label ? label : run->folder);
    return 0;
}

/* Runs are all of times, or all of counts. */
static int check_unit(struct reader *reader, struct pa_problem *problem)
{
    struct pa_compared_run *run = &reader->comparison->runs[reader->run];
    const char *counter = pa_host_fact(&run->host, "counter", "");
    int is_counted = pb_metric_info(counter)->estimator == PB_MINIMUM;
    if (reader->run > 0 && is_counted != reader->comparison->is_counted)
        return pa_problem_set(
            problem, "%s is of %s, %s of %s: compare runs of one unit",
            reader->comparison->runs[0].folder, is_counted ? "times" : "counts",
            run->folder, is_counted ? "counts" : "times");
    reader->comparison->is_counted = is_counted;
    return 0;
}

static int read_run(struct reader *reader, struct pa_problem *problem)
{
    struct pa_compared_run *run = &reader->comparison->runs[reader->run];

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
        reader->comparison->uses_ref = 0;
    return 0;
}

/* --- means --------------------------------------------------------------- */

/* Whether a point has a place in the means: all runs have it, and the cache,
 * which is others' as well, no part in it. */
static int is_shared(const struct pa_comparison *comparison,
                     const struct pa_quantity *point)
{
    for (size_t r = 0; r < comparison->n_runs; r++) {
        const struct pa_value *value = &point->in_run[r];
        if (!value->is_known || !value->is_sound || !(value->value > 0) ||
            !value->set)
            return 0;
    }
    return 1;
}

/* Of the reader's run over points that are shared. What moves a run moves all
 * of them, so that the ends are means as well. */
static struct pa_value mean_of(const struct reader *reader,
                               struct pa_quantity *const *shared, size_t n)
{
    double sums[3] = {0};

    for (size_t i = 0; i < n; i++) {
        const struct pa_value *value = &shared[i]->in_run[reader->run];
        sums[0] += log(value->value) / (double)n;
        sums[1] += log(value->low) / (double)n;
        sums[2] += log(value->high) / (double)n;
    }
    return (struct pa_value){
        .value = exp(sums[0]),
        .low = exp(sums[1]),
        .high = exp(sums[2]),
        .n = reader->comparison->runs[reader->run].n_invocations,
        .is_sound = 1};
}

/* A geometric mean of each backend, stage and metric; never of two backends. */
static void add_means(struct reader *reader)
{
    struct pa_comparison *comparison = reader->comparison;
    size_t n_before = comparison->n_quantities;
    PA_FREED struct pa_quantity **shared = pa_room(n_before, sizeof *shared);

    for (size_t i = 0, n = 0; i < n_before; i++) {
        struct pa_quantity *point = comparison->quantities[i];
        if (point->kind == PA_COST && is_shared(comparison, point))
            shared[n++] = point;
        if (n == 0 || (i + 1 < n_before &&
                       is_alike(point, comparison->quantities[i + 1])))
            continue;
        struct pa_quantity like = *shared[0];
        char where[PA_SUBJECT_BYTES] = "";
        SAY(where, "%zu points of up to %d fds", n, PB_SMALL_FDS);
        like.kind = PA_MEAN;
        like.where = where;
        for (reader->run = 0; reader->run < comparison->n_runs; reader->run++)
            put(reader, like, mean_of(reader, shared, n));
        n = 0;
    }
}

/* --- all of it ----------------------------------------------------------- */

int pa_is_judged(const struct pa_compared_run *run)
{
    return !pa_is_unsettled(run->spread);
}

static int have_one_label(const struct pa_comparison *by)
{
    size_t i = 1;

    while (i < by->n_runs && by->runs[i].label == by->runs[0].label)
        i++;
    return i == by->n_runs;
}

/* Number the labels in the order of the runs; if they are too many, all runs
 * are one column. Counts of one label are no repeats: they have to agree. */
static int make_columns(struct pa_comparison *by, struct pa_problem *problem)
{
    size_t n = 0;

    if (by->is_counted && !by->by && have_one_label(by))
        for (size_t i = 0; i < by->n_runs; i++)
            by->runs[i].label = by->runs[i].folder;
    for (size_t i = 0; i < by->n_runs && n <= PA_LABELS_MAX; i++) {
        size_t *column = &by->runs[i].column;
        while (*column < n && by->columns[*column] != by->runs[i].label)
            ++*column;
        if (*column == n && n++ < PA_LABELS_MAX)
            by->columns[*column] = by->runs[i].label;
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
                              by->columns[0]);
    by->has_members = are_many || by->by;
    by->n_columns = are_many ? 1 : n;
    if (are_many)
        by->columns[0] = "all labels";
    for (size_t i = 0; i < by->n_runs; i++) {
        struct pa_compared_run *run = &by->runs[i];
        run->column = are_many ? 0 : run->column;
        by->n_in[run->column]++;
        by->n_settled[run->column] += (size_t)pa_is_judged(run);
    }
    return 0;
}

static void sort(struct pa_comparison *comparison)
{
    if (comparison->n_quantities > 0)
        qsort(comparison->quantities, comparison->n_quantities,
              sizeof *comparison->quantities, by_kind);
}

int pa_compare_read(struct pa_comparison *comparison, char *const *folders,
                    size_t n_folders, struct pa_problem *problem)
{
    struct reader reader = {.comparison = comparison};

    comparison->runs = pa_room(n_folders, sizeof *comparison->runs);
    comparison->n_runs = n_folders;
    for (reader.run = 0; reader.run < n_folders; reader.run++) {
        comparison->runs[reader.run].folder = folders[reader.run];
        if (read_run(&reader, problem) < 0)
            return -1;
    }
    if (make_columns(comparison, problem) < 0)
        return -1;
    for (reader.run = 0; reader.run < n_folders; reader.run++)
        for (size_t i = 0; i < PA_ARRAY_SIZE(sources); i++)
            if (read_source(&reader, &sources[i], problem) < 0)
                return -1;
    sort(comparison);
    add_means(&reader);
    sort(comparison);
    return 0;
}
