/* SPDX-License-Identifier: MIT */
/* The formats that a run is exported in, each for another program, and what
 * they share; docs/export.md. What is not UTF-8 in a run is replaced. */
#ifndef PA_EXPORT_H
#define PA_EXPORT_H

#include "csv_write.h"
#include "factors.h"
#include "problem.h"

#include <jansson.h>

/* Add the whole of what is exported of the run in folder to out, as bytes.
 * Each returns 0, or -1 with *problem set; out may then hold part of it. */
typedef int pa_export(struct pb_csv *out, const char *folder,
                      struct pa_problem *problem);

pa_export pa_export_datapackage; /* Frictionless Data Package descriptor */
pa_export pa_export_gbench;      /* google-benchmark's JSON */
pa_export pa_export_bmf;         /* Bencher Metric Format */
pa_export pa_export_tsv;         /* lines with tabs: headlines */

/* A new copy in which each byte that is no part of a UTF-8 character is U+FFFD;
 * NULL when there is no memory. */
char *pa_utf8(const char *text);

/* The name of a point or series, in a new string of UTF-8, such as
 * "grid/poll/all/packed/M:8/N:1/R:1/W:1": its factors in their order, but those
 * that are empty or, being held, what they usually are. NULL when there is no
 * memory. */
char *pa_export_name(const struct pb_factors *factors);

/* Give object a member, unless its text, which is UTF-8, is empty. Returns
 * object, or NULL, and its life has ended. */
json_t *pa_json_with(json_t *object, const char *key, const char *text);

/* Add the text of value to out, and end its life; NULL is no memory while it
 * was made. Returns 0, or -1 with *problem set. */
int pa_json_put(struct pb_csv *out, json_t *value, size_t flags,
                struct pa_problem *problem);

/* One of the few numbers of a run to follow over time: of each series that
 * pollbench show speaks of, the change from one end to the other, a cost, and
 * the slopes. */
struct pa_headline {
    const char *name; /* UTF-8; of runs with the same plan the same */
    const char *unit;
    double value, low, high; /* NAN: not known */
    int is_cost;
};

/* Hand each to take, which returns 0, or -1 for no memory. Returns 0, or -1
 * with *problem set. */
int pa_headlines(const char *folder,
                 int (*take)(void *context, const struct pa_headline *headline),
                 void *context, struct pa_problem *problem);

#endif
