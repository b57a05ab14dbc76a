/* SPDX-License-Identifier: MIT */
#include "conditions.h"

#include "host.h"
#include "proc_file.h"
#include "quota.h"

#include <inttypes.h>
#include <link.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/syscall.h>
#include <unistd.h>

#define USUAL_SCHEDULING "SCHED_OTHER, nice 0"

#define PROC_STATUS "/proc/self/status"

/* --- scheduling ----------------------------------------------------------- */

/* struct sched_attr of the kernel, which not every C library has. */
struct attributes {
    uint32_t size, policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime, deadline, period;
    uint32_t clamp_least, clamp_most; /* of 1024; 0, 0 where not known */
};

void pb_conditions_scheduling(char *text, size_t n_bytes)
{
    static const char *const names[] = {
        [SCHED_OTHER] = "SCHED_OTHER", [SCHED_FIFO] = "SCHED_FIFO",
        [SCHED_RR] = "SCHED_RR",       [SCHED_BATCH] = "SCHED_BATCH",
        [SCHED_IDLE] = "SCHED_IDLE",   [6] = "SCHED_DEADLINE"};
    struct attributes is = {.size = sizeof is};
    char clamp[64] = "";
    const char *name = NULL;

    text[0] = '\0';
    if (syscall(SYS_sched_getattr, 0, &is, sizeof is, 0) < 0)
        return;
    if (is.policy < sizeof names / sizeof names[0])
        name = names[is.policy];
    if (is.clamp_most > 0 && is.clamp_most < 1024)
        snprintf(clamp, sizeof clamp,
                 ", at most %" PRIu32 "/1024 of a CPU's speed", is.clamp_most);
    snprintf(text, n_bytes, "%s, %s %" PRId32 "%s", name ? name : "unknown",
             is.priority ? "priority" : "nice",
             is.priority ? (int32_t)is.priority : is.nice, clamp);
}

static void describe_scheduling(struct pb_csv *host, pb_tell *tell)
{
    char is[128], text[256];
    pb_conditions_scheduling(is, sizeof is);
    pb_host_text(host, "scheduling", is);
    if (!is[0] || strcmp(is, USUAL_SCHEDULING) == 0)
        return;
    snprintf(text, sizeof text,
             "it is scheduled as %s, where usual programs are as %s", is,
             USUAL_SCHEDULING);
    tell(host, text);
}

/* --- tracing and filters -------------------------------------------------- */

int pb_conditions_tracer(char *text, size_t n_bytes)
{
    char path[64], name[64];
    int64_t tracer = pb_proc_number(PROC_STATUS, "TracerPid:");
    if (tracer <= 0)
        return 0;
    snprintf(path, sizeof path, "/proc/%" PRId64 "/comm", tracer);
    pb_proc_line(path, name, sizeof name);
    snprintf(text, n_bytes, "%s (process %" PRId64 ")",
             name[0] ? name : "a program", tracer);
    return 1;
}

static void describe_filters(struct pb_csv *host, pb_tell *tell)
{
    char text[128];
    int is_filtered = pb_proc_number(PROC_STATUS, "Seccomp:") > 0;
    int64_t n = pb_proc_number(PROC_STATUS, "Seccomp_filters:");
    if (is_filtered && n == 0)
        n = 1; /* kernels before 5.9 do not count them */
    pb_host_integer(host, "seccomp_filters", n, "");
    if (n == 0)
        return;
    snprintf(text, sizeof text,
             "%" PRId64 " seccomp filter%s looked at every system call", n,
             n == 1 ? "" : "s");
    tell(host, text);
}

/* What this process asked of the CPU, or who started it, over what the kernel
 * does for all. */
static void describe_speculation(struct pb_csv *host)
{
    static const char *const keys[][2] = {
        {"Speculation_Store_Bypass:", "speculation_store_bypass"},
        {"SpeculationIndirectBranch:", "speculation_indirect_branch"}};
    char text[128];
    for (int i = 0; i < 2; i++)
        pb_host_text(host, keys[i][1],
                     pb_proc_value(PROC_STATUS, keys[i][0], text, sizeof text));
}

/* --- memory and libraries ------------------------------------------------- */

static void describe_layout(struct pb_csv *host, pb_tell *tell)
{
    char text[16];
    int is_asked_off = personality(0xffffffff) & ADDR_NO_RANDOMIZE;
    const char *why =
        is_asked_off ? "off (by its personality)"
        : strcmp(pb_proc_line("/proc/sys/kernel/randomize_va_space", text,
                              sizeof text),
                 "0") == 0
            ? "off (by randomize_va_space)"
            : NULL;
    pb_host_text(host, "aslr", why ? why : "on");
    if (why)
        tell(host, "addresses are not random here: all runs have the same "
                   "layout in memory, be it a good or a bad one");
}

/* A library that was asked for, and whether it is there. */
struct library {
    const char *name;
    size_t n_bytes;
};

static int is_library(struct dl_phdr_info *object, size_t size, void *context)
{
    const struct library *library = context;
    size_t n = strlen(object->dlpi_name);
    (void)size;
    return n >= library->n_bytes &&
           memcmp(object->dlpi_name + n - library->n_bytes, library->name,
                  library->n_bytes) == 0;
}

/* Those of a list that were loaded; ld.so(8) has what separates them. */
static int add_preloaded(struct pb_csv *host, const char *list)
{
    static const char between[] = " :\t\n";
    int n = 0;
    for (list += strspn(list, between); *list; list += strspn(list, between)) {
        struct library library = {list, strcspn(list, between)};
        char name[256];
        list += library.n_bytes;
        if (!dl_iterate_phdr(is_library, &library))
            continue;
        snprintf(name, sizeof name, "%.*s", (int)library.n_bytes, library.name);
        pb_host_text(host, "preloaded", name);
        n++;
    }
    return n;
}

static void describe_preloaded(struct pb_csv *host, pb_tell *tell)
{
    char line[1024], text[128];
    const char *list = getenv("LD_PRELOAD");
    int n = list ? add_preloaded(host, list) : 0;
    n += add_preloaded(host,
                       pb_proc_line("/etc/ld.so.preload", line, sizeof line));
    if (n == 0)
        return;
    snprintf(text, sizeof text,
             "%d librar%s loaded before the C library (LD_PRELOAD or "
             "/etc/ld.so.preload) and may stand in for its calls",
             n, n == 1 ? "y is" : "ies are");
    tell(host, text);
}

/* -------------------------------------------------------------------------- */

static void describe_quota(struct pb_csv *host)
{
    struct pb_quota quota = pb_quota_now();
    char text[80] = "none";
    if (quota.quota_us)
        snprintf(text, sizeof text, "%" PRId64 " us of every %" PRId64 " us",
                 quota.quota_us, quota.period_us);
    pb_host_text(host, "cpu_quota", text);
}

void pb_conditions_describe(struct pb_csv *host, pb_tell *tell)
{
    describe_scheduling(host, tell);
    describe_quota(host);
    describe_filters(host, tell);
    describe_speculation(host);
    describe_layout(host, tell);
    describe_preloaded(host, tell);
}
