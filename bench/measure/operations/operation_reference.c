/* SPDX-License-Identifier: MIT */
/* What the machine itself does, in every round: an ALU loop that shows the
 * core's clock, an empty system call, and a memory latency that shows whether
 * others use the last-level cache. And the harness with nothing to time. */
#include "cpus.h"
#include "operation.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/mman.h>

static int run_ref1(struct pb_task *task, uint32_t calls)
{
    (void)task;
    pb_cpus_work(calls);
    return 0;
}

static int run_ref0(struct pb_task *task, uint32_t calls)
{
    (void)task;
    for (uint32_t i = 0; i < calls; i++)
        if (poll(NULL, 0, 0) != 0)
            return -errno;
    return 0;
}

enum {
    LINE_BYTES = 64,
    PROBE_BYTES = 4 << 20,
    HUGE_PAGE_BYTES = 2 << 20,
    PROBE_LINES = PROBE_BYTES / LINE_BYTES
};

/* One line of the cycle holds the index of the next. */
struct line {
    uint32_t next;
    char unused[LINE_BYTES - sizeof(uint32_t)];
};

/* Sattolo's algorithm: a random permutation that is one cycle. */
static int open_memory_probe(struct pb_task *task)
{
    unsigned short state[3] = {1, 2, 3};
    struct line *lines = aligned_alloc(HUGE_PAGE_BYTES, PROBE_BYTES);
    if (!lines)
        return -ENOMEM;
    /* Huge pages in every process or in none: by chance in some, the probe
     * would tell of the page tables and not of the cache. */
    madvise(lines, PROBE_BYTES, MADV_HUGEPAGE);
    for (uint32_t i = 0; i < PROBE_LINES; i++)
        lines[i].next = i;
    for (uint32_t i = PROBE_LINES - 1; i > 0; i--) {
        uint32_t k = (uint32_t)(nrand48(state) % (long)i);
        uint32_t next = lines[i].next;
        lines[i].next = lines[k].next;
        lines[k].next = next;
    }
    task->own = lines;
    return 0;
}

static void close_memory_probe(struct pb_task *task)
{
    free(task->own);
    task->own = NULL;
}

/* A call is a load. Passes before it, untimed, bring the cycle into the
 * last-level cache; what is slow then was pushed out by others. */
static int run_memory_probe(struct pb_task *task, uint32_t calls)
{
    const struct line *lines = task->own;
    uint32_t at = 0;
    for (uint32_t i = 0; i < calls; i++)
        at = lines[at].next;
    __asm__ volatile("" : : "r"(at)); /* or the loads are removed */
    return 0;
}

static int warm_memory_probe(struct pb_task *task)
{
    return run_memory_probe(task, PROBE_LINES);
}

/* Not inlined, and opaque to the compiler: what a call costs at least. */
__attribute__((noinline)) static int do_nothing(struct pollset_event *out)
{
    __asm__ volatile("" : : "r"(out) : "memory");
    return 0;
}

static int run_null(struct pb_task *task, uint32_t calls)
{
    struct pollset_event *out = task->answers->events;
    for (uint32_t i = 0; i < calls; i++)
        out += do_nothing(out);
    return 0;
}

const struct pb_operation pb_operation_ref1 = {
    .stage = "all",
    .timed =
        {
            .run = run_ref1,
        },
};

const struct pb_operation pb_operation_ref0 = {
    .stage = "all",
    .timed =
        {
            .run = run_ref0,
        },
};

const struct pb_operation pb_operation_memory_probe = {
    .stage = "all",
    .open = open_memory_probe,
    .close = close_memory_probe,
    .timed =
        {
            .calls = PROBE_LINES,
            .warm = warm_memory_probe,
            .run = run_memory_probe,
        },
};

const struct pb_operation pb_operation_null = {
    .stage = "all",
    .timed =
        {
            .reserve = pb_answers_reserve_batch,
            .run = run_null,
        },
};
