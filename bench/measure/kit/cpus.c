/* SPDX-License-Identifier: MIT */
#include "cpus.h"

#include "clock.h"
#include "proc_file.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

/* Knuth's MMIX generator: a multiply and an add that wait for each other, and
 * a value that is kept, so that the loop is not removed. */
void pb_cpus_work(uint32_t times)
{
    uint64_t x = times;
    for (uint32_t i = 0; i < times; i++)
        for (int k = 0; k < 100; k++) {
            x = x * UINT64_C(6364136223846793005) +
                UINT64_C(1442695040888963407);
            __asm__ volatile("" : : "r"(x));
        }
}

struct candidate {
    int cpu, core;
    int is_second; /* of the CPUs of its core */
    int64_t loop_ns;
};

/* The fastest of a few runs of the ALU loop, about 0.2 ms each. */
static int64_t time_loop(int cpu)
{
    cpu_set_t only;
    int64_t best_ns = INT64_MAX;
    CPU_ZERO(&only);
    CPU_SET(cpu, &only);
    if (sched_setaffinity(0, sizeof only, &only) < 0)
        return INT64_MAX;
    for (int i = 0; i < 5; i++) {
        int64_t start_ns = pb_now_ns();
        pb_cpus_work(2000);
        int64_t loop_ns = pb_now_ns() - start_ns;
        if (loop_ns < best_ns)
            best_ns = loop_ns;
    }
    return best_ns;
}

static int by_speed(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    if (x->is_second != y->is_second)
        return x->is_second - y->is_second;
    return (x->loop_ns > y->loop_ns) - (x->loop_ns < y->loop_ns);
}

int pb_cpus_core(int cpu)
{
    char path[96], text[256], *end;

    snprintf(path, sizeof path,
             "/sys/devices/system/cpu/cpu%d/topology/thread_siblings_list",
             cpu);
    pb_proc_line(path, text, sizeof text);
    int first = (int)strtol(text, &end, 10);
    return end == text ? cpu : first;
}

/* Those of a core that one before them has. */
static void mark_seconds(struct candidate *candidates, int n)
{
    for (int i = 0; i < n; i++)
        for (int k = 0; k < i; k++)
            candidates[i].is_second |= candidates[k].core == candidates[i].core;
}

static int by_number(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

int pb_cpus_choose(int *cpus, int n_wanted)
{
    cpu_set_t allowed;
    struct candidate candidates[PB_CPUS_MOST] = {0};
    int n = 0;

    if (sched_getaffinity(0, sizeof allowed, &allowed) < 0)
        return 0;
    for (int cpu = 0; cpu < CPU_SETSIZE && n < PB_CPUS_MOST; cpu++)
        if (CPU_ISSET(cpu, &allowed))
            candidates[n++].cpu = cpu;
    for (int i = 0; i < n && n > n_wanted; i++) {
        candidates[i].loop_ns = time_loop(candidates[i].cpu);
        candidates[i].core = pb_cpus_core(candidates[i].cpu);
    }
    if (n > n_wanted) {
        qsort(candidates, (size_t)n, sizeof candidates[0], by_speed);
        mark_seconds(candidates, n);
        qsort(candidates, (size_t)n, sizeof candidates[0], by_speed);
    }
    sched_setaffinity(0, sizeof allowed, &allowed);
    if (n > n_wanted)
        n = n_wanted;
    for (int i = 0; i < n; i++)
        cpus[i] = candidates[i].cpu;
    qsort(cpus, (size_t)n, sizeof *cpus, by_number);
    return n;
}

int pb_cpus_allows(int cpu)
{
    cpu_set_t allowed;
    if (cpu < 0 || cpu >= CPU_SETSIZE ||
        sched_getaffinity(0, sizeof allowed, &allowed) < 0)
        return 0;
    return CPU_ISSET(cpu, &allowed);
}

void pb_cpus_avoid(const int *cpus, int n_cpus)
{
    cpu_set_t others;
    if (sched_getaffinity(0, sizeof others, &others) < 0)
        return;
    for (int i = 0; i < n_cpus; i++)
        CPU_CLR(cpus[i], &others);
    if (CPU_COUNT(&others) > 0)
        sched_setaffinity(0, sizeof others, &others);
}
