/* SPDX-License-Identifier: MIT */
/* google-benchmark's JSON, whose compare.py tests two runs point by point: an
 * entry a point and invocation, as if that were a repetition. Times only: all
 * else would be taken for one. */
#include "export.h"
#include "points.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A fact is there for each of its rows; those of one key are one text here. */
static int add_fact(json_t *context, const char *key, const char *value)
{
    char *name = pa_utf8(key), *text = pa_utf8(value), *joined = NULL;
    const json_t *before = name ? json_object_get(context, name) : NULL;
    int error = -1;

    if (before && text &&
        asprintf(&joined, "%s; %s", json_string_value(before), text) < 0)
        joined = NULL;
    if (name && text && (joined || !before))
        error = json_object_set_new(context, name,
                                    json_string(joined ? joined : text));
    free(name);
    free(text);
    free(joined);
    return error;
}

/* All of host.csv. */
static json_t *context_of(const struct pa_table *facts)
{
    json_t *context = json_object();
    int failed = 0;

    for (size_t i = 0; i < facts->n_rows; i++)
        failed |= add_fact(context, pa_table_row(facts, i)[0].text,
                           pa_table_row(facts, i)[1].text);
    if (!failed)
        return context;
    json_decref(context);
    return NULL;
}

/* The batches of an invocation that have a cost. */
static json_int_t count(const struct pa_batch *batches, size_t n,
                        size_t invocation)
{
    json_int_t n_valid = 0;

    for (size_t i = 0; i < n; i++)
        n_valid +=
            batches[i].invocation == invocation && !isnan(batches[i].cost_ns);
    return n_valid;
}

/* The entry of an invocation: the index-th of the point's. */
static json_t *entry_of(const char *name, const struct pa_point *point,
                        size_t index, double ns, json_int_t n_batches)
{
    json_t *entry = json_pack(
        "{s:s, s:s, s:s, s:I, s:I, s:i, s:I, s:f, s:f, s:s}", "name", name,
        "run_name", name, "run_type", "iteration", "repetitions",
        (json_int_t)point->n_invocations, "repetition_index", (json_int_t)index,
        "threads", 1, "iterations", n_batches, "real_time", ns, "cpu_time", ns,
        "time_unit", "ns");

    return pa_json_with(entry, "label", pa_flags_text(point->flags));
}

/* The entries of a point, on a line of their own. */
static int put_point(struct pb_csv *out, const struct pa_run *run, size_t i,
                     const char **between, struct pa_problem *problem)
{
    const struct pa_point *point = &run->points[i];
    char *name = pa_export_name(&point->factors);
    size_t n_batches, index = 0;
    const struct pa_batch *batches = pa_run_batches(run, point, &n_batches);
    int error = name ? 0 : pa_problem_set(problem, "out of memory");

    for (size_t k = 0; error == 0 && k < run->n_invocations; k++) {
        if (!isfinite(point->cost_ns[k]))
            continue;
        const char *comma = index ? ", " : *between;
        pb_csv_append(out, comma, strlen(comma));
        error = pa_json_put(out,
                            entry_of(name, point, index++, point->cost_ns[k],
                                     count(batches, n_batches, k)),
                            0, problem);
        *between = ",\n";
    }
    free(name);
    return error;
}

static int put_run(struct pb_csv *out, const struct pa_run *run,
                   struct pa_problem *problem)
{
    static const char head[] = "{\"context\": ",
                      list[] = ",\n\"benchmarks\": [";
    const char *between = "\n";
    int error = 0;

    pb_csv_append(out, head, sizeof head - 1);
    if (pa_json_put(out, context_of(&run->host), JSON_INDENT(1), problem) < 0)
        return -1;
    pb_csv_append(out, list, sizeof list - 1);
    for (size_t i = 0; error == 0 && i < run->n_points; i++)
        if (pb_metric_is_time(run->points[i].metric))
            error = put_point(out, run, i, &between, problem);
    pb_csv_append(out, "\n]}\n", 4);
    return error;
}

int pa_export_gbench(struct pb_csv *out, const char *folder,
                     struct pa_problem *problem)
{
    struct pa_run run;

    if (pa_run_read(&run, folder, problem) < 0)
        return -1;
    if (*run.warning.text)
        fprintf(stderr, "%s: warning: %s\n", program_invocation_short_name,
                run.warning.text);
    int error = pa_residue_check(&run, problem);
    if (error == 0)
        pa_points_estimate(&run);
    if (error == 0 && !pa_is_timed(&run))
        error = pa_problem_set(problem,
                               "%s counts instructions, and this format is of "
                               "times alone; take another",
                               folder);
    if (error == 0)
        error = put_run(out, &run, problem);
    pa_run_free(&run);
    return error;
}
