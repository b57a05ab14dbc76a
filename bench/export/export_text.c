/* SPDX-License-Identifier: MIT */
#include "export.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REPLACEMENT "\xEF\xBF\xBD" /* U+FFFD */

/* Bytes of the character that text begins with; 0: there is none. The Unicode
 * Standard, table 3-7: neither overlong, nor a surrogate, nor past U+10FFFF. */
static size_t length_of_character(const char *text)
{
    const unsigned char *byte = (const unsigned char *)text;
    size_t n = *byte < 0x80   ? 1
               : *byte < 0xC2 ? 0
               : *byte < 0xE0 ? 2
               : *byte < 0xF0 ? 3
               : *byte < 0xF5 ? 4
                              : 0;
    unsigned low = *byte == 0xE0 ? 0xA0 : *byte == 0xF0 ? 0x90 : 0x80;
    unsigned high = *byte == 0xED ? 0x9F : *byte == 0xF4 ? 0x8F : 0xBF;

    for (size_t i = 1; i < n; i++, low = 0x80, high = 0xBF)
        if (byte[i] < low || byte[i] > high)
            return 0;
    return n;
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
    /* glibc closes it without error, and bytes, when there is no memory. */
    char *name = failed || !bytes ? NULL : pa_utf8(bytes);
    free(bytes);
    return name;
}

json_t *pa_json_with(json_t *object, const char *key, const char *text)
{
    if (!*text || json_object_set_new(object, key, json_string(text)) == 0)
        return object;
    json_decref(object);
    return NULL;
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
