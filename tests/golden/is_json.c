/* SPDX-License-Identifier: MIT */
/* Whether standard input is one JSON text and no key of an object is twice. */
#include <jansson.h>

#include <stdio.h>

int main(void)
{
    json_error_t error;
    json_t *value = json_loadf(stdin, JSON_REJECT_DUPLICATES, &error);

    if (!value)
        fprintf(stderr, "line %d: %s\n", error.line, error.text);
    json_decref(value);
    return value ? 0 : 1;
}
