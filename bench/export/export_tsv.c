/* SPDX-License-Identifier: MIT */
/* Lines for scripts: name, value, low, high and unit, with tabs between. */
#include "export.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* In which no tab or line end is left. */
static int add_text(struct pb_csv *out, const char *text)
{
    char *clean = pa_utf8(text);

    for (char *byte = clean; byte && *byte; byte++)
        if ((unsigned char)*byte < ' ' || *byte == 127)
            *byte = '?';
    if (clean)
        pb_csv_append(out, clean, strlen(clean));
    free(clean);
    return clean ? 0 : -1;
}

static void add_real(struct pb_csv *out, double number)
{
    char digits[40];
    int n = isfinite(number)
                ? snprintf(digits, sizeof digits, "\t%.17g", number)
                : snprintf(digits, sizeof digits, "\t");

    pb_csv_append(out, digits, (size_t)n);
}

static int add_line(void *context, const struct pa_headline *headline)
{
    struct pb_csv *out = context;

    if (add_text(out, headline->name) < 0)
        return -1;
    add_real(out, headline->value);
    add_real(out, headline->low);
    add_real(out, headline->high);
    pb_csv_append(out, "\t", 1);
    if (add_text(out, headline->unit) < 0)
        return -1;
    pb_csv_append(out, "\n", 1);
    return 0;
}

int pa_export_tsv(struct pb_csv *out, const char *folder,
                  struct pa_problem *problem)
{
    static const char header[] = "name\tvalue\tlow\thigh\tunit\n";

    pb_csv_append(out, header, sizeof header - 1);
    return pa_headlines(folder, add_line, out, problem);
}
