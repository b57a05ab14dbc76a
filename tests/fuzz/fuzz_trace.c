/* SPDX-License-Identifier: MIT */
/* Lines of a trace, which may be anybody's: what is taken for a wait is one
 * that a program may have made. */
#include "need.h"
#include "trace_text.h"

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes);

static void check(const struct pa_traced *traced)
{
    const char *known;

    if (traced->way == PA_NO_WAY || traced->tid < 0 || traced->n_fds < 0 ||
        traced->n_fds > INT_MAX || traced->highest > INT_MAX ||
        traced->set > INT_MAX || traced->returned < 0 ||
        traced->returned > INT_MAX || !(traced->at_s >= 0))
        abort();
    if (pa_way_of_call_name(traced->call, &known) != traced->way)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes)
{
    char *all = strndup((const char *)bytes, n_bytes), *rest = all, *line;
    struct pa_trace_text text = {0};
    struct pa_traced traced;

    while (all && (line = strsep(&rest, "\n")))
        if (pa_trace_line(&text, &traced, line))
            check(&traced);
    pa_trace_text_free(&text);
    free(all);
    return 0;
}
