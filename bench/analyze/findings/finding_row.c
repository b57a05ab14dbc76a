/* SPDX-License-Identifier: MIT */
#include "finding_row.h"

#include "row.h"
#include "rules.h"

#include <math.h>
#include <stdlib.h>

static double cost_in(const struct pa_cost *cost, size_t invocation)
{
    double ns = cost->parts[0]->cost_ns[invocation];
    return cost->parts[1] ? ns + cost->parts[1]->cost_ns[invocation] : ns;
}

static double estimate_of(const struct pa_cost *cost)
{
    double ns = cost->parts[0]->estimate_ns;
    return cost->parts[1] ? ns + cost->parts[1]->estimate_ns : ns;
}

int pa_change_measure(struct pa_change *change, const struct pa_run *run,
                      struct pa_cost near, struct pa_cost far)
{
    double *more_ns = malloc((run->n_invocations + 1) * sizeof *more_ns);

    if (!more_ns)
        return -1;
    for (size_t i = 0; i < run->n_invocations; i++)
        more_ns[i] = cost_in(&far, i) - cost_in(&near, i);
    change->more_ns = pa_t_interval(more_ns, run->n_invocations);
    change->margin_ns = pa_margin_ns(estimate_of(&near), PB_NOTHING_SHARE);
    change->verdict = pa_judge_change(change->more_ns, change->margin_ns);
    free(more_ns);
    return 0;
}

void pa_print_cost(FILE *out, double cost_ns)
{
    static const char *const units[] = {"ns", "µs", "ms", "s"};
    int unit = 0;

    for (; unit < 3 && fabs(cost_ns) >= 999.5; unit++)
        cost_ns /= 1000;
    fprintf(out, unit == 0 ? "%.0f %s" : "%.3g %s", cost_ns, units[unit]);
}

void pa_print_change(FILE *out, const struct pa_change *change)
{
    if (change->verdict == PA_LEVEL) {
        fputs("level", out);
    } else if (change->verdict == PA_UNCLEAR) {
        fputs("cannot tell", out);
    } else {
        fputs(change->verdict == PA_RISES ? "+" : "", out);
        pa_print_cost(out, change->more_ns.value);
    }
}

void pa_print_change_interval(FILE *out, const struct pa_change *change)
{
    struct pa_interval ns = change->more_ns;
    int is_more = change->verdict == PA_RISES;

    pa_print_cost(out, fabs(ns.value));
    fputs(is_more ? " more [" : " less [", out);
    pa_print_cost(out, is_more ? ns.low : -ns.high);
    fputs(", ", out);
    pa_print_cost(out, is_more ? ns.high : -ns.low);
    fputs("]", out);
}

const char *pa_before_item(size_t i, size_t n)
{
    return i == 0 ? "" : i + 1 == n ? " and " : ", ";
}

int pa_finding_row_open(struct pa_finding_row *row)
{
    *row = (struct pa_finding_row){0};
    row->title = open_memstream(&row->title_text, &row->title_bytes);
    if (!row->title)
        return -1;
    row->sentence = open_memstream(&row->sentence_text, &row->sentence_bytes);
    if (row->sentence)
        return 0;
    fclose(row->title);
    free(row->title_text);
    return -1;
}

PB_ROW(finding, PB_FINDINGS)

int pa_finding_row_close(struct pa_finding_row *row, struct pb_csv *csv,
                         const char *sweep, int64_t fd_count)
{
    int error = fclose(row->title) == 0 ? 0 : -1;

    if (fclose(row->sentence) != 0)
        error = -1;
    for (size_t i = 0; error == 0 && i < row->title_bytes; i++)
        if (row->title_text[i] == ',')
            row->title_text[i] = ' ';
    if (error == 0 && row->title_bytes > 0) {
        pb_finding_put(csv, &(struct pb_finding_row){
                                .sweep = sweep,
                                .fd_count = fd_count,
                                .title = row->title_text,
                                .sentence = row->sentence_text,
                            });
    }
    free(row->title_text);
    free(row->sentence_text);
    return error;
}
