/* SPDX-License-Identifier: MIT */
/* The ranges of the command line: what is accepted is ascending and within
 * what was allowed; what is not has a reason. */
#include "ladder.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes);

static void check(const struct pb_ladder *ladder, int low, int high)
{
    if (ladder->n < 1)
        abort();
    for (int i = 0; i < ladder->n; i++)
        if (ladder->values[i] < low || ladder->values[i] > high ||
            (i > 0 && ladder->values[i] <= ladder->values[i - 1]))
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes)
{
    static const int limits[][2] = {{1, 14000}, {8, 19999}, {0, 1}, {0, 100}};
    struct pb_ladder ladder = {0};
    char problem[PB_LADDER_PROBLEM] = "";

    if (n_bytes < 1 || n_bytes > 200)
        return 0;
    const int *limit = limits[bytes[0] % 4];
    char *text = strndup((const char *)bytes + 1, n_bytes - 1);
    int error = pb_ladder_parse(&ladder, text, limit[0], limit[1], problem);
    if (error == 0)
        check(&ladder, limit[0], limit[1]);
    else if (error != -EINVAL || !*problem)
        abort();
    pb_ladder_free(&ladder);
    free(text);
    return 0;
}
