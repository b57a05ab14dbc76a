/* SPDX-License-Identifier: MIT */
#include "export.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REPLACEMENT "\xEF\xBF\xBD" /* U+FFFD */

/* Bytes of the character that text begins with, as jansson, which refuses all
 * else, sees it; 0: there is none. */
static size_t length_of_character(const char *text)
{
    for (size_t n = 1; n <= 4 && text[n - 1]; n++) {
        json_t *character = json_stringn(text, n);
        if (character) {
            json_decref(character);
            return n;
        }
    }
    return 0;
}

char *pa_utf8(const char *text)
{
    char *clean = malloc(strlen(REPLACEMENT) * strlen(text) + 1);
    char *end = clean;

    while (clean && *text) {
        size_t n = length_of_character(text);
        end = n ? mempcpy(end, text, n) : stpcpy(end, REPLACEMENT);
        text += n ? n : 1;
    }
    if (clean)
        *end = '\0';
    return clean;
}

/* "grid", "M:8" or "fd_kind:pipe", each with '/' before it but the first. */
static void add_factor(FILE *out, const struct pb_factors *factors,
                       enum pb_factor factor)
{
    const struct pb_factor_info *info = &pb_factor_infos[factor];
    int64_t integer = pb_factor_number(factors, factor);
    const char *value = pb_factor_text(factors, factor);
    char number[24];

    if (info->type == PB_INTEGER && integer != PA_NONE) {
        snprintf(number, sizeof number, "%" PRId64, integer);
        value = number;
    }
    if (!value || !*value ||
        (info->role == PB_HELD && strcmp(value, info->older) == 0))
        return;
    if (ftell(out) > 0)
        fputc('/', out);
    if (info->role == PB_HELD)
        fprintf(out, "%s:", info->name);
    else if (info->type == PB_INTEGER)
        fprintf(out, "%c:", info->letter);
    fputs(value, out);
}

char *pa_export_name(const struct pb_factors *factors)
{
    char *bytes = NULL;
    size_t n_bytes;
    FILE *out = open_memstream(&bytes, &n_bytes);

    for (enum pb_factor i = 0; out && i < PB_N_FACTORS; i++)
        add_factor(out, factors, i);
    int failed = !out || ferror(out);
    failed |= out && fclose(out) != 0;
    char *name = failed ? NULL : pa_utf8(bytes);
    free(bytes);
    return name;
}

static int append(const char *bytes, size_t n_bytes, void *out)
{
    pb_csv_append(out, bytes, n_bytes);
    return 0; /* an error is kept until the flush */
}

int pa_json_put(struct pb_csv *out, json_t *value, size_t flags,
                struct pa_problem *problem)
{
    int error = value ? json_dump_callback(value, append, out, flags) : -1;

    json_decref(value);
    return error < 0 ? pa_problem_set(problem, "out of memory") : 0;
}
