/* SPDX-License-Identifier: MIT */
#include "compare.h"

#include "compare_columns.h"
#include "rules.h"
#include "samples.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct pa_column point_columns[] = {PB_POINTS(PA_COLUMN)};
static const struct pa_column model_columns[] = {PB_MODELS(PA_COLUMN)};
static const struct pa_column host_columns[] = {PB_HOST(PA_COLUMN)};

static int read_tables(struct pa_side *side, struct pa_problem *problem)
{
    const struct {
        struct pa_table *table;
        const char *name;
        const struct pa_column *columns;
        size_t n_columns;
    } files[] = {
        {&side->points, "points.csv", point_columns, POINT_COLUMNS},
        {&side->models, "models.csv", model_columns, MODEL_COLUMNS},
        {&side->host, "host.csv", host_columns, PA_ARRAY_SIZE(host_columns)}};
    int error = 0;

    for (size_t i = 0; i < PA_ARRAY_SIZE(files) && error == 0; i++) {
        char *path = pa_path(side->folder, files[i].name);
        error = path ? pa_table_read(files[i].table, path, files[i].columns,
                                     files[i].n_columns, problem)
                     : pa_problem_set(problem, "out of memory");
        free(path);
    }
    return error;
}

static int read_side(struct pa_side *side, const char *folder,
                     struct pa_problem *problem)
{
    struct pa_host host;

    side->folder = folder;
    if (pa_host_read(&host, folder, problem) < 0)
        return -1;
    pa_host_free(&host);
    return read_tables(side, problem);
}

static void side_free(struct pa_side *side)
{
    pa_table_free(&side->points);
    pa_table_free(&side->models);
    pa_table_free(&side->host);
}

/* By the factors, which are the first columns of points.csv's list. */
static int compare_points(const void *left, const void *right)
{
    const union pa_cell *const *a = left;
    const union pa_cell *const *b = right;
    struct pb_factors x = pa_factors_of(*a), y = pa_factors_of(*b);

    return pb_factors_order(&x, &y);
}

/* The rows of points.csv that measured something, sorted by their factors. */
static const union pa_cell **sorted_points(const struct pa_table *table,
                                           size_t *n)
{
    const union pa_cell **rows = malloc((table->n_rows + 1) * sizeof *rows);

    *n = 0;
    for (size_t i = 0; rows && i < table->n_rows; i++) {
        const union pa_cell *row = pa_table_row(table, i);
        if (row[POINT_fd_count].integer > 0)
            rows[(*n)++] = row;
    }
    if (rows)
        qsort(rows, *n, sizeof *rows, compare_points);
    return rows;
}

static int has_flag(const union pa_cell *row, const char *flag)
{
    return strstr(row[POINT_flags].text, flag) != NULL;
}

/* A contended point's ends are its extremes, not an interval. */
static int is_disturbed(const union pa_cell *row)
{
    return has_flag(row, "failed") || has_flag(row, "dirty") ||
           has_flag(row, "contended");
}

static int is_sound(const union pa_cell *row)
{
    return !is_disturbed(row) && row[POINT_low_ns].real > 0;
}

static struct pa_log_mean log_mean_at(const union pa_cell *row, size_t value,
                                      size_t n)
{
    struct pa_interval interval = {row[value].real, row[value + 1].real,
                                   row[value + 2].real};
    return pa_log_mean_of(interval, n);
}

static size_t count_of(const union pa_cell *row, size_t column)
{
    return row[column].integer > 0 ? (size_t)row[column].integer : 0;
}

static double variance(struct pa_log_mean mean)
{
    return mean.log_se * mean.log_se * (mean.degrees + 1);
}

static double scatter_of(const union pa_cell *a, const union pa_cell *b,
                         size_t value)
{
    if (is_disturbed(a) || is_disturbed(b))
        return INFINITY;
    return variance(log_mean_at(a, value, count_of(a, POINT_invocations))) +
           variance(log_mean_at(b, value, count_of(b, POINT_invocations)));
}

static struct pa_change_row point_row(const union pa_cell *a,
                                      const union pa_cell *b)
{
    size_t n_a = count_of(a, POINT_invocations);
    size_t n_b = count_of(b, POINT_invocations);
    struct pa_change_row row = {.point = a,
                                .a = a[POINT_estimate_ns].real,
                                .b = b[POINT_estimate_ns].real,
                                .scatter = scatter_of(a, b, POINT_estimate_ns),
                                .scatter_ref =
                                    scatter_of(a, b, POINT_estimate_ref)};

    snprintf(row.flags, sizeof row.flags, "%.30s%s%.30s", a[POINT_flags].text,
             *a[POINT_flags].text && *b[POINT_flags].text ? " " : "",
             strcmp(a[POINT_flags].text, b[POINT_flags].text)
                 ? b[POINT_flags].text
                 : "");
    row.ratio =
        pa_welch_ratio(log_mean_at(a, POINT_estimate_ns, n_a),
                       log_mean_at(b, POINT_estimate_ns, n_b), &row.chance);
    row.ratio_ref = pa_welch_ratio(log_mean_at(a, POINT_estimate_ref, n_a),
                                   log_mean_at(b, POINT_estimate_ref, n_b),
                                   &row.chance_ref);
    if (!is_sound(a) || !is_sound(b))
        row.chance = row.chance_ref = NAN;
    return row;
}

static void append(struct pa_comparison *comparison, struct pa_change_row row)
{
    comparison->rows[comparison->n_rows++] = row;
}

static int pair_points(struct pa_comparison *comparison)
{
    size_t n_a, n_b, i = 0, j = 0;
    const union pa_cell **a = sorted_points(&comparison->a.points, &n_a);
    const union pa_cell **b = sorted_points(&comparison->b.points, &n_b);

    while (a && b && (i < n_a || j < n_b)) {
        int order = i == n_a ? 1 : j == n_b ? -1 : compare_points(&a[i], &b[j]);
        if (order == 0)
            append(comparison, point_row(a[i], b[j]));
        comparison->n_only_a += order < 0;
        comparison->n_only_b += order > 0;
        i += order <= 0;
        j += order >= 0;
    }
    int error = a && b ? 0 : -1;
    free(a);
    free(b);
    return error;
}

/* Over all points, and over all coefficients. */
static int adjust(struct pa_comparison *comparison, size_t first, size_t n)
{
    double *room = calloc(4 * n + 1, sizeof *room);
    struct pa_change_row *rows = comparison->rows + first;

    if (!room)
        return -1;
    for (size_t i = 0; i < n; i++) {
        room[i] = rows[i].chance;
        room[n + i] = rows[i].chance_ref;
    }
    int error =
        pa_adjust(room, room + 2 * n, n) | pa_adjust(room + n, room + 3 * n, n);
    for (size_t i = 0; i < n; i++) {
        rows[i].adjusted = room[2 * n + i];
        rows[i].adjusted_ref = room[3 * n + i];
    }
    free(room);
    return error;
}

static enum pa_change judge(const struct pa_comparison *comparison,
                            const struct pa_change_row *row)
{
    struct pa_interval ratio =
        comparison->uses_ref ? row->ratio_ref : row->ratio;
    double adjusted = comparison->uses_ref ? row->adjusted_ref : row->adjusted;
    double most = 1 + comparison->threshold;

    if (isnan(adjusted))
        return PA_UNDECIDED;
    if (!row->is_coefficient && fabs(row->b - row->a) < PB_NOTHING_NS)
        return PA_SAME;
    if (adjusted < PB_FALSE_SHARE && ratio.value > most)
        return PA_SLOWER;
    if (adjusted < PB_FALSE_SHARE && ratio.value < 1 / most)
        return PA_FASTER;
    return ratio.low > 1 / most && ratio.high < most ? PA_SAME : PA_UNDECIDED;
}

static int compare_all(struct pa_comparison *comparison,
                       struct pa_problem *problem)
{
    size_t room = comparison->a.points.n_rows;

    comparison->rows = calloc(room + 1, sizeof *comparison->rows);
    if (!comparison->rows || pair_points(comparison) < 0)
        return pa_problem_set(problem, "out of memory");
    size_t n_points = comparison->n_rows;
    if (n_points == 0)
        return pa_problem_set(problem,
                              "%s and %s have no point in common; measure "
                              "them with the same options",
                              comparison->a.folder, comparison->b.folder);
    if (adjust(comparison, 0, n_points) < 0 ||
        adjust(comparison, n_points, comparison->n_rows - n_points) < 0)
        return pa_problem_set(problem, "out of memory");
    for (size_t i = 0; i < comparison->n_rows; i++)
        comparison->rows[i].change = judge(comparison, &comparison->rows[i]);
    return pa_compare_find_open(comparison) < 0
               ? pa_problem_set(problem, "out of memory")
               : 0;
}

int pa_compare(struct pa_comparison *comparison, const char *folder_a,
               const char *folder_b, struct pa_problem *problem)
{
    int error = read_side(&comparison->a, folder_a, problem);

    if (error == 0)
        error = read_side(&comparison->b, folder_b, problem);
    if (error == 0)
        error = compare_all(comparison, problem);
    if (error < 0)
        pa_comparison_free(comparison);
    return error;
}

void pa_comparison_free(struct pa_comparison *comparison)
{
    side_free(&comparison->a);
    side_free(&comparison->b);
    free(comparison->rows);
    comparison->rows = NULL;
    comparison->n_rows = 0;
    free(comparison->open);
    comparison->open = NULL;
    comparison->n_open = 0;
}

int pa_compare_has_changed(const struct pa_comparison *comparison)
{
    for (size_t i = 0; i < comparison->n_rows; i++)
        if (comparison->rows[i].change == PA_SLOWER ||
            comparison->rows[i].change == PA_FASTER)
            return 1;
    return 0;
}
