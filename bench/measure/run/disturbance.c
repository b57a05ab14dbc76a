/* SPDX-License-Identifier: MIT */
#include "disturbance.h"

#include "clock.h"
#include "host.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void pb_disturbance_start(struct pb_disturbance *disturbance)
{
    disturbance->before = pb_quota_now();
    disturbance->start_ns = pb_now_ns();
}

static void add_cause(struct pb_disturbance *disturbance, const char *cause)
{
    size_t n = strlen(disturbance->causes);
    snprintf(disturbance->causes + n, sizeof disturbance->causes - n, "%s%s",
             n ? ", " : "", cause);
}

static void report_tracer(struct pb_disturbance *is, struct pb_csv *host,
                          pb_tell *tell)
{
    char text[256];
    if (is->n_traced == 0)
        return;
    pb_host_text(host, "tracer", is->tracer);
    snprintf(text, sizeof text,
             "a tracer, %s, was there in %d of %d rounds: it may stop the "
             "program at every system call",
             is->tracer, is->n_traced, is->n_looked);
    tell(host, text);
    add_cause(is, "the tracer");
}

static void report_quota(struct pb_disturbance *is,
                         const struct pb_quota *after, struct pb_csv *host,
                         pb_tell *tell)
{
    const struct pb_quota *before = &is->before;
    int64_t n = after->throttled_periods - before->throttled_periods;
    char text[256];
    if (n <= 0)
        return;
    snprintf(text, sizeof text,
             "the CPU quota (%" PRId64 " us of every %" PRId64
             " us) ran out in %" PRId64 " of %" PRId64
             " periods: processes were held for %" PRId64 " ms",
             after->quota_us, after->period_us, n,
             after->periods - before->periods,
             (after->throttled_ns - before->throttled_ns) / 1000000);
    tell(host, text);
    add_cause(is, "the CPU quota");
}

/* From one per cent of what the CPUs had on. */
static void report_steal(struct pb_disturbance *is,
                         const struct pb_quota *after, struct pb_csv *host,
                         pb_tell *tell)
{
    int64_t stolen_ns = after->steal_ns - is->before.steal_ns;
    int64_t had_ns =
        (pb_now_ns() - is->start_ns) * sysconf(_SC_NPROCESSORS_ONLN);
    char text[160];
    if (stolen_ns <= 0 || stolen_ns < had_ns / 100)
        return;
    snprintf(text, sizeof text,
             "the hypervisor took %" PRId64
             " ms of CPU time from this machine meanwhile (steal)",
             stolen_ns / 1000000);
    tell(host, text);
    add_cause(is, "the hypervisor");
}

static void report_stops(struct pb_disturbance *is, struct pb_csv *host,
                         pb_tell *tell)
{
    char text[160];
    if (is->n_stops == 0)
        return;
    snprintf(text, sizeof text,
             "the measuring process was stopped and continued (SIGSTOP, "
             "SIGTSTP) %d time%s",
             is->n_stops, is->n_stops == 1 ? "" : "s");
    tell(host, text);
    add_cause(is, "stopping it");
}

static void report_changes(const struct pb_disturbance *is, struct pb_csv *host,
                           pb_tell *tell)
{
    char text[384];
    if (is->n_moved > 0) {
        snprintf(text, sizeof text,
                 "%d batches ran on another CPU than the one their process was "
                 "pinned to: something else changed its CPU mask",
                 is->n_moved);
        tell(host, text);
    }
    if (is->rescheduled && *is->rescheduled) {
        pb_host_text(host, "scheduling", is->rescheduled);
        snprintf(text, sizeof text,
                 "how it is scheduled was changed meanwhile, from %s to %s",
                 is->scheduling, is->rescheduled);
        tell(host, text);
    }
}

void pb_disturbance_report(struct pb_disturbance *disturbance,
                           const struct pb_folder *folder, struct pb_csv *host,
                           pb_tell *tell)
{
    struct pb_quota after = pb_quota_now();
    const struct {
        const char *key;
        int64_t n;
        const char *unit;
    } counts[] = {
        {"traced_rounds", disturbance->n_traced, "rounds"},
        {"stops", disturbance->n_stops, ""},
        {"moved_batches", disturbance->n_moved, "batches"},
        {"throttled_periods",
         after.throttled_periods - disturbance->before.throttled_periods,
         "periods"},
        {"throttled", after.throttled_ns - disturbance->before.throttled_ns,
         "ns"},
    };

    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
        pb_host_integer(host, counts[i].key,
                        pb_folder_count(folder, counts[i].key) + counts[i].n,
                        counts[i].unit);
    disturbance->causes[0] = '\0';
    report_tracer(disturbance, host, tell);
    report_quota(disturbance, &after, host, tell);
    report_steal(disturbance, &after, host, tell);
    report_stops(disturbance, host, tell);
    report_changes(disturbance, host, tell);
}
