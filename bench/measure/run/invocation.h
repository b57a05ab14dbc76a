/* SPDX-License-Identifier: MIT */
/* One invocation: a process with fresh fds that visits every series of the
 * plan in every round, each round in a fresh random order. */
#ifndef PB_INVOCATION_H
#define PB_INVOCATION_H

#include "cpus.h"
#include "plan.h"
#include "settling.h"

#include <stdatomic.h>
#include <stdint.h>

/* The ALU loop on one CPU, in batches without a switch. */
struct pb_speed {
    int64_t least_ns, most_ns; /* fastest and slowest call; 0: none yet */
    int n, n_slow; /* batches, and those over PB_SPEED_RATIO the fastest */
};

/* What is remembered of a series from one invocation to the next. */
struct pb_memory {
    uint32_t calls;  /* of a batch, once calibrated */
    double first_ns; /* cost in the first invocation; 0: none yet */
};

/* What the processes of a run share, in memory mapped before the first. */
struct pb_shared {
    atomic_int round;     /* rounds finished in this invocation */
    atomic_int extra;     /* of these, those for series without clean batches */
    atomic_int failures;  /* rows whose status is not ok, in the whole run */
    atomic_int switched;  /* batches with an involuntary switch, in the run */
    atomic_long rows;     /* rows written in the whole run */
    int error;            /* what ended an invocation early, -errno */
    char where[128];      /* and what it was doing */
    int64_t build_ns;     /* time to open the fds, latest scene */
    int64_t tear_down_ns; /* and to close it again */
    atomic_int probes;    /* of memory that were not interrupted, in the run */
    atomic_int slow_probes; /* of these, above PB_PROBE_SLOW_NS a load */
    /* What shaped it, this time (after a resume, since then): */
    atomic_int accompanied; /* batches in which others of ours took part */
    atomic_int moved;      /* batches on another CPU than they were pinned to */
    atomic_int rounds;     /* that were looked at */
    atomic_int traced;     /* of these, at whose end a tracer was there */
    char tracer[96];       /* the latest */
    char scheduling[128];  /* of this program, at the start */
    char rescheduled[128]; /* of its processes, if it was another later */
    struct pb_speed ref1[PB_CPUS_MOST]; /* by place among the run's CPUs */
    struct pb_levels levels;
    struct pb_memory series[]; /* n_series entries */
};

struct pb_invocation {
    const struct pb_plan *plan;
    int number;            /* from 0 */
    int cpu;               /* to pin to; -1: leave it to the scheduler */
    int other_cpu;         /* for partners; -1: there is none */
    int cpu_place;         /* its place among the run's CPUs, from 0 */
    int first_round;       /* > 0 when the run was interrupted in between */
    int rounds;            /* to do, extra ones apart */
    int64_t batch_ns;      /* length of a batch to calibrate for */
    int64_t clock_cost_ns; /* -1: the clock counts instructions */
    int keep_sets;         /* make all sets at once, else each for its batch */
    unsigned seed;
    int samples_fd; /* open for appending */
    struct pb_shared *shared;
};

/* Run it in this process, which has to be a fresh one: descriptors from the
 * farm's lowest on are closed.
 *
 * Returns  0, or -errno when rows could not be written; what went wrong with
 *          the fds or a point is in the rows.
 */
int pb_invocation_run(const struct pb_invocation *invocation);

#endif
