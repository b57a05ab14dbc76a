/* SPDX-License-Identifier: MIT */
/* Bencher Metric Format, {NAME: {MEASURE: {value, lower_value, upper_value}}}:
 * each name becomes a series with alarms of its own, so only headlines. */
#include "export.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    SLUG_BYTES = 65
}; /* the most that a measure's name has there, and NUL */

/* The measure of ns is built in there; of others it is the unit as a slug. */
static const char *measure_of(const struct pa_headline *headline,
                              char slug[SLUG_BYTES])
{
    size_t n = 0;

    if (strcmp(headline->unit, "ns") == 0)
        return "latency";
    for (; n + 1 < SLUG_BYTES && headline->unit[n]; n++) {
        unsigned char byte = (unsigned char)headline->unit[n];
        slug[n] = (char)(byte < 128 && isalnum(byte) ? tolower(byte) : '-');
    }
    slug[n] = '\0';
    return slug;
}

/* What cannot be told has no place there. */
static int add_real(json_t *to, const char *key, double number)
{
    return isfinite(number) ? json_object_set_new(to, key, json_real(number))
                            : 0;
}

static int add_headline(void *context, const struct pa_headline *headline)
{
    char slug[SLUG_BYTES];

    if (!isfinite(headline->value))
        return 0;
    json_t *metric = json_object(), *measures = json_object();
    int failed = add_real(metric, "value", headline->value);
    failed |= add_real(metric, "lower_value", headline->low);
    failed |= add_real(metric, "upper_value", headline->high);
    failed |= json_object_set_new(measures, measure_of(headline, slug), metric);
    failed |= json_object_set_new(context, headline->name, measures);
    return failed ? -1 : 0;
}

int pa_export_bmf(struct pb_csv *out, const char *folder,
                  struct pa_problem *problem)
{
    json_t *all = json_object();

    if (pa_headlines(folder, add_headline, all, problem) < 0) {
        json_decref(all);
        return -1;
    }
    int error = pa_json_put(out, all, JSON_INDENT(1), problem);
    pb_csv_append(out, "\n", 1);
    return error;
}
