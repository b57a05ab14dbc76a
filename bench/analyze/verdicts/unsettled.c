/* SPDX-License-Identifier: MIT */
/* A run whose invocations differ as a whole. */
#include "claims.h"
#include "need.h"
#include "points.h"
#include "rules.h"
#include "run_tables.h"
#include "stats.h"

#include <math.h>
#include <stdio.h>
#include <time.h>

/* What may go with the levels, a number an invocation. */
enum evidence { BY_CPU, BY_CLOCK, BY_MEMORY, BY_OTHERS, BY_CALLS, N_EVIDENCE };

struct levels {
    const struct pa_run *run;
    double spread;
    double of[PA_INVOCATIONS_MAX]; /* logarithms */
    double evidence[N_EVIDENCE][PA_INVOCATIONS_MAX];
};

/* The mean level of the others on the same CPU: CPUs that do not differ do not
 * foretell anything. */
static double level_on_cpu(const struct levels *levels, size_t invocation)
{
    const int64_t *cpus = levels->run->cpus;
    double sum = 0;
    size_t n = 0;

    for (size_t k = 0; k < levels->run->n_invocations; k++)
        if (k != invocation && cpus[k] >= 0 && cpus[k] == cpus[invocation]) {
            sum += levels->of[k];
            n++;
        }
    return sum / (double)n; /* of none: NAN */
}

static void levels_make(struct levels *levels, const struct pa_run *run)
{
    size_t n = run->n_invocations;

    levels->run = run;
    levels->spread = pa_run_levels(run, levels->of);
    for (size_t k = 0; k < n; k++)
        levels->of[k] = log(levels->of[k]);
    for (size_t k = 0; k < n; k++) {
        levels->evidence[BY_CPU][k] = level_on_cpu(levels, k);
        /* Levels are in reference loops: what is that loop's own has the
         * other sign. */
        levels->evidence[BY_CLOCK][k] = -log(run->ref1_ns[k]);
        levels->evidence[BY_MEMORY][k] = log(run->probe_ns[k]);
        levels->evidence[BY_OTHERS][k] = run->switched[k];
        levels->evidence[BY_CALLS][k] = log(run->ref0_ns[k] / run->ref1_ns[k]);
    }
}

/* Of what is known; NAN if nothing is. */
static double largest(const double *numbers, size_t n)
{
    double most = NAN;

    for (size_t k = 0; k < n; k++)
        most = fmax(most, numbers[k]);
    return most;
}

/* Whether it changed at all, by its own measure, and explains the levels by the
 * squared coefficient of correlation; with what is not known in some
 * invocation, nothing. */
static int explains(const struct levels *levels, enum evidence evidence)
{
    const struct pa_run *run = levels->run;
    size_t n = run->n_invocations;
    const double *values = levels->evidence[evidence];
    double deviation = pa_deviation(values, n);
    double r =
        pa_covariance(levels->of, values, n) / (levels->spread * deviation);
    int has_changed = evidence == BY_OTHERS
                          ? largest(run->switched, n) > PB_SWITCHED_SHARE
                          : deviation > PB_LEVEL_SPREAD;

    if (evidence == BY_MEMORY)
        has_changed &= largest(run->probe_ns, n) > PB_PROBE_SLOW_NS;
    return has_changed && r > 0 && r * r > PB_CAUSE_SHARE;
}

static void print_deviation(FILE *out, const char *what, const double *logs,
                            size_t n)
{
    double deviation = pa_deviation(logs, n);

    if (!isnan(deviation))
        fprintf(out, ", %s by %.1f %%", what, 100 * deviation);
}

static void print_seen(FILE *out, const struct levels *levels)
{
    const struct pa_run *run = levels->run;
    size_t n = run->n_invocations;
    double least_ns = NAN;

    print_deviation(out, "the ALU loop (ref1)", levels->evidence[BY_CLOCK], n);
    print_deviation(out, "the empty system call (ref0)",
                    levels->evidence[BY_CALLS], n);
    for (size_t k = 0; k < n; k++)
        least_ns = fmin(least_ns, run->probe_ns[k]);
    if (least_ns > 0)
        fprintf(out, "; memory probes took %.0f to %.0f ns a load", least_ns,
                largest(run->probe_ns, n));
    fprintf(out, "; up to %.1f %% of an invocation's batches were interrupted",
            100 * largest(run->switched, n));
}

/* Seconds that the run took; NAN if unknown, as of one that was resumed. */
static double seconds_of(const struct pa_table *host)
{
    struct tm started = {0}, ended = {0};

    if (pa_host_seams(host) > 0 ||
        !strptime(pa_host_fact(host, "started", ""), "%FT%TZ", &started) ||
        !strptime(pa_host_fact(host, "ended", ""), "%FT%TZ", &ended))
        return NAN;
    return difftime(timegm(&ended), timegm(&started));
}

/* What happened in the run, if not when. */
static int print_known(FILE *out, const struct pa_table *host)
{
    double seconds = seconds_of(host);
    const struct {
        double value, least;
        const char *words;
    } known[] = {
        {pa_host_number(host, "traced_rounds"), 0, "a tracer was there"},
        {pa_host_number(host, "throttled_periods"), 0, "the CPU quota ran out"},
        {pa_host_number(host, "stops"), 0, "it was stopped"},
        {(pa_host_number(host, "steal_end") -
          pa_host_number(host, "steal_start")) /
             (100 * seconds * pa_host_number(host, "cpus_online")),
         PB_STEAL_SHARE, "the hypervisor took CPU time"},
        {(pa_host_number(host, "pressure_cpu_some_end") -
          pa_host_number(host, "pressure_cpu_some_start")) /
             (1e6 * seconds) *
             !(pa_host_number(host, "accompanied_batches") > 0),
         PB_PRESSURE_SHARE, "others wanted the CPUs"},
    };
    int n = 0;

    for (size_t i = 0; i < PA_ARRAY_SIZE(known); i++)
        if (known[i].value > known[i].least)
            fprintf(out, "%s%s", n++ ? ", " : ". In this run ", known[i].words);
    return n;
}

static void print_causes(FILE *out, const struct levels *levels)
{
    static const char *const words[N_EVIDENCE] = {
        [BY_CPU] = "which CPU it was: they differ",
        [BY_CLOCK] = "the ALU loop alone: its clock is not that of the calls",
        [BY_MEMORY] = "slow memory: others used the cache or the memory",
        [BY_OTHERS] = "interruptions: others ran on the same CPUs",
        [BY_CALLS] = "system calls themselves changed speed, the ALU loop less",
    };
    int is_enough = levels->run->n_invocations >= PB_INVOCATIONS_FEW, n = 0;

    print_seen(out, levels);
    for (int i = 0; i < N_EVIDENCE; i++)
        if (is_enough && explains(levels, (enum evidence)i))
            fprintf(out, "%s%s",
                    n++ ? "; and " : ". What went with it: ", words[i]);
    n += print_known(out, &levels->run->host);
    if (n == 0)
        fputs(is_enough ? ". None of these went with it: cause not seen"
                        : ". Of so few, what went with it cannot be told",
              out);
}

char *pa_unsettled_text(const struct pa_run *run)
{
    size_t n = run->n_invocations;
    struct levels levels;
    struct pa_string text;
    FILE *out = pa_string_open(&text);

    levels_make(&levels, run);
    if (pa_is_unsettled(levels.spread)) {
        fprintf(out,
                "as a whole its %zu invocations differ by %.1f %% (standard "
                "deviation, up to %+.0f %%)",
                n, 100 * levels.spread, 100 * (exp(largest(levels.of, n)) - 1));
        print_causes(out, &levels);
    }
    pa_string_close(out);
    return text.text;
}
