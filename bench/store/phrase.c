/* SPDX-License-Identifier: MIT */
#include "phrase.h"

#include "metrics.h"
#include "show.h"
#include "table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LEFT_MOST = 3 }; /* classes that are named; more say nothing */

static int is_highest_fd(const char *variable)
{
    return strcmp(variable, "highest_fd") == 0;
}

const char *pa_phrase_variable(const char *variable)
{
    static const char *const words[][2] = {
        {"highest_fd", "the highest fd"},
        {"fd_count", "the number of fds watched"},
        {"ready_count", "the number of fds ready"}};

    for (size_t i = 0; i < PA_ARRAY_SIZE(words); i++)
        if (strcmp(variable, words[i][0]) == 0)
            return words[i][1];
    return pa_factor_words(variable);
}

void pa_phrase_value(FILE *out, const char *variable, int64_t value)
{
    if (is_highest_fd(variable))
        fprintf(out, "highest fd %lld", (long long)value);
    else if (strcmp(variable, "fd_count") == 0)
        fprintf(out, "%lld watched", (long long)value);
    else if (strcmp(variable, "ready_count") == 0)
        fprintf(out, "%lld ready", (long long)value);
    else
        fprintf(out, "%s %lld", pa_factor_words(variable), (long long)value);
}

void pa_phrase_held(FILE *out, int64_t highest_fd, int64_t fd_count,
                    int64_t ready_count, const char *layout)
{
    const struct {
        const char *variable;
        int64_t value;
    } held[] = {{"highest_fd", highest_fd},
                {"fd_count", fd_count},
                {"ready_count", ready_count}};
    const char *gap = "";

    for (size_t i = 0; i < PA_ARRAY_SIZE(held); i++)
        if (held[i].value != PA_NONE) {
            fputs(gap, out);
            pa_phrase_value(out, held[i].variable, held[i].value);
            gap = " and ";
        }
    if (strcmp(layout, "packed") != 0)
        fprintf(out, "%s%s", gap, layout);
}

void pa_phrase_subject(FILE *out, const char *backend, const char *stage)
{
    int is_stage = strcmp(stage, "all") != 0;

    fprintf(out, "%s%s%s", backend, is_stage ? "'s " : "",
            is_stage ? stage : "");
}

/* " (timeout=1000 ready_place=last)": what is held otherwise than in older
 * runs, where that is not so of most points. */
static void put_unusual(FILE *out, const struct pb_growth_row *row)
{
    const char *before = " (";

    if (row->typical)
        return;
#define PUT_PB_TEXT(name, older)                                               \
    if (strcmp(row->name, older) != 0) {                                       \
        fprintf(out, "%s" #name "=%s", before, row->name);                     \
        before = " ";                                                          \
    }
#define PUT_PB_INTEGER(name, older)                                            \
    if (row->name != PA_NONE && row->name != strtoll(older, NULL, 10)) {       \
        fprintf(out, "%s" #name "=%lld", before, (long long)row->name);        \
        before = " ";                                                          \
    }
#define PUT(name, type, unit, older, meaning) PUT_##type(name, older)
    PB_HELD_FACTORS(PUT)
    if (*before == ' ' && before[1] == '\0')
        fputc(')', out);
}

void pa_phrase_class(FILE *out, const struct pb_growth_row *row)
{
    const char *variable = pa_phrase_variable(row->variable);
    const char *left = row->left;

    if (strcmp(row->class, "cannot-tell") != 0) {
        fprintf(out, "%s in %s", pa_class_words(row->class), variable);
        return;
    }
    size_t n_left = 0;

    for (const char *at = left; *at; at++)
        n_left += *at == ';';
    if (!*left || n_left >= LEFT_MOST) {
        fprintf(out, "of no class that can be told in %s", variable);
        return;
    }
    if (n_left == 0) {
        fprintf(out,
                "of no class that can be told in %s, %s alone not excluded",
                variable, left);
        return;
    }
    for (const char *gap = ""; *left; gap = " or ") {
        size_t n = strcspn(left, ";");
        fprintf(out, "%s%.*s", gap, (int)n, left);
        left += n + strspn(left + n, "; ");
    }
    fprintf(out, " in %s, which of them cannot be told", variable);
}

void pa_phrase_change(FILE *out, const char *with,
                      const struct pb_growth_row *row)
{
    const char *unit = pb_metric_unit(row->metric);

    fprintf(out, "%s ", with);
    pa_phrase_held(out, row->highest_fd, row->fd_count, row->ready_count,
                   row->layout);
    fputs(", ", out);
    pa_phrase_subject(out, row->backend, row->stage);
    put_unusual(out, row);
    fprintf(out, " costs %s at ", pa_show_cost(row->from_ns, unit).text);
    pa_phrase_value(out, row->variable, row->from);
    fprintf(out, " and %s at ", pa_show_cost(row->to_ns, unit).text);
    pa_phrase_value(out, row->variable, row->to);
    fprintf(out, ", a change of %s",
            pa_show_cost_interval(row->change_ns, row->change_low_ns,
                                  row->change_high_ns, unit)
                .text);
    if ((row->change_low_ns > 0 || row->change_high_ns < 0) &&
        strcmp(row->class, "O(1)") != 0)
        fprintf(
            out, ", %s times as much",
            pa_show_interval(row->factor, row->factor_low, row->factor_high, "")
                .text);
}

void pa_phrase_exponent(FILE *out, const char *before,
                        const struct pb_growth_row *row)
{
    if (!isnan(row->exponent))
        fprintf(out, "%sexponent %s", before,
                pa_show_interval(row->exponent, row->exponent_low,
                                 row->exponent_high, "")
                    .text);
}
