/* SPDX-License-Identifier: MIT */
#include "findings.h"

#include <stdlib.h>
#include <string.h>

#define DOT " \xC2\xB7 "

static void print_bytes(FILE *out, const char *bytes)
{
    double kib = strtod(bytes, NULL) / 1024;

    fprintf(out, kib < 1024 ? "%.3g KiB" : "%.3g MiB",
            kib < 1024 ? kib : kib / 1024);
}

static void print_fact(FILE *out, const struct pa_run_tables *run,
                       const char *key, const char *before, const char *after)
{
    const char *value = pa_run_fact(run, key, "");

    if (*value)
        fprintf(out, "%s%s%s", before, value, after);
}

void pa_machine_print(FILE *out, const struct pa_run_tables *run)
{
    static const char *const caches[] = {"cache_l1d", "cache_l2", "cache_l3"};
    const char *hypervisor = pa_run_fact(run, "hypervisor", "none seen");
    const char *gap = DOT "caches ";

    print_fact(out, run, "label", "", ": ");
    if (pa_run_is_counted(run)) { /* the same on any machine */
        fprintf(out, "%s, counting instructions",
                pa_run_fact(run, "emulator", "an emulator"));
        return;
    }
    fputs(pa_run_fact(run, "cpu_model", "CPU unknown"), out);
    print_fact(out, run, "cpu_id", " (", ")");
    print_fact(out, run, "cpu_clock", " at ", " MHz");
    print_fact(out, run, "cpus_online", DOT, " CPUs");
    for (size_t i = 0; i < PA_ARRAY_SIZE(caches); i++) {
        const char *bytes = pa_run_fact(run, caches[i], "0");
        if (strtod(bytes, NULL) <= 0)
            continue;
        fputs(gap, out);
        print_bytes(out, bytes);
        gap = " / ";
    }
    if (strcmp(hypervisor, "none seen") != 0)
        fputs(DOT "virtual", out);
}
