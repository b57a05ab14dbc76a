/* SPDX-License-Identifier: MIT */
/* What the formats share: texts that are UTF-8, names of points, JSON. */
#ifndef PA_EXPORT_TEXT_H
#define PA_EXPORT_TEXT_H

#include "csv_write.h"
#include "factors.h"
#include "problem.h"

#include <jansson.h>

/* A new copy in which each byte that is no part of a UTF-8 character is U+FFFD;
 * NULL when there is no memory. */
char *pa_utf8(const char *text);

/* Such a copy as JSON, and a number, null if it is not finite. NULL when there
 * is no memory, which jansson takes for a member that could not be set. */
json_t *pa_json_text(const char *text);
json_t *pa_json_real(double number);

/* The name of a point or series, in a new string of UTF-8, such as
 * "grid/poll/all/packed/M:8/N:1/R:1/W:1": its factors in their order, those
 * apart that are empty or, being held, what they usually are. NULL when there
 * is no memory. */
char *pa_export_name(const struct pb_factors *factors);

/* Add the text of value to out, and end its life; NULL is no memory while it was
 * made. Returns 0, or -1 with *problem set. */
int pa_json_put(struct pb_csv *out, json_t *value, size_t flags,
                struct pa_problem *problem);

#endif
