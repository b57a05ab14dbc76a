/* SPDX-License-Identifier: MIT */
#include "ladder.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void pb_ladder_free(struct pb_ladder *ladder)
{
    free(ladder->values);
    *ladder = (struct pb_ladder){0};
}

void pb_ladder_add(struct pb_ladder *ladder, int value, int low, int high)
{
    if (value < low || value > high)
        return;
    size_t n = (size_t)ladder->n + 1;
    int *values = realloc(ladder->values, n * sizeof *values);
    if (!values) {
        ladder->error = -ENOMEM;
        return;
    }
    values[ladder->n++] = value;
    ladder->values = values;
}

static int by_value(const void *a, const void *b)
{
    int x = *(const int *)a, y = *(const int *)b;
    return (x > y) - (x < y);
}

void pb_ladder_add_rungs(struct pb_ladder *ladder, int low, int high,
                         int per_octave)
{
    for (int64_t octave = 1; octave <= high; octave *= 2)
        for (int64_t part = 0; part < per_octave; part++)
            if (octave * part % per_octave == 0 &&
                octave + octave * part / per_octave <= high)
                pb_ladder_add(ladder,
                              (int)(octave + octave * part / per_octave), low,
                              high);
}

void pb_ladder_sort(struct pb_ladder *ladder)
{
    int n = 0;
    if (ladder->n == 0)
        return;
    qsort(ladder->values, (size_t)ladder->n, sizeof *ladder->values, by_value);
    for (int i = 0; i < ladder->n; i++)
        if (i == 0 || ladder->values[i] != ladder->values[n - 1])
            ladder->values[n++] = ladder->values[i];
    ladder->n = n;
}

/* One range while it is read. */
struct range {
    int64_t low, high;
    double step; /* added; or, if multiplied is set, a factor */
    int multiplied;
};

static int read_number(const char **text, int64_t max, int64_t *number)
{
    char *end;
    if (strncmp(*text, "max", 3) == 0) {
        *number = max;
        *text += 3;
        return 0;
    }
    if (**text < '0' || **text > '9')
        return -EINVAL;
    errno = 0;
    *number = strtoll(*text, &end, 10);
    if (errno)
        return -EINVAL;
    *text = end;
    return 0;
}

static int read_range(const char **text, int64_t max, struct range *range)
{
    int64_t step = 2;
    *range = (struct range){.step = 2, .multiplied = 1};
    if (read_number(text, max, &range->low) < 0)
        return -EINVAL;
    range->high = range->low;
    if (**text != ':')
        return 0;
    ++*text;
    if (read_number(text, max, &range->high) < 0)
        return -EINVAL;
    if (**text != ':')
        return 0;
    ++*text;
    range->multiplied = **text == '*';
    *text += range->multiplied;
    if (read_number(text, max, &step) < 0)
        return -EINVAL;
    range->step = (double)step;
    return step >= (range->multiplied ? 2 : 1) ? 0 : -EINVAL;
}

static void add_range(struct pb_ladder *ladder, const struct range *range)
{
    double value = (double)range->low;
    int low = (int)range->low, high = (int)range->high;
    while (value < high && !ladder->error) {
        pb_ladder_add(ladder, (int)value, low, high);
        if (range->multiplied)
            value = value > 0 ? value * range->step : 1;
        else
            value += range->step;
    }
    /* A doubling range ends with its upper end; a stepped one where the
     * steps end. */
    if (range->multiplied || value == high)
        pb_ladder_add(ladder, high, low, high);
}

int pb_ladder_parse(struct pb_ladder *ladder, const char *text, int low,
                    int high, char problem[PB_LADDER_PROBLEM])
{
    const char *at = text;
    for (;;) {
        struct range range;
        if (read_range(&at, high, &range) < 0 || (*at && *at != ',')) {
            snprintf(problem, PB_LADDER_PROBLEM,
                     "'%s' is not a list of N, LOW:HIGH, LOW:HIGH:STEP or "
                     "LOW:HIGH:*FACTOR",
                     text);
            return -EINVAL;
        }
        if (range.low > range.high) {
            snprintf(problem, PB_LADDER_PROBLEM,
                     "range %" PRId64 ":%" PRId64
                     " is empty: write the lower end first",
                     range.low, range.high);
            return -EINVAL;
        }
        if (range.low < low || range.high > high) {
            snprintf(problem, PB_LADDER_PROBLEM,
                     "%" PRId64 ":%" PRId64
                     " is outside what is possible here, %d to %d",
                     range.low, range.high, low, high);
            return -EINVAL;
        }
        add_range(ladder, &range);
        if (!*at)
            break;
        at++;
    }
    pb_ladder_sort(ladder);
    return ladder->error;
}
