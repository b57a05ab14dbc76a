/* SPDX-License-Identifier: MIT */
#include "label.h"

#include <string.h>

size_t pb_label_key(const char *text)
{
    size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyz"
                            "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.");

    if (text[n] != '=' || !text[n + 1] || strlen(text) >= PB_LABEL_BYTES)
        return 0;
    for (const char *at = text + n; *at; at++)
        if (*at < ' ' || *at > '~' || *at == ',')
            return 0;
    return n;
}
