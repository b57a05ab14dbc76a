/* SPDX-License-Identifier: MIT */
#include "disturbance.h"

#include "clock.h"
#include "host.h"
#include "rules.h"

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
    if (is->shared->traced == 0)
        return;
    pb_host_text(host, "tracer", is->shared->tracer);
    snprintf(text, sizeof text,
             "a tracer, %s, was there in %d of %d rounds: it may stop the "
             "program at every system call",
             is->shared->tracer, (int)is->shared->traced,
             (int)is->shared->rounds);
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

static void report_steal(struct pb_disturbance *is,
                         const struct pb_quota *after, struct pb_csv *host,
                         pb_tell *tell)
{
    int64_t stolen_ns = after->steal_ns - is->before.steal_ns;
    int64_t had_ns =
        (pb_now_ns() - is->start_ns) * sysconf(_SC_NPROCESSORS_ONLN);
    char text[160];
    if ((double)stolen_ns <= PB_STEAL_SHARE * (double)had_ns)
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
    if (is->shared->moved > 0) {
        snprintf(text, sizeof text,
                 "%d batches ran on another CPU than the one their process was "
                 "pinned to: something else changed its CPU mask",
                 (int)is->shared->moved);
        tell(host, text);
    }
    if (*is->shared->rescheduled) {
        pb_host_text(host, "scheduling", is->shared->rescheduled);
        snprintf(text, sizeof text,
                 "how it is scheduled was changed meanwhile, from %s to %s",
                 is->shared->scheduling, is->shared->rescheduled);
        tell(host, text);
    }
}

/* "in 12 % of the time"; 0 where that is too little to tell of, or where what
 * was before or after is not known. */
static int percent_waited(const struct pb_disturbance *is, int64_t before_us,
                          int64_t after_us)
{
    double had_us = (double)(pb_now_ns() - is->start_ns) / 1000;
    double share = (double)(after_us - before_us) / had_us;
    return before_us < 0 || share <= PB_PRESSURE_SHARE
               ? 0
               : (int)(100 * share + 0.5);
}

/* What else was short: evidence that others ran, if not who; of CPUs where none
 * of our own waited for one. */
static void report_pressure(const struct pb_disturbance *is,
                            const struct pb_quota *after, struct pb_csv *host,
                            pb_tell *tell)
{
    int cpu = percent_waited(is, is->before.cpu_wait_us, after->cpu_wait_us);
    int memory =
        percent_waited(is, is->before.memory_wait_us, after->memory_wait_us);
    char text[384];

    if (cpu > 0 && is->shared->accompanied == 0) {
        snprintf(text, sizeof text,
                 "in %d %% of the time something waited for a CPU (PSI)%s%s",
                 cpu,
                 *is->causes ? ", for which there is reason enough: "
                             : ": more wanted to run than there are CPUs",
                 is->causes);
        tell(host, text);
    }
    if (memory > 0) {
        snprintf(text, sizeof text,
                 "in %d %% of the time something waited for memory (PSI): it "
                 "is short here",
                 memory);
        tell(host, text);
    }
}

static void report_interruptions(const struct pb_disturbance *is,
                                 struct pb_csv *host, pb_tell *tell)
{
    const struct pb_shared *shared = is->shared;
    char text[384];

    if ((double)shared->switched <= PB_SWITCHED_SHARE * (double)shared->rows)
        return;
    snprintf(text, sizeof text,
             "%d of %ld batches were interrupted%s%s (they are not used, if "
             "others suffice)",
             (int)shared->switched, (long)shared->rows,
             *is->causes ? ", for which there is reason enough: "
                         : ": something else ran on the measuring CPUs",
             is->causes);
    tell(host, text);
}

/* --- what the reference loops saw ----------------------------------------- */

/* Where something is known to have taken time away, that is what they saw;
 * else of the cause it is said what the loops can tell of it. */
static void tell_seen(const struct pb_disturbance *is, struct pb_csv *host,
                      pb_tell *tell, const char *seen, const char *cause)
{
    char text[512];
    if (*is->causes)
        snprintf(text, sizeof text, "%s, for which there is reason enough: %s",
                 seen, is->causes);
    else
        snprintf(text, sizeof text, "%s: %s", cause, seen);
    tell(host, text);
}

/* Where none was fast, slow may be what this machine's memory is. */
static void report_probes(const struct pb_disturbance *is, struct pb_csv *host,
                          pb_tell *tell)
{
    int n = is->shared->probes, n_slow = is->shared->slow_probes;
    char seen[128];
    if (n_slow == 0)
        return;
    snprintf(seen, sizeof seen, "%d of %d memory probes took over %d ns a load",
             n_slow, n, PB_PROBE_SLOW_NS);
    tell_seen(is, host, tell, seen,
              n_slow < n ? "others used the cache or the memory"
                         : "memory was slow all along, by others or by itself");
}

/* On one CPU: two may differ for good. */
static void report_speed(const struct pb_disturbance *is, int place,
                         struct pb_csv *host, pb_tell *tell)
{
    const struct pb_speed *speed = &is->shared->ref1[place];
    char seen[160], on[32] = "";
    if ((double)speed->n_slow <= PB_SPEED_SHARE * speed->n)
        return;
    if (is->n_cpus)
        snprintf(on, sizeof on, " on CPU %d", is->cpus[place]);
    snprintf(seen, sizeof seen,
             "the reference loop took %" PRId64 " to %" PRId64
             " ns%s, %d of %d times over %g times the least",
             speed->least_ns, speed->most_ns, on, speed->n_slow, speed->n,
             PB_SPEED_RATIO);
    tell_seen(is, host, tell, seen, "the speed of the CPUs changed");
}

static void report_unlike_cpus(const struct pb_disturbance *is,
                               struct pb_csv *host, pb_tell *tell)
{
    const struct pb_speed *speeds = is->shared->ref1;
    int fast = -1, slow = -1;
    char text[256];
    for (int i = 0; i < is->n_cpus; i++) {
        if (speeds[i].n == 0)
            continue;
        if (fast < 0 || speeds[i].least_ns < speeds[fast].least_ns)
            fast = i;
        if (slow < 0 || speeds[i].least_ns > speeds[slow].least_ns)
            slow = i;
    }
    if (fast < 0 || (double)speeds[slow].least_ns <=
                        PB_SPEED_RATIO * (double)speeds[fast].least_ns)
        return;
    snprintf(text, sizeof text,
             "the CPUs differ in speed: the reference loop never took less "
             "than %" PRId64 " ns on CPU %d, and %" PRId64
             " ns on CPU %d (--cpus chooses)",
             speeds[slow].least_ns, is->cpus[slow], speeds[fast].least_ns,
             is->cpus[fast]);
    tell(host, text);
}

static void add_counts(const struct pb_disturbance *is,
                       const struct pb_quota *after,
                       const struct pb_folder *folder, struct pb_csv *host)
{
    const struct {
        const char *key;
        int64_t n;
        const char *unit;
    } counts[] = {
        {"traced_rounds", is->shared->traced, "rounds"},
        {"stops", is->n_stops, ""},
        {"moved_batches", is->shared->moved, "batches"},
        {"accompanied_batches", is->shared->accompanied, "batches"},
        {"throttled_periods",
         after->throttled_periods - is->before.throttled_periods, "periods"},
        {"throttled", after->throttled_ns - is->before.throttled_ns, "ns"},
    };

    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
        pb_host_integer(host, counts[i].key,
                        pb_folder_count(folder, counts[i].key) + counts[i].n,
                        counts[i].unit);
}

void pb_disturbance_report(struct pb_disturbance *disturbance,
                           const struct pb_folder *folder, struct pb_csv *host,
                           pb_tell *tell)
{
    struct pb_quota after = pb_quota_now();

    add_counts(disturbance, &after, folder, host);
    disturbance->causes[0] = '\0';
    report_tracer(disturbance, host, tell);
    report_quota(disturbance, &after, host, tell);
    report_steal(disturbance, &after, host, tell);
    report_stops(disturbance, host, tell);
    report_changes(disturbance, host, tell);
    report_pressure(disturbance, &after, host, tell);
    report_interruptions(disturbance, host, tell);
    report_probes(disturbance, host, tell);
    for (int i = 0; i < PB_CPUS_MOST; i++)
        report_speed(disturbance, i, host, tell);
    report_unlike_cpus(disturbance, host, tell);
}
